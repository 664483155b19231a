"""The main loop: every poll, item and message ends in one outcome, and a fault stays with what it belongs to."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from extractors.errors import ChainError
from extractors.ontology import Kind
from monitor.alerts.rules import AlertRule, Conditions
from monitor.errors import DeliveryError
from monitor.pipeline import Monitor, Observed, deliver, once, poll, read, tag
from monitor.tagging import Tagged
from storage.store import Store
from storage.types import Feed, Item, PolledFeed, Repetition
from tests.builders import HOUR, NOW, later
from tests.fakes import Entry, World, a_world

VISITS = AlertRule("visits", ("desk",), Conditions(kinds=frozenset({Kind.VISIT})))
VISIT = Entry("v", "Guterres to visit Moscow", "UN chief Antonio Guterres will visit Moscow on Tuesday, he said.")
TOOK_PLACE = Entry(
    "t", "Guterres visits Moscow", "UN chief Antonio Guterres visited Moscow on Tuesday, he said.", later(5 * 24)
)
WEATHER = Entry("w", "Rain ahead", "It will rain in most of the north on Tuesday, and the wind will be strong.")


def outcomes(store: Store) -> dict[str, str]:
    return dict(store.table("items", "SELECT guid, outcome FROM v_items ORDER BY guid").rows)  # type: ignore[arg-type]  # two columns


def observed_in(world: World) -> tuple[Monitor, list[Observed]]:
    seen: list[Observed] = []
    return replace(world.monitor, observe=seen.append), seen


def test_each_item_ends_in_an_outcome(store: Store) -> None:
    with a_world(store, ["post"], (VISITS,)) as world:
        world.publish("post", VISIT, WEATHER)
        counts = once(world.monitor)

    assert outcomes(store) == {"v": "tagged-summary", "w": "no-event-summary"}
    assert (counts["read"], counts["new"], counts["sent"]) == (1, 2, 1)


def test_a_text_that_the_chain_fails_on_fails_alone(sqlite_store: Store) -> None:
    with a_world(sqlite_store, ["post"], (VISITS,)) as world:
        world.publish("post", VISIT, WEATHER)

        def tag_item(item: Item) -> Tagged:
            if item.guid == "w":
                raise ChainError(f"item {item.id}: no sentence could be read")
            return world.monitor.tag_item(item)

        once(replace(world.monitor, tag_item=tag_item))

    assert outcomes(sqlite_store) == {"v": "tagged-summary", "w": "chain-failed"}


def test_an_item_that_cannot_be_settled_fails_alone(sqlite_store: Store) -> None:
    with a_world(sqlite_store, ["post"], (VISITS,)) as world:
        world.publish("post", WEATHER, replace(VISIT, guid="u", title="UN chief to fly to Moscow"), VISIT)

        def tag_item(item: Item) -> Tagged:
            tagged = world.monitor.tag_item(item)
            broken = tuple(replace(one, evidence=None) for one in tagged.mentions)  # type: ignore[arg-type]  # the fault
            return replace(tagged, mentions=broken) if item.guid == "u" else tagged

        counts = once(replace(world.monitor, tag_item=tag_item))

    assert outcomes(sqlite_store) == {"u": "chain-failed", "v": "tagged-summary", "w": "no-event-summary"}
    assert counts["sent"] == 1


def test_a_poll_that_crashes_leaves_the_other_feeds_alone(sqlite_store: Store) -> None:
    with a_world(sqlite_store, ["post", "wire"], ()) as world:
        world.publish("wire", VISIT)

        async def poll_feed(feed: Feed) -> PolledFeed:
            if feed.publisher == "post":
                raise RuntimeError("a bug")
            return await world.monitor.poll_feed(feed)

        counts = poll(replace(world.monitor, poll_feed=poll_feed))

    post = next(feed for feed in sqlite_store.feeds() if feed.publisher == "post")
    assert (counts["failed"], counts["new"]) == (1, 1)
    assert "a bug" in post.last_error
    assert post.next_poll_at > later(0.5)


def test_a_feed_that_is_not_there_is_named_and_asked_again_later(sqlite_store: Store) -> None:
    with a_world(sqlite_store, ["post"], ()) as world:
        poll(world.monitor)

    feed = sqlite_store.feeds()[0]
    assert "http-404" in feed.last_error
    assert feed.failures == 1
    assert feed.next_poll_at > NOW


def test_an_item_that_changed_while_it_was_read_goes_through_the_chain_again(sqlite_store: Store) -> None:
    with a_world(sqlite_store, ["post"], ()) as world:
        world.publish("post", VISIT)
        poll(world.monitor)
        read(world.monitor)

        def change_meanwhile(item: Item) -> Tagged:
            world.publish("post", replace(VISIT, text=VISIT.text + " The visit has been postponed."))
            sqlite_store.make_due(item.feed_id, world.clock())
            poll(world.monitor)
            return Tagged()

        counts = tag(replace(world.monitor, tag_item=change_meanwhile))
        read(world.monitor)
        waiting = sqlite_store.untagged_items(world.clock(), 10)

    assert counts["stale"] == 1
    assert [item.revision for item in waiting] == [1]


@pytest.mark.parametrize(("reports", "told"), [((), 1), ((TOOK_PLACE,), 0)])
def test_after_an_outage_a_plan_is_overdue_only_if_no_report_of_those_days_says_otherwise(
    sqlite_store: Store, reports: tuple[Entry, ...], told: int
) -> None:
    with a_world(sqlite_store, ["post"], ()) as world:
        world.publish("post", VISIT)
        once(world.monitor)
        world.clock.at = later(7 * 24)
        assert tag(world.monitor)["overdue"] == 0  # the feed may tell of it

        world.publish("post", *reports)
        counts = once(world.monitor)

    assert counts["overdue"] == told


def test_a_repeat_is_observed_and_makes_no_message(sqlite_store: Store) -> None:
    with a_world(sqlite_store, ["post", "wire"], (VISITS,)) as world:
        monitor, seen = observed_in(world)
        world.publish("post", VISIT)
        world.publish("wire", replace(VISIT, guid="v2"))
        once(monitor)

    assert [type(one.decision) for one in seen][-1] is Repetition
    assert len(world.channel.sent) == 1


def test_a_message_that_fails_is_sent_later_with_the_same_key(sqlite_store: Store) -> None:
    with a_world(sqlite_store, ["post"], (VISITS,)) as world:
        world.publish("post", VISIT)
        world.channel.failing = DeliveryError("desk", "the service is away")
        first = once(world.monitor)
        queued = sqlite_store.deliveries()
        world.channel.failing = None
        world.clock.at = NOW + HOUR
        second = deliver(world.monitor)

    assert (first["retry"], second["sent"]) == (1, 1)
    assert [one.key for one in world.channel.sent] == [one.key for one in queued]


def test_a_message_that_is_refused_for_good_is_kept_as_dead(sqlite_store: Store) -> None:
    with a_world(sqlite_store, ["post"], (VISITS,)) as world:
        world.publish("post", VISIT)
        world.channel.failing = DeliveryError("desk", "no such address", permanent=True)
        counts = once(world.monitor)

    states = sqlite_store.table("states", "SELECT state, attempts FROM v_alerts").rows
    assert counts["dead"] == 1
    assert states == (("dead", 1),)


def test_old_news_of_a_first_poll_makes_no_message(sqlite_store: Store) -> None:
    with a_world(sqlite_store, ["post"], (VISITS,)) as world:
        world.publish("post", replace(VISIT, published_at=NOW - timedelta(days=3)))
        once(world.monitor)

    assert outcomes(sqlite_store) == {"v": "tagged-summary"}
    assert world.channel.sent == []


def test_a_monitor_that_is_to_stop_begins_nothing_new(sqlite_store: Store) -> None:
    stopping = threading.Event()
    stopping.set()
    with a_world(sqlite_store, ["post"], (VISITS,)) as world:
        world.publish("post", VISIT)
        counts = once(replace(world.monitor, stopping=stopping))

    assert not +counts


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        pytest.param(
            "Die Außenminister beider Länder trafen sich am Montag in Wien und sagten, die Gespräche würden "
            "fortgesetzt, bis beide Seiten eine Einigung erzielt hätten, auch wenn das dauern könne.",
            "foreign-language",
            id="another language",
        ),
        pytest.param("", "no-event-summary", id="no text at all"),
    ],
)
def test_what_cannot_be_read_is_said_to_be_so(sqlite_store: Store, text: str, outcome: str) -> None:
    with a_world(sqlite_store, ["post"], ()) as world:
        world.publish("post", Entry("x", "Treffen in Wien", text))
        once(world.monitor)

    assert outcomes(sqlite_store) == {"x": outcome}
