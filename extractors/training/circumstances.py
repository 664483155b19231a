"""Trains what dates and places events (`python -m extractors.training.circumstances --gold FILE`).

Each annotated event that the chain finds in its passage is a lesson: of the dates and places that the text offers,
those that the annotation names should weigh most. Weights are fitted by the likelihood of the right options among all.
What is written learned from all annotated passages and our own; printed is what each half makes of the other, since
one half has a third of the dates less to learn from than both have. Printed 2026-11: dates of the odd half 169/229
right, made up 88/1321, of the even half 149/195 and 88/1340; places 419/506 and 211/1030, 433/529 and 182/993.
"""

import argparse
import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from spacy.tokens import Doc

from extractors.assemble import when, where
from extractors.assemble.choice import Option, Weights, best
from extractors.assemble.scene import scene
from extractors.assemble.sites import PLACELESS
from extractors.chain import Chain, ChainSettings, build_chain
from extractors.components._doc import EventSpan, Extension, get
from extractors.errors import TrainingDataError
from extractors.training.learn import half_of
from extractors.training.lessons import EVENT, OWN, codes
from extractors.types import Article, DateRange, Place

Array = NDArray[np.float64]
HEADER = """\
# What: weights of features; of the {what}s that a text offers for an event, the one that weighs most is taken.
# Columns: feature (extractors/assemble/{module}.py and scene.py give them); weight.
# Source: learned from annotated passages by `python -m extractors.training.circumstances`.
# Licence: Apache-2.0, as the project. Date: 2026-11.
feature,weight
"""
FEWEST = 3  # a feature that fewer options have is dropped
LIGHT = 0.03  # so is one that weighs less than this
ROUNDS = 120
BACKGROUND = 0.5  # weight of what is optional
# Of our own passages, which are shorter and easier than news: at 0.7 dates came out two points worse, places one.
OWN_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Subject:
    """What is learned: its name, the module that offers options, and how.

    `penalty` is on large weights; half and twice of it changed less than two points. `lean` is taken off "the text
    tells none", since what is missing costs more than what is too much: a point of it finds one date in twelve and one
    place in fifteen, and gives two in a hundred other events a date, seven a place.
    """

    name: str
    module: str
    penalty: float
    lean: float


SUBJECTS = (Subject("date", "when", penalty=4.0, lean=1.5), Subject("place", "where", penalty=6.0, lean=1.5))


@dataclass(frozen=True, slots=True)
class Told:
    """An annotated event. `country` is None where none is told, empty for a place in no country."""

    type: str
    parties: frozenset[str]
    days: DateRange | None
    country: str | None
    background: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """An annotated text; `own` is one of ours."""

    key: str
    published_on: date
    text: str
    told: tuple[Told, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What a text offers for one thing about an event: the features and group of each option, and which are right."""

    features: tuple[frozenset[str], ...]
    groups: tuple[str, ...]
    right: tuple[bool, ...]
    weight: float
    is_told: bool


# ---------------------------------------------------------------- passages


def read_gold(path: Path) -> tuple[Passage, ...]:
    """Return the passages of a file of JSON lines; raises TrainingDataError with file and line."""
    passages = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            passages.append(gold_passage(json.loads(line)))
        except (KeyError, ValueError, TypeError) as error:
            raise TrainingDataError(f"{path}:{number}: not an annotated passage ({error})") from error
    return tuple(passages)


def gold_passage(record: Mapping[str, Any]) -> Passage:
    """Return a record as a passage."""
    told = tuple(gold_event(event) for event in record["gold"])
    return Passage(str(record["id"]), date.fromisoformat(record["date"][:10]), record["text"], told, own=False)


def gold_event(event: Mapping[str, Any]) -> Told:
    """Return an annotated event of a record."""
    days, place = event.get("date"), event.get("place")
    return Told(
        event["type"],
        frozenset((*event["actors"], *event["recipients"])),
        DateRange(date.fromisoformat(days["start"]), date.fromisoformat(days["end"])) if days else None,
        (place.get("country") or "") if place else None,
        bool(event.get("background")),
    )


def read_own(folder: Path = OWN) -> Iterator[Passage]:
    """Yield our own passages that tell events; raises TrainingDataError with file and line."""
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            columns = [*line.split("\t"), "", ""]
            if line.startswith("#") or not columns[3]:
                continue
            try:
                told = tuple(own_event(event) for event in columns[3].split(" ; "))
                text = columns[2].replace(" // ", "\n")
                yield Passage(f"{path.name}:{number}", date.fromisoformat(columns[1]), text, told, own=True)
            except ValueError as error:
                raise TrainingDataError(f"{path}:{number}: {error}") from error


def own_event(text: str) -> Told:
    """Return an event as our tables write it; raises ValueError for one that is not written as they are."""
    found = EVENT.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no event; write TYPE:kind:ACTORS>RECIPIENTS:status@PLACE=FIRST/LAST")
    place, days = ((found[name] or "").partition("^")[0] for name in ("place", "days"))
    first, _, last = days.partition("/")
    return Told(
        found["type"],
        codes(found["actors"]) | codes(found["recipients"]),
        DateRange(date.fromisoformat(first), date.fromisoformat(last or first)) if days else None,
        place.partition(":")[0] or None,
        bool(found["background"]),
    )


# ---------------------------------------------------------------- lessons


def lessons(read: Iterable[tuple[Passage, Doc]]) -> tuple[list[Choice], list[Choice]]:
    """Return what texts offer as dates, and as places, of the annotated events that were found in them."""
    dates, places = [], []
    for passage, doc in read:
        both = zip(get(doc, Extension.EVENTS), get(doc, Extension.STATUSES), strict=True)
        statuses = {event: status for event, status in both if not event.refers}
        for told, event in paired(passage.told, tuple(statuses)):
            view, weight = scene(doc, event, statuses[event]), BACKGROUND if told.background else 1.0
            dates.append(date_choice(when.options(view), told, weight * (OWN_WEIGHT if passage.own else 1.0)))
            if event.kind not in PLACELESS:
                places.append(place_choice(where.options(view), told, weight * (OWN_WEIGHT if passage.own else 1.0)))
    return dates, places


def date_choice(options: Sequence[Option[DateRange]], told: Told, weight: float) -> Choice:
    """Return dates as a lesson: right are the days that are annotated, all of them and no more."""
    right = tuple(option.value == told.days for option in options)
    return choice(options, right, weight, told.days is not None)


def place_choice(options: Sequence[Option[Place]], told: Told, weight: float) -> Choice:
    """Return places as a lesson: right is the country; where that is none, any place in none, or no place."""
    right = tuple(is_there(option.value, told.country) for option in options)
    return choice(options, right, weight, bool(told.country))


def choice(options: Sequence[Option[Any]], right: tuple[bool, ...], weight: float, is_told: bool) -> Choice:
    """Return options as a lesson."""
    features, groups = tuple(one.features for one in options), tuple(one.group for one in options)
    return Choice(features, groups, right, weight, is_told)


def is_there(place: Place | None, country: str | None) -> bool:
    """Say whether a place is where an event was annotated to be; of one in no country any such will do, or none."""
    if country:
        return place is not None and place.country == country
    return place is None or (country == "" and place.country is None)


def paired(told: Iterable[Told], events: Sequence[EventSpan]) -> Iterator[tuple[Told, EventSpan]]:
    """Yield each annotated event with the one that was found of its type and most of its parties."""
    left = list(events)
    for one in told:
        same = [event for event in left if event.type == one.type]
        if same:
            event = max(same, key=lambda event: overlap(one.parties, event))
            left.remove(event)
            yield one, event


def overlap(parties: frozenset[str], event: EventSpan) -> float:
    """Return the share of parties, 0..1, that two events have in common."""
    found = {span.code for span in (*event.actors, *event.recipients)}
    return len(found & parties) / max(len(found | parties), 1)


# ---------------------------------------------------------------- learning


def learn(lessons: Sequence[Choice], *, penalty: float, lean: float) -> dict[str, float]:
    """Return the weights under which the right options are likeliest; without those that weigh next to nothing."""
    usable = [one for one in lessons if any(one.right)]
    counts = Counter(feature for one in usable for features in one.features for feature in features)
    names = sorted(feature for feature, count in counts.items() if count >= FEWEST and is_writable(feature))
    weights = dict(zip(names, solve(usable, names, penalty).tolist(), strict=True))
    weights["none"] = weights.get("none", 0.0) - lean
    return {feature: round(weight, 2) for feature, weight in weights.items() if abs(weight) >= LIGHT}


def is_writable(feature: str) -> bool:
    """Say whether a feature fits on a line of a table."""
    return feature.isprintable()


def solve(lessons: Sequence[Choice], names: Sequence[str], penalty: float) -> Array:
    """Return weights by gradient descent (L-BFGS) on the likelihood of right options, softmax over each lesson's."""
    ones, right = table(lessons, names)
    starts = np.cumsum([0, *(len(one.features) for one in lessons[:-1])])
    lesson = np.repeat(np.arange(len(lessons)), [len(one.features) for one in lessons])
    weight = np.array([one.weight for one in lessons])

    def loss(solution: Array) -> tuple[float, Array]:
        scores = ones @ solution
        raised = np.exp(scores - np.maximum.reduceat(scores, starts)[lesson])
        all_, good = np.add.reduceat(raised, starts), np.add.reduceat(raised * right, starts)
        slope = weight[lesson] * (raised / all_[lesson] - raised * right / good[lesson])
        total = (weight * (np.log(all_) - np.log(good))).sum() + penalty / 2 * (solution @ solution)
        return float(total), ones.T @ slope + penalty * solution

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS})
    solution: Array = found.x
    return solution


def table(lessons: Sequence[Choice], names: Sequence[str]) -> tuple[csr_matrix, Array]:
    """Return a row of ones for each option of all lessons, and which of them are right."""
    column = {name: n for n, name in enumerate(names)}
    options = [features for one in lessons for features in one.features]
    cells = [(row, column[name]) for row, features in enumerate(options) for name in features if name in column]
    rows, columns = zip(*cells, strict=True)
    ones = csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(options), len(names)))
    return ones, np.array([float(is_right) for one in lessons for is_right in one.right])


def measured(lessons: Iterable[Choice], weights: Weights) -> str:
    """Return how often the right option weighs most where something is told, and how often one is made up."""
    told: list[bool] = []
    untold: list[bool] = []
    for one in lessons:
        both = zip(one.features, one.groups, strict=True)
        offered = [Option(n, "", features, group) for n, (features, group) in enumerate(both)]
        taken = best(offered, weights).value
        assert taken is not None  # the options of a lesson are their numbers
        (told if one.is_told else untold).append(one.right[taken])
    return f"{sum(told)}/{len(told)} right, made up {len(untold) - sum(untold)}/{len(untold)}"


def written(weights: Weights, subject: Subject) -> str:
    """Return weights as the text of a table."""
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows((name, f"{weights[name]:.2f}") for name in sorted(weights))
    return HEADER.format(what=subject.name, module=subject.module) + lines.getvalue()


def main(arguments: Sequence[str] | None = None, *, console: Console | None = None) -> None:
    """Train, write and measure as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m extractors.training.circumstances")
    parser.add_argument("--gold", type=Path, required=True, help="annotated passages, JSON lines")
    parser.add_argument("--own", type=Path, default=OWN, help="folder of our own passages")
    parser.add_argument("--dates", type=Path, default=when.WEIGHTS, help="where weights for dates are written")
    parser.add_argument("--places", type=Path, default=where.WEIGHTS, help="where weights for places are written")
    options = parser.parse_args(arguments)
    out = console or Console(highlight=False, soft_wrap=True)
    chain, gold = build_chain(ChainSettings(gate=False)), read_gold(options.gold)
    halves = [lessons(read(chain, (one for one in gold if half_of(one.key) == half))) for half in ("even", "odd")]
    own = lessons(read(chain, read_own(options.own)))
    for index, path in enumerate((options.dates, options.places)):
        subject, (even, odd) = SUBJECTS[index], (half[index] for half in halves)
        for name, seen, unseen in (("odd", even, odd), ("even", odd, even)):
            weights = learn([*seen, *own[index]], penalty=subject.penalty, lean=subject.lean)
            out.print(f"{subject.name}s of the {name} half, learned from the other: {measured(unseen, weights)}")
        weights = learn([*even, *odd, *own[index]], penalty=subject.penalty, lean=subject.lean)
        path.write_text(written(weights, subject), encoding="utf-8")


def read(chain: Chain, passages: Iterable[Passage]) -> Iterator[tuple[Passage, Doc]]:
    """Yield passages with what the chain reads in them."""
    for passage in passages:
        yield passage, chain.annotated(Article(passage.key, passage.text, passage.published_on))


if __name__ == "__main__":
    main()
