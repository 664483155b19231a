"""An annotated Doc → the event mentions of an article. What has no party, or is too unsure, is dropped."""

from collections.abc import Iterator
from datetime import timedelta

from spacy.tokens import Doc

from extractors.components._doc import ActorSpan, Attribution, DateSpan, EventSpan, Extension, PlaceSpan, get
from extractors.ontology import Status
from extractors.types import Actor, Article, DateRange, EventMention, Place, Span

# Below this share of right mentions a frame does more harm than good (development half of the annotated passages, 2026-11).
LEAST_CONFIDENCE = 0.3
BACKGROUND_AFTER = timedelta(days=30)  # EVENTS: told as background when it happened more than 30 days before
AHEAD = frozenset({Status.PLANNED, Status.PROPOSED, Status.POSTPONED, Status.CANCELLED})


def mentions(doc: Doc, article: Article) -> tuple[EventMention, ...]:
    """Return the mentions of a Doc in the order of the text, before those of the same event are merged."""
    events = get(doc, Extension.EVENTS)
    statuses = get(doc, Extension.STATUSES)
    speakers = get(doc, Extension.ATTRIBUTIONS)
    read = zip(events, statuses, speakers, strict=True)
    return tuple(mention(doc, article, *one) for one in read if one[0].confidence >= LEAST_CONFIDENCE)


def mention(doc: Doc, article: Article, event: EventSpan, status: Status, speaker: Attribution) -> EventMention:
    """Return one mention."""
    when = date_of(doc, event, status)
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
        passages=(evidence(doc, event),),
        reason=f"{event.frame}: {doc[event.trigger[0] : event.trigger[1]].text}",
    )


def parties(spans: tuple[ActorSpan, ...]) -> tuple[Actor, ...]:
    """Return spans as actors, by code."""
    return tuple(sorted({span.code: Actor(span.code, span.name) for span in reversed(spans)}.values()))


def evidence(doc: Doc, event: EventSpan) -> Span:
    """Return the stretch of text that tells an event."""
    span = doc[event.start : event.end]
    return Span(span.start_char, span.end_char, span.text)


def date_of(doc: Doc, event: EventSpan, status: Status) -> DateRange | None:
    """Return when it takes place: the nearest date of its clause, past or future as its status is."""
    spans = tuple(belonging(doc, event, get(doc, Extension.DATES)))
    if not spans:
        return None
    nearest = min(spans, key=lambda span: abs(span.start - event.trigger[0]))
    first, last = nearest.future if status in AHEAD else nearest.past
    return DateRange(first, last)


def place_of(doc: Doc, event: EventSpan) -> Place | None:
    """Return where it takes place: the first place of its clause after the trigger, else one before it."""
    spans = tuple(belonging(doc, event, get(doc, Extension.PLACES)))
    if not spans:
        return None
    chosen = min(spans, key=lambda span: (span.start < event.trigger[0], abs(span.start - event.trigger[0])))
    return Place(chosen.country, chosen.name)


def belonging(doc: Doc, event: EventSpan, spans: tuple[DateSpan | PlaceSpan, ...]) -> Iterator[DateSpan | PlaceSpan]:
    """Yield the spans inside an event's clause."""
    for span in spans:
        if event.start <= span.start < event.end + 1:
            yield span
