"""Classes of words (data/classes.yaml): what a word that was seldom read has in common with known ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from extractors.lexicon.inflection import forms
from extractors.lexicon.reading import Entry, parse_document, read_text
from extractors.lexicon.tables import DATA

FILE = "classes.yaml"


@dataclass(frozen=True, slots=True)
class WordClasses:
    """The classes of verb forms and of noun forms, in lower case."""

    verbs: Mapping[str, tuple[str, ...]]
    nouns: Mapping[str, tuple[str, ...]]

    def of_word(self, lower: str, tag: str) -> tuple[str, ...]:
        """Return the classes of a word by its Penn tag; a word of another sort has those of the noun it may be."""
        return (self.verbs if tag.startswith("VB") else self.nouns).get(lower, ())


@cache
def word_classes(folder: Path = DATA) -> WordClasses:
    """Return the classes of a data folder; raises LexiconError with file and line for what is not as it should be."""
    path = folder / FILE
    verbs: dict[str, list[str]] = {}
    nouns: dict[str, list[str]] = {}
    for name, entry in parse_document(path, read_text(path)).items().items():
        sorts = entry.items()
        for unknown in sorts.keys() - {"verbs", "nouns"}:
            sorts[unknown].fault(f"expected verbs or nouns, not {unknown}")
        add(verbs, name, verb_forms(sorts.get("verbs")))
        add(nouns, name, noun_forms(sorts.get("nouns")))
    return WordClasses(frozen(verbs), frozen(nouns))


def add(table: dict[str, list[str]], name: str, words: Iterator[str]) -> None:
    """Put words into a class, each once."""
    for word in words:
        classes = table.setdefault(word, [])
        if name not in classes:
            classes.append(name)


def verb_forms(entry: Entry | None) -> Iterator[str]:
    """Yield all forms of the verbs that an entry lists."""
    for verb in entry.words() if entry else ():
        yield from (form for form, _ in forms(verb))


def noun_forms(entry: Entry | None) -> Iterator[str]:
    """Yield singular and plural of the nouns that an entry lists."""
    for noun in entry.words() if entry else ():
        yield noun
        yield plural(noun)


def plural(noun: str) -> str:
    """Return the regular plural."""
    if noun.endswith(("s", "sh", "ch", "x", "z")):
        return f"{noun}es"
    if noun.endswith("man"):
        return f"{noun[:-2]}en"
    if noun.endswith("y") and noun[-2:-1] not in set("aeiou"):
        return f"{noun[:-1]}ies"
    return f"{noun}s"


def frozen(table: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    """Return a table with tuples."""
    return {word: tuple(names) for word, names in table.items()}
