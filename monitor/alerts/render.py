"""From a message that is due to its words: one line of title, and a plain text that reads well in mail, chat and shell.

Pure: the same message always gives the same words. The words are here, the layout is templates/message.txt.j2 (and for
mail message.html.j2, feed readers its body.html.j2), or a template of the rule's own.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from jinja2 import PackageLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from extractors.ontology import Kind, Status
from extractors.types import Actor, DateRange, Place
from monitor.alerts.layout import compiled
from monitor.alerts.rules import AlertRule
from monitor.alerts.select import Pending
from storage.types import Change, ChannelState, Delivery, Development, Event, NewDelivery

Words = Callable[[Event, Development], str]

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

# What a status is called where it stands alone or beside the one before.
STATUS_NAMES: dict[Status, str] = {
    Status.PLANNED: "planned",
    Status.PROPOSED: "proposed",
    Status.ONGOING: "under way",
    Status.OCCURRED: "has happened",
    Status.STALLED: "stalled",
    Status.POSTPONED: "postponed",
    Status.CANCELLED: "cancelled",
    Status.DENIED: "denied",
}

# How it is told that something expected has happened, where "took place" is no English.
HAPPENED: dict[Kind, str] = {
    Kind.AGREEMENT: "reached",
    Kind.CEASEFIRE: "agreed",
    Kind.SANCTIONS: "imposed",
    Kind.AID_HUMANITARIAN: "delivered",
    Kind.AID_MILITARY: "delivered",
    Kind.AID_ECONOMIC: "delivered",
    Kind.RELEASE: "carried out",
    Kind.WITHDRAWAL: "carried out",
    Kind.DEPLOYMENT: "carried out",
    Kind.EXPULSION: "carried out",
    Kind.RECALL: "carried out",
    Kind.SUPPORT: "given",
    Kind.RECOGNITION: "given",
    Kind.CONCESSION: "made",
    Kind.RELATIONS: "established",
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
class Part:
    """What a message tells of one event, and which clauses matched."""

    event: Event
    developments: tuple[Development, ...]
    reason: str


def render(pending: Pending, event: Event) -> NewDelivery:
    """Put a message about one event into words. Parties are named as the news names them, with their codes."""
    part = Part(event, pending.developments, pending.reason)
    return render_parts(pending.key, pending.rule, pending.channel, [part])


def render_parts(
    key: str, rule: AlertRule, channel: str, parts: Sequence[Part], *, heading: str = "", more: int = 0
) -> NewDelivery:
    """Put a message about one or several events into words; it is filed under the first.

    `heading` takes the place of the title of several; `more` is how many further messages this one stands for.
    """
    reason = "; ".join(dict.fromkeys(part.reason for part in parts))
    details = _details(rule, parts, reason, more)
    message = NewDelivery(
        key=key,
        rule=rule.name,
        channel=channel,
        event_id=parts[0].event.id,
        development_ids=tuple(one.id for part in parts for one in part.developments),
        title=_shortened(heading) if heading and len(parts) > 1 else _title_of_all(parts, more),
        body="",
        reason=reason,
        details=json.dumps(details, ensure_ascii=False),
    )
    return _laid_out(message, rule.template, details)


def _title_of_all(parts: Sequence[Part], more: int) -> str:
    first = title(parts[0].event, parts[0].developments)
    others = len(parts) - 1 + more
    return _shortened(first, f" (and {others} more)" if others else "")


# ---------------------------------------------------------------- layout


def _laid_out(message: NewDelivery, template: str, details: dict[str, Any]) -> NewDelivery:
    """Lay a message out; a template of the rule's own may also `set title`, and one that fails costs no message."""
    context = {**details["events"][0], **details, "title": message.title, "rule": message.rule, "key": message.key}
    plain = _template("message.txt.j2").render(context)
    if not template:
        return replace(message, body=plain)
    try:
        module = compiled(template).make_module(context)
        body = str(module)
    except Exception as error:  # noqa: BLE001  whatever a person's template does, the message leaves all the same
        return replace(message, body=f"{plain}\n\n(The rule's template failed: {_one_line(str(error))})")
    own_title = _one_line(str(getattr(module, "title", "")))
    details = {**details, "own_layout": True}
    return replace(
        message,
        title=_shortened(own_title) if own_title else message.title,
        body=body.strip() or plain,
        details=json.dumps(details, ensure_ascii=False),
    )


@lru_cache(maxsize=4)
def _template(name: str) -> Template:
    environment = ImmutableSandboxedEnvironment(
        loader=PackageLoader("monitor.alerts"),
        autoescape=name.endswith(".html.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["linked"] = _linked
    return environment.get_template(name)


def html(delivery: Delivery) -> str:
    """Return a message as an HTML document, for mail programs."""
    return _html("message.html.j2", delivery)


def html_body(delivery: Delivery) -> str:
    """Return a message as HTML that may stand in a page of others, as RFC 4287 (4.1.3.3) asks of a feed's entry."""
    return _html("body.html.j2", delivery)


def _html(layout: str, delivery: Delivery) -> str:
    details = json.loads(delivery.details) if delivery.details else {}
    laid_out = bool(details) and not details.get("own_layout")
    return _template(layout).render(
        title=delivery.title,
        body=delivery.body,
        key=delivery.key,
        rule=delivery.rule,
        reason=details.get("reason", ""),
        severity=details.get("severity", "normal"),
        more=details.get("more", 0),
        events=details.get("events", []) if laid_out else [],
    )


_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def _linked(text: str) -> list[tuple[str, str]]:
    """Return a text in pieces, (text, address) with an empty address for what is no link."""
    pieces: list[tuple[str, str]] = []
    at = 0
    for found in _ADDRESS.finditer(text):
        pieces += [(text[at : found.start()], ""), (found[0], found[0])]
        at = found.end()
    return [*pieces, (text[at:], "")]


# ---------------------------------------------------------------- parts, for layouts and for programs


def _details(rule: AlertRule, parts: Sequence[Part], reason: str, more: int) -> dict[str, Any]:
    return {
        "severity": rule.severity.value,
        "reason": reason,
        "more": more,
        "events": [_told(part) for part in parts],
    }


def _told(part: Part) -> dict[str, Any]:
    event = part.event
    return {
        "event_id": event.id,
        "type": event.type.value,
        "kind": event.kind.value,
        "status": event.status.value,
        "actors": [asdict(actor) for actor in event.actors],
        "recipients": [asdict(actor) for actor in event.recipients],
        "place": asdict(event.place) if event.place else None,
        "date": [event.date.start.isoformat(), event.date.end.isoformat()] if event.date else None,
        "event_line": _event_line(event),
        "changes": _changes(part),
        "when": when(event.date),
        "where": where(event.place),
        "evidence": [asdict(one) for one in _evidence(part.developments)],
        "publishers": event.publishers,
        "why": part.reason,
    }


def _changes(part: Part) -> list[dict[str, str]]:
    changes = [
        {"change": one.change.value, "old": one.old, "new": one.new, "line": _LINES[one.change](part.event, one)}
        for one in part.developments
    ]
    return list({change["line"]: change for change in changes}.values())


# ---------------------------------------------------------------- words


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

# A phrase that begins with a comma is set apart from the kind ("Visit, new date"), any other follows it directly
# ("Visit postponed"). None of them has a verb that would have to agree with "visit" and "talks" alike.


def _phrases(event: Event, developments: Sequence[Development]) -> str:
    """Join what changed, each phrase once: those that follow the kind directly come first ("postponed, new date")."""
    phrases = dict.fromkeys(_PHRASES[one.change](event, one) for one in developments)
    direct = [phrase for phrase in phrases if not phrase.startswith(",")]
    apart = [phrase for phrase in phrases if phrase.startswith(",")]
    return " and".join(direct) + "".join(apart)


def _status_phrase(event: Event, development: Development) -> str:
    return f" {STATUS_WORDS[_status(development.new) or event.status]}"


def _outcome_phrase(event: Event, development: Development) -> str:
    paper = _paper(development.new)
    if paper:
        return f" led to {kind_name(paper)}"
    if development.old == Status.ONGOING.value:
        return " ended"
    return f" {HAPPENED.get(event.kind, 'took place')}"


def _party_phrase(event: Event, development: Development) -> str:
    return ", party joins" if _codes(development.new) - _codes(development.old) else ", party leaves"


def _always(changed: str, known: str = "") -> Words:
    """Return the words for a change: one phrase where something else was known before, one where nothing was."""
    return lambda event, development: changed if development.old or not known else known


_PHRASES: dict[Change, Words] = {
    Change.FIRST_REPORT: _status_phrase,
    Change.STATUS: _status_phrase,
    Change.DATE: _always(", new date", ", date set"),
    Change.PLACE: _always(", new place", ", place known"),
    Change.PARTY: _party_phrase,
    Change.COUNT: _always(", new numbers", ", numbers known"),
    Change.OUTCOME: _outcome_phrase,
    Change.DENIAL: _always(" denied"),
    Change.OVERDUE: _always(" overdue"),
}


def _status(text: str) -> Status | None:
    return next((status for status in Status if status.value == text), None)


def _paper(outcome: str) -> Kind | None:
    """Return what an outcome such as "agreement occurred" names, None for a status alone."""
    word, space, _ = outcome.partition(" ")
    return next((kind for kind in Kind if space and kind.value == word), None)


def _codes(text: str) -> set[str]:
    return {code for code in text.split("+") if code}


def _named(actors: Iterable[Actor]) -> str:
    """Name each party once, by the first name that the event gives it, with the code unless that is the name."""
    names: dict[str, str] = {}
    for actor in actors:
        names.setdefault(actor.code, actor.name)
    return ", ".join(_name(code, name) for code, name in names.items())


def _name(code: str, name: str) -> str:
    if not name or not code or name == code:
        return name or code
    return f"{name} ({code})"


def _shortened(line: str, end: str = "") -> str:
    room = TITLE_LENGTH - len(end)
    return line + end if len(line) <= room else f"{line[: room - 1].rstrip()}…{end}"


# ---------------------------------------------------------------- body


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that tells what changed, and who published it."""

    text: str
    publisher: str
    title: str
    url: str


def _event_line(event: Event) -> str:
    return _one_line(f"{_capital(kind_name(event.kind))} ({STATUS_NAMES[event.status]}): {who(event)}")


def _from_to(label: str, old: str, new: str) -> str:
    if old and new:
        return f"{label}: {old} → {new}"
    return f"{label}: {new or old}" if new or old else label


def _status_line(event: Event, development: Development) -> str:
    return _from_to("Status", _status_name(development.old), _status_name(development.new))


def _outcome_line(event: Event, development: Development) -> str:
    paper = _paper(development.new)
    return f"Outcome: {kind_name(paper)}" if paper else _status_line(event, development)


def _party_line(event: Event, development: Development) -> str:
    joined = _codes(development.new) - _codes(development.old)
    left = _codes(development.old) - _codes(development.new)
    told = [f"{_named_codes(event, codes)} {verb}" for codes, verb in ((joined, "joins"), (left, "leaves")) if codes]
    return _from_to("Parties", "", ", ".join(told))


def _count_line(event: Event, development: Development) -> str:
    """Return "Invited: about 40 → 45"; both values carry what they count, as "invited: about 40"."""
    what, _, new = development.new.partition(": ")
    return _from_to(_capital(what), development.old.removeprefix(f"{what}: "), new)


def _overdue_line(event: Event, development: Development) -> str:
    return "Overdue: its date has passed without a report"


def _labelled(label: str) -> Words:
    return lambda event, development: _from_to(label, _in_words(development.old), _in_words(development.new))


_LINES: dict[Change, Words] = {
    Change.FIRST_REPORT: _labelled("First report"),
    Change.STATUS: _status_line,
    Change.DATE: _labelled("Date"),
    Change.PLACE: _labelled("Place"),
    Change.PARTY: _party_line,
    Change.COUNT: _count_line,
    Change.OUTCOME: _outcome_line,
    Change.DENIAL: _status_line,
    Change.OVERDUE: _overdue_line,
}


def _status_name(text: str) -> str:
    status = _status(text)
    return STATUS_NAMES[status] if status else _in_words(text)


def _named_codes(event: Event, codes: set[str]) -> str:
    parties = [party for party in (*event.actors, *event.recipients) if party.code in codes]
    return _named(parties) or ", ".join(sorted(codes))


def _in_words(text: str) -> str:
    """Return a stored value as people write it: its ISO dates in words, all on one line."""
    return _one_line(_ISO_DATE.sub(lambda found: _day(date.fromisoformat(found[0])), text))


_ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")  # as Démarche writes them itself, so always days that exist


def _evidence(developments: Iterable[Development]) -> list[Evidence]:
    """Return each passage once, in the order of the developments; a development without one (overdue) gives none."""
    told = [one for one in developments if _one_line(one.evidence)]
    return list(
        dict.fromkeys(
            Evidence(_one_line(one.evidence), one.publisher, _one_line(one.title), _link(one.url)) for one in told
        )
    )


def _link(url: str) -> str:
    """Return an address of the web, and nothing for any other: it becomes a link that people follow."""
    return url if _ADDRESS.fullmatch(url) else ""


# ---------------------------------------------------------------- words


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _one_line(text: str) -> str:
    return " ".join(text.split())


# ---------------------------------------------------------------- about the daemon itself

TROUBLE = "demarche"  # the rule that messages about the daemon itself are filed under


def render_trouble(state: ChannelState, waiting: int, channel: str, instance: str) -> NewDelivery:
    """Put into words, for another channel, that one has been failing; the same failure gives the same key."""
    since = f"{state.failing_since:%Y-%m-%d %H:%M} UTC" if state.failing_since else "its first message"
    told = "\0".join((instance, TROUBLE, state.name, since, channel))
    lines = (
        f"Channel {state.name} has not taken a message since {since}; {state.failures} tries failed.",
        f"The last one: {state.last_error}",
        f"Messages that wait for it: {waiting}. They go out when it works again.",
        "What was refused for good is in `demarche alerts list --state dead`; `demarche alerts retry` sends it again.",
    )
    return NewDelivery(
        key=blake2b(told.encode(), digest_size=8).hexdigest(),
        rule=TROUBLE,
        channel=channel,
        event_id=None,
        development_ids=(),
        title=_shortened(f"Channel {state.name} has been failing since {since}"),
        body="\n\n".join(lines),
        reason="a channel fails",
    )
