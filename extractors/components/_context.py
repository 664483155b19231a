"""What earlier sentences of a text add to an event: the parties of "the talks", the other side of a denial.

A text names its parties once; later passages lean on them. A frame says in `context` what it may take over.
"""

from collections.abc import Iterable
from dataclasses import replace

from extractors.components._doc import ActorSpan, EventSpan
from extractors.ontology import EventType, Kind

Spans = tuple[ActorSpan, ...]
DIPLOMACY = frozenset({EventType.CONSULT, EventType.AGREE, EventType.REJECT, EventType.COOPERATE})
# How far back a party may stand, in sentences: four paragraphs of news, one to three sentences each.
REACH = 8


def completed(event: EventSpan, context: str, history: Iterable[EventSpan]) -> EventSpan:
    """Return an event with the parties that its frame may take from the events told before it."""
    near = [past for past in history if event.sentence - past.sentence <= REACH]
    if context == "talks" and not event.actors:
        return replace(event, actors=talking(near))
    if context == "counterpart" and event.actors and not event.recipients:
        return replace(event, recipients=counterpart(event, near))
    if context == "conflict" and event.actors and len(event.recipients) < 2:
        return replace(event, recipients=warring(event, near) or event.recipients)
    return event


def talking(history: list[EventSpan]) -> Spans:
    """Return the parties of the last talks, or of what was agreed or broken off."""
    for past in reversed(history):
        if past.type in DIPLOMACY and len(past.actors) > 1:
            return past.actors
    return ()


def counterpart(event: EventSpan, history: list[EventSpan]) -> Spans:
    """Return the other side of the last event in which the actor took part."""
    own = {span.code for span in event.actors}
    for past in reversed(history):
        parties = {span.code: span for span in (*past.actors, *past.recipients)}
        if own & set(parties) and len(parties) == 2:
            return tuple(span for code, span in parties.items() if code not in own)
    return ()


def warring(event: EventSpan, history: list[EventSpan]) -> Spans:
    """Return both sides of the last fighting or talks that a named party has a part in."""
    named = {span.code for span in event.recipients}
    own = {span.code for span in event.actors}
    for past in reversed(history):
        is_conflict = past.type is EventType.ASSAULT or past.kind in {Kind.TALKS, Kind.BREAKDOWN, Kind.CEASEFIRE}
        parties = {span.code: span for span in (*past.actors, *past.recipients)}
        if is_conflict and len(parties) == 2 and named <= set(parties) and not own & set(parties):
            return tuple(parties.values())
    return ()
