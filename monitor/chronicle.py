"""What the main loop decided, told to a person line by line as it happens: the demo and `replay --show` print it."""

from datetime import date, datetime

from rich.text import Text

from monitor.alerts.render import kind_name, who
from monitor.alerts.select import Held
from monitor.pipeline import Observed
from storage.types import Change, Development, Event, Settled

LABEL_WIDTH = 9
INDENT = " " * 14

LABELS: dict[Change, tuple[str, str]] = {
    Change.FIRST_REPORT: ("new", "bold green"),
    Change.STATUS: ("status", "bold yellow"),
    Change.DATE: ("date", "bold cyan"),
    Change.PLACE: ("place", "bold cyan"),
    Change.PARTY: ("party", "bold cyan"),
    Change.COUNT: ("numbers", "bold cyan"),
    Change.OUTCOME: ("outcome", "bold magenta"),
    Change.DENIAL: ("denial", "bold red"),
    Change.OVERDUE: ("overdue", "bold red"),
}


def lines(observed: Observed) -> list[Text]:
    """Return the lines that tell one settled report: each development with its evidence and alerts, or the silence."""
    if not observed.settled.developments:
        return [_repeat(observed)]
    told = [_development(one, observed.settled.event, observed.at) for one in observed.settled.developments]
    return [*told, _evidence(observed), _alerts(observed)]


def _development(development: Development, event: Event, at: datetime) -> Text:
    label, style = LABELS[development.change]
    line = Text(f"{at:%d %b %H:%M}  ").append(f"{label:<{LABEL_WIDTH}}", style=style)
    line.append(f"{kind_name(event.kind)} · {who(event)}", style="bold")
    if development.change is Change.FIRST_REPORT:
        return line.append(_details(event))
    return line.append(f" · {development.old or 'unknown'} → {development.new}")


def _details(event: Event) -> str:
    place = event.place.name if event.place else ""
    day = _days(event.date.start, event.date.end) if event.date else ""
    return "".join(f" · {detail}" for detail in (event.status.value, place, day) if detail)


def _days(start: date, end: date) -> str:
    if start == end:
        return f"{start:%a} {start.day} {start:%b %Y}"
    return f"{start.day} {start:%b} to {end.day} {end:%b %Y}"


def _evidence(observed: Observed) -> Text:
    evidence = " ".join(observed.mention.evidence.text.split())
    return Text(f"{INDENT}“{evidence}” — {observed.item.publisher}", style="italic")


def _alerts(observed: Observed) -> Text:
    sent = observed.selection.deliveries
    if sent:
        rules = ", ".join(f"{one.rule.name} → {one.channel}" for one in sent)
        return Text(f"{INDENT}alert: {rules}", style="green").append(_later(observed, "; held: "), style="yellow")
    if observed.selection.held:
        return Text(INDENT).append(_later(observed, "held: "), style="yellow")
    return Text(f"{INDENT}no alert: {_why_silent(observed)}", style="dim")


def _later(observed: Observed, before: str) -> str:
    told = ", ".join(dict.fromkeys(_held(one) for one in observed.selection.held))
    return f"{before}{told}" if told else ""


def _held(held: Held) -> str:
    return f"{held.rule} until {held.until:%d %b %H:%M}" if held.until else f"{held.rule} until others report it"


def _why_silent(observed: Observed) -> str:
    """Return what silenced every rule alike (too old, background, doubtful), or that none asks for such a thing."""
    reasons = {one.reason for one in observed.selection.silent}
    if len(reasons) == 1:
        return reasons.pop()
    return "no rule asks for it"


def _repeat(observed: Observed) -> Text:
    event = observed.settled.event
    line = Text(f"{observed.at:%d %b %H:%M}  {'repeat':<{LABEL_WIDTH}}", style="dim")
    line.append(f"{kind_name(event.kind)} · {_codes(event)} · told by {observed.item.publisher}")
    return line.append(f" ({_publishers(observed.settled)}) · silent")


def _codes(event: Event) -> str:
    sides = ("+".join(sorted({party.code for party in side})) for side in (event.actors, event.recipients))
    return " → ".join(side for side in sides if side)


def _publishers(settled: Settled) -> str:
    count = settled.event.publishers
    return "1 publisher" if count == 1 else f"{count} publishers"
