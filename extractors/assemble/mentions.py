"""An annotated Doc → the event mentions of an article. What has no party is dropped, unless it is a meeting of a number
of states.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from spacy.tokens import Doc

from extractors.assemble.counts import counts
from extractors.assemble.when import When, when
from extractors.assemble.where import Where, where
from extractors.components._doc import ActorSpan, Attribution, DateSpan, EventSpan, Extension, PlaceSpan, get
from extractors.ontology import EventType, Status
from extractors.types import Actor, Article, EventMention, Span

BACKGROUND_AFTER = timedelta(days=30)  # EVENTS: told as background when it happened more than 30 days before
Located = TypeVar("Located", DateSpan, PlaceSpan)


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
    found = (Told(mention(doc, article, event, status, speaker), event.refers) for event, status, speaker in read)
    return tuple(one for one in found if one.refers or is_identified(one.mention))


def is_identified(mention: EventMention) -> bool:
    """Say whether a mention names a party, or is a meeting of a number of states at a place."""
    return bool(mention.parties) or (bool(mention.counts) and mention.place is not None)


def mention(doc: Doc, article: Article, event: EventSpan, status: Status, speaker: Attribution) -> EventMention:
    """Return one mention."""
    told_when, told_where = when(doc, event, status), where(doc, event, status)
    days = told_when.days if told_when else None
    sentence = get(doc, Extension.SENTENCES)[event.sentence]
    return EventMention(
        type=event.type,
        kind=event.kind,
        actors=parties(event.actors),
        recipients=parties(event.recipients),
        place=told_where.place if told_where else None,
        date=days,
        status=status,
        attribution=speaker.name or None,
        evidence=evidence(doc, event),
        confidence=event.confidence,
        background=days is not None and days.end < article.published_on - BACKGROUND_AFTER,
        counts=counts(doc[sentence.start : sentence.end].text) if event.type is EventType.CONSULT else (),
        passages=(evidence(doc, event),),
        reason=reason(doc, event, told_when, told_where),
    )


def reason(doc: Doc, event: EventSpan, told_when: When | None, told_where: Where | None) -> str:
    """Return which frame and words gave a mention, and what dates and places it."""
    words = f"{event.frame}: {doc[event.trigger[0] : event.trigger[1]].text}{event.why and f' ({event.why})'}"
    found = (("when", told_when), ("where", told_where))
    return "; ".join((words, *(f"{name}: {one.why}" for name, one in found if one)))


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
