"""The lifecycle of events as sequences of reports; the cases and their notation are in tests/data/lifecycle."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from extractors.ontology import SYMMETRIC_KINDS, Kind, Status
from extractors.types import Actor, DateRange, Place
from storage.types import Decision, NewDevelopment, NewEvent, Report
from tests.builders import a_mention, a_report
from tests.storage.dedup.remembered import Memory

CASES: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).parents[2] / "data/lifecycle/cases.yaml")


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_reports_are_decided_as_an_editor_would(case: dict[str, Any]) -> None:
    memory = Memory({})
    told = [_told(memory, row) for row in case["reports"].splitlines()]
    assert [got for got, _, _ in told] == [expected for _, expected, _ in told], "\n".join(why for _, _, why in told)


def _told(memory: Memory, row: str) -> tuple[str, str, str]:
    """What was decided on a row, what was expected, and the reason given."""
    fields, expected = row.split("=>")
    number, decision = memory.tell(_report(fields))
    outcome = _outcome(decision)
    return f"{outcome} @{number}", _expected(expected), decision.reason


def _outcome(decision: Decision) -> str:
    if isinstance(decision, NewDevelopment):
        return "; ".join(f"{change.change} {change.old or 'unknown'} → {change.new}" for change in decision.changes)
    return "new" if isinstance(decision, NewEvent) else "repeat"


def _expected(text: str) -> str:
    words = text.strip()
    return words if "@" in words else f"{words} @1"


def _report(fields: str) -> Report:
    at, what, who, day, where, *counts = (field.strip() for field in fields.split("|"))
    kind, status, *background = what.split()
    actors, recipients = _parties(who, Kind(kind))
    mention = a_mention(
        Kind(kind),
        status=Status(status),
        actors=actors,
        recipients=recipients,
        date=_range(day),
        place=_place(where),
        counts=tuple(_count(count) for count in counts),
        background=bool(background),
    )
    return a_report(mention, published_at=datetime.strptime(f"2022 04 {at}", "%Y %m %d %H:%M").replace(tzinfo=UTC))


def _parties(who: str, kind: Kind) -> tuple[tuple[Actor, ...], tuple[Actor, ...]]:
    actors, _, recipients = who.partition(">")
    assert not (recipients and kind in SYMMETRIC_KINDS), f"all parties of a {kind} are actors"
    return tuple(_actors(actors)), tuple(_actors(recipients))


def _actors(text: str) -> Iterator[Actor]:
    for code, name in re.findall(r"(\w+)(?: \((.+?)\))?", text):
        yield Actor(code, name or code)


def _range(text: str) -> DateRange | None:
    if text == "-":
        return None
    first, _, last = text.partition("..")
    return DateRange(_day(first), _day(last or first))


def _day(text: str) -> date:
    if text.startswith("Feb"):
        return date(2022, 2, int(text.removeprefix("Feb")))
    return date(2022, 4, int(text))


def _place(text: str) -> Place | None:
    if text == "-":
        return None
    name, _, country = text.rpartition(" ")
    return Place(country, name)


def _count(text: str) -> tuple[str, str]:
    what, _, count = text.partition(" ")
    return what, count
