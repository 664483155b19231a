"""`demarche feeds`: what is polled."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from monitor.cli.common import config_options, open_store, read_config
from monitor.cli.feed_add import add
from monitor.cli.feed_check import check
from monitor.cli.feed_list import list_
from monitor.clock import wall_clock
from monitor.opml import read_opml, write_opml
from monitor.poller.urls import canonical_url, redacted
from monitor.polling import prepare
from storage.errors import NotFound
from storage.store import Store
from storage.types import FeedState


@click.group()
def feeds() -> None:
    """List, add, remove, check, pause, import and export feeds."""


@feeds.command("import", short_help="Add all feeds of an OPML file.")
@click.argument("file", type=click.File("rb"))
@config_options
def import_(file: Any, config: str, database: str | None) -> None:
    """Add all feeds of an OPML FILE (- for standard input); those that are there already are left as they are."""
    specs = read_opml(file.read(), file=_name(file))
    configured = read_config(config, database)
    with Store.open(configured.database) as store:
        prepare(configured, store, wall_clock)
        there = {canonical_url(feed.url) for feed in store.feeds()}
        new = [spec for spec in specs if canonical_url(spec.url) not in there]
        added = len(store.add_feeds(new, wall_clock(), configured.poller.interval))
    click.echo(f"Added {added} of {len(specs)} feeds; {len(specs) - added} were there already.")


@feeds.command(short_help="Write all feeds as OPML.")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@config_options
def export(file: Path | None, config: str, database: str | None) -> None:
    """Write all feeds as OPML to FILE, or to standard output."""
    with open_store(read_config(config, database)) as store:
        document = write_opml(store.feeds())
    if file:
        file.write_bytes(document)
        return
    sys.stdout.buffer.write(document)


@feeds.command(short_help="Leave a feed alone until it is resumed.")
@click.argument("feed")
@config_options
def pause(feed: str, config: str, database: str | None) -> None:
    """Pause FEED, an address or a number: it is not polled until somebody resumes it. What it brought stays."""
    _put(feed, FeedState.PAUSED, config, database)


@feeds.command(short_help="Poll a feed again that was paused or had gone.")
@click.argument("feed")
@config_options
def resume(feed: str, config: str, database: str | None) -> None:
    """Resume FEED, an address or a number, that was paused or whose server said that it had gone; it is due at once."""
    _put(feed, FeedState.ACTIVE, config, database)


@feeds.command(short_help="Remove a feed; what it brought stays.")
@click.argument("feed")
@config_options
def remove(feed: str, config: str, database: str | None) -> None:
    """Remove FEED, an address or a number: it is polled and listed no more. Its items and their events stay.

    A feed of config.yaml is removed by taking it out there. `feeds add` brings a removed one back.
    """
    with open_store(read_config(config, database)) as store, _named(feed) as wanted:
        removed = store.remove_feed(wanted)
    click.echo(f"Removed feed {removed.id}: {redacted(removed.url)}.")


feeds.add_command(list_)
feeds.add_command(add)
feeds.add_command(check)


def _put(feed: str, state: FeedState, config: str, database: str | None) -> None:
    with open_store(read_config(config, database)) as store, _named(feed) as wanted:
        put = store.set_feed_state(wanted, state, wall_clock())
    click.echo(f"Feed {put.id} is {put.state.value}: {redacted(put.url)}.")


@contextmanager
def _named(feed: str) -> Iterator[int | str]:
    """Give a feed's number or address; a message that it is not there is said without the address's password."""
    try:
        yield int(feed) if feed.isdecimal() else feed
    except NotFound as error:
        raise NotFound(f"no feed {redacted(feed)}; `demarche feeds list` has all") from error


def _name(file: Any) -> str:
    name = getattr(file, "name", "<stdin>")
    return "standard input" if name == "<stdin>" else str(name)
