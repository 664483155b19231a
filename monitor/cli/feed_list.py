"""`demarche feeds list`: how all feeds are, trouble first."""

import json
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from monitor.cli.common import config_options, console, open_store, printable, read_config
from monitor.cli.words import ago, ahead, count, length
from monitor.clock import wall_clock
from monitor.poller.urls import redacted
from storage.types import Feed, FeedState, Subscription, SubscriptionState

INDENT = 14
HEAD, RIGHT, GAP = ("id", "publisher", "items", "last new", "next poll"), ("id", "items"), "  "
LONGEST_NAME = 20
# Of an address at least so much is shown, however narrow the terminal.
LEAST_ROOM = 20


class Standing(StrEnum):
    """How a feed is, in the order in which feeds are listed."""

    FAILING = "failing"
    SILENT = "silent"
    GONE = "gone"
    HICCUP = "hiccup"  # failed last time, not often enough to be called failing
    NEW = "new"  # not polled yet
    FINE = "fine"
    PAUSED = "paused"


TROUBLE = (Standing.FAILING, Standing.SILENT, Standing.GONE)
STYLES = {Standing.FAILING: "bold red", Standing.SILENT: "bold yellow", Standing.GONE: "bold yellow"}


@dataclass(frozen=True, slots=True)
class Listed:
    """A feed as it is listed; `pushed_until` is when its hub's lease is over, None where it is polled alone."""

    feed: Feed
    hub: str
    pushed_until: datetime | None

    @property
    def standing(self) -> Standing:
        """How the feed is."""
        feed = self.feed
        if feed.trouble:
            return Standing(feed.trouble)
        if feed.state is not FeedState.ACTIVE:
            return Standing(feed.state.value)
        if feed.failures:
            return Standing.HICCUP
        return Standing.FINE if feed.last_success_at else Standing.NEW


@click.command("list", short_help="List all feeds, those with trouble first.")
@click.option("--trouble", is_flag=True, help="Only feeds that fail, fell silent, or are gone.")
@click.option("--json", "as_json", is_flag=True, help="A JSON array, for programs.")
@config_options
def list_(trouble: bool, as_json: bool, config: str, database: str | None) -> None:
    """List all feeds, those with trouble first and with what to do about it."""
    with open_store(read_config(config, database)) as store:
        listed = listing(store.feeds(), store.subscriptions(), wall_clock())
    chosen = [one for one in listed if one.standing in TROUBLE] if trouble else listed
    if as_json:
        rows = [_plain(one) for one in sorted(chosen, key=lambda one: one.feed.id)]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    show(chosen, console(), wall_clock(), of=listed)


def listing(feeds: Sequence[Feed], subscriptions: Sequence[Subscription], now: datetime) -> list[Listed]:
    """Return all feeds in the order in which they are listed: by standing, then by number."""
    hubs = {one.feed_id: one for one in subscriptions if one.state is not SubscriptionState.ENDING}
    order = list(Standing)
    listed = [Listed(feed, *_pushed(hubs.get(feed.id), now)) for feed in feeds]
    return sorted(listed, key=lambda one: (order.index(one.standing), one.feed.id))


def _pushed(subscription: Subscription | None, now: datetime) -> tuple[str, datetime | None]:
    if subscription is None:
        return "", None
    until = subscription.active_until
    return subscription.hub.url, until if until and until > now else None


# ---------------------------------------------------------------- for people


def show(listed: Sequence[Listed], out: Console, now: datetime, *, of: Sequence[Listed]) -> None:
    """Print feeds for people: how many are how, what is wrong with some, a line for each of the others."""
    if not of:
        out.print("feeds: nothing yet", style="dim")
        return
    counts = Counter(one.standing for one in of)
    told = ", ".join(f"{counts[one]} {one.value}" for one in Standing if counts[one])
    out.print(f"{count(len(of), 'feed')}: {told}")
    for one in listed:
        if one.standing in TROUBLE:
            out.print()
            for line in _in_full(one, now, out.width):
                out.print(line, soft_wrap=True)
    others = [one for one in listed if one.standing not in TROUBLE]
    if others:
        out.print()
        for line in _lines(others, now, out.width):
            out.print(line, soft_wrap=True)


def _in_full(one: Listed, now: datetime, width: int) -> Iterator[Text]:
    feed, standing = one.feed, one.standing
    yield Text.assemble(
        (f"{standing.value:<8}", STYLES[standing]), f"{feed.id:>4}  ", (printable(feed.publisher), "bold")
    )
    indent = " " * INDENT
    yield Text(f"{indent}{printable(redacted(feed.url))}")
    for told in _WORDS[standing](feed, now):
        for line in textwrap.wrap(printable(told), max(40, width), initial_indent=indent, subsequent_indent=indent):
            yield Text(line, style="dim" if told == feed.last_error else "")


def _failing(feed: Feed, now: datetime) -> Iterator[str]:
    read = f"last read {ago(feed.last_success_at, now)}" if feed.last_success_at else "never read so far"
    yield f"{feed.failures} polls failed in a row, {read}; next try {ahead(feed.next_poll_at, now)}"
    yield feed.last_error


def _silent(feed: Feed, now: datetime) -> Iterator[str]:
    usual = f", usually every {length(feed.rhythm)}" if feed.rhythm else ""
    quiet = f"nothing new for {length(now - feed.last_new_at)}" if feed.last_new_at else "nothing new so far"
    yield f"{quiet}{usual}; it was read {ago(feed.last_success_at, now)}"
    yield "look at the publisher's pages: it may have moved, or ended without a word"


def _gone(feed: Feed, now: datetime) -> Iterator[str]:
    yield f"its server says that it has gone for good; last read {ago(feed.last_success_at, now)}, no longer polled"
    yield feed.last_error


_WORDS = {Standing.FAILING: _failing, Standing.SILENT: _silent, Standing.GONE: _gone}


def _lines(listed: Sequence[Listed], now: datetime, width: int) -> Iterator[Text]:
    """Yield a head and a line for each feed that fit the width; what does not fit of an address is left out."""
    rows = [_cells(one, now) for one in listed]
    widths = [max(map(len, column)) for column in zip(HEAD, *rows, strict=True)]
    room = max(LEAST_ROOM, width - sum(widths) - len(GAP) * len(HEAD))
    yield Text(_joined((*HEAD, "address"), widths), style="dim")
    for one, row in zip(listed, rows, strict=True):
        address = fitted(printable(redacted(one.feed.url)), room)
        yield Text(_joined((*row, address), widths), style="dim" if one.standing is Standing.PAUSED else "")


def _joined(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell.rjust(width) if name in RIGHT else cell.ljust(width)
        for name, cell, width in zip(HEAD, cells, widths, strict=False)
    )
    return GAP.join((*padded, cells[-1]))


def fitted(url: str, room: int) -> str:
    """Return an address in so many characters: whole, without its scheme, or without its middle."""
    if len(url) <= room:
        return url
    bare = url.partition("://")[2]
    if len(bare) <= room:
        return bare
    half = (room - 1) // 2
    return f"{bare[: room - 1 - half]}…{bare[-half:]}"


def _cells(one: Listed, now: datetime) -> tuple[str, ...]:
    feed = one.feed
    publisher = printable(feed.publisher)
    return (
        str(feed.id),
        publisher if len(publisher) <= LONGEST_NAME else f"{publisher[: LONGEST_NAME - 1]}…",
        f"{feed.items:,}",
        length(now - feed.last_new_at) if feed.last_new_at else "–",
        _next(one, now),
    )


def _next(one: Listed, now: datetime) -> str:
    if one.standing is Standing.PAUSED:
        return "paused"
    due = ahead(one.feed.next_poll_at, now)
    if one.standing is Standing.HICCUP:
        return f"{due}, failed"
    return f"{due}, pushed" if one.pushed_until else due


# ---------------------------------------------------------------- for programs

_OWN = ("id", "publisher", "title", "items", "failures", "trouble", "last_error")
_INSTANTS = ("last_success_at", "last_new_at", "next_poll_at")


def _plain(one: Listed) -> Mapping[str, Any]:
    feed = one.feed
    return {
        **{name: getattr(feed, name) for name in _OWN},
        "url": redacted(feed.url),
        "moved_to": redacted(feed.moved_to),
        "state": feed.state.value,
        "interval_seconds": round(feed.interval.total_seconds()),
        **{name: _instant(getattr(feed, name)) for name in _INSTANTS},
        "hub": redacted(one.hub),
        "pushed_until": _instant(one.pushed_until),
    }


def _instant(instant: datetime | None) -> str | None:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}" if instant else None
