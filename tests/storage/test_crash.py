"""A daemon that is killed while it writes: nothing of it is there afterwards, and the work is due again."""

import signal
import subprocess
import sys
from pathlib import Path

from storage.store import Store
from tests.builders import NOW, a_feed_spec
from tests.storage.filling import LEASE, add_feed, read_items, settle

# What the child does until it is killed: everything but the end of its transaction.
CHILD = """
import os, signal, sys
from storage.store import Store
from tests.builders import NOW, a_new_delivery, a_new_item, a_polled_feed, a_report
from storage.types import ItemOutcome, NewEvent

def settle(store):
    with store.begin() as tx:
        settled = tx.apply(a_report(), NewEvent("nothing is near"), NOW, "chain-1")
        tx.enqueue([a_new_delivery(settled.developments[0].id)], NOW)
        tx.mark_tagged(1, ItemOutcome.TAGGED, "chain-1")
        os.kill(os.getpid(), signal.SIGKILL)

def poll(store):
    from storage import feeds, items
    with store._database.writing() as session:
        polled = a_polled_feed(a_new_item("a"), a_new_item("b"))
        feeds.record_polls(session, [polled])
        items.record_polls(session, [polled], NOW)
        os.kill(os.getpid(), signal.SIGKILL)

globals()[sys.argv[1]](Store.open(sys.argv[2]))
"""
CHECKOUT = Path(__file__).parents[2]


def _killed_while(work: str, url: str) -> None:
    child = subprocess.run([sys.executable, "-c", CHILD, work, url], cwd=CHECKOUT, check=False, capture_output=True)
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()


def _count(store: Store, table: str) -> object:
    return store.table(table, f"SELECT count(*) FROM {table}").rows[0][0]


def test_daemon_killed_while_settling_leaves_nothing_and_the_item_due(store: Store, database_url: str) -> None:
    (item,) = read_items(store, "a")
    _killed_while("settle", database_url)

    assert [_count(store, table) for table in ("events", "mentions", "developments", "deliveries")] == [0, 0, 0, 0]
    assert store.check() == ()
    assert [waiting.id for waiting in store.untagged_items(NOW, 10)] == [item.id]
    assert settle(store, item).event.publishers == 1


def test_daemon_killed_while_recording_a_poll_leaves_the_feed_as_it_was(store: Store, database_url: str) -> None:
    feed = add_feed(store)
    _killed_while("poll", database_url)

    assert store.feed(feed.id) == feed
    assert (_count(store, "items"), _count(store, "item_keys")) == (0, 0)
    assert [due.id for due in store.due_feeds(NOW, 10, LEASE)] == [feed.id]
    assert store.sync_feeds([a_feed_spec("https://new.example/rss")], NOW, LEASE).added == 1
