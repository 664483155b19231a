"""What dates and places events is learned: of the options that texts offer, the annotated ones come to weigh most."""

import json
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from extractors.assemble.choice import Option, best, read_weights
from extractors.errors import LexiconError, TrainingDataError
from extractors.training.circumstances import (
    Choice,
    Told,
    is_there,
    learn,
    main,
    measured,
    own_event,
    read_gold,
    read_own,
)
from extractors.types import DateRange, Place

NONE = frozenset({"none"})
LESSONS = [
    *(Choice((frozenset({"lead=in"}), NONE), ("NOR", ""), (True, False), 1.0, is_told=True) for _ in range(20)),
    *(Choice((frozenset({"lead=on"}), NONE), ("NOR", ""), (False, True), 1.0, is_told=False) for _ in range(20)),
]


def test_what_annotations_name_comes_to_weigh_most() -> None:
    weights = learn(LESSONS, penalty=1.0, lean=0.0)
    assert weights["lead=in"] > weights.get("none", 0.0) > weights["lead=on"]
    assert measured(LESSONS, weights) == "20/20 right, made up 0/20"


def test_leaning_takes_weight_from_telling_none() -> None:
    plain, leaning = (learn(LESSONS, penalty=1.0, lean=lean).get("none", 0.0) for lean in (0.0, 1.0))
    assert leaning == pytest.approx(plain - 1.0)


def test_features_that_do_not_fit_on_a_line_are_dropped() -> None:
    broken = [Choice((frozenset({"word=\n"}), NONE), ("NOR", ""), (True, False), 1.0, is_told=True)] * 9
    assert "word=\n" not in learn(broken, penalty=1.0, lean=0.0)


def test_of_options_that_weigh_the_same_the_first_is_taken() -> None:
    options = [Option("Oslo", "", frozenset({"a"}), "NOR"), Option("Rome", "", frozenset({"b"}), "ITA")]
    assert best(options, {}).value == "Oslo"
    assert best(options, {"b": 0.1}).value == "Rome"


def test_options_that_say_the_same_weigh_together() -> None:
    options = [
        Option("Rome", "", frozenset({"b"}), "ITA"),
        Option("Norway", "", frozenset(), "NOR"),
        Option("Oslo", "", frozenset({"a"}), "NOR"),
    ]
    assert best(options, {"a": 0.2, "b": 0.5}).value == "Oslo"


@pytest.mark.parametrize(
    ("place", "country", "right"),
    [
        (Place("NOR", "Oslo"), "NOR", True),
        (Place("SWE", "Malmo"), "NOR", False),
        (None, "NOR", False),
        (None, None, True),
        (Place("NOR", "Oslo"), None, False),
        (Place(None, "North Sea"), "", True),
        (None, "", True),
        (Place(None, "North Sea"), None, False),
    ],
)
def test_a_place_is_right_in_the_annotated_country(place: Place | None, country: str | None, right: bool) -> None:
    assert is_there(place, country) is right


def test_events_of_our_tables_name_place_and_days() -> None:
    told = own_event("CONSULT:visit:KEN>UGA:planned@UGA=2024-05-16/2024-05-18~^AGREE")
    days = DateRange(date(2024, 5, 16), date(2024, 5, 18))
    assert told == Told("CONSULT", frozenset({"KEN", "UGA"}), days, "UGA", background=True)


def test_all_our_tables_can_be_read() -> None:
    told = [event for passage in read_own() for event in passage.told]
    assert sum(event.days is not None for event in told) > 500
    assert sum(bool(event.country) for event in told) > 1000


def test_faulty_passage_is_named_by_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text('{"id": "a"}\n', encoding="utf-8")
    with pytest.raises(TrainingDataError, match=r"gold\.jsonl:1"):
        read_gold(file)


def test_faulty_weight_is_named_by_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "when.csv"
    file.write_text("feature,weight\nlead=in,much\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"when\.csv:2: expected a weight"):
        read_weights(file)


def test_command_writes_both_tables_and_tells_what_each_half_makes_of_the_other(tmp_path: Path) -> None:
    text = "The Kenyan president met the Ugandan president in Geneva on Tuesday."
    event = {
        "type": "CONSULT",
        "kind": "meeting",
        "actors": ["KEN", "UGA"],
        "recipients": [],
        "place": {"country": "CHE", "name": "Geneva"},
        "date": {"start": "2024-05-14", "end": "2024-05-14"},
        "status": "occurred",
    }
    records = [{"id": str(n), "date": "2024-05-15", "text": text, "gold": [event]} for n in range(12)]
    gold, dates, places = (tmp_path / name for name in ("gold.jsonl", "when.csv", "where.csv"))
    gold.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    console = Console(record=True, width=120)

    files = {"--gold": gold, "--own": tmp_path, "--dates": dates, "--places": places}
    main([str(part) for pair in files.items() for part in pair], console=console)

    lines = console.export_text().splitlines()
    assert lines == [
        "dates of the odd half, learned from the other: 9/9 right, made up 0/0",
        "dates of the even half, learned from the other: 3/3 right, made up 0/0",
        "places of the odd half, learned from the other: 9/9 right, made up 0/0",
        "places of the even half, learned from the other: 3/3 right, made up 0/0",
    ]
    assert read_weights(places)
