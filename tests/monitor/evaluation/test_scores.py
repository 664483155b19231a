"""What counts as told, by rule; the totals are held to the shared scorers in another file."""

from datetime import date
from typing import Any

import pytest

from extractors.ontology import EventType, Kind, Status
from extractors.types import Actor, DateRange, EventMention, Place
from monitor.evaluation.gold import GoldEvent, Passage
from monitor.evaluation.scores import MentionScores, Pair, calibration_error, compare, pairing, reliability, score
from tests.builders import a_mention

RUS, UKR, UN = (Actor(code, code) for code in ("RUS", "UKR", "UN"))


def a_gold_event(kind: Kind = Kind.VISIT, **changes: Any) -> GoldEvent:
    """Return the planned visit of the builders' world as gold."""
    values: dict[str, Any] = {
        "type": EventType.CONSULT,
        "actors": frozenset({"UN"}),
        "recipients": frozenset({"RUS"}),
        "country": "RUS",
        "date": DateRange(date(2022, 4, 26), date(2022, 4, 26)),
        "status": Status.PLANNED,
        "evidence": "",
        "background": False,
        "also": {},
    }
    return GoldEvent(kind=kind, **values | changes)


def a_passage(*events: GoldEvent, key: str = "1") -> Passage:
    return Passage(key, "lines", date(2022, 4, 22), "", events)


def scored(passage: Passage, *mentions: EventMention) -> MentionScores:
    return score([compare(passage, mentions)])


def test_a_mention_that_is_right_in_everything_is_right_at_every_level() -> None:
    scores = scored(a_passage(a_gold_event()), a_mention())

    assert {name: counts.f1 for name, counts in scores.levels.items()} == dict.fromkeys(scores.levels, 1.0)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"status": Status.OCCURRED}, {"full"}),
        ({"date": None}, {"full"}),
        ({"place": Place("UKR", "Kyiv")}, {"full"}),
        ({"recipients": (RUS, UKR)}, {"who", "full"}),
        ({"actors": (RUS,), "recipients": (UN,)}, {"who", "full"}),
        ({"actors": (UKR,)}, {"who", "who~", "full"}),
        ({"type": EventType.AGREE}, {"type", "who", "who~", "full"}),
    ],
    ids=lambda value: "+".join(sorted(value)),  # the order of a set differs from one test process to the next
)
def test_each_level_asks_for_more(changes: dict[str, Any], wrong: set[str]) -> None:
    scores = scored(a_passage(a_gold_event()), a_mention(**changes))

    assert {name for name, counts in scores.levels.items() if counts.right == 0} == wrong


def test_parties_of_a_symmetric_kind_are_one_set() -> None:
    gold = a_gold_event(Kind.MEETING, actors=frozenset({"UN", "RUS"}), recipients=frozenset())

    assert Pair(gold, a_mention(Kind.MEETING, actors=(UN,), recipients=(RUS,))).who


def test_a_background_event_is_neither_required_nor_wrong() -> None:
    passage = a_passage(a_gold_event(background=True))

    for mentions in ((), (a_mention(),)):
        levels = scored(passage, *mentions).levels
        assert [(one.told, one.gold) for one in levels.values()] == [(0, 0)] * len(levels)


def test_an_event_where_there_is_none_is_a_false_alarm() -> None:
    scores = score([compare(a_passage(key=str(n)), (a_mention(),) * (n == 0)) for n in range(4)])

    assert (scores.false_alarms.right, scores.false_alarms.of) == (1, 4)
    assert scores.levels["detected"].told == 1


def test_the_accepted_type_is_right_under_the_golds_name() -> None:
    scores = scored(a_passage(a_gold_event(also={"type": "AGREE"})), a_mention(type=EventType.AGREE))

    assert {name: counts.right for name, counts in scores.types.items()} == {"CONSULT": 1}


def test_another_kind_is_missed_under_one_name_and_wrong_under_the_other() -> None:
    kinds = scored(a_passage(a_gold_event()), a_mention(Kind.CALL)).kinds

    assert (kinds["visit"].gold, kinds["visit"].told, kinds["visit"].right) == (1, 0, 0)
    assert (kinds["call"].gold, kinds["call"].told, kinds["call"].right) == (0, 1, 0)


# ---------------------------------------------------------------- pairing


def test_pairs_have_the_greatest_sum_even_where_the_greatest_pair_is_given_up() -> None:
    assert pairing([[1.0, 0.9], [0.9, 0.0]], 2) == ((0, 1), (1, 0))


def test_more_rows_than_columns_leave_rows_alone() -> None:
    assert pairing([[0.2], [0.7], [0.0]], 1) == ((1, 0),)


def test_what_agrees_in_nothing_is_no_pair() -> None:
    assert pairing([[0.0, 0.0]], 2) == ()


def test_many_events_are_paired_best_first() -> None:
    weights = [[1.0 if row == column else 0.0 for column in range(10)] for row in range(10)]

    assert sorted(pairing(weights, 10)) == [(n, n) for n in range(10)]


# ---------------------------------------------------------------- confidence


def test_confidences_are_told_by_tenths_with_the_share_that_is_right() -> None:
    passage = a_passage(a_gold_event())
    mentions = (a_mention(confidence=0.95), a_mention(Kind.CALL, confidence=0.91), a_mention(confidence=0.42))

    low, high = reliability([compare(passage, mentions)])

    assert (low.low, low.right.right, low.right.of) == (0.4, 0, 1)
    assert (high.low, high.right.right, high.right.of) == (0.9, 1, 2)


def test_confidence_of_one_is_in_the_last_bin() -> None:
    (only,) = reliability([compare(a_passage(a_gold_event()), (a_mention(confidence=1.0),))])

    assert (only.low, only.high) == (0.9, 1.0)


def test_the_calibration_error_weighs_each_distance_by_its_mentions() -> None:
    bins = reliability(
        [
            compare(a_passage(a_gold_event()), (a_mention(confidence=0.75),)),
            compare(a_passage(), (a_mention(confidence=0.25),) * 3),
        ]
    )

    assert calibration_error(bins) == pytest.approx(0.25)


def test_nothing_told_has_no_calibration_error() -> None:
    assert calibration_error(()) is None
