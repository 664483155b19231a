"""Passages of one article that tell the same event → one mention, with the fullest as its evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from extractors.assemble.mentions import Told
from extractors.ontology import SYMMETRIC_KINDS, EventType, Kind, Status
from extractors.types import Actor, DateRange, EventMention, Span

# A headline's "meeting" may be the text's "talks": kinds of one type that tell the same thing in other words.
NEAR_KINDS = (
    frozenset({Kind.MEETING, Kind.TALKS, Kind.SUMMIT, Kind.CALL}),
    frozenset({Kind.VISIT}),
    frozenset({Kind.AGREEMENT, Kind.CEASEFIRE, Kind.INTENT}),
    frozenset({Kind.THREAT, Kind.WARNING, Kind.ULTIMATUM}),
    frozenset({Kind.ACCUSATION, Kind.CONDEMNATION}),
    frozenset({Kind.APPEAL, Kind.DEMAND, Kind.PROPOSAL}),
    frozenset({Kind.REJECTION, Kind.DENIAL}),
    frozenset({Kind.DEPLOYMENT}),
)
# Two appeals to the same party are two acts, unless the same words tell them.
ACTS = frozenset({EventType.REQUEST})
# What is off stays off, whichever passage of a text says so.
BROKEN_OFF = frozenset({Status.CANCELLED, Status.POSTPONED, Status.STALLED})
# A status that says more than "occurred" about the same event wins over it.
WEIGHT = {Status.OCCURRED: 0, Status.ONGOING: 1, Status.PLANNED: 1, Status.PROPOSED: 1}


def merged(told: Iterable[Told], *, headline_end: int = 0) -> tuple[EventMention, ...]:
    """Return mentions with those of the same event joined, in order of their first passage.

    `headline_end` is where the first line ends: what follows tells the headline's event again. What only refers ("the
    talks") adds to the last event of its type, and is dropped where there is none.
    """
    kept: list[EventMention] = []
    for one in told:
        index = referent(kept, one.mention) if one.refers else same_event(kept, one.mention, headline_end)
        if index is None:
            kept.extend(() if one.refers else (one.mention,))
        else:
            kept[index] = (refined if one.refers else joined)(kept[index], one.mention)
    return tuple(kept)


def refined(event: EventMention, reference: EventMention) -> EventMention:
    """Return an event with the date and the numbers that "the talks" later in the text adds, or that they are off."""
    return replace(
        event,
        status=reference.status if reference.status in BROKEN_OFF else event.status,
        date=finer_date(event.date, reference.date),
        counts=tuple(dict((*reference.counts, *event.counts)).items()),
        passages=tuple(sorted({*event.passages, *reference.passages}, key=place_of)),
    )


def same_event(kept: Sequence[EventMention], mention: EventMention, headline_end: int) -> int | None:
    """Return which of the events kept so far a mention tells again, or None."""
    found = (i for i, other in enumerate(kept) if is_same(other, mention) or is_retold(other, mention, headline_end))
    return next(found, None)


def referent(kept: Sequence[EventMention], mention: EventMention) -> int | None:
    """Return the last event that "the talks" can mean; only when the passage adds a date, a count or its end."""
    if mention.date is None and not mention.counts and mention.status not in BROKEN_OFF:
        return None
    fitting = [
        i for i, other in enumerate(kept) if near_kind(other.kind, mention.kind) and compatible_dates(other, mention)
    ]
    dated = [i for i in fitting if mention.date and kept[i].date]
    return max(dated or fitting, default=None)


def is_same(first: EventMention, second: EventMention) -> bool:
    """Say whether two mentions of one article tell the same event: type, near kind, parties, and no contradiction."""
    return (
        first.type is second.type
        and (first.type not in ACTS or frame_of(first) == frame_of(second))
        and near_kind(first.kind, second.kind)
        and compatible_parties(first, second)
        and compatible_dates(first, second)
        and compatible_places(first, second)
    )


def is_retold(first: EventMention, second: EventMention, headline_end: int) -> bool:
    """Say whether a headline's act is told again below it: the same frame and actors, whoever else is named."""
    is_headline = first.passages[0].start < headline_end <= second.evidence.start
    return is_headline and frame_of(first) == frame_of(second) and codes(first.actors) == codes(second.actors)


def frame_of(mention: EventMention) -> str:
    """Return the frame that gave a mention."""
    return mention.reason.partition(":")[0]


def near_kind(first: Kind, second: Kind) -> bool:
    """Say whether two kinds may be words for one thing."""
    return first is second or any({first, second} <= group for group in NEAR_KINDS)


def compatible_parties(first: EventMention, second: EventMention) -> bool:
    """Say whether one passage names the other's parties, or some of them, in the same roles."""
    if first.kind in SYMMETRIC_KINDS or second.kind in SYMMETRIC_KINDS:
        return first.parties <= second.parties or second.parties <= first.parties
    return all(nested(codes(getattr(first, role)), codes(getattr(second, role))) for role in ("actors", "recipients"))


def nested(first: frozenset[str], second: frozenset[str]) -> bool:
    """Say whether one set of codes is part of the other."""
    return first <= second or second <= first


def codes(actors: Sequence[Actor]) -> frozenset[str]:
    """Return the codes of parties."""
    return frozenset(actor.code for actor in actors)


def compatible_dates(first: EventMention, second: EventMention) -> bool:
    """Say whether two dates overlap, or one passage has none."""
    if first.date is None or second.date is None:
        return True
    return first.date.start <= second.date.end and second.date.start <= first.date.end


def compatible_places(first: EventMention, second: EventMention) -> bool:
    """Say whether two places are in one country, or one passage has none."""
    return first.place is None or second.place is None or first.place.country == second.place.country


def joined(first: EventMention, second: EventMention) -> EventMention:
    """Return two mentions as one: the fuller passage is the evidence, what the other adds is taken over."""
    fuller, other = (second, first) if fullness(second) > fullness(first) else (first, second)
    actors, recipients = joined_sides(fuller, other)
    return replace(
        fuller,
        actors=actors,
        recipients=recipients,
        place=fuller.place or other.place,
        date=finer_date(fuller.date, other.date),
        status=max(fuller, other, key=status_weight).status,
        attribution=fuller.attribution or other.attribution,
        confidence=max(fuller.confidence, other.confidence),
        background=(fuller if fuller.date else other).background,
        counts=tuple(dict((*other.counts, *fuller.counts)).items()),
        passages=tuple(sorted({*first.passages, *second.passages}, key=place_of)),
    )


def joined_sides(fuller: EventMention, other: EventMention) -> tuple[tuple[Actor, ...], tuple[Actor, ...]]:
    """Return the parties of both mentions on the sides that the fuller one gives them: nobody is on two."""
    actors, recipients = united(fuller.actors, other.actors), united(fuller.recipients, other.recipients)
    if fuller.kind in SYMMETRIC_KINDS:
        return united(actors, recipients), ()
    acting, receiving = codes(fuller.actors), codes(fuller.recipients)
    actors = tuple(actor for actor in actors if actor.code not in receiving - acting)
    return actors, tuple(actor for actor in recipients if actor.code in receiving or actor.code not in codes(actors))


def status_weight(mention: EventMention) -> int:
    """Return how much a mention's status says."""
    return WEIGHT.get(mention.status, 2)


def place_of(span: Span) -> tuple[int, int]:
    """Return where a span starts and ends: no two spans of a text are alike in both."""
    return span.start, span.end


def fullness(mention: EventMention) -> tuple[int, int]:
    """Return how much a passage tells: fields that are known, then its length."""
    known = [mention.actors, mention.recipients, mention.place, mention.date, mention.attribution]
    return sum(bool(value) for value in known) + len(mention.parties), len(mention.evidence.text)


def united(first: Sequence[Actor], second: Sequence[Actor]) -> tuple[Actor, ...]:
    """Return parties of both, each code once, under the longer name."""
    best: dict[str, Actor] = {}
    for actor in (*first, *second):
        known = best.get(actor.code)
        if known is None or len(actor.name) > len(known.name):
            best[actor.code] = actor
    return tuple(sorted(best.values()))


def finer_date(first: DateRange | None, second: DateRange | None) -> DateRange | None:
    """Return the shorter of two ranges, or the one there is."""
    if first is None or second is None:
        return first or second
    return min(first, second, key=lambda dates: dates.end - dates.start)
