"""What people say of events wins over what is read."""

import pytest

from extractors.ontology import Status
from extractors.types import Place
from storage.dedup.lifecycle import decide
from storage.errors import Conflict, NotFound
from storage.store import Store
from storage.types import Correction, Decision, Repetition
from tests.builders import NOW, a_mention, a_report, days, later
from tests.storage.filling import read_items, settle


def decided(store: Store, status: Status = Status.POSTPONED) -> Decision:
    mention = a_mention(status=status)
    with store.begin() as tx:
        return decide(a_report(mention), tx.candidate_events(mention, later(1)), later(1))


def test_a_report_of_what_a_person_called_no_event_is_silent(store: Store) -> None:
    (item,) = read_items(store, "a")
    settle(store, item)
    store.correct_event(1, Correction.WRONG, NOW, note="a film")

    decision = decided(store)
    assert isinstance(decision, Repetition)
    assert decision.reason == "event 1: a person said that it is no event"


def test_a_report_of_a_merged_event_is_one_of_that_which_stays(store: Store) -> None:
    first, second = read_items(store, "a", "b")
    settle(store, first, a_mention(place=Place("UKR", "Kyiv")))
    settle(store, second)
    store.correct_event(2, Correction.SAME, NOW, other_id=1)

    decision = decided(store)
    assert not hasattr(decision, "silent")
    assert decision.event.id == 1
    assert "a person said that event 2 is event 1" in decision.reason


def test_events_cannot_be_each_other(store: Store) -> None:
    first, second = read_items(store, "a", "b")
    settle(store, first)
    settle(store, second)
    store.correct_event(2, Correction.SAME, NOW, other_id=1)

    with pytest.raises(Conflict, match="itself said to be another"):
        store.correct_event(1, Correction.SAME, NOW, other_id=2)


def test_a_mention_split_off_is_an_event_of_its_own(store: Store) -> None:
    first, second = read_items(store, "a", "b")
    told = settle(store, first).event
    settle(store, second, a_mention(status=Status.OCCURRED), Repetition(told, "the same"))

    own = store.split_event(told.id, second.id, NOW)
    rows = store.table("m", "SELECT item_id, event_id FROM v_mentions ORDER BY item_id").rows
    assert rows == ((first.id, told.id), (second.id, own.id))
    assert (own.status, store.check()) == (Status.OCCURRED, ())


def test_the_only_mention_of_an_event_is_not_split_off(store: Store) -> None:
    (item,) = read_items(store, "a")
    settle(store, item)

    with pytest.raises(Conflict, match="the only one"):
        store.split_event(1, item.id, NOW)
    with pytest.raises(NotFound):
        store.split_event(1, 99, NOW)


def test_who_says_what_of_an_event_is_told(store: Store) -> None:
    first, second = (read_items(store, name, publisher=name)[0] for name in ("wire", "post"))
    told = settle(store, first).event
    settle(store, second, a_mention(date=None), Repetition(told, "the same"))

    accounts = {
        one.field: [(value.value, value.publishers) for value in one.accounts] for one in store.accounts(told.id)
    }
    assert accounts["date"] == [("2022-04-26", ("wire",))]
    assert accounts["status"] == [("planned", ("post", "wire"))]


def test_an_item_that_tells_of_both_merged_events_tells_of_one(store: Store) -> None:
    (item,) = read_items(store, "a")
    settle(store, item)
    settle(store, item, a_mention(status=Status.POSTPONED, place=None))
    store.correct_event(2, Correction.SAME, NOW, other_id=1)

    rows = store.table("m", "SELECT item_id, event_id FROM v_mentions").rows
    assert (rows, store.event(1).publishers, store.check()) == (((item.id, 1),), 1, ())


def test_a_report_like_what_was_split_off_is_of_that(store: Store) -> None:
    first, second = read_items(store, "a", "b")
    told = settle(store, first, a_mention(date=None)).event
    split_off = a_mention(place=None, status=Status.PLANNED, date=days("2022-04-28"))
    settle(store, second, split_off, Repetition(told, "the same"))
    own = store.split_event(told.id, second.id, NOW)

    with store.begin() as tx:
        decision = decide(a_report(split_off), tx.candidate_events(split_off, later(1)), later(1))
    assert isinstance(decision, Repetition)
    assert decision.event.id == own.id
    assert "a person said that it is another than event 1" in decision.reason
