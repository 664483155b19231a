"""The whole lexicon in one value."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from extractors.lexicon.frames import Frame, Governors, read_frames, read_governors
from extractors.lexicon.names import (
    Bare,
    Leader,
    Name,
    known_states,
    leaders,
    library_cities,
    organisation_names,
    party_names,
    state_names,
)
from extractors.lexicon.reading import fault, read_rows
from extractors.lexicon.spellings import variants

DATA = Path(__file__).parent.parent / "data"
OFFICE_SORTS = ("title", "voice", "body", "people", "thing")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All tables. `names` and `offices` by their text, `leaders` by full name, `digest` of the data.

    `surnames` are those that mean a leader by themselves, `common` the others, which need the office before them.
    """

    names: Mapping[str, Name]
    cities: Mapping[str, Name]
    leaders: Mapping[str, tuple[Leader, ...]]
    surnames: Mapping[str, tuple[Leader, ...]]
    common: Mapping[str, tuple[Leader, ...]]
    offices: Mapping[str, str]
    frames: tuple[Frame, ...]
    governors: Governors
    reliability: Mapping[str, float]
    digest: str


@cache
def load(folder: Path = DATA) -> Lexicon:
    """Return the tables of a data folder; raises LexiconError at the first fault."""
    states = known_states()
    names = merge(
        state_names(folder, states),
        organisation_names(folder / "organisations.csv"),
        party_names(folder / "parties.csv"),
    )
    roster = tuple(leaders(folder / "leaders.csv", states | {name.code for name in names.values()}))
    frames = all_frames(folder / "frames")
    return Lexicon(
        names=names,
        cities=cities(names),
        leaders=grouped((leader.name, leader) for leader in roster),
        surnames=grouped((text, one) for one in roster if one.bare is Bare.YES for text in variants(one.surname)),
        common=grouped((text, one) for one in roster if one.bare is not Bare.YES for text in variants(one.surname)),
        offices=read_offices(folder / "offices.csv"),
        frames=frames,
        governors=with_triggers(read_governors(folder / "verbs.yaml"), frames),
        reliability=read_reliability(folder / "reliability.csv", frames),
        digest=digest(folder),
    )


def merge(*groups: Iterable[Name]) -> dict[str, Name]:
    """Return names by text; what comes later is more particular and wins."""
    return {name.text: name for group in groups for name in group}


def cities(names: Mapping[str, Name]) -> dict[str, Name]:
    """Return cities by name, the largest of a name; what is a state's or organisation's name is none."""
    found: dict[str, Name] = {}
    for city in library_cities():
        if city.text not in names and len(city.text) > 3:
            found.setdefault(city.text, city)
    return found


def grouped(pairs: Iterable[tuple[str, Leader]]) -> dict[str, tuple[Leader, ...]]:
    """Return leaders by a text, which several may share; each term of a person is there once."""
    found: dict[str, dict[tuple[str, int], Leader]] = {}
    for text, leader in pairs:
        found.setdefault(text, {}).setdefault((leader.code, leader.first), leader)
    return {text: tuple(terms.values()) for text, terms in found.items()}


def read_offices(path: Path) -> dict[str, str]:
    """Return the sort of each office word; an earlier line wins over a later one."""
    found: dict[str, str] = {}
    for row in read_rows(path, ("phrase", "sort")):
        if row["sort"] not in OFFICE_SORTS:
            row.fault(f"expected one of {', '.join(OFFICE_SORTS)}, not {row['sort']!r}")
        found.setdefault(row["phrase"], row["sort"])
    return found


def all_frames(folder: Path) -> tuple[Frame, ...]:
    """Return the frames of all files; an id occurs once."""
    frames = tuple(frame for path in sorted(folder.glob("*.yaml")) for frame in read_frames(path))
    ids = [frame.id for frame in frames]
    for frame in frames:
        if ids.count(frame.id) > 1:
            fault(folder / f"{frame.type}.yaml".lower(), 1, f"expected the id {frame.id!r} once")
    return frames


def read_reliability(path: Path, frames: Iterable[Frame]) -> dict[str, float]:
    """Return the share of right mentions by frame (and "frame+" when both roles are filled), as measured."""
    known = {frame.id for frame in frames}
    found = {}
    for row in read_rows(path, ("frame", "share")):
        if row["frame"].rstrip("+") not in known | {"*"}:
            row.fault(f"expected the id of a frame, not {row['frame']!r}")
        if not is_share(row["share"]):
            row.fault(f"expected a share from 0 to 1, not {row['share']!r}")
        found[row["frame"]] = float(row["share"])
    return found


def with_triggers(governors: Governors, frames: Iterable[Frame]) -> Governors:
    """Return the governing verbs together with the frames' own verbs, so that all their forms are known."""
    verbs = (frame.triggers.items() for frame in frames if not frame.is_noun)
    found = {text: form for items in verbs for text, form in items if " " not in text}
    return replace(governors, forms={**{word: (word, form) for word, form in found.items()}, **governors.forms})


def is_share(text: str) -> bool:
    """Say whether a text is a number from 0 to 1."""
    return text.replace(".", "", 1).isdigit() and float(text) <= 1


def digest(folder: Path) -> str:
    """Return a digest of all data files, names and contents."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        total.update(path.relative_to(folder).as_posix().encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:12]
