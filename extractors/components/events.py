"""Frames → events: triggers in a sentence, their parties by role pattern, and what their surroundings say about status.

A mention needs its frame's roles; what is conditional, wished or refused is no event here, unless that is the frame.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.language import Language
from spacy.tokens import Doc

from extractors.components import _clauses as c
from extractors.components import _words as w
from extractors.components._chunks import Chunk, Clause, Tag, prepare
from extractors.components._doc import (
    ActorSpan,
    DateSpan,
    EventSpan,
    Extension,
    Part,
    PlaceSpan,
    Sentence,
    Standing,
    get,
    open_sentences,
    put,
)
from extractors.components._phrases import PhraseTable
from extractors.components._sentences import words_of
from extractors.lexicon import Frame, Governors, Lexicon, load
from extractors.lexicon.inflection import Form
from extractors.ontology import SYMMETRIC_KINDS, Kind

FACTORY = "demarche_events"
Spans = tuple[ActorSpan, ...]
# Who something is done to may be named by an adjective ("British tourists", "Israel's raid").
ANY_PART = frozenset(Part)
ACTIVE = frozenset({Part.ACTING})


@dataclass(frozen=True, slots=True)
class Trigger:
    """A frame's word in a sentence."""

    start: int
    end: int
    readings: tuple[tuple[Frame, Form], ...]


@dataclass(frozen=True, slots=True)
class Roles:
    """The parties of a frame in a clause, with the standing of the act and the tokens that tell it."""

    actors: Spans
    recipients: Spans
    standing: Standing
    start: int
    end: int


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


def read(
    lowers: Sequence[str],
    index: int,
    sentence: Sentence,
    spans: Spans,
    dates: Sequence[DateSpan],
    places: Sequence[PlaceSpan],
    frames: Frames,
) -> tuple[EventSpan, ...]:
    """Return the events of one sentence."""
    owned = frozenset(token for span in spans for token in range(span.start, span.end))
    triggers = frames.triggers(lowers, sentence.start, sentence.end, owned)
    if not triggers:
        return ()
    adverbial = frozenset(token for date in dates for token in range(date.start, date.end))
    forms = {trigger.start: (trigger.readings[0][1], trigger.end) for trigger in reversed(triggers)}
    named = frozenset(token for place in places for token in range(place.start, place.end))
    clause = prepare(lowers, sentence.start, sentence.end, spans, adverbial, frames.governors, forms, named)
    found: list[EventSpan] = []
    done = sentence.start
    for trigger in triggers:
        if trigger.start < done:
            continue
        for event in first_reading(clause, trigger, index, places, frames):
            found.append(event)
            done = trigger.end
    return tuple(without_repeats(found))


def first_reading(
    clause: Clause, trigger: Trigger, index: int, places: Sequence[PlaceSpan], frames: Frames
) -> Iterator[EventSpan]:
    """Yield the event of the first frame that the trigger's surroundings satisfy."""
    for frame, form in trigger.readings:
        roles = noun_roles(clause, trigger, frame) if frame.is_noun else verb_roles(clause, trigger, frame, form)
        if roles is None or not is_told(roles.standing.words, frame, frames.governors):
            continue
        roles = settled(roles, frame, places)
        if not satisfies(frame, roles):
            continue
        complete = bool(roles.recipients) or len(roles.actors) > 1
        yield EventSpan(
            sentence=index,
            start=min([roles.start, trigger.start, *(span.start for span in (*roles.actors, *roles.recipients))]),
            end=max(roles.end, trigger.end),
            trigger=(trigger.start, trigger.end),
            frame=frame.id,
            type=frame.type,
            kind=frame.kind,
            actors=roles.actors,
            recipients=roles.recipients,
            standing=roles.standing,
            fixed=frame.status,
            confidence=frames.confidence(frame, complete=complete),
        )
        return


def verb_roles(clause: Clause, trigger: Trigger, frame: Frame, form: Form) -> Roles | None:
    """Return the parties of a verb frame, or None when the word is no verb here or its company is missing."""
    at = clause.chunk_at(trigger.start)
    chunk = clause.chunks[at]
    if chunk.tag is not Tag.VERB or chunk.start != trigger.start:
        return None
    subject = c.subject(clause, at)
    following = c.complements(clause, at)
    if subject.passive and not frame.passive:
        return None
    if not has_company(clause, at, following, frame, trigger.end):
        return None
    standing = Standing(form, subject.words)
    later = c.rest(clause, at) if "rest" in frame.recipient else ()
    if subject.passive:
        actors = led(following, ("by",), ACTIVE)
        recipients = subject.actors if "object" in frame.recipient else fill(following, frame.recipient)
        return Roles(actors, recipients or subject.actors, standing, chunk.start, following.end)
    recipients = fill(following, frame.recipient) or later
    return Roles(subject.actors, recipients, standing, chunk.start, following.end)


def has_company(clause: Clause, at: int, following: c.Complements, frame: Frame, after: int) -> bool:
    """Say whether the words that a frame asks for are near, and those that it excludes are not."""
    if not frame.with_words and not frame.without:
        return True
    subject_group = c.nearest_group(clause, at - 1)
    before = clause.chunks[subject_group].start if subject_group is not None else after
    near = list(clause.words[after : max(following.end, after) + 1])
    if not frame.with_words:
        return set(near).isdisjoint(frame.without)
    group = clause.chunks[subject_group] if subject_group is not None else None
    subject_words = list(clause.words[before : group.end]) if group else []
    return not set(near + subject_words).isdisjoint(frame.with_words) and set(near).isdisjoint(frame.without)


def noun_roles(clause: Clause, trigger: Trigger, frame: Frame) -> Roles | None:
    """Return the parties of a noun frame, or None when no verb that it asks for governs the noun."""
    at = clause.chunk_at(trigger.start)
    chunk = clause.chunks[at]
    if not chunk.is_nominal or not has_company(clause, at, c.complements(clause, at), frame, trigger.end):
        return None
    above = c.governing_verb(clause, at)
    if above is not None and clause.verbs.has(clause.word(above), *frame.under):
        return under_verb(clause, trigger, frame, at, above)
    below = c.following_verb(clause, at) if not c.led_by_preposition(clause, at) else None
    if below is not None and clause.verbs.has(clause.word(below), *frame.occurs):
        subject = c.subject(clause, below)
        words = (clause.word(below), *c.auxiliaries(clause, below)[0])
        del subject
        return by_itself(clause, trigger, frame, at, Standing(Form.NOUN, words), clause.chunks[below].end)
    if not frame.bare:
        return None
    roles = by_itself(clause, trigger, frame, at, Standing(Form.NOUN, ()), chunk.end)
    return on_occasion(clause, frame, at, roles)


OCCASIONS = frozenset({"during", "after", "following", "on", "in", "before", "at", "for"})


def on_occasion(clause: Clause, frame: Frame, at: int, roles: Roles) -> Roles:
    """Return roles with the sentence's subject for "during a visit to X", "after talks with Y"."""
    leads = at > 0 and clause.word(at - 1) in OCCASIONS
    is_open = len(c.distinct((*roles.actors, *roles.recipients))) < 2 if frame.kind in SYMMETRIC_KINDS else not roles.actors
    if not leads or not is_open or "subject" not in frame.actor:
        return roles
    words = roles.standing.words + ((clause.word(at - 1),) if clause.word(at - 1) == "for" else ())
    subject = c.main_subject(clause, at)
    return replace(roles, actors=c.distinct((*roles.actors, *subject)), standing=Standing(Form.NOUN, words))


def under_verb(clause: Clause, trigger: Trigger, frame: Frame, at: int, above: int) -> Roles:
    """Return the parties of a noun that a verb governs ("held talks with"): the verb's subject is one."""
    subject = c.subject(clause, above)
    own = by_itself(
        clause, trigger, frame, at, Standing(Form.NOUN, (clause.word(above), *subject.words)), clause.chunks[at].end
    )
    after = c.complements(clause, above)
    doer = led(after, ("by",), ACTIVE) if subject.passive else subject.actors
    actors = own.actors
    if "subject" in frame.actor and doer:
        actors = doer if frame.kind not in SYMMETRIC_KINDS else c.distinct((*doer, *own.actors))
    recipients = own.recipients or fill(after, frame.recipient)
    return Roles(actors, recipients, own.standing, clause.chunks[above].start, max(own.end, after.end))


def by_itself(clause: Clause, trigger: Trigger, frame: Frame, at: int, standing: Standing, end: int) -> Roles:
    """Return the parties that a noun's own group and what follows it name."""
    chunk = clause.chunks[at]
    owners = tuple(span for span in chunk.actors if span.end <= trigger.start)
    following = c.complements(clause, at)
    found: list[ActorSpan] = list(owners) if "owner" in frame.actor else []
    patterns = tuple("by" if name == "agent" else name for name in frame.actor if name not in {"owner", "subject"})
    if frame.kind in SYMMETRIC_KINDS or not found:
        found.extend(led(following, near_patterns(following, patterns), ANY_PART))
    return Roles(
        c.distinct(tuple(found)), fill(following, frame.recipient), standing, chunk.start, max(end, following.end)
    )


def near_patterns(following: c.Complements, patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Return patterns without "of" and "in" unless they come first: "on the sidelines of X" is no part of a meeting."""
    first = following.by_preposition[0][0] if following.by_preposition else ""
    return tuple(name for name in patterns if name not in {"of", "in", "from"} or name == first)


def fill(following: c.Complements, patterns: tuple[str, ...]) -> Spans:
    """Return the parties of the first pattern that is there."""
    for pattern in patterns:
        found = (
            following.direct.actors
            if pattern == "object" and following.direct
            else led(following, (pattern,), ANY_PART)
        )
        if found:
            return c.distinct(found)
    return ()


def led(following: c.Complements, prepositions: tuple[str, ...], parts: frozenset[Part]) -> Spans:
    """Return the parties that prepositions lead to."""
    groups = [group for word, group in following.by_preposition if word in prepositions]
    return c.distinct(tuple(span for group in groups for span in chosen(group, parts)))


def chosen(group: Chunk, parts: frozenset[Part]) -> Spans:
    """Return a group's actors of some parts; its heads count before what modifies them."""
    heads = tuple(span for span in group.heads if span.part in parts or span.part is Part.LOCATED)
    return heads or tuple(span for span in group.actors if span.part in parts)


def is_told(words: tuple[str, ...], frame: Frame, verbs: Governors) -> bool:
    """Say whether the words around a trigger leave the act standing; for a refusal, that it is refused for the future."""
    if not frame.negative:
        # The verb that governs a noun is one that the frame has allowed for, whatever else it may mean.
        return not is_unreal(words[1:] if frame.is_noun else words, verbs)
    refused = set(words) & (w.NEGATIONS - {"without"}) and set(words) & (w.FUTURE | {"wo", "would"})
    return bool(refused) and not set(words) & w.CONDITIONS


def is_unreal(words: tuple[str, ...], verbs: Governors) -> bool:
    """Say whether an act is only possible, wished, refused or conditional, by the words that govern it."""
    return any(word in UNREAL or (verbs.has(word, "drop") and not verbs.has(word, "plan")) for word in words)


UNREAL = w.MODALS | w.NEGATIONS | w.CONDITIONS | {"for", "without", "against", "over", "from"}


def settled(roles: Roles, frame: Frame, places: Sequence[PlaceSpan]) -> Roles:
    """Return roles without a party on both sides, symmetric ones on one side, a visit with the country it goes to."""
    actors = c.distinct(roles.actors)
    recipients = tuple(span for span in c.distinct(roles.recipients) if span.code not in {a.code for a in actors})
    if frame.kind in SYMMETRIC_KINDS:
        return replace(roles, actors=c.distinct((*actors, *recipients)), recipients=())
    if frame.kind is Kind.VISIT and not recipients:
        recipients = visited(roles, actors, places)
    return replace(roles, actors=actors, recipients=recipients)


def visited(roles: Roles, actors: Spans, places: Sequence[PlaceSpan]) -> Spans:
    """Return the country of the first place after a visit's words."""
    own = {span.code for span in actors}
    for place in places:
        if roles.start < place.start < roles.end and place.country and place.country not in own:
            return (ActorSpan(place.start, place.end, place.country, place.name, Part.LOCATED),)
    return ()


def satisfies(frame: Frame, roles: Roles) -> bool:
    """Say whether the roles that a frame needs are filled."""
    filled = {"actor": roles.actors, "recipient": roles.recipients}
    if "two" in frame.needs and len(roles.actors) + len(roles.recipients) < 2:
        return False
    if not roles.actors and not roles.recipients:
        return False
    return all(filled[name] for name in frame.needs if name in filled)


def without_repeats(events: Sequence[EventSpan]) -> Iterator[EventSpan]:
    """Yield events without a second one of the same type and parties in the sentence, or of a trigger inside another."""
    seen: set[tuple[object, frozenset[str]]] = set()
    for event in events:
        key = (event.type, frozenset(span.code for span in (*event.actors, *event.recipients)))
        if key not in seen:
            seen.add(key)
            yield event


@Language.factory(
    FACTORY,
    requires=[Extension.SENTENCES.path, Extension.ACTORS.path, Extension.PLACES.path, Extension.DATES.path],
    assigns=[Extension.EVENTS.path],
)
def make(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Return the component that finds events."""
    frames = Frames(load())

    def component(doc: Doc) -> Doc:
        lowers = [word.lower() for word in words_of(doc)]
        actors, places, dates = (get(doc, name) for name in (Extension.ACTORS, Extension.PLACES, Extension.DATES))
        found: list[EventSpan] = []
        for index, sentence in open_sentences(doc):
            inside = [
                tuple(span for span in spans if sentence.start <= span.start < sentence.end)
                for spans in (actors, dates, places)
            ]
            if inside[0]:
                found.extend(read(lowers, index, sentence, *inside, frames))
        return put(doc, Extension.EVENTS, tuple(found))

    return component
