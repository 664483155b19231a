"""The daemon listens to hubs where its configuration says how they reach it, and nowhere else."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.app import Outside
from monitor.clock import SetClock
from monitor.config import ArticlesConfig, Config, WebSubConfig
from monitor.daemon import Daemon, config_changes
from monitor.errors import MonitorError
from storage.store import Store
from storage.types import SubscriptionState
from tests.builders import NOW
from tests.hub import PUBLIC, Hub
from tests.storage.filling import add_feed, subscribe
from tests.webserver import serving

PLAIN = Config(path=Path("config.yaml"), articles=ArticlesConfig(read=False))


@pytest.fixture
def listening() -> Iterator[tuple[str, socket.socket]]:
    """An address that somebody listens at, and who does."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        yield f"127.0.0.1:{taken.getsockname()[1]}", taken


@contextmanager
def a_daemon(config: Config, store: Store) -> Iterator[Daemon]:
    daemon = Daemon(config, store, outside=Outside(now=SetClock(NOW), channels={}))
    daemon.start()
    try:
        yield daemon
    finally:
        daemon.stop()


def websub(listen: str) -> Config:
    return replace(PLAIN, websub=WebSubConfig(public_url=PUBLIC, listen=listen))


def can_connect(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=10).close()
    except ConnectionRefusedError:
        return False
    return True


def test_hubs_are_served_from_start_to_stop(sqlite_store: Store, listening: tuple[str, socket.socket]) -> None:
    address, taken = listening
    taken.close()

    with serving() as web, a_daemon(websub(address), sqlite_store):
        hub = Hub(web, port=int(address.rpartition(":")[2]))
        assert hub.call("GET", f"{PUBLIC}/websub/nobody").status == 404
        assert hub.call("GET", f"{PUBLIC}/elsewhere").status == 404
    assert not can_connect(address)


def test_without_a_public_address_nobody_is_served_and_hubs_are_forgotten(sqlite_store: Store) -> None:
    add_feed(sqlite_store)
    subscribe(sqlite_store)

    with a_daemon(PLAIN, sqlite_store):
        assert not can_connect(PLAIN.websub.listen)

    assert [one.state for one in sqlite_store.subscriptions()] == [SubscriptionState.DECLARED]


def test_an_address_that_is_taken_is_named_with_what_to_do(
    sqlite_store: Store, listening: tuple[str, socket.socket]
) -> None:
    address, _ = listening
    daemon = Daemon(websub(address), sqlite_store, outside=Outside(now=SetClock(NOW), channels={}))

    with pytest.raises(MonitorError, match=rf"websub.listen: {address} cannot be listened at \(.*\); give another"):
        daemon.start()


def test_a_change_of_the_section_is_told() -> None:
    assert config_changes(PLAIN, websub("127.0.0.1:9")) == ("websub changed",)
