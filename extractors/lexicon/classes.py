"""Classes of words (data/classes.yaml): what a word that was seldom read has in common with known ones."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from extractors.lexicon.inflection import forms, plurals
from extractors.lexicon.reading import Entry, parse_document, read_text
from extractors.lexicon.tables import DATA

FILE = "classes.yaml"
NAME = re.compile(r"(act|who|thing|other)(-[a-z]+)+")
SORTS = ("verbs", "nouns", "adjectives", "phrases")
VERB_MARK = "to "  # before a phrase whose first word is a verb
# A phrase that begins so is no noun phrase and stays as it is.
FIXED = frozenset(
    "on in at by of over under until without for to via with according en as so no or if what who".split()
)
# The chain's tokens (spaCy's English ones): a hyphen between letters and the 's are tokens by themselves.
APART = re.compile(r"(?<=[^\W\d_])(-)(?=[^\W\d_])|(?=(?:'s|')(?:\s|$))")

Table = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class WordClasses:
    """The classes of forms in lower case, by sort of word; `phrases` by their tokens with a space between them.

    `reach` is the length in tokens of the longest phrase that begins with a token.
    """

    verbs: Table
    nouns: Table
    adjectives: Table
    phrases: Table
    reach: Mapping[str, int]

    def of_word(self, lower: str, tag: str = "") -> tuple[str, ...]:
        """Return the classes of a word as the sort that its Penn tag says, or as another sort if it has none as that.

        A tagger takes many a headline's verb for a noun. Names are never verbs; without a tag a word is all it may be.
        """
        if not tag:
            found = (name for table in (self.verbs, self.nouns, self.adjectives) for name in table.get(lower, ()))
            return tuple(dict.fromkeys(found))
        return next((classes for table in self.by_tag(tag) if (classes := table.get(lower, ()))), ())

    def by_tag(self, tag: str) -> tuple[Table, ...]:
        """Return the tables to look a word up in, in order."""
        if tag.startswith("VB"):
            return (self.verbs, self.adjectives, self.nouns)
        if tag.startswith("JJ"):
            return (self.adjectives, self.nouns, self.verbs)
        if tag in {"NN", "NNS"}:
            return (self.nouns, self.verbs, self.adjectives)
        return (self.nouns, self.adjectives) if tag.startswith("NNP") else (self.nouns,)

    def in_tokens(
        self, lowers: Sequence[str], start: int = 0, stop: int | None = None
    ) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Yield (first token, token behind, classes) of the phrases that begin between two tokens (all, without them):
        the longest at each place, none in another.
        """
        while start < (len(lowers) if stop is None else stop):
            end = self.phrase_end(lowers, start)
            if end > start:
                yield start, end, self.phrases[" ".join(lowers[start:end])]
            start = max(end, start + 1)

    def phrase_end(self, lowers: Sequence[str], start: int) -> int:
        """Return where the longest phrase that begins at a token ends; `start` if none does."""
        furthest = min(start + self.reach.get(lowers[start], 0), len(lowers))
        return next((end for end in range(furthest, start, -1) if " ".join(lowers[start:end]) in self.phrases), start)


@cache
def word_classes(folder: Path = DATA) -> WordClasses:
    """Return the classes of a data folder; raises LexiconError with file and line for what is not as it should be."""
    path = folder / FILE
    tables: dict[str, dict[str, list[str]]] = {sort: {} for sort in SORTS}
    for name, entry in parse_document(path, read_text(path)).items().items():
        for sort, members in members_of(name, entry).items():
            for form in (form for member in members for form in FORMS[sort](member)):
                if " " not in form:
                    add(tables[sort], name, form)
                if " " in (divided := tokens(form)):
                    add(tables["phrases"], name, divided)
    verbs, nouns, adjectives, phrases = (frozen(tables[sort]) for sort in SORTS)
    return WordClasses(verbs, nouns, adjectives, phrases, reach_of(phrases))


def members_of(name: str, entry: Entry) -> dict[str, tuple[str, ...]]:
    """Return a class's members by sort; raises LexiconError at the first fault."""
    if not NAME.fullmatch(name):
        entry.fault(f"expected a name such as act-visit (act-, who-, thing- or other-), not {name!r}")
    sorts = entry.items()
    for sort, members in sorts.items():
        if sort not in SORTS:
            members.fault(f"expected one of {', '.join(SORTS)}, not {sort!r}")
        check(members, sort)
    if not sorts:
        entry.fault(f"expected members of {name}")
    return {sort: members.words() for sort, members in sorts.items()}


def check(members: Entry, sort: str) -> None:
    """Raise LexiconError for a list that is empty, names a member twice, or holds what does not belong in it."""
    words = members.words()
    if not words:
        members.fault(f"expected {sort}")
    for word in words:
        if word != word.lower():
            members.fault(f"expected lower case, not {word!r}")
        if (sort == "phrases") != (" " in word.removeprefix(VERB_MARK)):
            members.fault(f"expected {'two words or more' if sort == 'phrases' else 'single words'}, not {word!r}")
        if words.count(word) > 1:
            members.fault(f"expected {word!r} once")


def verb_forms(verb: str) -> Iterator[str]:
    """Yield all forms of a verb or of a phrase that begins with one."""
    return (form for form, _ in forms(verb))


def noun_forms(noun: str) -> Iterator[str]:
    """Yield singular and plural."""
    yield noun
    yield from plurals(noun)


def phrase_forms(phrase: str) -> Iterator[str]:
    """Yield the forms of a phrase: its verb's, or its plural; a fixed one is itself only."""
    if phrase.startswith(VERB_MARK):
        return verb_forms(phrase.removeprefix(VERB_MARK))
    return iter((phrase,)) if phrase.partition(" ")[0] in FIXED else phrase_numbers(phrase)


def phrase_numbers(phrase: str) -> Iterator[str]:
    """Yield a noun phrase and its plural: that of its last word, or of the word before "of"."""
    yield phrase
    head, of, rest = phrase.partition(" of ")
    before, space, noun = head.rpartition(" ")
    yield from (f"{before}{space}{plural}{of}{rest}" for plural in plurals(noun))


FORMS: Mapping[str, Callable[[str], Iterable[str]]] = {
    "verbs": verb_forms,
    "nouns": noun_forms,
    "adjectives": lambda adjective: (adjective,),
    "phrases": phrase_forms,
}


def tokens(text: str) -> str:
    """Return a text with a space between the tokens that the chain makes of it."""
    if "-" not in text and "'" not in text:
        return text  # nearly all of them
    return " ".join(APART.sub(r" \1 ", text).split())


def add(table: dict[str, list[str]], name: str, form: str) -> None:
    """Put a form into a class, once."""
    classes = table.setdefault(form, [])
    if name not in classes:
        classes.append(name)


def frozen(table: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    """Return a table with tuples."""
    return {form: tuple(names) for form, names in table.items()}


def reach_of(phrases: Iterable[str]) -> dict[str, int]:
    """Return for each first token how many tokens the longest phrase has."""
    found: dict[str, int] = {}
    for phrase in phrases:
        first, *others = phrase.split(" ")
        found[first] = max(found.get(first, 0), 1 + len(others))
    return found
