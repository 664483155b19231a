"""From a message that is due to its words: one line of title, and a plain text that reads well in mail, chat and shell.

Pure: the same message always gives the same words. The layout is templates/message.txt.j2, the words are here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from jinja2 import PackageLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from extractors.ontology import Kind, Status
from extractors.types import Actor, DateRange, Place
from monitor.alerts.select import Pending
from storage.types import Change, Development, Event, NewDelivery

# Longer titles are cut by mail programs and mobile notifications; the body says the rest.
TITLE_LENGTH = 160

STATUS_WORDS: dict[Status, str] = {
    Status.PLANNED: "announced",
    Status.PROPOSED: "proposed",
    Status.ONGOING: "under way",
    Status.OCCURRED: "reported",
    Status.STALLED: "stalled",
    Status.POSTPONED: "postponed",
    Status.CANCELLED: "cancelled",
    Status.DENIED: "denied",
}

# What a status is called where a person compares the old with the new.
STATUS_NAMES: dict[str, str] = {
    Status.PLANNED.value: "planned",
    Status.PROPOSED.value: "proposed",
    Status.ONGOING.value: "under way",
    Status.OCCURRED.value: "has happened",
    Status.STALLED.value: "stalled",
    Status.POSTPONED.value: "postponed",
    Status.CANCELLED.value: "cancelled",
    Status.DENIED.value: "denied",
}

KIND_NAMES: dict[Kind, str] = {
    Kind.AID_HUMANITARIAN: "humanitarian aid",
    Kind.AID_MILITARY: "military aid",
    Kind.AID_ECONOMIC: "economic aid",
    Kind.PROTEST_DIPLOMATIC: "diplomatic protest",
    Kind.BREAKDOWN: "breakdown of talks",
    Kind.RELATIONS: "diplomatic relations",
    Kind.INTENT: "declaration of intent",
    Kind.RECALL: "recall of an envoy",
    Kind.RUPTURE: "rupture of ties",
    Kind.EXPULSION: "expulsion of diplomats",
    Kind.DEPLOYMENT: "military deployment",
    Kind.EXERCISE: "military exercise",
}


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """How a change is told: its label in the body, and in the title where the old value is known and where not.

    A title phrase without a leading comma follows the kind directly ("Visit denied"), with one it is set apart
    ("Visit, new date").
    """

    label: str
    changed: str
    known: str


CHANGE_WORDS: dict[Change, ChangeWords] = {
    Change.FIRST_REPORT: ChangeWords("First report", "", ""),  # the title tells the status instead
    Change.STATUS: ChangeWords("Status", "", ""),  # likewise
    Change.DATE: ChangeWords("Date", ", new date", ", date known"),
    Change.PLACE: ChangeWords("Place", ", new place", ", place known"),
    Change.PARTY: ChangeWords("Parties", ", change of parties", ", further party"),
    Change.COUNT: ChangeWords("Numbers", ", new numbers", ", numbers known"),
    Change.OUTCOME: ChangeWords("Outcome", ", new outcome", ", outcome known"),
    Change.DENIAL: ChangeWords("Denial", " denied", " denied"),
    Change.OVERDUE: ChangeWords("Overdue", " overdue", " overdue"),
}


def render(pending: Pending, event: Event) -> NewDelivery:
    """Put a message into words. Parties are named as the news names them, with their codes."""
    return NewDelivery(
        key=pending.key,
        rule=pending.rule.name,
        channel=pending.channel,
        event_id=event.id,
        development_ids=tuple(one.id for one in pending.developments),
        title=title(event, pending.developments),
        body=_body(pending, event),
        reason=pending.reason,
    )


def title(event: Event, developments: Sequence[Development]) -> str:
    """Return the one line that tells what changed, at most TITLE_LENGTH characters."""
    headline = f"{_capital(kind_name(event.kind))}{_phrases(event, developments)}"
    place = f", {event.place.name}" if event.place else ""
    return _shortened(_one_line(f"{headline}: {who(event)}{place}"))


def kind_name(kind: Kind) -> str:
    """Return what a kind is called in a sentence."""
    return KIND_NAMES.get(kind, kind.value)


def who(event: Event) -> str:
    """Return the parties, "actors → recipients", or all of them in one row where nobody is a recipient."""
    actors, recipients = _named(event.actors), _named(event.recipients)
    return " → ".join(side for side in (actors, recipients) if side) or "parties unknown"


def when(date_range: DateRange | None) -> str:
    """Return the day or days in words, with the day of the week where it is one day."""
    if date_range is None:
        return "not known yet"
    start, end = date_range.start, date_range.end
    if start == end:
        return f"{start:%A} {_day(start)}"
    return f"{_day(start)} to {_day(end)}"


def where(place: Place | None) -> str:
    """Return the place and its country's code, or that it is not known."""
    if place is None:
        return "not known yet"
    return f"{place.name} ({place.country})" if place.country else place.name


# ---------------------------------------------------------------- title


def _phrases(event: Event, developments: Sequence[Development]) -> str:
    """Join what changed, each phrase once: those that follow the kind directly come first ("postponed, new date")."""
    phrases = dict.fromkeys(_phrase(event, one) for one in developments)
    direct = [phrase for phrase in phrases if not phrase.startswith(",")]
    apart = [phrase for phrase in phrases if phrase.startswith(",")]
    return " and".join(direct) + "".join(apart)


def _phrase(event: Event, development: Development) -> str:
    if development.change in (Change.FIRST_REPORT, Change.STATUS):
        return f" {STATUS_WORDS[event.status]}"
    words = CHANGE_WORDS[development.change]
    return words.changed if development.old else words.known


def _named(actors: Iterable[Actor]) -> str:
    """Name each party once, by the first name that the event gives it, with the code unless that is the name."""
    names: dict[str, str] = {}
    for actor in actors:
        names.setdefault(actor.code, actor.name)
    return ", ".join(_name(code, name) for code, name in names.items())


def _name(code: str, name: str) -> str:
    return name if not code or name == code else f"{name or code} ({code})" if name else code


def _shortened(line: str) -> str:
    return line if len(line) <= TITLE_LENGTH else f"{line[: TITLE_LENGTH - 1].rstrip()}…"


# ---------------------------------------------------------------- body


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that tells what changed, and who published it."""

    text: str
    publisher: str
    title: str
    url: str


def _body(pending: Pending, event: Event) -> str:
    return _template().render(
        event_line=_event_line(event),
        changes=[_change_line(one) for one in pending.developments],
        when=when(event.date),
        where=where(event.place),
        evidence=_evidence(pending.developments),
        publishers=event.publishers,
        severity=pending.rule.severity.value,
        rule=pending.rule.name,
        reason=pending.reason,
        key=pending.key,
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = ImmutableSandboxedEnvironment(
        loader=PackageLoader("monitor.alerts"),
        autoescape=False,  # plain text; a channel that speaks HTML escapes it itself
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("message.txt.j2")


def _event_line(event: Event) -> str:
    return _one_line(f"{_capital(kind_name(event.kind))} ({STATUS_NAMES[event.status.value]}): {who(event)}")


def _change_line(development: Development) -> str:
    label = CHANGE_WORDS[development.change].label
    old, new = (_value(development.change, text) for text in (development.old, development.new))
    if old and new:
        return f"{label}: {old} → {new}"
    if old:
        return f"{label}: no longer {old}"
    return f"{label}: {new}" if new else label


def _value(change: Change, text: str) -> str:
    return STATUS_NAMES.get(text, text) if change in STATUS_CHANGES else _one_line(text)


STATUS_CHANGES = frozenset({Change.FIRST_REPORT, Change.STATUS, Change.DENIAL})


def _evidence(developments: Iterable[Development]) -> list[Evidence]:
    """Return each passage once, in the order of the developments; a development without one (overdue) gives none."""
    told = (Evidence(_one_line(one.evidence), one.publisher, _one_line(one.title), one.url) for one in developments)
    return list(dict.fromkeys(one for one in told if one.text))


# ---------------------------------------------------------------- words


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _one_line(text: str) -> str:
    return " ".join(text.split())
