"""A sentence as a row of chunks: noun groups, verbs, prepositions and what divides clauses. Shallow, by word classes.

This is what stands in for a parser: `_clauses.py` finds subjects and objects in the row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from extractors.components import _words as w
from extractors.components._doc import ActorSpan, Part
from extractors.lexicon import Governors
from extractors.lexicon.inflection import Form


class Tag(Enum):
    """What a token does in its sentence."""

    DETERMINER = auto()
    NOUN = auto()
    ACTOR = auto()
    PRONOUN = auto()
    VERB = auto()
    AUXILIARY = auto()
    ADVERB = auto()
    PREPOSITION = auto()
    SUBORDINATOR = auto()
    RELATIVE = auto()
    THAT = auto()
    CONJUNCTION = auto()
    COMMA = auto()
    STOP = auto()
    SKIP = auto()


NOMINAL = frozenset({Tag.DETERMINER, Tag.NOUN, Tag.ACTOR, Tag.PRONOUN})


@dataclass(frozen=True, slots=True)
class Chunk:
    """Neighbouring tokens that belong together. A noun group lists its actors; `head` is the actor that it names, if any."""

    tag: Tag
    start: int
    end: int
    actors: tuple[ActorSpan, ...] = ()
    heads: tuple[ActorSpan, ...] = ()

    @property
    def is_nominal(self) -> bool:
        """Say whether this is a noun group."""
        return self.tag is Tag.NOUN


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence, prepared: its tokens (lower case), the chunk of each token, and all chunks in order."""

    words: Sequence[str]
    chunks: tuple[Chunk, ...]
    verbs: Governors

    def chunk_at(self, token: int) -> int:
        """Return the index of the chunk that a token is in; a skipped token counts to the chunk before it."""
        for index in range(len(self.chunks) - 1, -1, -1):
            if self.chunks[index].start <= token:
                return index
        return 0

    def word(self, index: int) -> str:
        """Return the first word of a chunk."""
        return self.words[self.chunks[index].start]


CLOSED: dict[str, Tag] = {
    **dict.fromkeys(w.DETERMINERS, Tag.DETERMINER),
    **dict.fromkeys(w.PREPOSITIONS, Tag.PREPOSITION),
    **dict.fromkeys(w.SUBORDINATORS, Tag.SUBORDINATOR),
    **dict.fromkeys(w.PRONOUNS, Tag.PRONOUN),
    **dict.fromkeys(w.RELATIVES, Tag.RELATIVE),
    **dict.fromkeys(w.CONJUNCTIONS, Tag.CONJUNCTION),
    **dict.fromkeys(w.AUXILIARIES, Tag.AUXILIARY),
    **dict.fromkeys(w.ADVERBS, Tag.ADVERB),
    **dict.fromkeys(w.POSSESSIVES, Tag.NOUN),
    **dict.fromkeys(w.QUOTES - {"'"}, Tag.SKIP),
    **dict.fromkeys(w.HARD_STOPS, Tag.STOP),
    "-": Tag.NOUN,
    ",": Tag.COMMA,
    "that": Tag.THAT,
    "to": Tag.PREPOSITION,
}
BEFORE_NOUN = frozenset({Tag.DETERMINER, Tag.PREPOSITION})


def prepare(
    words: Sequence[str],
    start: int,
    end: int,
    spans: Sequence[ActorSpan],
    adverbial: frozenset[int],
    verbs: Governors,
    triggers: dict[int, Form],
) -> Clause:
    """Return a sentence as chunks.

    `words` are the whole text's tokens in lower case; `adverbial` the tokens of dates; `triggers` the tokens at which a
    verb or noun of a frame stands.
    """
    tags = tag(words, start, end, spans, adverbial, verbs, triggers)
    return Clause(words, joined(tuple(group(words, start, end, spans, tags)), verbs, words), verbs)


def tag(
    words: Sequence[str],
    start: int,
    end: int,
    spans: Sequence[ActorSpan],
    adverbial: frozenset[int],
    verbs: Governors,
    triggers: dict[int, Form],
) -> list[Tag]:
    """Return a tag for each token of a sentence."""
    tags = [Tag.NOUN] * (end - start)
    owned = {token for span in spans for token in range(span.start, span.end)}
    in_brackets = False
    for token in range(start, end):
        word = words[token]
        in_brackets = in_brackets or word in {"(", "["}
        if token in owned and not in_brackets:
            tags[token - start] = Tag.ACTOR
        elif in_brackets or word.isspace():
            tags[token - start] = Tag.SKIP
        elif token in adverbial:
            tags[token - start] = Tag.ADVERB
        else:
            before = next((t for t in reversed(tags[: token - start]) if t not in {Tag.SKIP, Tag.ADVERB}), None)
            tags[token - start] = tag_word(words, token, end, before, verbs, triggers, owned)
        in_brackets = in_brackets and word not in {")", "]"}
    return tags


def tag_word(
    words: Sequence[str],
    token: int,
    end: int,
    before: Tag | None,
    verbs: Governors,
    triggers: dict[int, Form],
    owned: set[int],
) -> Tag:
    """Return the tag of a token that is part of no name."""
    word = words[token]
    following = words[token + 1] if token + 1 < end else ""
    if word == "to":
        return (
            Tag.AUXILIARY
            if following in verbs.forms and verbs.forms[following][1] is Form.BASE and token + 1 not in owned
            else Tag.PREPOSITION
        )
    if word == "that":
        return Tag.DETERMINER if before in BEFORE_NOUN else Tag.THAT
    if word == "'s" or word == "’s":
        return Tag.NOUN if before in {Tag.ACTOR, Tag.NOUN} else Tag.AUXILIARY
    form = triggers.get(token) or (verbs.forms[word][1] if word in verbs.forms else None)
    closed = CLOSED.get(word)
    if closed is not None and (form is None or closed is not Tag.NOUN):
        return closed
    if form is Form.NOUN:
        return Tag.NOUN
    if form is not None and is_verb_here(form, word, before, following, verbs, owned, token):
        return Tag.VERB
    return Tag.ADVERB if w.is_adverb(word) else Tag.NOUN


def is_verb_here(
    form: Form,
    word: str,
    before: Tag | None,
    following: str,
    verbs: Governors,
    owned: set[int],
    token: int,
) -> bool:
    """Say whether a form that could be a verb is one, by what stands before and after it."""
    if form is Form.GERUND:
        return before not in {Tag.DETERMINER}
    if form in {Form.PAST, Form.PARTICIPLE, Form.PAST_OR_PARTICIPLE}:
        return before is not Tag.DETERMINER or following in {"by"}
    if before in BEFORE_NOUN:
        return False
    if form is Form.BASE:
        # Without an ending, only what precedes (to, will, a plural) or nothing at all tells a verb from a noun.
        return before in {Tag.AUXILIARY, Tag.ACTOR, Tag.CONJUNCTION, Tag.RELATIVE, Tag.PRONOUN, Tag.NOUN, Tag.THAT}
    return (
        before
        in {
            Tag.ACTOR,
            Tag.NOUN,
            Tag.RELATIVE,
            Tag.CONJUNCTION,
            Tag.PRONOUN,
            Tag.COMMA,
            Tag.THAT,
            Tag.VERB,
            Tag.AUXILIARY,
        }
        or before is None
    )


def group(words: Sequence[str], start: int, end: int, spans: Sequence[ActorSpan], tags: Sequence[Tag]) -> list[Chunk]:
    """Return chunks: runs of noun-like tokens as one group, everything else by itself."""
    chunks: list[Chunk] = []
    token = start
    while token < end:
        kind = tags[token - start]
        stop = token + 1
        if kind in NOMINAL:
            while stop < end and tags[stop - start] in NOMINAL:
                stop += 1
            chunks.append(noun_group(token, stop, spans, words))
        elif kind is not Tag.SKIP:
            chunks.append(Chunk(kind, token, stop))
        token = stop
    return chunks


def noun_group(start: int, end: int, spans: Sequence[ActorSpan], words: Sequence[str]) -> Chunk:
    """Return a noun group with its actors; the last of them is the head if the group ends with it."""
    inside = tuple(span for span in spans if start <= span.start and span.end <= end)
    ends_with_actor = bool(inside) and all(words[token] in w.POSSESSIVES for token in range(inside[-1].end, end))
    is_head = ends_with_actor and inside[-1].part in {Part.ACTING, Part.LOCATED, Part.NATIONAL}
    return Chunk(Tag.NOUN, start, end, inside, inside[-1:] if is_head else ())


def joined(chunks: tuple[Chunk, ...], verbs: Governors, words: Sequence[str]) -> tuple[Chunk, ...]:
    """Return chunks with lists of actors ("A, B and C") joined into one group."""
    result: list[Chunk] = []
    position = 0
    while position < len(chunks):
        stop = list_end(chunks, position)
        if stop > position and not splits_clauses(chunks, position, stop, verbs, words):
            members = [chunk for chunk in chunks[position : stop + 1] if chunk.is_nominal]
            actors = tuple(span for chunk in members for span in chunk.actors)
            heads = tuple(span for chunk in members for span in chunk.heads)
            result.append(Chunk(Tag.NOUN, chunks[position].start, chunks[stop].end, actors, heads))
            position = stop + 1
        else:
            result.append(chunks[position])
            position += 1
    return tuple(result)


def list_end(chunks: tuple[Chunk, ...], position: int) -> int:
    """Return the index of the last member of the list that begins at a position, or the position itself."""
    last = position
    while chunks[last].heads:
        step = last + 1
        while step < len(chunks) and chunks[step].tag in {Tag.COMMA, Tag.CONJUNCTION} and step - last <= 2:
            step += 1
        if step == last + 1 or step >= len(chunks) or not chunks[step].heads:
            break
        last = step
    while last > position and not any(chunk.tag is Tag.CONJUNCTION for chunk in chunks[position:last]) and position > 0:
        last -= 2
    return max(last, position)


def splits_clauses(chunks: tuple[Chunk, ...], position: int, stop: int, verbs: Governors, words: Sequence[str]) -> bool:
    """Say whether "V X and Y V" has Y begin a new clause: only when the first verb takes X as its object."""
    after = next((c for c in chunks[stop + 1 :] if c.tag not in {Tag.ADVERB}), None)
    before = next((c for c in reversed(chunks[:position]) if c.tag not in {Tag.ADVERB, Tag.PREPOSITION}), None)
    if after is None or before is None or after.tag not in {Tag.VERB, Tag.AUXILIARY} or before.tag is not Tag.VERB:
        return False
    return not verbs.has(words[before.start], "report")
