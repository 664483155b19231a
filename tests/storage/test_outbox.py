"""The outbox: a message is queued once, sent in order, tried again, or given up."""

import pytest

from storage.errors import NotFound
from storage.store import Store
from storage.types import Attempt, DeliveryState, Repetition
from tests.builders import NOW, a_new_delivery, later
from tests.storage.filling import LEASE, enqueue, read_items, settle


@pytest.fixture
def told(store: Store) -> tuple[int, int]:
    """Two events (1 and 2) with one development each."""
    items = read_items(store, "a", "b")
    first, second = (settle(store, item).developments[0].id for item in items)
    return first, second


def _due(store: Store, at: float = 0) -> list[int]:
    return [delivery.id for delivery in store.due_deliveries(later(at), 10, LEASE, channel="desk")]


def test_queued_message_is_due_at_once_and_complete(store: Store, told: tuple[int, int]) -> None:
    new = a_new_delivery(*told)
    assert enqueue(store, new) == 1

    (delivery,) = store.due_deliveries(NOW, 10, LEASE, channel="desk")
    assert (delivery.key, delivery.rule, delivery.channel) == (new.key, new.rule, new.channel)
    assert (delivery.title, delivery.body, delivery.development_ids) == (new.title, new.body, told)
    assert (delivery.attempts, delivery.state, delivery.created_at) == (0, DeliveryState.PENDING, NOW)


def test_message_with_a_key_that_is_there_is_left_alone(store: Store, told: tuple[int, int]) -> None:
    enqueue(store, a_new_delivery(told[0], key="k", title="first"))

    assert enqueue(store, a_new_delivery(told[1], key="k", title="second")) == 0
    assert [delivery.title for delivery in store.deliveries()] == ["first"]


def test_no_rule_tells_a_channel_a_development_twice(store: Store, told: tuple[int, int]) -> None:
    enqueue(store, a_new_delivery(told[0]))

    assert enqueue(store, a_new_delivery(told[0], key="other")) == 0
    assert enqueue(store, a_new_delivery(*told, key="both")) == 1
    assert store.deliveries()[0].development_ids == (told[1],)


def test_other_rules_and_channels_are_told_too(store: Store, told: tuple[int, int]) -> None:
    enqueue(store, a_new_delivery(told[0]))

    assert (
        enqueue(store, a_new_delivery(told[0], key="b", rule="talks"), a_new_delivery(told[0], key="c", channel="x"))
        == 2
    )


def test_what_was_told_is_known_by_rule_channel_and_development(store: Store) -> None:
    first, second = read_items(store, "a", "b")
    settled = settle(store, first)
    (development,) = settled.developments
    enqueue(store, a_new_delivery(development.id))
    other = settle(store, second).developments

    with store.begin() as tx:
        assert tx.delivered((development, *other)) == {("visits", "desk", development.id)}
        assert tx.delivered(()) == frozenset()


def test_claimed_message_is_given_out_again_only_after_its_lease(store: Store, told: tuple[int, int]) -> None:
    enqueue(store, a_new_delivery(told[0]))

    assert len(_due(store)) == 1
    assert _due(store) == []
    assert len(store.due_deliveries(NOW + LEASE, 10, LEASE, channel="desk")) == 1


def test_oldest_message_comes_first(store: Store, told: tuple[int, int]) -> None:
    first = a_new_delivery(told[0], key="a")
    second = a_new_delivery(told[1], key="b", event_id=2)
    enqueue(store, first, second)

    assert [delivery.key for delivery in store.due_deliveries(NOW, 10, LEASE, channel="desk")] == ["a", "b"]


def test_messages_about_one_event_to_one_channel_go_out_one_by_one_in_order(
    store: Store, told: tuple[int, int]
) -> None:
    enqueue(store, a_new_delivery(told[0], key="a"), a_new_delivery(told[1], key="b"))
    (first,) = _due(store)

    assert _due(store) == []
    store.record_delivery(Attempt(first, NOW))
    assert [delivery.key for delivery in store.due_deliveries(NOW, 10, LEASE, channel="desk")] == ["b"]


def test_message_waits_while_an_older_one_about_its_event_is_tried_again(store: Store, told: tuple[int, int]) -> None:
    enqueue(store, a_new_delivery(told[0], key="a"), a_new_delivery(told[1], key="b"))
    (first,) = _due(store)
    store.record_delivery(Attempt(first, NOW, "busy", retry_at=later(1)))

    assert _due(store, 0.9) == []
    assert _due(store, 1) == [first]


def test_given_up_message_no_longer_holds_up_the_next(store: Store, told: tuple[int, int]) -> None:
    enqueue(store, a_new_delivery(told[0], key="a"), a_new_delivery(told[1], key="b"))
    (first,) = _due(store)

    assert store.record_delivery(Attempt(first, NOW, "no such address")) is DeliveryState.DEAD
    assert len(_due(store)) == 1


def test_same_event_goes_to_two_channels_side_by_side(store: Store, told: tuple[int, int]) -> None:
    enqueue(store, a_new_delivery(told[0], key="a"), a_new_delivery(told[0], key="b", channel="other"))

    assert store.due_channels(NOW) == {"desk", "other"}
    assert [len(store.due_deliveries(NOW, 10, LEASE, channel=name)) for name in ("desk", "other")] == [1, 1]


def test_sent_message_is_counted_and_never_due_again(store: Store, told: tuple[int, int]) -> None:
    enqueue(store, a_new_delivery(told[0]))
    (sent,) = _due(store)

    assert store.record_delivery(Attempt(sent, later(1))) is DeliveryState.SENT
    assert _due(store, 99) == []
    assert store.delivery_counts() == {DeliveryState.PENDING: 0, DeliveryState.SENT: 1, DeliveryState.DEAD: 0}
    alert = store.table("alert", "SELECT state, attempts, sent_at FROM v_alerts")
    assert alert.rows == (("sent", 1, "2022-04-22T10:00:00Z"),)


def test_failed_try_keeps_its_reason(store: Store, told: tuple[int, int]) -> None:
    enqueue(store, a_new_delivery(told[0]))
    (tried,) = _due(store)

    assert store.record_delivery(Attempt(tried, NOW, "busy", retry_at=later(1))) is DeliveryState.PENDING
    (delivery,) = store.deliveries(state=DeliveryState.PENDING)
    assert (delivery.attempts, delivery.last_error, delivery.next_attempt_at) == (1, "busy", later(1))


def test_given_up_message_can_be_sent_after_all(store: Store, told: tuple[int, int]) -> None:
    enqueue(store, a_new_delivery(told[0]))
    (dead,) = _due(store)
    store.record_delivery(Attempt(dead, NOW, "no such address"))

    assert store.retry_delivery(dead, later(1)).state is DeliveryState.PENDING
    assert _due(store, 1) == [dead]


def test_sent_message_is_not_sent_again(store: Store, told: tuple[int, int]) -> None:
    enqueue(store, a_new_delivery(told[0]))
    (sent,) = _due(store)
    store.record_delivery(Attempt(sent, NOW))

    assert store.retry_delivery(sent, later(1)).state is DeliveryState.SENT
    assert _due(store, 1) == []


def test_newest_messages_are_listed_first(store: Store, told: tuple[int, int]) -> None:
    enqueue(store, a_new_delivery(told[0], key="a"), a_new_delivery(told[1], key="b"))

    assert [delivery.key for delivery in store.deliveries()] == ["b", "a"]
    assert [delivery.key for delivery in store.deliveries(limit=1)] == ["b"]


def test_unknown_message_is_named_in_the_error(store: Store) -> None:
    with pytest.raises(NotFound, match="no delivery 7"):
        store.record_delivery(Attempt(7, NOW))
    with pytest.raises(NotFound, match="no delivery 7"):
        store.retry_delivery(7, NOW)


def test_confirmed_development_waits_in_earlier_though_it_was_told_already(store: Store) -> None:
    (first,) = read_items(store, "a")
    (second,) = read_items(store, "b", publisher="other.example")
    settled = settle(store, first)
    enqueue(store, a_new_delivery(settled.developments[0].id))

    confirmed = settle(store, second, None, Repetition(settled.event, "the same"))
    with store.begin() as tx:
        assert len(tx.delivered(confirmed.earlier)) == 1


# ---------------------------------------------------------------- channels


def test_a_paused_channel_is_given_nothing_until_its_time(store: Store, told: tuple[int, int]) -> None:
    enqueue(store, a_new_delivery(told[0], key="a"))
    (first,) = _due(store)
    store.record_delivery(Attempt(first, NOW, "busy", retry_at=later(0.1), pause_until=later(1)))

    assert store.due_channels(later(0.5)) == frozenset()
    assert _due(store, 0.5) == []
    assert _due(store, 1) == [first]


def test_after_a_failure_messages_go_out_one_by_one_and_then_more(store: Store) -> None:
    news = [settle(store, item).developments[0] for item in read_items(store, *"abcd")]
    enqueue(store, *(a_new_delivery(one.id, event_id=one.event_id, key=f"{one.id}") for one in news))
    (first,) = (one.id for one in store.due_deliveries(NOW, 1, LEASE, channel="desk"))
    store.record_delivery(Attempt(first, NOW, "busy", retry_at=later(5)))

    (second,) = _due(store, 1)
    store.record_delivery(Attempt(second, later(1)))
    assert len(_due(store, 1)) == 2
    (state,) = store.channel_states()
    assert (state.name, state.failures, state.last_success_at) == ("desk", 0, later(1))


def test_all_that_was_given_up_is_sent_after_all(store: Store, told: tuple[int, int]) -> None:
    enqueue(store, a_new_delivery(told[0], key="a"), a_new_delivery(told[1], key="b", rule="talks", event_id=2))
    for delivery in _due(store):
        store.record_delivery(Attempt(delivery, NOW, "no such address"))

    assert store.retry_dead(later(1), rule="talks") == 1
    assert store.retry_dead(later(1), channel="other") == 0
    assert store.retry_dead(later(1)) == 1
    assert [one.retried_at for one in store.deliveries()] == [later(1)] * 2
