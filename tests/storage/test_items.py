"""Items: what a poll adds, and an item's way through reading and tagging."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from storage.errors import NotFound
from storage.store import Store
from storage.types import ItemOutcome, PollOutcome, PollRecord, ReadArticle
from tests.builders import NOW, a_new_item, a_polled_feed, later
from tests.storage.filling import CHAIN, LEASE, add_feed, poll, read_all, read_items

FIRST = a_new_item("visit-1")
EDITED = a_new_item("visit-1", title="Guterres and Putin to meet in Moscow (visit-1)")


def _mark(store: Store, item_id: int, outcome: ItemOutcome, *, failure: str = "", revision: int | None = None) -> bool:
    with store.begin() as tx:
        return tx.mark_tagged(item_id, outcome, CHAIN, failure, revision=revision)


def test_unseen_entries_become_items(store: Store) -> None:
    add_feed(store)

    assert poll(store, FIRST, a_new_item("visit-2")) == PollRecord(new=2, revised=0, known=0)
    item = store.item(1)
    assert (item.guid, item.title, item.published_at) == (FIRST.guid, FIRST.title, FIRST.published_at)
    assert (item.outcome, item.seen_at, item.publisher) == (ItemOutcome.UNREAD, NOW, "example.org")


def test_same_document_again_adds_nothing(store: Store) -> None:
    add_feed(store)
    poll(store, FIRST, a_new_item("visit-2"))

    assert poll(store, FIRST, a_new_item("visit-2"), at=later(1)) == PollRecord(new=0, revised=0, known=2)


def test_entry_twice_in_one_document_is_one_item(store: Store) -> None:
    add_feed(store)

    assert poll(store, FIRST, FIRST) == PollRecord(new=1, revised=0, known=1)


def test_entries_that_share_a_guid_and_nothing_else_are_two_items(store: Store) -> None:
    add_feed(store)
    other = replace(a_new_item("other", title="Oil prices fall"), guid="visit-1")

    assert poll(store, FIRST, other) == PollRecord(new=2, revised=0, known=0)
    assert poll(store, FIRST, other, at=later(1)) == PollRecord(new=0, revised=0, known=2)


def test_same_entry_in_two_feeds_is_two_items(store: Store) -> None:
    for url in ("https://one.example/rss", "https://two.example/rss"):
        add_feed(store, url)

    assert poll(store, FIRST, feed_id=1) == PollRecord(new=1, revised=0, known=0)
    assert poll(store, FIRST, feed_id=2) == PollRecord(new=1, revised=0, known=0)


def test_entry_that_another_feed_of_the_publisher_brought_is_stored_once(store: Store) -> None:
    for url in ("https://news.example/world", "https://news.example/politics", "https://other.example/world"):
        add_feed(store, url)

    assert poll(store, FIRST, feed_id=1) == PollRecord(new=1, revised=0, known=0)
    moved = replace(FIRST, guid="another", title=FIRST.title.upper())  # URL and title agree
    column = a_new_item("column", title=FIRST.title, published_at=later(-30))  # the title alone
    assert poll(store, moved, column, feed_id=2) == PollRecord(new=1, revised=0, known=1)
    assert poll(store, moved, column, feed_id=2, at=later(1)) == PollRecord(new=0, revised=0, known=2)
    assert poll(store, FIRST, feed_id=3) == PollRecord(new=1, revised=0, known=0)


def test_feed_that_changes_every_guid_stores_nothing_again(store: Store) -> None:
    add_feed(store)
    entries = [a_new_item(f"visit-{number}") for number in range(5)]
    poll(store, *entries)

    for turn in range(3):
        churned = [replace(entry, guid=f"{turn}-{entry.guid}") for entry in entries]
        assert poll(store, *churned, at=later(turn + 1)) == PollRecord(new=0, revised=0, known=5)


def test_changed_words_are_a_revision_of_the_item(store: Store) -> None:
    add_feed(store)
    poll(store, FIRST)

    assert poll(store, EDITED, at=later(1)) == PollRecord(new=0, revised=1, known=0)
    item = store.item(1)
    assert (item.title, item.revision, item.seen_at) == (EDITED.title, 1, NOW)


def test_revised_item_is_read_and_tagged_again(store: Store) -> None:
    (item,) = read_items(store, "visit-1")
    _mark(store, item.id, ItemOutcome.TAGGED)

    poll(store, EDITED, at=later(1))
    assert store.item(1).outcome is ItemOutcome.UNREAD
    assert store.item(1).text == ""
    assert [unread.id for unread in store.unread_items(later(1), 10)] == [1]


def test_old_words_told_again_are_no_revision(store: Store) -> None:
    add_feed(store)
    poll(store, FIRST)
    poll(store, EDITED, at=later(1))

    assert poll(store, FIRST, at=later(2)) == PollRecord(new=0, revised=0, known=1)
    assert store.item(1).title == EDITED.title


def test_every_wording_is_kept_with_its_number(store: Store) -> None:
    add_feed(store)
    poll(store, FIRST)
    poll(store, EDITED, at=later(1))

    kept = store.table("revisions", "SELECT number, title, seen_at FROM item_revisions ORDER BY number")
    assert kept.rows == ((0, FIRST.title, "2022-04-22T09:00:00Z"), (1, EDITED.title, "2022-04-22T10:00:00Z"))


def test_item_moved_to_another_address_is_recognised_there_too(store: Store) -> None:
    add_feed(store)
    poll(store, FIRST)
    moved = a_new_item("visit-1", url="https://new.example/1", canonical_url="new.example/1", title=EDITED.title)
    poll(store, moved, at=later(1))

    assert poll(store, moved, at=later(2)) == PollRecord(new=0, revised=0, known=1)
    assert store.item(1).url == "https://new.example/1"


def test_unreadable_entries_are_counted(store: Store) -> None:
    add_feed(store)

    record = store.record_poll(a_polled_feed(FIRST, skipped=("entry 2: no title",)), NOW)
    assert record == PollRecord(new=1, revised=0, known=0, skipped=1)


def test_text_that_no_database_takes_is_stored_without_its_bad_characters(store: Store) -> None:
    add_feed(store)
    poll(store, a_new_item("visit-1", title="Visit\x00 of Guterres, Kyïv"))
    store.record_poll(a_polled_feed(outcome=PollOutcome.FAILED, failure="not a feed: \ud800"), NOW)

    assert store.item(1).title == "Visit of Guterres, Kyïv"
    assert store.feed(1).last_error == "not a feed: "


@pytest.mark.parametrize("entries", [2, 120])
def test_statements_of_a_poll_do_not_grow_with_its_known_and_revised_entries(store: Store, entries: int) -> None:
    add_feed(store)
    guids = [f"visit-{number}" for number in range(entries)]
    poll(store, *(a_new_item(guid) for guid in guids))
    half = entries // 2
    statements: list[str] = []
    event.listen(store._database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    revised = [a_new_item(guid, summary="Changed.") for guid in guids[:half]]
    record = poll(store, *revised, *(a_new_item(guid) for guid in guids[half:]), at=later(1))
    assert (record.revised, record.known) == (half, half)
    assert len(statements) <= 14


def test_article_read_makes_an_item_wait_for_the_chain(store: Store) -> None:
    add_feed(store)
    poll(store, FIRST)

    assert store.record_article(ReadArticle(1, text="The article."), NOW) is ItemOutcome.READ
    assert store.unread_items(later(9), 10) == ()
    assert [(item.id, item.text) for item in store.untagged_items(NOW, 10)] == [(1, "The article.")]


def test_article_that_cannot_be_had_leaves_the_summary_to_the_chain(store: Store) -> None:
    add_feed(store)
    poll(store, FIRST)

    assert store.record_article(ReadArticle(1, failure="http-403"), NOW) is ItemOutcome.SUMMARY_ONLY
    (item,) = store.untagged_items(NOW, 10)
    assert (item.outcome, item.read_failure, item.read_attempts) == (ItemOutcome.SUMMARY_ONLY, "http-403", 1)


def test_article_to_try_again_waits_until_then(store: Store) -> None:
    add_feed(store)
    poll(store, FIRST)
    again = ReadArticle(1, failure="timeout", retry_at=later(1))

    assert store.record_article(again, NOW) is ItemOutcome.UNREAD
    assert store.unread_items(later(0.5), 10) == ()
    assert [(item.read_attempts, item.read_failure) for item in store.unread_items(later(1), 10)] == [(1, "timeout")]


def test_second_reading_of_an_article_changes_nothing(store: Store) -> None:
    (item,) = read_items(store, "visit-1")
    _mark(store, item.id, ItemOutcome.NO_EVENT)

    assert store.record_article(ReadArticle(item.id, text="Late."), NOW) is ItemOutcome.NO_EVENT


def test_claimed_item_is_given_out_again_only_after_its_lease(store: Store) -> None:
    add_feed(store)
    poll(store, FIRST)

    assert len(store.unread_items(NOW, 10, lease=LEASE)) == 1
    assert store.unread_items(NOW, 10, lease=LEASE) == ()
    assert len(store.unread_items(NOW + LEASE, 10, lease=LEASE)) == 1


def test_items_are_settled_as_they_came_in_then_by_publication(store: Store) -> None:
    add_feed(store)
    published = {"b": later(-2), "a": later(-1), "c": None}
    poll(store, *(a_new_item(guid, published_at=at) for guid, at in published.items()))
    poll(store, a_new_item("old", published_at=later(-9)), at=later(1))
    read_all(store, later(1))

    assert [item.guid for item in store.untagged_items(NOW, 10)] == ["b", "a", "c", "old"]
    assert [item.guid for item in store.untagged_items(NOW, 2)] == ["b", "a"]


def test_articles_are_read_in_the_order_in_which_items_are_settled(store: Store) -> None:
    add_feed(store)
    poll(store, *(a_new_item(guid, published_at=later(-hours)) for guid, hours in (("new", 1), ("old", 3), ("mid", 2))))

    assert [item.guid for item in store.unread_items(NOW, 10)] == ["old", "mid", "new"]


def test_item_waits_for_the_articles_of_its_poll_a_minute_at_most(store: Store) -> None:
    add_feed(store)
    poll(store, FIRST, a_new_item("visit-2"))
    store.record_article(ReadArticle(1, text="The article."), NOW)

    assert store.untagged_items(NOW + timedelta(seconds=59), 10) == ()
    assert [item.id for item in store.untagged_items(NOW + timedelta(seconds=60), 10)] == [1]

    store.record_article(ReadArticle(2, text="Another."), NOW)
    assert [item.id for item in store.untagged_items(NOW, 10)] == [1, 2]


def test_article_that_is_tried_again_later_holds_up_no_other(store: Store) -> None:
    add_feed(store)
    poll(store, FIRST, a_new_item("visit-2"))
    store.record_article(ReadArticle(1, text="The article."), NOW)
    store.record_article(ReadArticle(2, failure="it timed out", retry_at=NOW + timedelta(seconds=30)), NOW)

    assert [item.id for item in store.untagged_items(NOW, 10)] == [1]


def test_item_does_not_wait_for_another_feed(store: Store) -> None:
    for url in ("https://one.example/rss", "https://two.example/rss"):
        add_feed(store, url)
    poll(store, FIRST, feed_id=1)
    poll(store, FIRST, feed_id=2)
    store.record_article(ReadArticle(2, text="The article."), NOW)

    assert [item.id for item in store.untagged_items(NOW, 10)] == [2]


@pytest.mark.parametrize("outcome", [ItemOutcome.NO_EVENT, ItemOutcome.FOREIGN_LANGUAGE, ItemOutcome.CHAIN_FAILED])
def test_tagged_item_no_longer_waits(store: Store, outcome: ItemOutcome) -> None:
    (item,) = read_items(store, "visit-1")

    assert _mark(store, item.id, outcome, failure="it was empty")
    assert store.untagged_items(NOW, 10) == ()
    assert store.item_counts()[outcome] == 1


def test_item_changed_while_the_chain_read_it_stays_in_the_queue(store: Store) -> None:
    (item,) = read_items(store, "visit-1")
    poll(store, EDITED, at=later(1))
    read_all(store, later(1))

    assert not _mark(store, item.id, ItemOutcome.TAGGED, revision=item.revision)
    assert [(waiting.id, waiting.revision) for waiting in store.untagged_items(NOW, 10)] == [(1, 1)]


def test_unknown_item_is_named_in_the_error(store: Store) -> None:
    for use in (
        lambda: store.item(7),
        lambda: store.record_article(ReadArticle(7), NOW),
        lambda: _mark(store, 7, ItemOutcome.TAGGED),
    ):
        with pytest.raises(NotFound, match="no item 7"):
            use()


def test_instants_keep_their_microseconds(store: Store) -> None:
    add_feed(store)
    precise = NOW + timedelta(microseconds=1)
    poll(store, a_new_item("visit-1", published_at=precise))

    assert store.item(1).published_at == precise
