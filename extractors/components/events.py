"""Frames → events: triggers in a sentence, their parties by role pattern, and what their surroundings say about status.

A mention needs its frame's roles; what is conditional, wished or refused is no event here, unless that is the frame.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from spacy.language import Language
from spacy.tokens import Doc

from extractors.components import _clauses as c
from extractors.components._chunks import Clause, prepare
from extractors.components._context import completed
from extractors.components._doc import (
    ActorSpan,
    DateSpan,
    EventSpan,
    Extension,
    Part,
    PlaceSpan,
    Sentence,
    get,
    open_sentences,
    put,
)
from extractors.components._phrases import PhraseTable
from extractors.components._roles import MEETINGS, Roles, Spans, Trigger, noun_roles, verb_roles
from extractors.components._sentences import words_of
from extractors.lexicon import Frame, Governors, Lexicon, load
from extractors.lexicon import words as w
from extractors.lexicon.inflection import Form
from extractors.ontology import SYMMETRIC_KINDS, Kind

FACTORY = "demarche_events"


class Frames:
    """The frames by trigger phrase, and how reliable each has been."""

    def __init__(self, lexicon: Lexicon) -> None:
        by_phrase: dict[str, list[tuple[Frame, Form]]] = {}
        for frame in lexicon.frames:
            for text, form in frame.triggers.items():
                by_phrase.setdefault(text, []).append((frame, form))
        # A frame that asks for company is more particular, so it is tried first.
        self.table = PhraseTable(
            {text: tuple(sorted(found, key=lambda r: not r[0].with_words)) for text, found in by_phrase.items()}
        )
        self.reliability = lexicon.reliability
        self.governors = lexicon.governors

    def triggers(self, lowers: Sequence[str], start: int, end: int, owned: frozenset[int]) -> tuple[Trigger, ...]:
        """Return the triggers between two tokens that are no part of a name; at each token the longest first."""
        free = (at for at in range(start, end) if at not in owned)
        return tuple(Trigger(at, hit.end, hit.value) for at in free for hit in self.table.every(lowers, at, end))

    def confidence(self, frame: Frame, *, complete: bool) -> float:
        """Return how often a frame was right, with both roles filled or not."""
        suffix = "+" if complete else ""
        default = self.reliability.get("*" + suffix, 0.5)
        return self.reliability.get(frame.id + suffix, default)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence with what the components before this one found in it."""

    index: int
    sentence: Sentence
    spans: Spans
    dates: tuple[DateSpan, ...]
    places: tuple[PlaceSpan, ...]


def triggers_in(lowers: Sequence[str], passage: Passage, frames: Frames) -> tuple[Trigger, ...]:
    """Return the triggers of a sentence."""
    owned = frozenset(token for span in passage.spans for token in range(span.start, span.end))
    return frames.triggers(lowers, passage.sentence.start, passage.sentence.end, owned)


def kinds_of(trigger: Trigger) -> tuple[tuple[str, Kind], ...]:
    """Return the frames of a trigger with their kinds, each once."""
    return tuple(dict.fromkeys((frame.id, frame.kind) for frame, _ in trigger.readings))


def read(
    lowers: Sequence[str],
    passage: Passage,
    triggers: Sequence[Trigger],
    history: Sequence[EventSpan],
    frames: Frames,
) -> tuple[EventSpan, ...]:
    """Return the events that frames propose for one sentence; `history` are those of the sentences before it."""
    if not triggers:
        return ()
    clause = prepared(lowers, passage, triggers, frames)
    if not clause.chunks:  # all of it stands in brackets
        return ()
    found: list[EventSpan] = []
    done = passage.sentence.start
    for trigger in triggers:
        event = first_reading(clause, trigger, passage, (*history, *found), frames) if trigger.start >= done else None
        if event is not None:
            found.append(event)
            done = trigger.end
    return tuple(without_repeats(found))


def prepared(lowers: Sequence[str], passage: Passage, triggers: Sequence[Trigger], frames: Frames) -> Clause:
    """Return a sentence as a row of chunks."""
    adverbial = frozenset(token for date in passage.dates for token in range(date.start, date.end))
    named = frozenset(token for place in passage.places for token in range(place.start, place.end))
    forms = {trigger.start: (trigger.readings[0][1], trigger.end) for trigger in reversed(triggers)}
    limits = (passage.sentence.start, passage.sentence.end)
    return prepare(lowers, *limits, passage.spans, adverbial, frames.governors, forms, named)


def first_reading(
    clause: Clause, trigger: Trigger, passage: Passage, history: Sequence[EventSpan], frames: Frames
) -> EventSpan | None:
    """Return the event of the first frame that the surroundings satisfy, or what only refers to one, or None."""
    reference = None
    for frame, form in trigger.readings:
        roles = noun_roles(clause, trigger, frame) if frame.is_noun else verb_roles(clause, trigger, frame, form)
        if roles is None:
            continue
        event = event_of(trigger, frame, settled(roles, frame, passage.places), passage.index)
        if event.refers:
            reference = reference or event
        elif is_told(roles.standing.words, frame, frames.governors):
            event = completed(event, frame.context, history)
            if satisfies(frame, event):
                complete = bool(event.recipients) or len(event.actors) > 1
                return replace(event, confidence=frames.confidence(frame, complete=complete))
    return reference


def event_of(trigger: Trigger, frame: Frame, roles: Roles, index: int) -> EventSpan:
    """Return a frame with its roles as an event; one that only refers has no parties of its own."""
    parties = (*roles.actors, *roles.recipients)
    return EventSpan(
        sentence=index,
        start=min([roles.start, trigger.start, *(span.start for span in parties)]),
        end=max(roles.end, trigger.end),
        trigger=(trigger.start, trigger.end),
        frame=frame.id,
        type=frame.type,
        kind=frame.kind,
        actors=roles.actors,
        recipients=roles.recipients,
        standing=roles.standing,
        fixed=frame.status,
        confidence=0.0,
        refers=frame.is_noun and frame.kind in MEETINGS and not parties,
    )


def is_told(words: tuple[str, ...], frame: Frame, verbs: Governors) -> bool:
    """Say whether the words around a trigger leave the act standing; or deny it, where that is the frame."""
    negated = bool(set(words) & NEGATIONS)
    if frame.polarity == "negated":
        return negated
    if frame.polarity == "refused":
        return negated and bool(set(words) & (w.FUTURE | {"wo", "would"})) and not set(words) & w.CONDITIONS
    # The verb that governs a noun is one that the frame has allowed for, whatever else it may mean.
    return not is_unreal(words[1:] if frame.is_noun else words, verbs)


NEGATIONS = w.NEGATIONS - {"without"}
UNREAL = w.MODALS | w.NEGATIONS | w.CONDITIONS | {"for", "without", "against", "over", "from", "that", "since"}


def is_unreal(words: tuple[str, ...], verbs: Governors) -> bool:
    """Say whether an act is only possible, wished, refused or conditional, by the words that govern it."""
    return any(word in UNREAL or (verbs.has(word, "drop") and not verbs.has(word, "plan")) for word in words)


# A country is visited or attacked also where only its town is named.
PLACE_IS_PARTY = frozenset({Kind.VISIT, Kind.ATTACK})


def settled(roles: Roles, frame: Frame, places: Sequence[PlaceSpan]) -> Roles:
    """Return roles without a party on both sides, symmetric ones on one side, a visit with the country it goes to."""
    actors = c.distinct(roles.actors)
    recipients = tuple(span for span in c.distinct(roles.recipients) if span.code not in {a.code for a in actors})
    if frame.kind in SYMMETRIC_KINDS:
        return replace(roles, actors=c.distinct((*actors, *recipients)), recipients=())
    if frame.kind in PLACE_IS_PARTY and not recipients:
        recipients = visited(roles, actors, places)
    return replace(roles, actors=actors, recipients=recipients)


def visited(roles: Roles, actors: Spans, places: Sequence[PlaceSpan]) -> Spans:
    """Return the country of the first place after a visit's words."""
    own = {span.code for span in actors}
    for place in places:
        if roles.start < place.start < roles.end and place.country and place.country not in own:
            return (ActorSpan(place.start, place.end, place.country, place.name, Part.LOCATED),)
    return ()


def satisfies(frame: Frame, event: EventSpan) -> bool:
    """Say whether the roles that a frame needs are filled."""
    filled = {"actor": event.actors, "recipient": event.recipients}
    parties = len(event.actors) + len(event.recipients)
    if not frame.needs:  # a meeting of many, which other frames tell where a party is named
        return not parties
    if not parties or ("two" in frame.needs and parties < 2):
        return False
    return all(filled[name] for name in frame.needs if name in filled)


def without_repeats(events: Sequence[EventSpan]) -> Iterator[EventSpan]:
    """Yield events without a second one of the same type and parties in the sentence."""
    seen: set[tuple[object, frozenset[str]]] = set()
    for event in events:
        key = (event.type, frozenset(span.code for span in (*event.actors, *event.recipients)))
        if key not in seen:
            seen.add(key)
            yield event


Located = TypeVar("Located", ActorSpan, DateSpan, PlaceSpan)


def within(sentence: Sentence, spans: Sequence[Located]) -> Iterator[Located]:
    """Yield the spans of a sentence."""
    return (span for span in spans if sentence.start <= span.start < sentence.end)


@Language.factory(
    FACTORY,
    requires=[Extension.SENTENCES.path, Extension.ACTORS.path, Extension.PLACES.path, Extension.DATES.path],
    assigns=[Extension.TRIGGERS.path, Extension.PROPOSALS.path],
)
def make(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Return the component that proposes events."""
    frames = Frames(load())

    def component(doc: Doc) -> Doc:
        lowers = [word.lower() for word in words_of(doc)]
        actors, places, dates = (get(doc, name) for name in (Extension.ACTORS, Extension.PLACES, Extension.DATES))
        found: list[EventSpan] = []
        seen: list[Trigger] = []
        for index, sentence in open_sentences(doc):
            inside = (tuple(within(sentence, spans)) for spans in (actors, dates, places))
            passage = Passage(index, sentence, *inside)
            triggers = triggers_in(lowers, passage, frames)
            seen.extend(triggers)
            found.extend(read(lowers, passage, triggers, found, frames))
        put(doc, Extension.TRIGGERS, tuple((trigger.start, kinds_of(trigger)) for trigger in seen))
        return put(doc, Extension.PROPOSALS, tuple(found))

    return component
