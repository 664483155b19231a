"""Gold data are checked while reading: a fault names file, line, field and what was expected."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from extractors.ontology import EventType, Kind
from extractors.types import DateRange
from monitor.errors import GoldError
from monitor.evaluation.figures import Half, fold_of
from monitor.evaluation.gold import Gold, digest, missing, read_coded, read_detect, read_seed, read_sentences
from tests.monitor.evaluation.small import EVENT, PASSAGE, gold_folder


def test_a_passage_is_read_with_its_events(tmp_path: Path) -> None:
    (passage,) = read_sentences(gold_folder(tmp_path, sentences=[PASSAGE]))
    (event,) = passage.events

    assert (passage.id, passage.set, passage.published_on) == ("p1", "lines", date(2022, 4, 22))
    assert (event.type, event.kind, event.actors, event.recipients) == (
        EventType.CONSULT,
        Kind.VISIT,
        frozenset({"UN"}),
        frozenset({"RUS"}),
    )
    assert (event.country, event.date) == ("RUS", DateRange(date(2022, 4, 26), date(2022, 4, 26)))


def test_a_second_value_is_accepted(tmp_path: Path) -> None:
    with_other = {**PASSAGE, "gold": [{**EVENT, "alt": {"kind": "meeting"}}]}
    (passage,) = read_sentences(gold_folder(tmp_path, sentences=[with_other]))
    (event,) = passage.events

    assert event.accepts("kind", "visit")
    assert event.accepts("kind", "meeting")
    assert not event.accepts("kind", "call")
    assert not event.accepts("type", "AGREE")


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"date": "yesterday"}, "date: expected a day as YYYY-MM-DD, not 'yesterday'"),
    ({"text": None}, "text: expected text, not None"),
    ({"gold": None}, "gold: expected a list of objects, not None"),
    ({"gold": [{**EVENT, "type": "GREET"}]}, "gold[0]: type: expected one of CONSULT"),
    ({"gold": [{**EVENT, "actors": [7]}]}, "gold[0]: actors: expected a list of codes, not [7]"),
    ({"gold": [{**EVENT, "place": "Moscow"}]}, "gold[0]: place: expected an object, not 'Moscow'"),
    ({"gold": [{**EVENT, "date": {"start": "2022-04-26"}}]}, "gold[0]: end: expected a day"),
]


@pytest.mark.parametrize(("changes", "said"), FAULTS)
def test_a_fault_names_file_line_and_field(changes: dict[str, Any], said: str, tmp_path: Path) -> None:
    data = gold_folder(tmp_path, sentences=[PASSAGE, {**PASSAGE, **changes}])

    with pytest.raises(GoldError) as caught:
        read_sentences(data)

    assert "sentences.jsonl:2" in str(caught.value)
    assert said in str(caught.value)


def test_a_line_that_is_no_json_is_named(tmp_path: Path) -> None:
    data = gold_folder(tmp_path, sentences=[PASSAGE])
    path = data / "gold" / "sentences.jsonl"
    path.write_text(path.read_text() + "\n{")

    with pytest.raises(GoldError, match=r"sentences\.jsonl:3: not JSON"):
        read_sentences(data)


def test_lines_to_detect_are_international_or_not(tmp_path: Path) -> None:
    line = {"id": "d", "date": "2014-01-01", "text": "A cup was won."}
    data = gold_folder(tmp_path, detect=[{**line, "stratum": "ir"}, {**line, "stratum": "neg"}])

    assert [one.international for one in read_detect(data)] == [True, False]


def test_a_coded_record_may_have_no_day(tmp_path: Path) -> None:
    record: dict[str, Any] = {"id": "c", "date": None, "text": "Norway helps.", "expect": "none", "gold": []}

    (read,) = read_coded(gold_folder(tmp_path, coded=[record]))

    assert read.published_on is None


def test_background_of_the_seed_has_to_be_told(tmp_path: Path) -> None:
    (tmp_path / "seed").mkdir()
    (tmp_path / "seed" / "article.txt").write_text("A text.")
    events = {"published": "2022-04-22", "events": [{**EVENT, "background": True}]}
    (tmp_path / "seed" / "events.json").write_text(json.dumps(events))

    (passage,) = read_seed(tmp_path)

    assert [event.background for event in passage.events] == [False]


def test_the_digest_follows_the_data(tmp_path: Path) -> None:
    before = digest(gold_folder(tmp_path, sentences=[PASSAGE]), Gold.SENTENCES)
    after = digest(gold_folder(tmp_path, sentences=[PASSAGE, PASSAGE]), Gold.SENTENCES)

    assert before != after


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    data = gold_folder(tmp_path, sentences=[PASSAGE])

    assert missing(data, Gold.SENTENCES) == ()
    assert missing(data, Gold.SEED) == ("seed/events.json", "seed/article.txt")


@pytest.mark.parametrize("key", ["p1", "p2", "p3", "another"])
def test_each_record_is_in_one_half(key: str) -> None:
    assert Half.ALL.holds(key)
    assert Half.ODD.holds(key) == (fold_of(key, 2) == 1)
    assert Half.EVEN.holds(key) != Half.ODD.holds(key)
