"""Whom a text may mean by a bare surname: persons whom earlier texts introduced, unless this text names another.

"Aasen" stands for the Norwegian foreign minister only in a text that gives the surname no other given name:
"Erik Aasen scored twice" is about somebody else, and so is every "Aasen" after it.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from extractors.lexicon import load
from extractors.lexicon import words as w
from extractors.types import Acquaintance

Person = tuple[str, str]  # code and name

TITLES = frozenset("mr mrs ms miss dr sir dame lord lady gen col maj lt capt adm sheikh ayatollah hon prof".split())
DAYS_AND_MONTHS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august"
    " september october november december".split()
)


def acquainted(words: Sequence[str], acquaintances: Iterable[Acquaintance]) -> dict[str, Person]:
    """Return code and name by surname, of those acquaintances that a text of these tokens may mean.

    A surname that the text gives to somebody of another name is left out, one that is a word as well ("May", "Will"),
    and one that two acquaintances share, unless both speak for the same actor.
    """
    present = set(words)
    found: dict[str, Person] = {}
    shared: set[str] = set()
    for one in acquaintances:
        if one.surname not in present or is_word(one.surname) or is_another(words, one):
            continue
        if found.setdefault(one.surname, (one.code, one.name))[0] != one.code:
            shared.add(one.surname)
    return {surname: person for surname, person in found.items() if surname not in shared}


def is_word(surname: str) -> bool:
    """Say whether a surname is a month, a small word, a word of offices or a verb, which begins many a sentence."""
    return surname.lower() in no_given_names() or surname.lower() in load().governors.forms


def is_another(words: Sequence[str], one: Acquaintance) -> bool:
    """Say whether a text names somebody else of an acquaintance's surname."""
    own = frozenset(one.name.replace("-", " ").split())
    is_family_first = one.name.startswith(one.surname)
    return any(word not in own for word in given_names(words, one.surname, behind=is_family_first))


def given_names(words: Sequence[str], surname: str, *, behind: bool) -> Iterator[str]:
    """Yield the words that stand beside a surname where a given name would, and look like one."""
    for position, word in enumerate(words):
        if word != surname:
            continue
        beside = position + 1 if behind else position - 1
        if 0 <= beside < len(words) and looks_given(words[beside]):
            yield words[beside]


def looks_given(word: str) -> bool:
    """Say whether a word with a capital is no title, office, day, state or small word at the start of a sentence."""
    return (
        word[:1].isupper()
        and word.replace(".", "").isalpha()
        and word.lower().rstrip(".") not in no_given_names()
        and word not in load().names
    )


@cache
def no_given_names() -> frozenset[str]:
    """Return words in small letters that may stand before a surname and are no given name."""
    small = w.DETERMINERS | w.PREPOSITIONS | w.SUBORDINATORS | w.CONJUNCTIONS | w.AUXILIARIES | w.PRONOUNS | w.ADVERBS
    offices = {word for phrase in load().offices for word in phrase.split()}
    return small | TITLES | DAYS_AND_MONTHS | offices
