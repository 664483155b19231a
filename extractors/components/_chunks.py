"""A sentence as a row of chunks: noun groups, verbs, prepositions and what divides clauses. Shallow, by word classes.

This is what stands in for a parser: `_clauses.py` finds subjects and objects in the row.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.components._doc import ActorSpan, Part
from extractors.components._tags import NOMINAL, Tag, Triggers, tag
from extractors.lexicon import Governors
from extractors.lexicon import words as w


@dataclass(frozen=True, slots=True)
class Chunk:
    """Neighbouring tokens that belong together. A noun group lists its actors; `heads` are those that it names."""

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

    def phrase(self, index: int, *, after: int = 0) -> str:
        """Return a verb chunk's word with the particle that belongs to it ("called off"), if it is known with one.

        The particle stands right behind the verb, or at the token `after` ("put the talks on hold").
        """
        word = self.word(index)
        tails = (self.words[at : at + size] for at in (self.chunks[index].end, after) if at for size in (2, 1))
        phrases = (" ".join((word, *tail)) for tail in tails)
        return next((phrase for phrase in phrases if phrase in self.verbs.forms), word)


def prepare(
    words: Sequence[str],
    start: int,
    end: int,
    spans: Sequence[ActorSpan],
    adverbial: frozenset[int],
    verbs: Governors,
    triggers: Triggers,
    named: frozenset[int] = frozenset(),
) -> Clause:
    """Return a sentence as chunks.

    `words` are the whole text's tokens in lower case; `adverbial` the tokens of dates; `triggers` the tokens at which a
    verb or noun of a frame stands; `named` the tokens of places.
    """
    tags = tag(words, start, end, spans, adverbial, verbs, triggers, named)
    return Clause(words, joined(tuple(group(words, start, end, spans, tags)), verbs, words), verbs)


def group(words: Sequence[str], start: int, end: int, spans: Sequence[ActorSpan], tags: Sequence[Tag]) -> list[Chunk]:
    """Return chunks: runs of noun-like tokens as one group, everything else by itself."""
    chunks: list[Chunk] = []
    token = start
    while token < end:
        kind = tags[token - start]
        stop = token + 1
        if kind in NOMINAL:
            while stop < end and (tags[stop - start] in NOMINAL or is_inside_group(tags, stop - start)):
                stop += 1
            chunks.append(noun_group(token, stop, spans, words))
        elif kind is not Tag.SKIP:
            chunks.append(Chunk(kind, token, stop))
        token = stop
    return chunks


def is_inside_group(tags: Sequence[Tag], position: int) -> bool:
    """Say whether a skipped token (a bracket, a quote) has a noun after it, so that it divides nothing."""
    if tags[position] is not Tag.SKIP:
        return False
    return next((tag for tag in tags[position:] if tag is not Tag.SKIP), None) in {Tag.NOUN, Tag.ACTOR}


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
            heads = tuple(span for chunk in members for span in (chunk.heads or chunk.actors))
            result.append(Chunk(Tag.NOUN, chunks[position].start, chunks[stop].end, actors, heads))
            position = stop + 1
        else:
            result.append(chunks[position])
            position += 1
    return tuple(result)


def list_end(chunks: tuple[Chunk, ...], position: int) -> int:
    """Return the index of the last member of the list that begins at a position, or the position itself."""
    last = position
    while chunks[last].heads or is_adjective(chunks[last]):
        step = last + 1
        while step < len(chunks) and chunks[step].tag in {Tag.COMMA, Tag.CONJUNCTION} and step - last <= 2:
            step += 1
        if (
            step == last + 1
            or step >= len(chunks)
            or not chunks[step].heads
            or changes_part(chunks[last], chunks[step])
        ):
            break
        last = step
    is_closed = any(chunk.tag is Tag.CONJUNCTION for chunk in chunks[position:last])
    return last if is_closed or opens_clause(chunks, position, last) else position


def changes_part(first: Chunk, second: Chunk) -> bool:
    """Say whether a place is followed by a person, which no list does ("in Oslo and NAME …")."""
    return bool(first.heads) and first.heads[-1].part is Part.LOCATED and bool(second.heads[-1].person)


def is_adjective(chunk: Chunk) -> bool:
    """Say whether a group is a nationality alone, whose noun comes with the next ("American and Canadian troops")."""
    return len(chunk.actors) == 1 and chunk.actors[0].part is Part.MODIFIER and chunk.end == chunk.actors[0].end


def opens_clause(chunks: tuple[Chunk, ...], position: int, last: int) -> bool:
    """Say whether a list without "and" is a headline's subject ("Norway, Sweden sign …")."""
    begins = position == 0 or chunks[position - 1].tag in {Tag.VERB, Tag.STOP, Tag.THAT}
    goes_on = last + 1 >= len(chunks) or chunks[last + 1].tag in {Tag.VERB, Tag.AUXILIARY, Tag.PREPOSITION}
    return begins and goes_on


def splits_clauses(chunks: tuple[Chunk, ...], position: int, stop: int, verbs: Governors, words: Sequence[str]) -> bool:
    """Say whether "V X and Y V" has Y begin a new clause: only when the first verb takes X as its object."""
    after = next((c for c in chunks[stop + 1 :] if c.tag not in {Tag.ADVERB}), None)
    before = next((c for c in reversed(chunks[:position]) if c.tag not in {Tag.ADVERB, Tag.PREPOSITION}), None)
    if after is None or after.tag not in {Tag.VERB, Tag.AUXILIARY}:
        return False
    if stop - position == 3:  # "X, and Y V": a list of two has no comma
        return True
    if before is None or before.tag is not Tag.VERB:
        return False
    return not verbs.has(words[before.start], "report")
