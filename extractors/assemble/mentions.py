"""An annotated Doc → the event mentions of an article. What is too unsure is dropped, and what has no party, unless it
is a meeting of a number of states.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from spacy.tokens import Doc

from extractors.assemble.counts import counts
from extractors.components._doc import ActorSpan, Attribution, DateSpan, EventSpan, Extension, PlaceSpan, get
from extractors.ontology import EventType, Kind, Status
from extractors.types import Actor, Article, DateRange, EventMention, Place, Span

# Below this share of right mentions a frame does more harm than good
# (development half of the annotated passages, 2026-11).
LEAST_CONFIDENCE = 0.3
BACKGROUND_AFTER = timedelta(days=30)  # EVENTS: told as background when it happened more than 30 days before
Located = TypeVar("Located", DateSpan, PlaceSpan)
AHEAD = frozenset({Status.PLANNED, Status.PROPOSED, Status.POSTPONED, Status.CANCELLED})


@dataclass(frozen=True, slots=True)
class Told:
    """A mention with what merging needs to know: whether it only refers to an event told before it."""

    mention: EventMention
    refers: bool


def told(doc: Doc, article: Article) -> tuple[Told, ...]:
    """Return the mentions of a Doc in the order of the text, before those of the same event are merged."""
    read = zip(
        *(get(doc, name) for name in (Extension.EVENTS, Extension.STATUSES, Extension.ATTRIBUTIONS)), strict=True
    )
    found = (
        Told(mention(doc, article, event, status, speaker), event.refers)
        for event, status, speaker in read
        if event.refers or event.confidence >= LEAST_CONFIDENCE
    )
    return tuple(one for one in found if one.refers or is_identified(one.mention))


def is_identified(mention: EventMention) -> bool:
    """Say whether a mention names a party, or is a meeting of a number of states at a place."""
    return bool(mention.parties) or (bool(mention.counts) and mention.place is not None)


def mention(doc: Doc, article: Article, event: EventSpan, status: Status, speaker: Attribution) -> EventMention:
    """Return one mention."""
    when = date_of(doc, event, status)
    sentence = get(doc, Extension.SENTENCES)[event.sentence]
    return EventMention(
        type=event.type,
        kind=event.kind,
        actors=parties(event.actors),
        recipients=parties(event.recipients),
        place=place_of(doc, event),
        date=when,
        status=status,
        attribution=speaker.name or None,
        evidence=evidence(doc, event),
        confidence=event.confidence,
        background=when is not None and when.end < article.published_on - BACKGROUND_AFTER,
        counts=counts(doc[sentence.start : sentence.end].text) if event.type is EventType.CONSULT else (),
        passages=(evidence(doc, event),),
        reason=f"{event.frame}: {doc[event.trigger[0] : event.trigger[1]].text}{event.why and f' ({event.why})'}",
    )


def parties(spans: tuple[ActorSpan, ...]) -> tuple[Actor, ...]:
    """Return spans as actors, by code."""
    return tuple(sorted({span.code: Actor(span.code, span.name) for span in reversed(spans)}.values()))


def evidence(doc: Doc, event: EventSpan) -> Span:
    """Return the stretch of text that tells an event, from its article to the end of its clause."""
    sentence = get(doc, Extension.SENTENCES)[event.sentence]
    lowers = [token.lower_ for token in doc[sentence.start : sentence.end]]
    start, end = whole_clause(lowers, event.start - sentence.start, event.end - sentence.start)
    if all(span.start >= event.trigger[0] for span in (*event.actors, *event.recipients)):
        start = clause_start(lowers, start)
    span = doc[sentence.start + start : sentence.start + end]
    return Span(span.start_char, span.end_char, span.text)


ARTICLES = frozenset({"a", "an", "the", "its", "his", "her", "their"})
ENDS = frozenset({",", ";", ":", ".", "?", "!", "—", "–", "--", "|", "…", "..."})
# After these a passage has said what it tells; where the event's own words go on behind them, they are kept.
DIVIDES = frozenset({"after", "before", "while", "because", "although", "though", "amid", "but", "who", "which"})
# A passage that ends with one of these breaks off ("agrees to", "accused X of").
OPEN = frozenset(
    "of to in on at with from for by as into over against that and or the a an its his their hour hours day days week"
    " weeks month months year years shortly soon".split()
)


def whole_clause(lowers: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """Return where a passage begins and ends once it has its article and the rest of its clause."""
    if start > 0 and lowers[start - 1] in ARTICLES:
        start -= 1
    while end < len(lowers) and (not is_whole(lowers, end) or is_number(lowers, end)):
        end += 1
    return start, end


def clause_start(lowers: Sequence[str], start: int) -> int:
    """Return where the clause begins that a token is in, for an act whose subject is no party ("40 countries met")."""
    while start > 0 and not (lowers[start - 1] in ENDS | DIVIDES or lowers[start - 1].isspace()):
        start -= 1
    return start


def is_whole(lowers: Sequence[str], end: int) -> bool:
    """Say whether a passage can end before a token."""
    if lowers[end] in ENDS - {","} or lowers[end].isspace():
        return True
    return lowers[end] in DIVIDES | {","} and lowers[end - 1] not in OPEN


def is_number(lowers: Sequence[str], end: int) -> bool:
    """Say whether a comma stands inside a date ("April 26, 2022")."""
    return lowers[end] == "," and end + 1 < len(lowers) and lowers[end + 1].isdigit() and lowers[end - 1].isdigit()


def date_of(doc: Doc, event: EventSpan, status: Status) -> DateRange | None:
    """Return when it takes place: the nearest date of its clause, past or future as its status is."""
    inside = [span for span in get(doc, Extension.DATES) if belongs(span.start, event)]
    spans = inside or opening_dates(doc, event) or loose_dates(doc, event)
    if not spans:
        return None
    nearest = min(spans, key=lambda span: abs(span.start - event.trigger[0]))
    first, last = nearest.future if status in AHEAD or (event.refers and is_nearer(doc, nearest)) else nearest.past
    return DateRange(first, last)


def is_nearer(doc: Doc, span: DateSpan) -> bool:
    """Say whether a date that nothing puts in time is nearer when it is still to come."""
    today = doc._.get(Extension.PUBLISHED_ON)
    return bool(span.future[0] - today < today - span.past[1])


def opening_dates(doc: Doc, event: EventSpan) -> list[DateSpan]:
    """Return a date that opens the event's sentence ("Earlier this week …"), which holds for all that follows."""
    start = get(doc, Extension.SENTENCES)[event.sentence].start
    return [span for span in get(doc, Extension.DATES) if start <= span.start <= start + 2]


SAYING = frozenset({"said", "says", "told", "added", "announced", "confirmed", "reported", "stated"})
# Of these the saying is the act, so that the day it was said is the day of the act.
SPOKEN = frozenset(
    {EventType.ACCUSE, EventType.REJECT, EventType.REQUEST, EventType.THREATEN, EventType.SUPPORT, EventType.AGREE}
)


def loose_dates(doc: Doc, event: EventSpan) -> list[DateSpan]:
    """Return the other dates of a sentence that tells one event; "said on Friday" only where saying is the act."""
    inside = loose(doc, event, get(doc, Extension.DATES))
    return [span for span in inside if event.type in SPOKEN or not dates_saying(doc, span)]


def dates_saying(doc: Doc, span: DateSpan) -> bool:
    """Say whether a date is when something was said."""
    return any(token.lower_ in SAYING for token in doc[max(span.start - 4, 0) : span.start])


def place_of(doc: Doc, event: EventSpan) -> Place | None:
    """Return where it takes place: the first place of its clause after the trigger, else one before it."""
    known = get(doc, Extension.PLACES)
    inside = [span for span in known if belongs(span.start, event)]
    if event.type is EventType.CONSULT and all(is_topic(doc, span) for span in inside):
        inside = [span for span in loose(doc, event, known) if not is_topic(doc, span)] or inside
    spans = inside or loose(doc, event, known)
    if not spans:
        return visited_place(event)
    chosen = min(spans, key=lambda span: (span.start < event.trigger[0], abs(span.start - event.trigger[0])))
    return Place(chosen.country, chosen.name)


def is_topic(doc: Doc, span: PlaceSpan) -> bool:
    """Say whether a place is what is talked about ("talks on X"), which is not where."""
    return span.start > 0 and doc[span.start - 1].lower_ in {"on", "over", "about"}


def visited_place(event: EventSpan) -> Place | None:
    """Return the country of a visit's host, which is where a visit takes place unless the text says otherwise."""
    if event.kind is not Kind.VISIT or len(event.recipients) != 1 or len(event.recipients[0].code) != len("ISO"):
        return None
    host = event.recipients[0]
    return Place(host.code, host.name)


def loose(doc: Doc, event: EventSpan, spans: tuple[Located, ...]) -> list[Located]:
    """Return the dates or places of a sentence that tells one event, inside its clause or not."""
    if sum(other.sentence == event.sentence and not other.refers for other in get(doc, Extension.EVENTS)) > 1:
        return []
    sentence = get(doc, Extension.SENTENCES)[event.sentence]
    return [span for span in spans if sentence.start <= span.start < sentence.end]


def belongs(position: int, event: EventSpan) -> bool:
    """Say whether a token is in an event's clause, or right behind it."""
    return event.start <= position <= event.end
