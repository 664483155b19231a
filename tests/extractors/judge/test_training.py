"""Training: a judge learns from lessons, is written and read again, and says the same afterwards."""

from datetime import date
from pathlib import Path

import pytest

from extractors import Article
from extractors.chain import Chain, ChainSettings, build_chain
from extractors.errors import ChainError, TrainingDataError
from extractors.judge import Judge, load_judge
from extractors.judge.model import save_judge
from extractors.ontology import EventType
from extractors.training import lessons as reading
from extractors.training.judge import train
from extractors.training.learn import LABELS

DAY = date(2024, 5, 15)
UNSEEN = "Peru condemned the arrest of its fishermen by Chile."


@pytest.fixture(scope="module")
def judge(chain: Chain) -> Judge:
    """Return a judge that has learned from the examples of the frames alone."""
    return train(list(reading.lessons_of(reading.read_frame_examples(), chain)))


@pytest.fixture(scope="module")
def student() -> Chain:
    return build_chain(ChainSettings(gate=False))


@pytest.mark.slow
def test_what_was_learned_holds_for_other_names(judge: Judge, student: Chain) -> None:
    student.judged_by(judge)
    (mention,) = student.tag(Article("a", UNSEEN, DAY))
    assert (mention.type, [actor.code for actor in mention.actors]) == (EventType.ACCUSE, ["PER"])
    assert 0 < mention.confidence < 1


@pytest.mark.slow
def test_written_judge_says_what_it_said_before(judge: Judge, student: Chain, tmp_path: Path) -> None:
    save_judge(judge, tmp_path / "judge.npz")
    told = []
    for one in (judge, load_judge(tmp_path / "judge.npz")):
        student.judged_by(one)
        told.append(
            [(m.type, m.kind, m.actors, m.recipients, m.status) for m in student.tag(Article("a", UNSEEN, DAY))]
        )
    assert told[0] == told[1]


def test_missing_judge_is_an_error_that_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ChainError, match="make model"):
        load_judge(tmp_path / "judge.npz")


def test_own_passages_and_labels_can_all_be_read() -> None:
    passages = reading.read_own()
    assert len(passages) > 500
    assert len({passage.text for passage in passages}) > 0.99 * len(passages)
    assert [list(reading.read_labels(path, {})) for path in LABELS.glob("*.tsv")]


def test_event_that_is_not_written_as_one_is_named_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "some.tsv").write_text("# head\nline\t2024-01-01\tTogo waits.\tCONSULT:wait:TGO>:occurred\n")
    with pytest.raises(TrainingDataError, match=r"some\.tsv:2"):
        reading.read_own(tmp_path)


def test_kind_of_another_type_is_refused(tmp_path: Path) -> None:
    (tmp_path / "some.tsv").write_text("line\t2024-01-01\tTogo waits.\tAGREE:visit:TGO>:occurred\n")
    with pytest.raises(TrainingDataError, match="visit is a kind of CONSULT"):
        reading.read_own(tmp_path)


def test_gold_line_that_is_none_is_named_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text('{"id": "a", "date": "2024-01-01", "text": "x", "gold": []}\n{"id": "b"}\n')
    with pytest.raises(TrainingDataError, match=r"gold\.jsonl:2"):
        reading.read_gold(tmp_path / "gold.jsonl")


def test_second_type_of_an_event_is_read_behind_place_and_days() -> None:
    (mark,) = reading.marks_of("MOBILIZE:exercise:PRK>:occurred@PRK=2024-05-13/2024-05-14^ASSAULT")
    assert (mark.kind, mark.other_type) == ("exercise", EventType.ASSAULT)
