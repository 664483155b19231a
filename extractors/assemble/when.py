"""When an event takes place: which of the dates of a text is its own, and which of the days that its words can mean.

Every date of its sentence and of those beside it is an option in each of its readings; that the text tells no time is
one more. Measured on the pairs of the held-out half of the annotated passages, see `extractors.training.settings`.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from spacy.tokens import Doc

from extractors.assemble.attachment import APART, Link, governor, head_of, plain
from extractors.assemble.choice import DATA, Option, best, read_weights
from extractors.assemble.days import (
    DAY,
    SINCE,
    UNTIL,
    Candidate,
    candidates_by_order,
    dates_in,
    days_before,
    days_of,
    is_no_time,
    is_said_by,
    is_told_ahead,
    lead,
    length,
    link_of,
    opens,
)
from extractors.assemble.scene import Scene, hanging, scene, standing
from extractors.components._doc import DateSpan, EventSpan, Sentence
from extractors.ontology import Status
from extractors.syntax import relation
from extractors.types import DateRange

WEIGHTS = DATA / "when.csv"
BESIDE = (-2, -1, 1, 2)  # sentences from the event's: the headline's day may stand two below it
MOST_BESIDE = 4  # dates of one sentence beside
MOST_MONTHS = 12
TAGS = 2  # letters of a tag that tell nouns from verbs
POSSESSIVES = frozenset({"'s", "’s"})
SIZES = ((1, "day"), (8, "week"), (32, "month"))


class When(NamedTuple):
    """The days of an event, and why these."""

    days: DateRange
    why: str


def when(doc: Doc, event: EventSpan, status: Status) -> When | None:
    """Return when an event takes place; None where the text does not tell."""
    if not doc.has_annotation("DEP"):
        return by_order(doc, event, status)
    chosen = best(options(scene(doc, event, status)), read_weights(WEIGHTS))
    return When(chosen.value, chosen.why) if chosen.value else None


def by_order(doc: Doc, event: EventSpan, status: Status) -> When | None:
    """Return the same from the order of words alone."""
    usable = [one for one in candidates_by_order(doc, event) if not is_no_time(doc, one.span)]
    for one in sorted(usable, key=lambda one: (one.link, abs(one.span.start - event.trigger[0]))):
        days = days_of(doc, event, status, one)
        if days is not None:
            return When(days, f"{doc[one.span.start : one.span.end].text}, {one.link.name.lower()}")
    return None


def options(view: Scene) -> list[Option[DateRange]]:
    """Return what can be the date of an event, with the features that speak for and against it."""
    inside = list(dates_in(view.doc, view.sentence))
    found = [
        option for span in inside if not is_of_calling_off(view, span) for option in own_options(view, span, inside)
    ]
    # What only refers ("the talks") adds to an event of another sentence, which has the date of that sentence already.
    for where, _, sentence in () if view.event.refers else view.beside(BESIDE):
        found.extend(options_beside(view, where, sentence, len(inside)))
    return [*found, Option(None, "", frozenset(untold(view, len(inside))))]


def is_of_calling_off(view: Scene, span: DateSpan) -> bool:
    """Say whether a day is the one on which something was called off or put off: "was cancelled on Monday"."""
    above = governor(head_of(view.doc, span.start, span.end))
    is_off = view.status in {Status.CANCELLED, Status.POSTPONED} and above is not None and plain(above) in APART
    return is_off and not lead(view.doc, span).startswith(("to", "until", "till", "from"))


def untold(view: Scene, count: int) -> Iterator[str]:
    """Yield the features of that the text tells no date."""
    told, kind = min(count, 3), view.event.kind
    yield "none"
    yield f"none|{kind}"
    yield f"none|{view.event.type}"
    yield f"none|{view.status}"
    yield f"none|{told}|{view.sort}"
    yield f"none|headline={view.sentence.headline}"
    yield f"none|{view.own.tag_}"
    yield f"none|{min(told, 2)}|alone={view.alone}"


# ---------------------------------------------------------------- dates of the event's sentence


def own_options(view: Scene, span: DateSpan, inside: list[DateSpan]) -> Iterator[Option[DateRange]]:
    """Yield a date of the event's sentence in each of its readings."""
    link = link_of(view.doc, view.event, span, view.busy, view.sentence, is_alone=view.alone)
    if link is None and view.sort == "spoken" and is_possessive(view.doc, span):  # "condemned Tuesday's bombing"
        return
    features = frozenset((*placed(view, span, inside), *linked(view, span, link)))
    words = view.doc[span.start : span.end].text
    for days, names in readings(view, span, link).items():
        meant = frozenset(read(view, span, days, names))
        yield Option(days, f"{words}, {'/'.join(names)}", features | meant, str(days))


def placed(view: Scene, span: DateSpan, inside: list[DateSpan]) -> Iterator[str]:
    """Yield where a date stands in its sentence, and what it hangs on."""
    doc, trigger = view.doc, view.event.trigger[0]
    begins = opens(doc, span, view.sentence)
    yield from ("date", f"date|{view.sort}", f"date|{view.event.type}", f"date|{view.event.kind}")
    yield from hanging(view, head_of(doc, span.start, span.end))
    yield from standing(view, span.start)
    yield f"opens={begins}"
    yield f"opens={begins}|{view.sort}"
    yield f"dates={min(len(inside), 3)}"
    yield f"nearest={span is min(inside, key=lambda other: abs(other.start - trigger))}"
    yield f"previous={plain(doc[span.start - 1]) if span.start > view.sentence.start else ''}"
    yield f"headline={view.sentence.headline}"


def linked(view: Scene, span: DateSpan, link: Link | None) -> Iterator[str]:
    """Yield how grammar links a date with the event, and how long and by which words it is told."""
    name, word, size = link.name if link is not None else "none", lead(view.doc, span), size_of(span)
    close = span.end <= view.own.i <= span.end + 3 and not any(n in view.busy for n in range(span.end, view.own.i))
    yield from (f"link={name}", f"link={name}|{view.sort}", f"link={name}|{view.event.type}")
    yield f"link={name}|alone={view.alone}"
    yield from (f"lead={word}", f"lead={word}|{view.sort}", f"lead={word}|{name}")
    yield from (f"size={size}", f"size={size}|{name}", f"size={size}|{word}")
    yield f"close={close}|{size}"
    possessive = is_possessive(view.doc, span)
    yield f"close={close}|possessive={possessive}"
    yield f"possessive={possessive}|{name}|{view.sort}"
    yield f"no time={is_no_time(view.doc, span)}"


def size_of(span: DateSpan) -> str:
    """Return about how long a date is."""
    days = (span.past[1] - span.past[0]).days
    return next((name for most, name in SIZES if days < most), "longer")


def is_possessive(doc: Doc, span: DateSpan) -> bool:
    """Say whether a date is that of a noun: "Monday's talks"."""
    return plain(doc[span.end - 1]) in POSSESSIVES or (span.end < len(doc) and plain(doc[span.end]) in POSSESSIVES)


# ---------------------------------------------------------------- readings


def readings(view: Scene, span: DateSpan, link: Link | None) -> dict[DateRange, list[str]]:
    """Return the days that a date can mean, each with the names of the readings that give it."""
    found: dict[DateRange, list[str]] = {}
    for name, first, last in spelled_out(view, span):
        if first <= last:
            found.setdefault(DateRange(first, last), []).append(name)
    one = Candidate(span, link if link is not None else Link.LOOSE)
    days = days_of(view.doc, view.event, view.status, one)
    if days is not None:
        found.setdefault(days, []).append("rule")
    return found


def spelled_out(view: Scene, span: DateSpan) -> Iterator[tuple[str, date, date]]:
    """Yield readings with their first and last day."""
    today, word = view.today, lead(view.doc, span)
    if plain(view.doc[span.end - 1]) == "after":
        days = days_before(view.doc, span, today)
        yield "after", days.start, days.end
        return
    yield "past", *span.past
    yield "future", *span.future
    if word in SINCE | {"from"}:
        yield word, span.past[0], today
    if word in UNTIL | {"by"}:
        yield "until", today, span.future[1]
    if span.past[1] + DAY >= span.future[0]:
        yield "whole", span.past[0], span.future[1]
    for name, (first, last) in (("past", span.past), ("future", span.future)):
        days_more = length(view.doc, view.event, span) if first == last else 0
        if days_more:
            yield f"{name} on", first, first + days_more * DAY
            yield f"{name} back", first - days_more * DAY, first


def read(view: Scene, span: DateSpan, days: DateRange, names: list[str]) -> Iterator[str]:
    """Yield what speaks for a reading: where its days lie, how the event is told, and the words of the date."""
    lies, ahead, word = lies_at(view, days), is_told_ahead(view.doc, view.event), lead(view.doc, span)
    together = "+".join(names)
    for name in names:
        yield f"read={name}"
        yield f"read={name}|{view.status}"
        yield f"read={name}|{ahead}|{view.own.tag_[:TAGS]}"
    yield f"read={together}|{view.status}"
    yield f"read={together}|{word}"
    yield f"lies={lies}|{view.status}"
    yield f"lies={lies}|{ahead}"
    yield f"lies={lies}|{view.sort}"
    yield f"months={lies}|{months(view, days)}|{view.status}"


def lies_at(view: Scene, days: DateRange) -> str:
    """Return whether days lie behind or ahead of publication."""
    return "behind" if days.end < view.today else "ahead" if days.start > view.today else "now"


def months(view: Scene, days: DateRange) -> int:
    """Return how many months away the first of some days is; a year or more is one."""
    return min(abs((days.start - view.today).days) // 30, MOST_MONTHS)


# ---------------------------------------------------------------- dates of sentences beside


def options_beside(view: Scene, where: str, sentence: Sentence, inside: int) -> Iterator[Option[DateRange]]:
    """Yield the dates of a sentence beside in each of their readings."""
    spans = list(dates_in(view.doc, sentence))[:MOST_BESIDE]
    for index, span in enumerate(spans):
        features = frozenset(placed_beside(view, where, sentence, span, f"{index}|{min(inside, 2)}"))
        words = view.doc[span.start : span.end].text
        for days, names in readings(view, span, Link.SAID).items():
            meant = frozenset(read_beside(view, days, names))
            yield Option(days, f"{words}, {where}, {'/'.join(names)}", features | meant, str(days))


def placed_beside(view: Scene, where: str, sentence: Sentence, span: DateSpan, counts: str) -> Iterator[str]:
    """Yield how a date of a sentence beside has to do with the event. `counts`: its index, and dates nearer by."""
    word = head_of(view.doc, span.start, span.end)
    said, again = is_said_by(view.doc, span, view.event), told_again(view, span)
    yield "beside"
    yield from (f"beside={where}", f"beside={where}|{view.sort}", f"beside={where}|{view.event.type}")
    yield from (f"beside said={said}|{view.sort}", f"beside said={said}|{where}|{view.sort}")
    yield from (f"beside again={again}", f"beside again={again}|{where}")
    yield f"beside lead={lead(view.doc, span)}"
    yield f"beside opens={opens(view.doc, span, sentence)}"
    yield from (f"beside counts={counts}", f"beside counts={counts}|{where}")
    yield f"beside relation={relation(word).name}|{where}"
    above = governor(word)
    yield f"beside root={above is not None and above.head == above}|{where}|{view.sort}"


def told_again(view: Scene, span: DateSpan) -> str:
    """Return what a date hangs on: an event of the same kind or type, another one, or none."""
    above = governor(head_of(view.doc, span.start, span.end))
    told = [other for other in view.others if above is not None and other.trigger[0] <= above.i < other.trigger[1]]
    if any(other.kind is view.event.kind for other in told):
        return "kind"
    if any(other.type is view.event.type for other in told):
        return "type"
    return "other" if told else "none"


def read_beside(view: Scene, days: DateRange, names: list[str]) -> Iterator[str]:
    """Yield what speaks for a reading of a date beside."""
    lies = lies_at(view, days)
    yield from (f"beside read={name}|{view.status}" for name in names)
    yield f"beside lies={lies}|{view.status}"
    yield f"beside months={lies}|{months(view, days)}"
