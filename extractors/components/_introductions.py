"""Who a text introduces: "Norwegian Foreign Minister Liv Aasen", "Liv Aasen, the Norwegian foreign minister,".

An introduction needs three things in one expression: an office, what it is an office of, and a full name. So it says
by itself for whom a person speaks, and is worth remembering for the texts to come. What it rests on is the actor spans
that the names' grammar found; people of the roster, and those that only their text has made known, introduce nobody.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc

from extractors.components._acquaintances import DAYS_AND_MONTHS
from extractors.components._doc import ActorSpan, Extension, Sentence, get
from extractors.components._names import FORMER, GIVEN_FIRST, NAME_PARTICLES, NAME_STOPS
from extractors.components._phrases import PhraseTable
from extractors.components._sentences import words_of
from extractors.lexicon import load
from extractors.lexicon import words as w
from extractors.types import Introduction, Span

# Who holds an office or speaks for one; a body, a people and a thing have no holder.
HELD = frozenset({"title", "voice"})
# One word says little about who is meant, and a longer run is a headline in capitals.
FEWEST_WORDS, MOST_WORDS = 2, 4
# States whose people are written family name first in English news; elsewhere in Asia that differs from one to another.
FAMILY_FIRST = frozenset({"CHN", "KOR", "PRK"})
# "Lai Ching-te", "Lin Chia-lung": a given name of two joined syllables comes after the family name, whatever the state.
JOINED_GIVEN_NAME = re.compile(r"[A-Z]\w+-[a-z]\w+")
# "Abdullah II" is called Abdullah.
NUMERAL = re.compile(r"[IVX]+")
# Who is of a state and does not speak for it, beside those who no longer do.
OPPOSED = frozenset("opposition rebel separatist dissident exiled candidate nominee".split())
# What a headline in capitals still writes small.
SMALL = w.DETERMINERS | w.PREPOSITIONS | w.SUBORDINATORS | w.CONJUNCTIONS


@dataclass(frozen=True, slots=True)
class Expression:
    """The parts of an introduction: tokens of the whole, of the name and of the office."""

    whole: tuple[int, int]
    name: tuple[int, int]
    office: tuple[int, int]
    code: str


def introductions(doc: Doc) -> tuple[Introduction, ...]:
    """Return whom a Doc with actor spans introduces, in order of the text; each name, code and office once."""
    words = words_of(doc)
    found = [
        introduction(doc, words, one)
        for sentence in get(doc, Extension.SENTENCES)
        if not in_capitals(words, sentence)
        for one in expressions(words, sentence, get(doc, Extension.ACTORS))
    ]
    return tuple({(one.name, one.code, one.office): one for one in reversed(found)}.values())[::-1]


def introduction(doc: Doc, words: Sequence[str], found: Expression) -> Introduction:
    """Return an expression as the value that leaves the chain."""
    name = joined(words, *found.name)
    start, last = doc[found.whole[0]].idx, doc[found.whole[1] - 1]
    end = last.idx + len(last)
    return Introduction(
        name=name,
        surname=surname_of(name, found.code),
        code=found.code,
        office=joined(words, *found.office).lower(),
        passage=Span(start, end, doc.text[start:end]),
    )


def joined(words: Sequence[str], start: int, end: int) -> str:
    """Return tokens as one text; a hyphen binds."""
    return " ".join(words[start:end]).replace(" - ", "-")


def surname_of(name: str, code: str) -> str:
    """Return what later texts call a person by: the last word, among some peoples the first."""
    words = [word for word in name.split() if not NUMERAL.fullmatch(word)]
    is_first = code in FAMILY_FIRST | GIVEN_FIRST or JOINED_GIVEN_NAME.fullmatch(words[-1]) is not None
    return words[0] if is_first else words[-1].rpartition("-")[2]


def in_capitals(words: Sequence[str], sentence: Sentence) -> bool:
    """Say whether a sentence writes every word with a capital, as some headlines do: any of them looks like a name."""
    inside = words[sentence.start : sentence.end]
    return not any(word.islower() and word.isalpha() and word not in SMALL for word in inside)


def expressions(words: Sequence[str], sentence: Sentence, actors: Sequence[ActorSpan]) -> Iterator[Expression]:
    """Yield the introductions of a sentence."""
    for span in actors:
        if not sentence.start <= span.start < sentence.end:
            continue
        found = titled(words, sentence, span) if span.person else in_apposition(words, sentence, span)
        if found is not None and is_name(words, *found.name):
            yield found


# ---------------------------------------------------------------- office, state and name in one span


def titled(words: Sequence[str], sentence: Sentence, span: ActorSpan) -> Expression | None:
    """Return "Norwegian Foreign Minister Liv Aasen" or "the president of Ghana, Kofi Addo"; None for a name alone."""
    end = without_possessive(words, span.start, span.end)
    office = last_office(words, span.start, end)
    state = state_end(words, span)
    if office is None or state is None or not speaks(words, sentence, (span.start, office[1])):
        return None
    start = max(office[1], state)
    start += words[start : start + 1] == [","]
    return Expression((span.start, end), (start, end), office, span.code)


def without_possessive(words: Sequence[str], start: int, end: int) -> int:
    """Return the end of a stretch without its possessive mark."""
    return end - 1 if end - start > 1 and words[end - 1] in w.POSSESSIVES else end


def speaks(words: Sequence[str], sentence: Sentence, office: tuple[int, int]) -> bool:
    """Say whether whoever holds an office speaks for its state: not "former", "ex-" or "opposition"."""
    start, end = office
    around = {word.lower() for word in words[max(sentence.start, start - 1) : end]}
    is_ex = start - 2 >= sentence.start and words[start - 2].lower() == "ex" and words[start - 1] == "-"
    return not is_ex and around.isdisjoint(FORMER | OPPOSED)


def last_office(words: Sequence[str], start: int, end: int) -> tuple[int, int] | None:
    """Return the last office word within a stretch ("foreign ministry spokeswoman": the spokeswoman)."""
    lowers = [word.lower() for word in words[start:end]]
    found = None
    position = 0
    while position < len(lowers):
        office = offices().at(lowers, position, len(lowers))
        if office is not None and office.value in HELD:
            found = (start + position, start + office.end)
        position = office.end if office else position + 1
    return found


def state_end(words: Sequence[str], span: ActorSpan) -> int | None:
    """Return where the name of the span's state or organisation ends in it; None when it is not named there."""
    for position in range(span.start, span.end):
        found = states().at(words, position, span.end)
        if found is not None and found.value == span.code:
            return found.end
    return None


# ---------------------------------------------------------------- office and state, and a name beside a comma


def in_apposition(words: Sequence[str], sentence: Sentence, span: ActorSpan) -> Expression | None:
    """Return "Liv Aasen, the Norwegian foreign minister," or "the president of Ghana, Kofi Addo,".

    None where the commas may be those of a list.
    """
    office = last_office(words, span.start, span.end)
    state = state_end(words, span)
    if office is None or state is None or span.end != max(office[1], state):
        return None
    if not speaks(words, sentence, (span.start, office[1])):
        return None
    name = name_before(words, sentence, span) or name_behind(words, sentence, span)
    return name and Expression((min(name[0], span.start), max(name[1], span.end)), name, office, span.code)


def name_before(words: Sequence[str], sentence: Sentence, span: ActorSpan) -> tuple[int, int] | None:
    """Return the name that an office stands behind."""
    comma = span.start - 1 - (span.start > sentence.start and words[span.start - 1].lower() == "the")
    if comma <= sentence.start or words[comma] != "," or not closes(words, sentence, span.end):
        return None
    start = comma
    while start > sentence.start and (is_name_word(words[start - 1]) or words[start - 1] in NAME_PARTICLES):
        start -= 1
    return start, comma


def name_behind(words: Sequence[str], sentence: Sentence, span: ActorSpan) -> tuple[int, int] | None:
    """Return the name that stands behind an office."""
    if span.end >= sentence.end or words[span.end] != ",":
        return None
    start = end = span.end + 1
    while end < sentence.end and (is_name_word(words[end]) or words[end] in NAME_PARTICLES):
        end += 1
    return (start, end) if closes(words, sentence, end) else None


def closes(words: Sequence[str], sentence: Sentence, end: int) -> bool:
    """Say whether an apposition ends at a token: with the sentence, or a comma that no further name follows."""
    if end >= sentence.end or words[end] in {".", "!", "?"}:
        return True
    following = words[end + 1] if end + 1 < sentence.end else ""
    return words[end] == "," and following.lower() not in w.CONJUNCTIONS and not following[:1].isupper()


# ---------------------------------------------------------------- names


def is_name(words: Sequence[str], start: int, end: int) -> bool:
    """Say whether tokens are a full name: two to four words with capitals, particles apart, none of them known as
    anything else.
    """
    run = joined(words, start, end).split()
    full = [word for word in run if word not in NAME_PARTICLES]
    return (
        FEWEST_WORDS <= len(full) <= MOST_WORDS
        and not all(map(NUMERAL.fullmatch, full))
        and all(map(is_name_word, full))
        and run[-1] not in NAME_PARTICLES
        and not any(word.lower() in not_names() for word in full)
    )


def is_name_word(word: str) -> bool:
    """Say whether a word may be part of a name: letters, the first of them a capital, not all of a longer one."""
    letters = word.replace("-", "").replace("'", "").replace("’", "").replace(".", "")
    return letters.isalpha() and word[0].isupper() and word not in NAME_STOPS and not (len(word) > 3 and word.isupper())


@cache
def offices() -> PhraseTable[str]:
    """Return the sorts of offices by their words."""
    return PhraseTable(load().offices)


@cache
def states() -> PhraseTable[str]:
    """Return the codes of states, organisations and parties by their names."""
    return PhraseTable({text: name.code for text, name in load().names.items()})


# Months that are names as well.
NAMES_TOO = frozenset({"april", "may", "june", "august"})


@cache
def not_names() -> frozenset[str]:
    """Return words in small letters that no personal name holds: days, months, words of offices."""
    of_offices = {word for phrase, sort in load().offices.items() if sort in HELD for word in phrase.split()}
    return (DAYS_AND_MONTHS - NAMES_TOO) | of_offices
