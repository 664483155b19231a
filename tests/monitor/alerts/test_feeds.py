"""Trouble with feeds is told to rules that ask for it, once for each time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.alerts.feeds import notices
from monitor.alerts.rules import Alertable, AlertRule, FeedTrouble, matches
from monitor.pipeline import deliver, poll
from storage.store import Store
from storage.types import FAILING_AFTER, Feed, FeedState, NewDelivery
from tests.builders import HOUR, NOW, a_development, a_feed, an_event, later
from tests.fakes import Entry, a_world

ALL = AlertRule("feeds", ("desk", "boss"), feeds=frozenset(FeedTrouble))
FAILING = a_feed(id=7, failures=FAILING_AFTER, last_success_at=NOW, last_error="http-500; nothing to do")
SILENT = a_feed(id=7, last_new_at=NOW, silent_at=later(100), last_success_at=later(101), rhythm=2 * HOUR)
GONE = a_feed(id=7, state=FeedState.GONE, last_success_at=NOW, last_error="http-410; look for its successor")


def told(feed: Feed, rule: AlertRule = ALL) -> list[NewDelivery]:
    return list(notices([rule], [feed], "here"))


@pytest.mark.parametrize(
    ("feed", "title", "words"),
    [
        (FAILING, "Feed keeps failing: ", "3 polls failed in a row. Last read: 2022-04-22 09:00 UTC."),
        (SILENT, "Feed fell silent: ", "nothing new since 2022-04-22 09:00 UTC, usually every 2:00:00"),
        (GONE, "Feed has gone: ", "It is no longer polled."),
    ],
)
def test_each_channel_of_the_rule_hears_what_is_wrong(feed: Feed, title: str, words: str) -> None:
    messages = told(feed)

    assert [one.channel for one in messages] == ["desk", "boss"]
    assert messages[0].title.startswith(title)
    assert words in messages[0].body
    assert feed.last_error in messages[0].body
    assert messages[0].event_id is None


def test_a_rule_hears_only_of_the_trouble_that_it_names() -> None:
    rule = replace(ALL, feeds=frozenset({FeedTrouble.SILENT}))

    assert told(FAILING, rule) == told(a_feed(failures=1), rule) == []
    assert told(SILENT, rule) != []
    assert told(FAILING, replace(ALL, feeds=frozenset())) == []


def test_the_same_trouble_has_the_same_key_and_the_next_time_another() -> None:
    first, worse = told(FAILING)[0], told(replace(FAILING, failures=9))[0]
    again = told(replace(FAILING, last_success_at=later(50)))[0]

    assert first.key == worse.key != again.key
    assert len({one.key for feed in (FAILING, SILENT, GONE) for one in told(feed)}) == 6


def test_a_rule_about_feeds_hears_of_no_development() -> None:
    verdict = matches(ALL, Alertable(an_event(), a_development()))

    assert (verdict.matched, verdict.reason) == (False, "a rule about feeds, which hears of no development")


def test_a_feed_that_keeps_failing_is_told_once_each_time(sqlite_store: Store) -> None:
    rule = AlertRule("feeds", ("desk",), feeds=frozenset({FeedTrouble.FAILING}))
    counts = []
    with a_world(sqlite_store, ["post"], (rule,)) as world:
        for is_there in (False, False, False, False, True, False, False, False):
            world.clock.at += timedelta(days=2)
            if is_there:
                world.publish("post", Entry("w", "Rain ahead", "It will rain in most of the north."))
            else:
                world.documents.clear()
            poll(world.monitor)
            deliver(world.monitor)
            counts.append(len(world.channel.sent))

    assert counts == [0, 0, 1, 1, 1, 1, 1, 2]
