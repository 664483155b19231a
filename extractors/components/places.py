"""Names → places: towns, countries, seats of government, seas; each with its country where it has one."""

import re
from collections.abc import Callable, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from extractors.components._doc import Extension, PlaceSpan, open_sentences, put
from extractors.components._phrases import PhraseTable
from extractors.components._sentences import words_of
from extractors.lexicon import Lexicon, Name, Sort, load

FACTORY = "demarche_places"
PLACE_SORTS = frozenset({Sort.STATE, Sort.REGION, Sort.CAPITAL, Sort.CITY, Sort.SEAT})
LEADING = frozenset(
    {
        "in",
        "at",
        "near",
        "to",
        "outside",
        "around",
        "into",
        "across",
        "inside",
        "visit",
        "visits",
        "visited",
        "visiting",
        "on",
        "off",
    }
)
WATER = frozenset({"Sea", "Ocean", "Strait", "Straits", "Gulf", "Channel", "Reef", "Shoal", "Bay"})
BETWEEN = re.compile(r"the|northern|southern|eastern|western|central|neighbou?ring|capital|city|of|town")


def table(lexicon: Lexicon) -> PhraseTable[Name]:
    """Return all names that are places."""
    states = {text: name for text, name in lexicon.names.items() if name.sort in PLACE_SORTS}
    return PhraseTable({**lexicon.cities, **states})


def read(words: Sequence[str], start: int, end: int, names: PhraseTable[Name]) -> tuple[PlaceSpan, ...]:
    """Return the places of a sentence that a preposition or a verb of movement leads to."""
    found: list[PlaceSpan] = []
    position = start
    while position < end:
        span = read_at(words, position, start, end, names) if words[position][0].isupper() else None
        if span is not None:
            found.append(span)
        position = span.end if span else position + 1
    return tuple(found)


def read_at(words: Sequence[str], position: int, start: int, end: int, names: PhraseTable[Name]) -> PlaceSpan | None:
    """Return the place that begins at a position, or None."""
    if not is_led(words, position, start):
        return None
    stop = water_end(words, position, end)
    if stop:
        return PlaceSpan(position, stop, None, " ".join(words[position:stop]))
    found = names.at(words, position, end)
    if found is None or found.value.sort is Sort.CITY:
        town = town_with_country(words, position, end, names)
        if town is not None:
            return town
    if found is None or (found.end < end and words[found.end] in {"'s", "’s", "-"}):
        return None
    return PlaceSpan(position, found.end, found.value.code, found.value.text)


def town_with_country(words: Sequence[str], position: int, end: int, names: PhraseTable[Name]) -> PlaceSpan | None:
    """Return a place that is named with its country ("Ypres, Belgium"), whether it is in the table or not."""
    comma = position
    while comma < end and comma - position < LONGEST_TOWN and words[comma] != ",":
        if not (words[comma][0].isupper() or words[comma] in {"-", "el", "al", "de", "la", "of", "the"}):
            return None
        comma += 1
    if comma + 1 >= end or words[comma] != ",":
        return None
    country = names.at(words, comma + 1, end)
    if country is None or country.value.sort is not Sort.STATE:
        return None
    return PlaceSpan(position, country.end, country.value.code, " ".join(words[position:comma]).replace(" - ", "-"))


LONGEST_TOWN = 5  # tokens: "Sharm el-Sheikh" has four


def is_led(words: Sequence[str], position: int, start: int) -> bool:
    """Say whether a word of place stands before a position, with at most two words between."""
    before = position - 1
    while before > start and position - before < 4 and BETWEEN.fullmatch(words[before].lower()):
        before -= 1
    return before >= start and words[before].lower() in LEADING


def water_end(words: Sequence[str], position: int, end: int) -> int | None:
    """Return the end of "South China Sea", "Strait of Hormuz", "Gulf of Aden" at a position, or None."""
    for stop in range(position, min(position + 4, end)):
        if words[stop] in WATER:
            if stop + 2 < end and words[stop + 1] == "of" and words[stop + 2][0].isupper():
                return stop + 3
            return stop + 1 if stop > position else None
        if not words[stop][0].isupper():
            return None
    return None


@Language.factory(FACTORY, requires=[Extension.SENTENCES.path], assigns=[Extension.PLACES.path])
def make(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Return the component that finds places."""
    names = table(load())

    def component(doc: Doc) -> Doc:
        words = words_of(doc)
        found = [place for _, s in open_sentences(doc) for place in read(words, s.start, s.end, names)]
        return put(doc, Extension.PLACES, tuple(found))

    return component
