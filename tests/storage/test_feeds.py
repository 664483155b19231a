"""Feeds: configured and added ones, who is due, and how a claim keeps others away."""

from dataclasses import replace

import pytest

from storage.errors import Conflict, NotFound
from storage.store import Store
from storage.types import FAILING_AFTER, FeedState, PollOutcome, Repetition
from tests.builders import HOUR, INTERVAL, NOW, a_feed_spec, a_new_item, a_polled_feed, later
from tests.storage.filling import LEASE, add_feed, poll, read_all, settle

ONE, TWO = a_feed_spec("https://one.example/rss"), a_feed_spec("https://www.two.example/rss")


def test_configured_feed_is_active_and_due_at_once(store: Store) -> None:
    assert store.sync_feeds([ONE], NOW, INTERVAL) == (1, 0, 0)

    feed = store.feed("https://one.example/rss")
    assert (feed.state, feed.next_poll_at, feed.interval) == (FeedState.ACTIVE, NOW, INTERVAL)


def test_publisher_is_the_host_without_www_unless_named(store: Store) -> None:
    store.sync_feeds([TWO, a_feed_spec("https://three.example/rss", publisher="Three")], NOW, INTERVAL)

    assert [feed.publisher for feed in store.feeds()] == ["two.example", "Three"]


def test_feed_no_longer_configured_is_paused_and_resumed_when_listed_again(store: Store) -> None:
    store.sync_feeds([ONE, TWO], NOW, INTERVAL)

    assert store.sync_feeds([ONE], later(1), INTERVAL) == (0, 0, 1)
    assert store.feed(2).state is FeedState.PAUSED
    assert store.sync_feeds([ONE, TWO], later(2), INTERVAL) == (0, 1, 0)
    assert (store.feed(2).state, store.feed(2).next_poll_at) == (FeedState.ACTIVE, later(2))


def test_configuring_the_same_feeds_again_changes_nothing(store: Store) -> None:
    store.sync_feeds([ONE, TWO], NOW, INTERVAL)
    before = store.feeds()

    assert store.sync_feeds([ONE, TWO], later(1), INTERVAL) == (0, 0, 0)
    assert store.feeds() == before


def test_url_that_is_configured_twice_is_one_feed(store: Store) -> None:
    assert store.sync_feeds([ONE, a_feed_spec(ONE.url, title="Again")], NOW, INTERVAL) == (1, 0, 0)

    assert [feed.title for feed in store.feeds()] == ["Again"]


def test_feed_added_by_command_stays_when_the_configuration_does_not_list_it(store: Store) -> None:
    added = add_feed(store)

    store.sync_feeds([ONE], NOW, INTERVAL)
    assert store.feed(added.id).state is FeedState.ACTIVE


def test_feed_paused_by_a_person_stays_paused_though_configured(store: Store) -> None:
    store.sync_feeds([ONE], NOW, INTERVAL)
    store.set_feed_state(1, FeedState.PAUSED, NOW)

    assert store.sync_feeds([ONE], later(1), INTERVAL) == (0, 0, 0)
    assert store.feed(1).state is FeedState.PAUSED


def test_feed_that_is_gone_stays_gone_though_configured(store: Store) -> None:
    store.sync_feeds([ONE], NOW, INTERVAL)
    store.record_poll(a_polled_feed(outcome=PollOutcome.FAILED, state=FeedState.GONE, failure="http-410"), NOW)

    store.sync_feeds([ONE], later(1), INTERVAL)
    assert store.feed(1).state is FeedState.GONE


def test_changed_interval_in_the_configuration_restarts_the_adaptation(store: Store) -> None:
    store.sync_feeds([ONE], NOW, INTERVAL)
    store.record_poll(a_polled_feed(interval=HOUR), NOW)

    store.sync_feeds([ONE], NOW, INTERVAL)
    assert store.feed(1).interval == HOUR
    store.sync_feeds([a_feed_spec(ONE.url, interval=2 * INTERVAL)], NOW, INTERVAL)
    assert store.feed(1).interval == 2 * INTERVAL


def test_same_url_cannot_be_added_twice(store: Store) -> None:
    add_feed(store)

    with pytest.raises(Conflict, match=r"world\.rss is there already"):
        add_feed(store)


@pytest.mark.parametrize("name", [7, "https://nowhere.example/rss"])
def test_unknown_feed_is_named_in_the_error(store: Store, name: int | str) -> None:
    with pytest.raises(NotFound, match=str(name)):
        store.feed(name)
    with pytest.raises(NotFound, match=str(name)):
        store.set_feed_state(name, FeedState.PAUSED, NOW)


def test_poll_of_an_unknown_feed_is_refused(store: Store) -> None:
    with pytest.raises(NotFound, match="no feed 7"):
        store.record_poll(a_polled_feed(feed_id=7), NOW)


def test_longest_overdue_feeds_come_first(store: Store) -> None:
    for hours in (2, 1, 3):
        feed = add_feed(store, f"https://{hours}.example/rss")
        store.make_due(feed.id, later(-hours))

    due = store.due_feeds(NOW, 2, LEASE)
    assert [feed.url for feed in due] == ["https://3.example/rss", "https://2.example/rss"]


def test_feed_is_not_due_before_its_time(store: Store) -> None:
    add_feed(store)
    store.record_poll(a_polled_feed(next_poll_at=later(1)), NOW)

    assert store.due_feeds(later(0.99), 10, LEASE) == ()
    assert [feed.id for feed in store.due_feeds(later(1), 10, LEASE)] == [1]


def test_paused_feed_is_never_due(store: Store) -> None:
    add_feed(store)
    store.set_feed_state(1, FeedState.PAUSED, NOW)

    assert store.due_feeds(later(100), 10, LEASE) == ()
    assert store.next_poll_at() is None


def test_claimed_feed_is_given_out_again_only_after_its_lease(store: Store) -> None:
    add_feed(store)
    assert len(store.due_feeds(NOW, 10, LEASE)) == 1

    assert store.due_feeds(NOW + LEASE / 2, 10, LEASE) == ()
    assert len(store.due_feeds(NOW + LEASE, 10, LEASE)) == 1


def test_recorded_poll_gives_the_claim_back(store: Store) -> None:
    add_feed(store)
    store.due_feeds(NOW, 10, HOUR)
    store.record_poll(a_polled_feed(next_poll_at=NOW + LEASE), NOW)

    assert len(store.due_feeds(NOW + LEASE, 10, LEASE)) == 1


def test_feed_made_due_is_due_though_claimed_and_scheduled_later(store: Store) -> None:
    add_feed(store)
    store.due_feeds(NOW, 10, HOUR)

    store.make_due(1, NOW)
    assert [feed.id for feed in store.due_feeds(NOW, 10, LEASE)] == [1]


def test_next_poll_is_the_earliest_of_all_active_feeds(store: Store) -> None:
    for hours in (3, 1, 2):
        feed = add_feed(store, f"https://{hours}.example/rss")
        store.make_due(feed.id, later(hours))

    assert store.next_poll_at() == later(1)


def test_failures_are_counted_until_a_success(store: Store) -> None:
    add_feed(store)
    failed = a_polled_feed(outcome=PollOutcome.FAILED, failure="timeout")
    store.record_poll(failed, NOW)
    store.record_poll(failed, NOW)
    feed = store.feed(1)
    assert (feed.failures, feed.last_error, feed.last_success_at) == (2, "timeout", None)

    store.record_poll(a_polled_feed(polled_at=later(1)), later(1))
    feed = store.feed(1)
    assert (feed.failures, feed.last_error, feed.last_success_at) == (0, "", later(1))


@pytest.mark.parametrize("outcome", [PollOutcome.FAILED, PollOutcome.NOT_MODIFIED])
def test_validators_outlive_a_poll_that_brought_no_document(store: Store, outcome: PollOutcome) -> None:
    add_feed(store)
    store.record_poll(a_polled_feed(etag='"a"', last_modified="Fri", body_hash="h"), NOW)

    store.record_poll(a_polled_feed(outcome=outcome, failure="timeout"), NOW)
    feed = store.feed(1)
    assert (feed.etag, feed.last_modified, feed.body_hash) == ('"a"', "Fri", "h")


def test_validators_that_a_server_no_longer_sends_are_forgotten(store: Store) -> None:
    add_feed(store)
    store.record_poll(a_polled_feed(etag='"a"', last_modified="Fri", body_hash="h"), NOW)

    store.record_poll(a_polled_feed(body_hash="i"), NOW)
    feed = store.feed(1)
    assert (feed.etag, feed.last_modified, feed.body_hash) == (None, None, "i")


def test_document_names_a_feed_that_nobody_named(store: Store) -> None:
    store.sync_feeds([ONE, a_feed_spec("https://two.example/rss", title="Ours")], NOW, INTERVAL)
    for feed_id in (1, 2):
        store.record_poll(a_polled_feed(feed_id=feed_id, title="Theirs"), NOW)

    assert [feed.title for feed in store.feeds()] == ["Theirs", "Ours"]


def test_poll_under_way_does_not_resume_a_feed_paused_meanwhile(store: Store) -> None:
    add_feed(store)
    store.due_feeds(NOW, 1, LEASE)
    store.set_feed_state(1, FeedState.PAUSED, NOW)

    store.record_poll(a_polled_feed(), NOW)
    assert store.feed(1).state is FeedState.PAUSED


def test_resumed_feed_is_due_at_once_with_a_clean_record(store: Store) -> None:
    add_feed(store)
    store.record_poll(a_polled_feed(outcome=PollOutcome.FAILED, failure="timeout", next_poll_at=later(9)), NOW)
    store.set_feed_state(1, FeedState.PAUSED, NOW)

    feed = store.set_feed_state(1, FeedState.ACTIVE, later(1))
    assert (feed.failures, feed.next_poll_at) == (0, later(1))


def test_feed_shows_that_it_keeps_failing(store: Store) -> None:
    add_feed(store)
    for _ in range(FAILING_AFTER):
        assert troubles(store) == ("", "")
        store.record_poll(a_polled_feed(outcome=PollOutcome.FAILED, failure="timeout"), NOW)

    assert troubles(store) == ("failing", "failing")


def test_feed_shows_that_it_is_silent_against_its_own_rhythm(store: Store) -> None:
    add_feed(store)
    for day in range(3):
        store.record_poll(a_polled_feed(a_new_item(f"{day}"), polled_at=later(24 * day)), later(24 * day))
    assert store.feed(1).rhythm == 24 * HOUR

    store.record_poll(a_polled_feed(polled_at=later(48 + 240)), later(48 + 240))
    assert troubles(store) == ("", "")
    store.record_poll(a_polled_feed(polled_at=later(48 + 241)), later(48 + 241))
    assert troubles(store) == ("silent", "silent")
    store.record_poll(a_polled_feed(a_new_item("again"), polled_at=later(300)), later(300))
    assert troubles(store) == ("", "")


def test_feed_that_is_not_polled_is_in_no_trouble(store: Store) -> None:
    add_feed(store)
    for _ in range(FAILING_AFTER):
        store.record_poll(a_polled_feed(outcome=PollOutcome.FAILED, failure="timeout"), NOW)

    store.set_feed_state(1, FeedState.PAUSED, NOW)
    assert troubles(store) == ("", "")


def troubles(store: Store) -> tuple[object, object]:
    """Return what is wrong with the feed, as the program and as the reporting view say it."""
    ((in_view,),) = store.table("feeds", "SELECT trouble FROM v_feeds").rows
    return store.feed(1).trouble, in_view


def test_poll_that_was_put_off_changes_the_time_alone(store: Store) -> None:
    add_feed(store)
    store.record_poll(a_polled_feed(etag='"a"', body_hash="h"), NOW)
    before = store.feed(1)

    store.record_poll(a_polled_feed(outcome=PollOutcome.PUT_OFF, next_poll_at=later(5)), later(1))
    assert store.feed(1) == replace(before, next_poll_at=later(5))


def test_feed_that_moved_takes_the_address_that_the_configuration_lists_instead(store: Store) -> None:
    store.sync_feeds([ONE], NOW, INTERVAL)
    store.record_poll(a_polled_feed(moved_to=TWO.url), NOW)
    assert (store.feed(1).url, store.feed(1).address) == (ONE.url, TWO.url)

    assert store.sync_feeds([TWO], NOW, INTERVAL) == (0, 0, 0)
    assert [(feed.id, feed.url, feed.moved_to) for feed in store.feeds()] == [(1, TWO.url, "")]


def test_several_polls_are_recorded_together_each_with_its_own_end(store: Store) -> None:
    store.sync_feeds([ONE, TWO], NOW, INTERVAL)
    polls = [a_polled_feed(a_new_item("a"), feed_id=2), a_polled_feed(feed_id=1, outcome=PollOutcome.FAILED)]

    assert [record.new for record in store.record_polls(polls, NOW)] == [1, 0]
    assert [(feed.failures, feed.items) for feed in store.feeds()] == [(1, 0), (0, 1)]


def test_interval_that_a_person_named_for_a_feed_is_fixed(store: Store) -> None:
    store.sync_feeds([ONE, a_feed_spec(TWO.url, interval=HOUR)], NOW, INTERVAL)

    assert [(feed.wanted_interval, feed.interval_fixed) for feed in store.feeds()] == [(INTERVAL, False), (HOUR, True)]


def test_feeds_are_added_together_and_known_ones_left_alone(store: Store) -> None:
    store.add_feed(a_feed_spec("https://a.example/", publisher="A"), NOW, INTERVAL)
    specs = [a_feed_spec("https://a.example/"), a_feed_spec("https://b.example/"), a_feed_spec("https://b.example/")]

    added = store.add_feeds(specs, NOW, INTERVAL)

    assert [feed.url for feed in added] == ["https://b.example/"]
    assert [(feed.url, feed.publisher) for feed in store.feeds()] == [
        ("https://a.example/", "A"),
        ("https://b.example/", "b.example"),
    ]


CARRIED = "https://feeds.feedburner.com/courier"


def test_a_feed_on_a_host_of_many_publishers_is_its_titles_as_soon_as_that_is_known(store: Store) -> None:
    store.sync_feeds([a_feed_spec(CARRIED), a_feed_spec(f"{CARRIED}-2", publisher="Named")], NOW, INTERVAL)

    store.record_polls([a_polled_feed(feed_id=n, title="The Courier") for n in (1, 2)], NOW)

    assert [feed.publisher for feed in store.feeds()] == ["The Courier", "Named"]
    store.sync_feeds([a_feed_spec(CARRIED)], NOW, INTERVAL)
    assert store.feed(1).publisher == "The Courier"


def test_events_follow_a_publisher_that_gets_another_name(store: Store) -> None:
    feed = a_feed_spec("https://post.example/world.rss", publisher="Post")
    store.sync_feeds([feed], NOW, INTERVAL)
    poll(store, a_new_item())
    read_all(store)
    (item,) = store.untagged_items(NOW, 1)
    event = settle(store, item).event

    store.sync_feeds([replace(feed, publisher="The Post")], NOW, INTERVAL)
    same = replace(item, publisher="The Post")
    settle(store, same, decision=Repetition(event, "told again"))

    assert store.event(event.id).publishers == 1


def test_events_keep_a_publishers_name_while_another_feed_has_it(store: Store) -> None:
    feeds = [a_feed_spec(f"https://post.example/{n}.rss", publisher="Post") for n in (1, 2)]
    store.sync_feeds(feeds, NOW, INTERVAL)
    poll(store, a_new_item())
    read_all(store)
    (item,) = store.untagged_items(NOW, 1)
    event = settle(store, item).event

    store.sync_feeds([replace(feeds[0], publisher="Supplement"), feeds[1]], NOW, INTERVAL)
    settle(store, item, decision=Repetition(event, "told again"))

    assert store.event(event.id).publishers == 1


def test_removed_feed_is_neither_listed_nor_polled_and_what_it_brought_stays(store: Store) -> None:
    store.add_feed(ONE, NOW, INTERVAL)
    store.record_poll(a_polled_feed(a_new_item("a")), NOW)

    assert store.remove_feed(1).url == ONE.url
    assert store.feeds() == store.due_feeds(later(48), 10, LEASE) == ()
    assert store.item(1).guid == "a"
    with pytest.raises(NotFound):
        store.remove_feed(1)


def test_removed_feed_is_back_when_it_is_added_or_configured_again(store: Store) -> None:
    store.add_feed(ONE, NOW, INTERVAL)
    store.remove_feed(1)
    added = store.add_feed(replace(ONE, title="Second life"), later(1), INTERVAL)
    store.remove_feed(1)
    synced = store.sync_feeds([ONE], later(2), INTERVAL)

    assert (added.id, added.state, added.title, added.next_poll_at) == (1, FeedState.ACTIVE, "Second life", later(1))
    assert synced == (0, 1, 0)
    assert [feed.state for feed in store.feeds()] == [FeedState.ACTIVE]


def test_feed_of_the_configuration_is_not_removed_while_it_is_listed_there(store: Store) -> None:
    store.sync_feeds([ONE], NOW, INTERVAL)
    with pytest.raises(Conflict, match="feed 1 is in the configuration"):
        store.remove_feed(ONE.url)

    store.sync_feeds([], NOW, INTERVAL)
    store.remove_feed(ONE.url)
    assert store.feeds() == ()


def test_feeds_are_told_by_their_ids(store: Store) -> None:
    store.sync_feeds([ONE, TWO], NOW, INTERVAL)

    assert [feed.id for feed in store.feeds_of([2, 1, 7])] == [1, 2]
