"""Floors: scores that must not fall. They are pinned in a file, with a digest of the gold data that they were measured
on; pinning again raises them, and lowers one only when asked to.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitor.errors import GoldError
from monitor.evaluation.figures import Figure
from monitor.evaluation.gold import Gold
from monitor.evaluation.report import Column, figures_of

# By how much a score may lie below its floor. Another processor or BLAS adds in another order, and a sentence on the
# edge is then parsed or judged otherwise. An allowance that was chosen, not measured. A small set moves by more: one
# case of it is always allowed.
NOISE = 0.003


@dataclass(frozen=True, slots=True)
class Floors:
    """The pinned floors: set → column → figure → least value, and the digest of each set's data."""

    digests: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Mapping[str, float]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Breach:
    """A score below its floor, or one that is not measured any more (`value` is None)."""

    column: str
    name: str
    value: float | None
    floor: float

    def __str__(self) -> str:
        told = "is not measured any more" if self.value is None else f"is {self.value:.4f}"
        return f"{self.column}: {self.name} {told}, its floor {self.floor:.4f}"


def read_floors(path: Path) -> Floors:
    """Return the floors of a file, none where there is no file; raises GoldError for a file that cannot be read."""
    try:
        content = json.loads(path.read_text("utf-8"))
        return Floors(content["gold"], _checked(content["floors"]))
    except FileNotFoundError:
        return Floors()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise GoldError(f'{path}: expected {{"gold": digests, "floors": figures}}: {error!r}') from error


def _checked(values: Mapping[str, Any]) -> dict[str, dict[str, dict[str, float]]]:
    return {
        gold: {column: {name: float(floor) for name, floor in named.items()} for column, named in columns.items()}
        for gold, columns in values.items()
    }


def write_floors(path: Path, floors: Floors) -> None:
    """Write the floors to a file."""
    content = {"gold": dict(floors.digests), "floors": floors.values}
    path.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def outdated(floors: Floors, digests: Mapping[Gold, str]) -> tuple[Gold, ...]:
    """Return the sets whose floors were pinned on other data than these."""
    return tuple(gold for gold, digest in digests.items() if floors.digests.get(gold, digest) != digest)


def breaches(floors: Floors, columns: Sequence[Column]) -> tuple[Breach, ...]:
    """Return every score below its floor; of columns that were not measured nothing is said."""
    return tuple(breach for column in columns for breach in _breaches(floors, column))


def _breaches(floors: Floors, column: Column) -> Iterable[Breach]:
    figures = column.figures()
    for name, floor in floors.values.get(column.gold, {}).get(column.title, {}).items():
        figure = figures.get(name, Figure(None, 0))
        if figure.value is None or figure.value < floor - allowance(figure):
            yield Breach(column.title, name, figure.value, floor)


def allowance(figure: Figure) -> float:
    """Return by how much a score may lie below its floor: the noise, and at least one case."""
    return max(NOISE, 1 / figure.of) if figure.of else NOISE


def pinned(
    floors: Floors, columns: Sequence[Column], digests: Mapping[Gold, str], *, lower: bool = False
) -> tuple[Floors, tuple[Breach, ...]]:
    """Return the floors with those of the measured columns at today's scores, and the ones that were left as higher.

    A score below its floor leaves the floor as it is, unless `lower` is asked for.
    """
    values = {gold: {title: dict(named) for title, named in held.items()} for gold, held in floors.values.items()}
    kept = []
    for column, name, figure in figures_of(columns):
        if figure.value is None:
            continue
        held = values.setdefault(column.gold.value, {}).setdefault(column.title, {})
        value = round(figure.value, 4)
        if not lower and value < held.get(name, 0.0):
            kept.append(Breach(column.title, name, value, held[name]))
        else:
            held[name] = value
    return Floors({**floors.digests, **{gold.value: digest for gold, digest in digests.items()}}, values), tuple(kept)
