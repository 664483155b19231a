"""Hubs that push: what feeds name, what is asked and confirmed, whom polls leave alone, and what waits to be read."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from storage.store import Store
from storage.subscriptions import MOST_WAITING, Received
from storage.types import FeedState, Hub, PollOutcome, Subscription, SubscriptionState
from tests.builders import INTERVAL, NOW, a_new_item, a_polled_feed, later
from tests.storage.filling import HUB, LEASE, add_feed, subscribe

OTHER = Hub("https://other.example/", HUB.topic)
CALLBACK = "https://monitor.example/websub/"
DAY, REST = timedelta(days=1), timedelta(hours=3)


def named(store: Store, hub: Hub | None = HUB) -> None:
    """Let a poll of feed 1 find that it names this hub."""
    store.record_poll(a_polled_feed(hub=hub), NOW)


def the_one(store: Store) -> Subscription:
    (one,) = store.subscriptions()
    return one


def asked(store: Store, hours: float = 0) -> tuple[Subscription, ...]:
    return store.due_subscriptions(later(hours), 10, LEASE, CALLBACK)


def subscribed(store: Store) -> Subscription:
    """Return the subscription of feed 1 after its hub verified it at `NOW`, for a day."""
    add_feed(store)
    return subscribe(store)


def next_poll(store: Store, hours: float, *guids: str, **changes: Any) -> float:
    """Poll feed 1 and return after how many hours it is due again."""
    at = later(hours)
    store.record_poll(a_polled_feed(*map(a_new_item, guids), polled_at=at, hub=HUB, **changes), at)
    return (store.feed(1).next_poll_at - at).total_seconds() / 3600


USUAL = INTERVAL.total_seconds() / 3600


def test_a_hub_that_a_feed_names_is_asked_under_an_address_of_its_own(store: Store) -> None:
    add_feed(store)
    named(store)

    (one,) = asked(store)

    assert (one.hub, one.state, one.callback_url) == (HUB, SubscriptionState.ASKED, CALLBACK + one.token)
    assert len(one.token) > 40
    assert one.secret not in (one.token, "")
    assert asked(store) == ()


def test_what_was_claimed_and_not_recorded_is_due_again_after_its_lease(store: Store) -> None:
    add_feed(store)
    named(store)
    asked(store)

    assert len(asked(store, hours=0.1)) == 1


def test_polls_that_bring_no_document_say_nothing_about_the_hub(store: Store) -> None:
    subscribed(store)

    store.record_poll(a_polled_feed(outcome=PollOutcome.NOT_MODIFIED), NOW)
    store.record_poll(a_polled_feed(outcome=PollOutcome.FAILED), NOW)

    assert the_one(store).state is SubscriptionState.ACTIVE


def test_a_subscription_that_nobody_asked_for_is_not_confirmed(store: Store) -> None:
    add_feed(store)
    named(store)
    one = the_one(store)

    assert not store.confirm_subscription(one.token, HUB.topic, DAY, REST, NOW)
    asked(store)
    assert not store.confirm_subscription(one.token, "https://elsewhere.example/", DAY, REST, NOW)
    assert not store.confirm_subscription("guessed", HUB.topic, DAY, REST, NOW)
    assert not store.confirm_unsubscription(one.token, HUB.topic, NOW)


def test_polls_are_rare_while_a_hub_pushes(store: Store) -> None:
    subscribed(store)

    assert next_poll(store, 0) == 3
    assert next_poll(store, 1, outcome=PollOutcome.NOT_MODIFIED) == 3


def test_polls_are_rare_no_longer_than_the_lease(store: Store) -> None:
    subscribed(store)

    assert next_poll(store, 23) == 1
    assert next_poll(store, 25) == USUAL


def test_a_hub_that_does_not_push_what_polls_find_is_not_trusted(store: Store) -> None:
    subscribed(store)

    assert next_poll(store, 1, "a") == 3
    assert next_poll(store, 4, "b") == USUAL


def test_a_push_that_brings_news_restores_trust(store: Store) -> None:
    one = subscribed(store)
    next_poll(store, 1, "a")
    next_poll(store, 4, "b")

    store.receive_push(one.token, "", b"<rss/>", later(5))
    (push,) = store.due_pushes(later(5), 10, LEASE)
    store.record_push(push, a_polled_feed(a_new_item("c")), later(5))

    assert next_poll(store, 6) == 3


def test_a_hub_that_fails_makes_its_feed_due_and_is_asked_again_later(store: Store) -> None:
    one = subscribed(store)
    next_poll(store, 1)

    store.record_asked(one, later(2), later(3), "the hub answers 500")

    assert store.feed(1).next_poll_at == later(2)
    assert (the_one(store).failures, the_one(store).last_error) == (1, "the hub answers 500")
    assert next_poll(store, 2) == USUAL
    assert asked(store, hours=2.5) == ()
    assert len(asked(store, hours=3)) == 1


def test_a_lease_is_renewed_before_it_is_over(store: Store) -> None:
    subscribed(store)

    assert asked(store, hours=17) == ()
    (one,) = asked(store, hours=19)
    assert one.state is SubscriptionState.ACTIVE
    store.record_asked(one, later(19), later(20))
    assert store.confirm_subscription(one.token, HUB.topic, DAY, REST, later(19))
    assert (the_one(store).active_until, the_one(store).failures) == (later(43), 0)


def test_what_a_hub_verified_before_it_answered_stands(store: Store) -> None:
    add_feed(store)
    named(store)
    (one,) = asked(store)

    store.confirm_subscription(one.token, HUB.topic, DAY, REST, NOW)
    store.record_asked(one, NOW, later(1))

    assert (the_one(store).failures, the_one(store).next_try_at) == (0, later(18))


def test_a_lease_that_is_over_is_asked_for_anew(store: Store) -> None:
    subscribed(store)

    assert [one.state for one in asked(store, hours=25)] == [SubscriptionState.ASKED]


def test_a_refusal_makes_the_feed_due_and_the_hub_is_asked_a_day_later(store: Store) -> None:
    one = subscribed(store)
    next_poll(store, 1)

    assert store.refuse_subscription(one.token, HUB.topic, "the hub refuses: full", later(2))

    assert store.feed(1).next_poll_at == later(2)
    assert (the_one(store).state, the_one(store).last_error) == (SubscriptionState.REFUSED, "the hub refuses: full")
    assert asked(store, hours=20) == ()
    assert len(asked(store, hours=26)) == 1


def test_a_hub_that_is_no_longer_named_is_told_and_forgotten_once_it_verifies(store: Store) -> None:
    one = subscribed(store)
    named(store, None)

    (ending,) = asked(store)
    assert ending.state is SubscriptionState.ENDING
    assert not store.confirm_subscription(one.token, HUB.topic, DAY, REST, NOW)
    assert store.confirm_unsubscription(one.token, HUB.topic, NOW)
    assert store.subscriptions() == ()


def test_a_hub_that_does_not_answer_the_goodbye_is_let_go(store: Store) -> None:
    subscribed(store)
    named(store, None)

    for hours in (1, 2):
        (one,) = asked(store, hours)
        store.record_asked(one, later(hours), later(hours), "the hub answers 500")

    assert store.subscriptions() == ()


def test_another_hub_takes_the_place_of_the_first(store: Store) -> None:
    subscribed(store)
    named(store, OTHER)

    assert {one.hub: one.state for one in asked(store)} == {
        HUB: SubscriptionState.ENDING,
        OTHER: SubscriptionState.ASKED,
    }


def test_a_feed_that_is_paused_is_unsubscribed_and_asked_for_again_when_it_is_resumed(store: Store) -> None:
    one = subscribed(store)
    store.set_feed_state(1, FeedState.PAUSED, NOW)

    assert [two.state for two in asked(store)] == [SubscriptionState.ENDING]
    assert store.confirm_unsubscription(one.token, HUB.topic, NOW)
    assert asked(store, hours=1) == ()
    store.set_feed_state(1, FeedState.ACTIVE, later(2))
    assert [two.state for two in asked(store, hours=2)] == [SubscriptionState.ASKED]


def test_under_another_public_address_hubs_are_asked_anew(store: Store) -> None:
    subscribed(store)
    next_poll(store, 1)

    assert store.keep_subscriptions(CALLBACK, later(2)) == 0
    assert store.keep_subscriptions("https://moved.example/websub/", later(2)) == 1
    assert store.feed(1).next_poll_at == later(2)
    assert next_poll(store, 2) == USUAL
    assert [one.state for one in asked(store, hours=2)] == [SubscriptionState.ASKED]


def test_a_push_waits_until_it_is_recorded_and_brings_what_a_poll_would(store: Store) -> None:
    one = subscribed(store)
    before = store.feed(1)

    assert store.receive_push(one.token, "text/xml", b"<rss/>", NOW) is Received.TAKEN
    (push,) = store.due_pushes(NOW, 10, LEASE)
    assert store.due_pushes(NOW, 10, LEASE) == ()
    record = store.record_push(push, a_polled_feed(a_new_item("a"), etag='"pushed"'), later(1))

    assert (push.feed.id, push.content_type, push.body) == (1, "text/xml", b"<rss/>")
    assert record.new == 1
    assert replace(store.feed(1), items=0, last_new_at=None, silent_at=None, rhythm=None) == replace(
        before, last_new_at=None, silent_at=None, rhythm=None
    )
    assert store.due_pushes(later(2), 10, LEASE) == ()


def test_a_push_is_recorded_once_however_many_read_it(store: Store) -> None:
    one = subscribed(store)
    store.receive_push(one.token, "", b"<rss/>", NOW)
    (push,) = store.due_pushes(NOW, 10, LEASE)
    (again,) = store.due_pushes(later(1), 10, LEASE)

    records = [store.record_push(each, a_polled_feed(a_new_item("a")), NOW) for each in (push, again)]

    assert [record.new for record in records] == [1, 0]


def test_a_push_that_cannot_be_read_makes_the_feed_due(store: Store) -> None:
    one = subscribed(store)
    next_poll(store, 1)
    store.receive_push(one.token, "", b"<html/>", later(2))
    (push,) = store.due_pushes(later(2), 10, LEASE)

    store.record_push(push, a_polled_feed(outcome=PollOutcome.FAILED), later(2))

    assert (store.feed(1).next_poll_at, store.feed(1).failures) == (later(2), 0)


def test_only_a_live_subscription_takes_pushes_and_only_so_many_wait(store: Store) -> None:
    one = subscribed(store)

    assert store.receive_push("guessed", "", b"", NOW) is Received.UNKNOWN
    assert store.receive_push(one.token, "", b"", later(25)) is Received.UNKNOWN
    taken = [store.receive_push(one.token, "", b"", NOW) for _ in range(MOST_WAITING + 1)]
    assert taken == [Received.TAKEN] * MOST_WAITING + [Received.BUSY]


def test_secrets_stay_out_of_what_is_logged(store: Store) -> None:
    one = subscribed(store)

    assert one.secret not in repr(one)
    assert one.token not in repr(one)


def test_when_a_hub_refuses_the_next_that_the_feed_names_is_asked(store: Store) -> None:
    add_feed(store)
    both = a_polled_feed(hub=HUB, other_hubs=(OTHER,), etag='"a"', body_hash="h")
    store.record_poll(both, NOW)
    (first,) = asked(store)
    store.refuse_subscription(first.token, HUB.topic, "not your topic", NOW)
    feed = store.feed(1)
    store.record_poll(both, NOW)

    assert first.hub == HUB
    assert (feed.etag, feed.body_hash) == (None, None)  # its document is read whole, since it names the other hub
    assert [one.hub for one in asked(store)] == [OTHER]
