"""WebSub against a real hub: subscribed, verified, pushed, renewed, ended; and polled when the hub does not keep its
word. The monitor is the daemon's own, on a clock that the tests set.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app import Outside, open_monitor
from monitor.clock import SetClock
from monitor.config import ArticlesConfig, Config, PollerConfig
from monitor.config.values import parse_network
from monitor.pipeline import Monitor, poll
from monitor.polling import fetch_settings, prepare
from monitor.websub.opening import WebSub, open_websub
from monitor.websub.settings import WebSubSettings
from storage.store import Store
from storage.types import FeedSpec, Subscription, SubscriptionState
from tests.builders import NOW, later
from tests.fakes import Entry, rss
from tests.hub import PUBLIC, Hub
from tests.webserver import Answer, WebServer, serving

INTERVAL, REST, DAY = timedelta(minutes=10), timedelta(hours=3), timedelta(days=1)
LONGEST_BODY = 100_000


def entry(guid: str) -> Entry:
    return Entry(guid, f"Envoy visits Oslo ({guid})", f"She stays for a day, says report {guid}.")


@dataclass(slots=True)
class World:
    """A feed, its hub, and a monitor that listens to hubs."""

    web: WebServer
    hub: Hub
    store: Store
    clock: SetClock
    monitor: Monitor
    websub: WebSub

    def publish(self, *guids: str, hub: str | None = None) -> None:
        """Put a document at the feed's address, which names the hub."""
        link = f"<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='hub' href='{hub or self.hub.url}'/>"
        body = rss(*map(entry, guids)).replace(b"<channel>", f"<channel>{'' if hub == '' else link}".encode())
        self.web.answer("/feed.xml", Answer(body, headers={"content-type": "application/rss+xml"}))

    def turn(self, hours: float = 0) -> None:
        """Let the daemon's jobs take a turn at an instant."""
        self.clock.at = later(hours)
        poll(self.monitor)
        self.websub.ask()
        self.websub.read()

    @property
    def items(self) -> int:
        return self.store.feed(1).items

    @property
    def polls(self) -> int:
        return self.web.count("/feed.xml")

    @property
    def subscription(self) -> Subscription:
        (one,) = self.store.subscriptions()
        return one


POLLER = PollerConfig(
    interval=INTERVAL, min_gap=timedelta(), robots=False, allow_networks=(parse_network("127.0.0.0/8"),)
)
CONFIG = Config(path=Path("config.yaml"), poller=POLLER, articles=ArticlesConfig(read=False))


@pytest.fixture(scope="module")
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture(scope="module")
def monitor(sqlite_template: Path, clock: SetClock) -> Iterator[Monitor]:
    """A monitor that all tests share, as its chain takes a while to load; each gives it a store of its own."""
    outside = Outside(now=clock, channels={})
    with Store.open(f"sqlite:///{sqlite_template}") as store, open_monitor(CONFIG, store, outside=outside) as opened:
        yield opened


@pytest.fixture
def world(sqlite_store: Store, monitor: Monitor, clock: SetClock) -> Iterator[World]:
    clock.at = NOW
    own = replace(monitor, store=sqlite_store)
    settings = WebSubSettings(PUBLIC, "127.0.0.1", 0, DAY, REST, LONGEST_BODY)
    with serving() as web, open_websub(settings, fetch_settings(CONFIG), own) as websub:
        feeds = (FeedSpec(web.url("/feed.xml"), interval=INTERVAL),)
        prepare(replace(CONFIG, feeds=feeds), sqlite_store, clock)
        yield World(web, Hub(web, websub.port), sqlite_store, clock, own, websub)


@pytest.fixture
def subscribed(world: World) -> World:
    world.publish("a")
    world.turn()
    assert world.subscription.state is SubscriptionState.ACTIVE
    return world


# ---------------------------------------------------------------- subscribing


def test_a_feed_that_names_a_hub_is_subscribed_and_the_hub_verifies(world: World) -> None:
    world.publish("a")

    world.turn()

    asked = world.hub.last
    assert (asked["hub.mode"], asked["hub.topic"]) == ("subscribe", world.web.url("/feed.xml"))
    assert asked["hub.callback"].startswith(f"{PUBLIC}/websub/")
    assert asked["hub.lease_seconds"] == "86400"
    assert 20 < len(asked["hub.secret"]) < 200
    (told,) = world.hub.verifications
    assert (told.status, told.body) == (200, b"<b>7")
    assert told.headers["content-type"].startswith("text/plain")
    assert world.subscription.active_until == later(24)


def test_a_feed_without_a_hub_is_polled_and_nobody_is_asked(world: World) -> None:
    world.publish("a", hub="")

    world.turn()

    assert world.hub.requests == []
    assert world.store.subscriptions() == ()


def test_what_nobody_asked_for_is_not_confirmed(subscribed: World) -> None:
    hub = subscribed.hub

    assert hub.verify(**{"hub.mode": "unsubscribe"}).status == 404
    assert hub.verify(**{"hub.topic": "https://elsewhere.example/"}).status == 404
    assert hub.verify(**{"hub.mode": "publish"}).status == 404
    assert hub.call("GET", f"{PUBLIC}/websub/guessed?hub.mode=subscribe&hub.topic=x&hub.challenge=y").status == 404
    assert subscribed.subscription.state is SubscriptionState.ACTIVE


@pytest.mark.parametrize(("given", "hours"), [("7200", 2), ("", 24), ("soon", 24), ("0", 24), ("9" * 11, 30 * 24)])
def test_the_lease_is_the_hubs_within_bounds(subscribed: World, given: str, hours: float) -> None:
    subscribed.hub.verify(**{"hub.lease_seconds": given})

    assert subscribed.subscription.active_until == later(hours)


# ---------------------------------------------------------------- pushes


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_push_brings_what_a_poll_would(subscribed: World, method: str) -> None:
    told = subscribed.hub.push(rss(entry("b"), entry("a")), method=method)
    subscribed.websub.read()

    assert told.status == 202
    assert subscribed.items == 2
    assert subscribed.polls == 1


def test_a_pushed_item_is_not_new_when_the_feed_is_polled_later(subscribed: World) -> None:
    subscribed.hub.push(rss(entry("b")))
    subscribed.publish("b", "a")

    subscribed.turn(4)

    assert subscribed.items == 2
    assert subscribed.subscription.missed == 0


@pytest.mark.parametrize(
    "header",
    ["", "sha256=00", "md5=d41d8cd98f00b204e9800998ecf8427e", "sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709"],
)
def test_a_push_that_the_hub_did_not_sign_is_dropped(subscribed: World, header: str) -> None:
    told = subscribed.hub.push(rss(entry("forged")), X_Hub_Signature=header)
    subscribed.websub.read()

    assert told.status == 202
    assert subscribed.items == 1


def test_a_push_to_an_address_that_nobody_has_is_gone(subscribed: World) -> None:
    assert subscribed.hub.call("POST", f"{PUBLIC}/websub/guessed", b"x").status == 410


def test_a_push_after_the_lease_is_gone(subscribed: World) -> None:
    subscribed.clock.at = later(25)

    assert subscribed.hub.push(rss(entry("late"))).status == 410


def test_a_push_is_bounded(subscribed: World) -> None:
    assert subscribed.hub.push(b"x" * (LONGEST_BODY + 1)).status == 413
    assert subscribed.hub.push(b"x", Content_Encoding="gzip").status == 415


def test_a_push_that_is_no_feed_leads_to_a_poll(subscribed: World) -> None:
    subscribed.publish("b", "a")
    subscribed.hub.push(b"<html><body>moved</body></html>")

    subscribed.turn(0.5)
    subscribed.turn(0.5)

    assert subscribed.items == 2
    assert subscribed.store.feed(1).failures == 0


# ---------------------------------------------------------------- polls meanwhile


def test_a_feed_that_is_pushed_is_polled_rarely(subscribed: World) -> None:
    subscribed.turn(0.5)  # due by its own interval; from here on it rests
    assert subscribed.polls == 2

    for hours in (1, 2, 3):
        subscribed.turn(hours)

    assert subscribed.polls == 2
    subscribed.turn(3.6)
    assert subscribed.polls == 3


def test_a_feed_is_polled_as_usual_when_its_hub_does_not_push(subscribed: World) -> None:
    for number, hours in enumerate((1, 4.1)):
        subscribed.publish(f"unpushed-{number}", "a")
        subscribed.turn(hours)
    assert subscribed.items == 3

    subscribed.turn(4.5)

    assert subscribed.polls == 4


@pytest.mark.parametrize("answer", [Answer(status=500), Answer(status=404), Answer(status=302)])
def test_a_feed_is_polled_as_usual_when_its_hub_fails(world: World, answer: Answer) -> None:
    world.hub.answer = answer
    world.publish("a")

    world.turn()
    world.turn(0.5)

    assert world.polls == 2
    assert f"the hub answers {answer.status}" in world.subscription.last_error
    assert len(world.hub.requests) == 2


@pytest.mark.parametrize("status", [307, 308])
def test_a_hub_that_sends_us_on_is_followed(world: World, status: int) -> None:
    old = world.web.answer("/old-hub", Answer(status=status, headers={"location": "/hub"}))
    world.publish("a", hub=old)

    world.turn()

    assert world.subscription.state is SubscriptionState.ACTIVE
    assert world.hub.last["hub.mode"] == "subscribe"


def test_a_hub_that_sends_us_round_in_circles_fails(world: World) -> None:
    circle = world.web.answer("/circle", Answer(status=307, headers={"location": "/circle"}))
    world.publish("a", hub=circle)

    world.turn()

    assert world.subscription.last_error == "the hub answers 307 Temporary Redirect"
    assert world.web.count("/circle") == 4


def test_a_hub_that_is_not_there_is_named_and_asked_again(world: World) -> None:
    world.publish("a", hub="http://127.0.0.1:1/hub")

    world.turn()
    world.turn(0.5)

    assert world.subscription.last_error == "the hub cannot be asked: connect"
    assert world.polls == 2


def test_a_hub_in_a_private_network_is_out_of_reach(world: World) -> None:
    world.publish("a", hub="http://10.0.0.1/hub")

    world.turn()

    assert world.subscription.last_error == "the hub cannot be asked: refused-address"


def test_a_hub_that_refuses_is_left_alone_and_the_feed_polled(world: World) -> None:
    world.hub.denies = "not in our list"
    world.publish("a")

    world.turn()
    world.turn(0.5)

    assert world.subscription.state is SubscriptionState.REFUSED
    assert world.subscription.last_error == "the hub refuses: not in our list"
    assert (world.polls, len(world.hub.requests)) == (2, 1)


# ---------------------------------------------------------------- renewing and ending


def test_a_lease_is_renewed_before_it_is_over(subscribed: World) -> None:
    subscribed.turn(17)
    assert len(subscribed.hub.requests) == 1

    subscribed.turn(19)

    assert [one["hub.mode"] for one in subscribed.hub.requests] == ["subscribe", "subscribe"]
    assert subscribed.subscription.active_until == later(19 + 24)


def test_a_renewal_that_fails_leads_back_to_polling(subscribed: World) -> None:
    subscribed.hub.answer = Answer(status=503)
    subscribed.turn(18.1)
    before = subscribed.polls

    for hours in (18.5, 19, 19.5):
        subscribed.turn(hours)

    assert subscribed.polls - before == 3


def test_a_hub_that_is_no_longer_named_is_unsubscribed(subscribed: World) -> None:
    subscribed.publish("a", "b", hub="")

    subscribed.turn(1)

    assert subscribed.hub.last["hub.mode"] == "unsubscribe"
    assert "hub.secret" not in subscribed.hub.last
    assert subscribed.hub.verifications[-1].status == 200
    assert subscribed.store.subscriptions() == ()
