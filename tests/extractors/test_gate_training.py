"""The gate is learned from annotated passages: what tells events in them weighs for, what does not against."""

import json
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from extractors.gate import Gate, party_words, read_weights
from extractors.lexicon import load
from extractors.ontology import EventType, Kind, Status
from extractors.training.gate import KEPT, Sample, is_held_out, kept, learn, main, other_lines, samples, threshold
from extractors.training.lessons import Mark, Passage

TELLING = "Chad recalls its envoy from Mali over the border raid"
QUIET = "The bakery sells bread and cakes on the square"


def a_passage(key: str, text: str, evidence: str = "") -> Passage:
    none = frozenset[str]()
    mark = Mark(EventType.SANCTION, Kind.RECALL, none, none, Status.OCCURRED, evidence, False, None)
    return Passage(key, date(2022, 4, 22), text, (mark,) if evidence else (), key)


PASSAGES = [
    *(a_passage(f"t{n}", f"{TELLING}. {QUIET}.", "recalls its envoy") for n in range(20)),
    *(a_passage(f"q{n}", f"{QUIET}.") for n in range(20)),
]
FOUND = [*samples(PASSAGES, party_words(load()))]


def test_a_stretch_tells_the_events_whose_evidence_lies_in_it() -> None:
    telling, quiet = FOUND[:2]

    assert telling.events == {("t0", 0)}
    assert quiet.events == frozenset()


def test_signs_are_plain_words_and_the_parties() -> None:
    telling, quiet = FOUND[:2]

    assert {"recalls", "envoy", "PARTY", "PARTIES"} <= telling.signs
    assert telling.signs.isdisjoint({"Chad", "chad"})
    assert quiet.signs.isdisjoint({"PARTY", "PARTIES"})


def test_learned_weights_open_on_what_tells_and_not_on_the_rest() -> None:
    gate = Gate(learn(FOUND), party_words(load()))

    events, closed = kept(FOUND, gate)
    assert events == 1.0
    assert closed == pytest.approx(360 / 560, abs=0.05)
    assert gate.opens(TELLING)
    assert not gate.opens(QUIET)


def test_the_threshold_lets_the_wanted_share_of_events_pass() -> None:
    found = [Sample(frozenset(), "", frozenset({(str(n), 0)})) for n in range(200)]

    assert threshold(found, range(200)) == int(200 * (1 - KEPT))


def test_an_event_in_two_stretches_is_kept_by_the_better_one() -> None:
    event = frozenset({("p", 0)})

    assert threshold([Sample(frozenset(), "", event)] * 2, [-1.0, 2.0]) == 2.0


def test_lines_of_something_else_are_told_by_their_stratum(tmp_path: Path) -> None:
    path = tmp_path / "detect.jsonl"
    lines = [{"id": one, "date": "2014-01-01", "stratum": one, "text": QUIET} for one in ("ir", "neg")]
    path.write_text("\n".join(map(json.dumps, lines)))

    assert [one.key for one in other_lines(path)] == ["neg"]


def test_training_writes_weights_and_prints_both_halves(tmp_path: Path) -> None:
    event = {"type": "SANCTION", "kind": "recall", "actors": ["TCD"], "recipients": ["MLI"], "status": "occurred"}
    day = "2022-04-22"
    gold = [
        {"id": f"t{n}", "date": day, "text": f"{TELLING}.", "gold": [{**event, "evidence": TELLING}]} for n in range(9)
    ]
    other = [{"id": f"q{n}", "date": day, "stratum": "neg", "text": QUIET} for n in range(9)]
    (tmp_path / "sentences.jsonl").write_text("\n".join(map(json.dumps, gold)))
    (tmp_path / "detect.jsonl").write_text("\n".join(map(json.dumps, other)))

    console = Console(record=True, width=200)
    main(["--gold", str(tmp_path), "--output", str(tmp_path / "gate.csv")], console=console)

    assert read_weights(tmp_path / "gate.csv").keys() >= {"ALWAYS", "PARTY", "PARTIES"}
    assert console.export_text().count("of words closed") == 4


def test_the_held_out_half_is_decided_by_the_id_alone() -> None:
    assert {is_held_out(f"p{n}") for n in range(20)} == {True, False}
