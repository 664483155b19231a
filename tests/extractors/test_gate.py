"""The gate reads raw text: which stretches are worth a token, and that it costs next to nothing to say no."""

import json
from pathlib import Path

import pytest

from extractors.errors import LexiconError
from extractors.gate import LEANING, NAMELESS, Gate, Stretch, bounds, event_gate, party_words, read_weights, words_of
from extractors.lexicon import load
from tests.shared import shared

QUIET = (
    "Heavy rain kept the harbour market closed for a second day. Stallholders hope for sun at the weekend.",
    "The striker scored twice in the final as the home team won the cup. The club now tops the league with nine wins.",
    "Researchers found a new species of beetle in a greenhouse. Its larvae eat tomatoes.",
)
TELLING = (
    "Iran warns Israel against new strikes",
    "The Kenyan president met his Ugandan counterpart in Kampala on Monday.",
    "NORWAY EXPELS RUSSIAN DIPLOMATS",
    "Japan Imposes New Sanctions On North Korea Over Missile Test",
)


@pytest.mark.parametrize("text", QUIET)
def test_what_is_no_diplomacy_is_closed(text: str) -> None:
    assert not event_gate().opens(text)


@pytest.mark.parametrize("text", TELLING)
def test_what_parties_do_to_each_other_is_open(text: str) -> None:
    assert event_gate().opens(text)


def test_only_the_telling_stretch_of_a_text_is_open() -> None:
    text = f"{QUIET[0]}\n{TELLING[1]} {QUIET[1]}"

    opened = [text[one.start : one.end].strip() for one in event_gate().open_stretches(text)]

    assert opened == [TELLING[1]]


def test_a_text_without_words_is_closed() -> None:
    for text in ("", " ", "\n\n", "…", "123"):
        assert not event_gate().opens(text)


# ---------------------------------------------------------------- stretches


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("He left. She came.", ["He left. ", "She came."]),
        ("A headline\nA text", ["A headline\n", "A text"]),
        ("“We go.” They went!", ["“We go.” ", "They went!"]),
        ("It cost 3.5 million", ["It cost 3.5 million"]),
    ],
)
def test_sentences_are_cut_roughly(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in bounds(text)] == parts


def test_stretches_leave_no_gap() -> None:
    text = "One. Two?\n\nThree, he said.  Four"
    cut = list(bounds(text))

    assert cut[0][0] == 0
    assert cut[-1][1] == len(text)
    assert [start for start, _ in cut[1:]] == [end for _, end in cut[:-1]]


def test_offsets_are_those_of_the_text_whatever_its_letters() -> None:
    text = "İstanbul waits. Straße — “a visit” follows."

    (one,) = Gate.of_words({"visit"}).open_stretches(text)

    assert one == Stretch(16, len(text))


def test_hyphens_and_apostrophes_part_words() -> None:
    assert words_of("US-led talks, Iran’s reply.") == ["US", "led", "talks", "Iran", "s", "reply"]


# ---------------------------------------------------------------- weights


def test_a_set_of_words_is_a_gate_that_each_of_them_opens() -> None:
    gate = Gate.of_words({"visit", "talks"})

    assert gate.opens("A visit to nobody.")
    assert gate.opens("Long Peace Talks Ahead")
    assert not gate.opens("He visits nobody.")


def test_weights_add_up_and_count_once() -> None:
    gate = Gate({"ALWAYS": -2.0, "rain": 1.0, "sun": 0.5})

    assert gate.weight(["the", "rain", "rain"]) == -1.0
    assert gate.weight(["the", "rain", "and", "sun"]) == -0.5


def test_parties_have_weights_for_one_and_for_several() -> None:
    gate = Gate({"ALWAYS": -3.0, "PARTY": 2.0, "PARTIES": 1.5}, frozenset({"Chad", "Mali"}))

    assert gate.weight("In Chad it rained".split()) == -1.0
    assert gate.weight("From Chad to Mali it rained".split()) == 0.5
    assert gate.weight("MALI MEETS CHAD".split()) == 0.5


def test_parties_are_written_large() -> None:
    words = party_words(load())

    assert {"Kenya", "UN", "Korea", "Russian"} <= words
    assert all(word[0].isupper() for word in words)


def test_a_weight_that_is_no_number_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "gate.csv"
    path.write_text("# What: a test.\nword,weight\nvisit,much\n")

    with pytest.raises(LexiconError, match=r"gate\.csv:3: expected a weight such as -0\.25, not 'much'"):
        read_weights(path)


def test_what_follows_an_open_stretch_needs_less() -> None:
    gate = Gate({"ALWAYS": -1.0, "visit": 2.0, "he": 1 - LEANING})

    assert len(list(gate.open_stretches("A visit came. In it he spoke."))) == 2
    assert len(list(gate.open_stretches("In it he spoke."))) == 0


def test_a_text_that_has_named_nobody_needs_more() -> None:
    gate = Gate({"ALWAYS": 0.0, "talks": NAMELESS - 0.1}, frozenset({"Chad"}), frozenset({"Guterres"}))

    assert not gate.opens("There were talks.")
    assert gate.opens("It was hot in Chad. There were talks.")
    assert gate.opens("Guterres waits. There were talks.")


# ---------------------------------------------------------------- on the shared data


@pytest.mark.shared
def test_the_gate_keeps_international_lines_and_closes_many_others() -> None:
    lines = [json.loads(line) for line in shared("gold", "detect.jsonl").read_text("utf-8").splitlines()]
    opened = {
        stratum: [event_gate().opens(one["text"]) for one in lines if one["stratum"] == stratum]
        for stratum in ("ir", "neg")
    }

    assert sum(opened["ir"]) / len(opened["ir"]) >= 0.97
    assert sum(opened["neg"]) / len(opened["neg"]) <= 0.6


@pytest.mark.shared
@pytest.mark.parametrize(("file", "share"), [("sentences", 0.97), ("articles", 0.9)])
def test_the_gate_keeps_what_annotators_found(file: str, share: float) -> None:
    passages = [json.loads(line) for line in shared("gold", f"{file}.jsonl").read_text("utf-8").splitlines()]
    kept = [is_kept(one["text"], event["evidence"]) for one in passages for event in one["gold"]]

    assert sum(kept) / len(kept) >= share


def is_kept(text: str, evidence: str) -> bool:
    start = text.index(evidence)
    return any(one.start < start + len(evidence) and start < one.end for one in event_gate().open_stretches(text))
