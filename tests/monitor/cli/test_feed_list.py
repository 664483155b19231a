"""How `feeds list` reads on a terminal: trouble first, with what to do, and nothing wider than the terminal."""

import io
from datetime import timedelta

import pytest
from rich.console import Console

from monitor.cli.feed_list import Listed, Standing, fitted, listing, show
from storage.types import Feed, FeedState, Subscription, SubscriptionState
from tests.builders import NOW, a_feed, later
from tests.storage.filling import HUB

ADDRESS = "https://www.harbour-gazette.example/sections/international/diplomacy/feeds/latest-stories.rss"
FINE = a_feed(id=1, items=12_400, last_success_at=later(-1), last_new_at=later(-3), next_poll_at=later(0.5))
FAILING = a_feed(
    id=2,
    publisher="Harbour Gazette",
    url=ADDRESS,
    failures=7,
    last_success_at=later(-80),
    next_poll_at=later(6),
    last_error="http-403 (Forbidden); the server refuses us; check poller.user_agent, or ask the publisher",
)
SILENT = a_feed(
    id=3, last_success_at=later(-1), silent_at=later(-2), last_new_at=later(-240), rhythm=timedelta(hours=5)
)
GONE = a_feed(id=4, state=FeedState.GONE, last_error="http-410 (Gone); look for its successor")
HICCUP = a_feed(id=5, failures=1, last_success_at=later(-1))
NEW = a_feed(id=6)
PAUSED = a_feed(id=7, state=FeedState.PAUSED)
ALL = (FINE, FAILING, SILENT, GONE, HICCUP, NEW, PAUSED)


def a_subscription(**changes: object) -> Subscription:
    values: dict[str, object] = {
        "id": 1, "feed_id": 1, "feed_url": FINE.url, "hub": HUB, "token": "t", "secret": "s", "callback_url": "",
        "state": SubscriptionState.ACTIVE, "next_try_at": NOW, "active_until": later(9), "rest": timedelta(hours=3),
        "failures": 0, "missed": 0, "last_error": "", "last_push_at": None,
    }  # fmt: skip
    return Subscription(**values | changes)  # type: ignore[arg-type]  # by name


def shown(feeds: tuple[Feed, ...], *subscriptions: Subscription, width: int = 80) -> list[str]:
    out = io.StringIO()
    listed = listing(feeds, subscriptions, NOW)
    show(listed, Console(file=out, width=width, highlight=False), NOW, of=listed)
    return out.getvalue().splitlines()


def standings(listed: list[Listed]) -> list[Standing]:
    return [one.standing for one in listed]


def test_feeds_are_listed_by_how_they_are() -> None:
    assert standings(listing(ALL, (), NOW)) == list(Standing)


def test_the_first_line_counts_and_trouble_comes_before_the_rest() -> None:
    lines = shown(ALL)

    assert lines[0] == "7 feeds: 1 failing, 1 silent, 1 gone, 1 hiccup, 1 new, 1 fine, 1 paused"
    heads = [line.split()[0] for line in lines if line[:1].isalpha()]
    assert heads == ["failing", "silent", "gone", "id"]


def test_trouble_says_since_when_why_and_what_to_do() -> None:
    text = " ".join(" ".join(shown((FAILING, SILENT))).split())

    assert "7 polls failed in a row, last read 3 days ago; next try in 6 h" in text
    assert "check poller.user_agent, or ask the publisher" in text
    assert "nothing new for 10 days, usually every 5 h; it was read 60 min ago" in text


def test_addresses_with_trouble_are_whole_so_that_they_can_be_copied() -> None:
    assert ADDRESS in "\n".join(shown((FAILING,)))


@pytest.mark.parametrize("width", [80, 100])
def test_no_other_line_is_wider_than_the_terminal(width: int) -> None:
    lines = shown((*ALL, a_feed(id=8, url=ADDRESS, publisher="The Harbour Gazette and Courier")), width=width)

    assert [line for line in lines if len(line) > width and ADDRESS not in line] == []


def test_a_feed_that_its_hub_pushes_says_so_while_the_lease_holds() -> None:
    assert "in 30 min, pushed" in shown((FINE,), a_subscription())[-1]
    assert "pushed" not in shown((FINE,), a_subscription(active_until=later(-1)))[-1]


def test_what_strangers_write_does_not_reach_the_terminal_as_it_is() -> None:
    text = "\n".join(shown((a_feed(publisher="[red]\x1b[31mRed", url="https://u:secret@post.example/\x1b]"),)))

    assert "\x1b" not in text
    assert "secret" not in text
    assert "[red]" in text


@pytest.mark.parametrize(
    ("room", "said"),
    [(30, "https://post.example/world.rss"), (22, "post.example/world.rss"), (11, "post.…d.rss")],
)
def test_an_address_loses_first_its_scheme_and_then_its_middle(room: int, said: str) -> None:
    assert fitted("https://post.example/world.rss", room) == said
