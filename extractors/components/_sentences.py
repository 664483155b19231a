"""Where sentences begin and end, and which of them are worth reading: the chain's first step.

Boundaries are a trained pipeline's where it set them, else rules for news; a line break always ends a sentence.
"""

from collections.abc import Callable, Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from extractors.components._doc import Extension, Sentence, put
from extractors.gate import Gate, event_gate

FACTORY = "demarche_sentences"
ENDS = frozenset({".", "!", "?", "…", "...", "?!", "!!"})
CLOSERS = frozenset({'"', "”", "’", "'", ")", "]", "''", "»"})
# Abbreviations with a full stop that a sentence does not end with, since a name follows.
TITLES = frozenset(
    {
        "mr.",
        "mrs.",
        "ms.",
        "dr.",
        "gen.",
        "lt.",
        "col.",
        "sgt.",
        "maj.",
        "capt.",
        "adm.",
        "sen.",
        "sens.",
        "rep.",
        "reps.",
        "gov.",
        "prof.",
        "st.",
    }
    | {
        "mt.",
        "no.",
        "vs.",
        "jan.",
        "feb.",
        "aug.",
        "sept.",
        "oct.",
        "nov.",
        "dec.",
        "rev.",
        "hon.",
        "jr.",
        "brig.",
        "cmdr.",
        "amb.",
        "pres.",
        "sec.",
    }
)


def boundaries(words: Sequence[str], starts: Sequence[bool] | None) -> Iterator[tuple[int, int]]:
    """Yield first and last (excluded) token of each sentence; `starts` are a trained pipeline's boundaries, if any."""
    begin = 0
    for position in range(1, len(words)):
        if ends_before(words, position) if starts is None else starts[position] or "\n" in words[position - 1]:
            yield from trimmed(words, begin, position)
            begin = position
    yield from trimmed(words, begin, len(words))


def ends_before(words: Sequence[str], position: int) -> bool:
    """Say whether a sentence begins at a position: after a line break, or after a full stop and its quote."""
    last = words[position - 1]
    if "\n" in last:
        return True
    word = words[position]
    if "\n" in word or word in CLOSERS or word in ENDS or not begins_like_sentence(word):
        return False
    if last in CLOSERS and position > 1:
        last = words[position - 2]
    return last in ENDS or (last.endswith(".") and len(last) > 2 and is_final_abbreviation(last, word))


def begins_like_sentence(word: str) -> bool:
    """Say whether a sentence may begin with a word: a capital, a digit or an opening quote."""
    return word[0].isupper() or word[0].isdigit() or word[0] in "\"“'‘(["


def is_final_abbreviation(last: str, word: str) -> bool:
    """Say whether "U.S." ends the sentence: only before a word that never follows it inside one."""
    return last.lower() not in TITLES and word in {
        "The",
        "He",
        "She",
        "It",
        "They",
        "But",
        "In",
        "A",
        "This",
        "On",
        "We",
    }


def trimmed(words: Sequence[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a stretch without the white space at its ends, unless nothing is left."""
    while start < end and words[start].isspace():
        start += 1
    while end > start and words[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def sentences(
    words: Sequence[str], starts: Sequence[bool] | None, is_open: Callable[[int, int], bool]
) -> tuple[Sentence, ...]:
    """Return the sentences of a text; the first line is its headline when others follow.

    `is_open` says of first and last token (excluded) whether they are worth reading.
    """
    first_break = next((n for n, word in enumerate(words) if "\n" in word), 0)
    return tuple(
        Sentence(start, end, end <= first_break, is_open(start, end)) for start, end in boundaries(words, starts)
    )


def always(start: int, end: int) -> bool:
    """Let every sentence be read."""
    return True


def passing(doc: Doc, gate: Gate) -> Callable[[int, int], bool]:
    """Return what says whether a sentence of a Doc lies in a stretch that the gate lets pass."""
    stretches = tuple(gate.open_stretches(doc.text))

    def is_open(start: int, end: int) -> bool:
        first, last = doc[start].idx, doc[end - 1].idx + len(doc[end - 1])
        return any(one.start < last and first < one.end for one in stretches)

    return is_open


# Marks without width that some publishers put between words.
NO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"


def printed(doc: Doc) -> list[str]:
    """Return the tokens as printed, without marks that do not show; with spaces around it a hyphen is a dash,
    without them a dash is a hyphen.
    """
    words = [token.text for token in doc]
    if any(mark in doc.text for mark in NO_WIDTH):
        words = [word.strip(NO_WIDTH) or " " for word in words]
    for position, word in enumerate(words):
        if word in {"-", "–"} and position:
            words[position] = "–" if doc[position - 1].whitespace_ else "-"
    return words


def words_of(doc: Doc) -> list[str]:
    """Return the tokens as printed, as they were put down when sentences were found."""
    words: list[str] = doc._.get(Extension.WORDS)
    return words


@Language.factory(FACTORY, default_config={"gate": True}, assigns=[Extension.WORDS.path, Extension.SENTENCES.path])
def make(nlp: Language, name: str, *, gate: bool) -> Callable[[Doc], Doc]:
    """Return the component that finds sentences."""
    looks = event_gate() if gate else None

    def component(doc: Doc) -> Doc:
        words = printed(doc)
        starts = [bool(token.is_sent_start) for token in doc] if doc.has_annotation("SENT_START") else None
        doc._.set(Extension.WORDS, words)
        return put(doc, Extension.SENTENCES, sentences(words, starts, passing(doc, looks) if looks else always))

    return component
