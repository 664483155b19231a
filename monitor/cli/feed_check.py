"""`demarche feeds check`: what a feed would give, by the very code that polls it. Nothing is written."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from monitor.cli.common import FAILED, config_options, console, printable, read_config
from monitor.cli.words import ago, count, length, seconds, size
from monitor.clock import wall_clock
from monitor.config import Config
from monitor.engine import completed
from monitor.poller.discover import Candidate
from monitor.poller.look import Look, discover, look, revalidates, unstored, warm_up
from monitor.poller.urls import is_web_url, redacted
from monitor.polling import Polling, open_polling
from storage.publishers import publisher_of
from storage.store import Store
from storage.types import Feed, FeedState, NewItem

NEWEST_SHOWN = 5
# What is asked at the same time; one host is still asked one thing at a time.
PARALLEL = 16


@dataclass(frozen=True, slots=True)
class Checked:
    """A feed with what a look at it gave. `candidates` are the feeds of an address that is a web page."""

    feed: Feed
    seen: Look
    revalidates: bool | None
    candidates: tuple[Candidate, ...]
    at: datetime

    @property
    def publisher(self) -> str:
        """Who would be counted as its publisher."""
        return self.feed.publisher or publisher_of(self.feed.url, self.seen.polled.title)

    @property
    def dates(self) -> list[datetime]:
        """When its entries were published, as far as they say, the newest first."""
        return sorted((one.published_at for one in self.seen.polled.items if one.published_at), reverse=True)


@click.command("check", short_help="Tell what feeds would give, with timings.")
@click.argument("feed", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="A JSON array, for programs.")
@config_options
def check(feed: tuple[str, ...], as_json: bool, config: str, database: str | None) -> None:
    """Tell what each FEED (an address, or the number of a feed) would give, with timings; without one, all feeds.

    It is fetched and read as the daemon does it, and nothing is written. Status 1 when one of them is no feed that can
    be read; it says why and what to do.
    """
    configured = read_config(config, database)
    feeds = [_named(one, configured) for one in feed] or _all(configured)
    checked = _check(feeds, configured)
    if as_json:
        click.echo(json.dumps([_plain(one) for one in checked], ensure_ascii=False, indent=1))
    else:
        _show(checked, console(), in_full=bool(feed))
    if not all(one.seen.is_feed for one in checked):
        raise click.exceptions.Exit(FAILED)


# ---------------------------------------------------------------- which feeds


def _named(name: str, configured: Config) -> Feed:
    if name.isdecimal():
        with Store.open(configured.database) as store:
            store.require_current()
            return _afresh(store.feed(int(name)))
    if is_web_url(name):
        return unstored(name, wall_clock(), configured.poller.interval)
    raise click.BadParameter(f"{redacted(name)} is neither an http or https address nor a feed's number")


def _all(configured: Config) -> list[Feed]:
    """Return the active feeds of the database; those of the configuration where there is no database yet."""
    with Store.open(configured.database) as store:
        if store.revision() is not None:
            store.require_current()
            return [_afresh(feed) for feed in store.feeds() if feed.state is FeedState.ACTIVE]
    feeds = [(spec, unstored(spec.url, wall_clock(), configured.poller.interval)) for spec in configured.feeds]
    return [replace(feed, title=spec.title, publisher=spec.publisher) for spec, feed in feeds]


def _afresh(feed: Feed) -> Feed:
    """Return the feed as if it was never polled, so that its document is asked for in full."""
    return replace(feed, etag=None, last_modified=None, body_hash=None, failures=0, last_error="")


# ---------------------------------------------------------------- looking


def _check(feeds: Sequence[Feed], configured: Config) -> list[Checked]:
    done: list[Checked] = []
    with (
        open_glances(configured) as polling,
        Progress(console=Console(stderr=True), transient=True, disable=len(feeds) < 2) as bar,
    ):
        task = bar.add_task("checking", total=len(feeds))
        for _, one in completed(polling.loop, lambda feed: _look(feed, polling), feeds, window=PARALLEL):
            if isinstance(one, Exception):
                raise one
            done.append(one)
            bar.advance(task)
    order = {feed.url: number for number, feed in enumerate(feeds)}
    return sorted(done, key=lambda one: (one.seen.is_feed, order[one.feed.url]))


@contextmanager
def open_glances(configured: Config) -> Iterator[Polling]:
    """Give what polls, for single looks that a person waits for and that are timed.

    A crawl-delay means nothing to a single request, so that no robots.txt is asked for.
    """
    single = replace(configured, poller=replace(configured.poller, robots=False))
    with open_polling(single, now=wall_clock) as polling:
        polling.loop.run(warm_up(polling.poll, wall_clock()))
        yield polling


async def _look(feed: Feed, polling: Polling) -> Checked:
    seen = await glance(feed, polling)
    again = await revalidates(seen, polling.fetcher) if seen.is_feed else None
    candidates: tuple[Candidate, ...] = ()
    if seen.is_page:
        candidates, _ = await discover(seen, lambda url: glance(replace(feed, url=url), polling))
    return Checked(feed, seen, again, candidates, wall_clock())


async def glance(feed: Feed, polling: Polling) -> Look:
    """Return what one poll of a feed gives."""
    return await look(feed, polling.fetcher, polling.poll, clock=time.monotonic)


# ---------------------------------------------------------------- for people


def _show(checked: Sequence[Checked], out: Console, *, in_full: bool) -> None:
    if not checked:
        out.print("No feed to check: name one, or list some under `feeds` in the configuration.")
        return
    for one in checked:
        for line in _in_full(one) if in_full or not one.seen.is_feed else (_in_short(one),):
            out.print(line, soft_wrap=True)
    if len(checked) > 1:
        bad = sum(not one.seen.is_feed for one in checked)
        out.print(f"{count(len(checked), 'feed')} checked, {bad or 'none'} with trouble.")


def _in_short(one: Checked) -> Text:
    newest = f"newest {ago(one.dates[0], one.at)}" if one.dates else "no dates"
    took = seconds(one.seen.fetch_seconds + one.seen.parse_seconds)
    entries = count(len(one.seen.polled.items), "entry")
    return Text.assemble(
        ("good", "green"), f"  {took:>6}  {entries:>11}  {newest:<20} ", printable(redacted(one.feed.url))
    )


def _in_full(one: Checked) -> Iterator[Text]:
    state = ("good", "bold green") if one.seen.is_feed else ("trouble", "bold red")
    yield Text.assemble(state, "  ", printable(redacted(one.feed.url)))
    for name, said in _facts(one) if one.seen.is_feed else _trouble(one):
        yield Text.assemble((f"  {name:<10}", "dim"), printable(said))
    for item in one.seen.polled.items[:NEWEST_SHOWN]:
        yield Text.assemble((f"  {_when(item):<16}  ", "dim"), printable(item.title or item.summary[:80]))
    more = len(one.seen.polled.items) - NEWEST_SHOWN
    if more > 0:
        yield Text(f"  … and {more:,} more", style="dim")


def _facts(one: Checked) -> Iterator[tuple[str, str]]:
    polled, fetched = one.seen.polled, one.seen.fetched
    assert fetched is not None  # a feed that was read came as a document
    kind = fetched.headers.get("content-type", "no media type").partition(";")[0]
    yield "fetched", f"{size(len(fetched.body))} of {kind} in {seconds(one.seen.fetch_seconds)}"
    yield from _ways(one)
    yield "read", f"{_entries(one)} in {seconds(one.seen.parse_seconds)}"
    yield from (("skipped", reason) for reason in polled.skipped[:NEWEST_SHOWN])
    yield "title", polled.title or "none"
    yield "publisher", one.publisher
    yield "dates", _span(one)
    yield "texts", _texts(one)
    yield "again", f"{_revalidation(one)}; due after {length(one.seen.wait)}"
    yield from (("pushed", f"by the hub {redacted(hub.url)} (WebSub)") for hub in (polled.hub,) if hub)


def _ways(one: Checked) -> Iterator[tuple[str, str]]:
    fetched = one.seen.fetched
    if fetched is None or fetched.url in (one.feed.url, f"{one.feed.url}/"):
        return
    if fetched.permanent_url:
        yield "moved", f"for good to {redacted(fetched.permanent_url)}"
    else:
        yield "led to", redacted(fetched.url)


def _entries(one: Checked) -> str:
    told = count(len(one.seen.polled.items), "entry")
    skipped = len(one.seen.polled.skipped)
    return f"{told}, {skipped} skipped" if skipped else told


def _span(one: Checked) -> str:
    if not one.dates:
        return "none; entries count as published when they are first seen"
    missing = len(one.seen.polled.items) - len(one.dates)
    without = f"; {missing} without" if missing else ""
    oldest, newest = ago(one.dates[-1], one.at), ago(one.dates[0], one.at)
    return f"newest {newest}{without}" if oldest == newest else f"from {oldest} to {newest}{without}"


def _texts(one: Checked) -> str:
    whole = sum(bool(item.text) for item in one.seen.polled.items)
    if whole == len(one.seen.polled.items):
        return "each entry carries its article"
    return f"{whole} with the article, the pages of the others are read" if whole else "none; each one's page is read"


def _revalidation(one: Checked) -> str:
    match one.revalidates:
        case True:
            return "says 304 while nothing has changed"
        case False:
            return "sends all of it, though it gives an ETag or Last-Modified"
    return "sends all of it each time (no ETag or Last-Modified)"


def _trouble(one: Checked) -> Iterator[tuple[str, str]]:
    yield "why", f"{one.seen.cause}, after {seconds(one.seen.fetch_seconds + one.seen.parse_seconds)}"
    yield "do", "take a feed that the page has:" if one.candidates else one.seen.advice
    for candidate in one.candidates:
        yield candidate.format or "feed", described(candidate)


def described(candidate: Candidate) -> str:
    """Return a candidate's address, and its title where the page gives one."""
    shown = redacted(candidate.url)
    return f"{shown}  {candidate.title}" if candidate.title else shown


def _when(item: NewItem) -> str:
    return f"{item.published_at:%Y-%m-%d %H:%M}" if item.published_at else "no date"


# ---------------------------------------------------------------- for programs


def _plain(one: Checked) -> dict[str, Any]:
    polled, fetched = one.seen.polled, one.seen.fetched
    return {
        "url": redacted(one.feed.url),
        "is_feed": one.seen.is_feed,
        "failure": polled.failure,
        "final_url": redacted(fetched.url) if fetched else None,
        "permanent_url": redacted(fetched.permanent_url) if fetched and fetched.permanent_url else None,
        "content_type": fetched.headers.get("content-type") if fetched else None,
        "bytes": len(fetched.body) if fetched else None,
        "fetch_seconds": round(one.seen.fetch_seconds, 3),
        "parse_seconds": round(one.seen.parse_seconds, 3),
        "revalidates": one.revalidates,
        "next_poll_seconds": round(one.seen.wait.total_seconds()),
        "title": polled.title,
        "publisher": one.publisher,
        "hub": redacted(polled.hub.url) if polled.hub else None,
        "skipped": list(polled.skipped),
        "candidates": [{"url": redacted(c.url), "title": c.title, "format": c.format} for c in one.candidates],
        "entries": [_plain_entry(item) for item in polled.items],
    }


def _plain_entry(item: NewItem) -> dict[str, Any]:
    published = f"{item.published_at:%Y-%m-%dT%H:%M:%SZ}" if item.published_at else None
    return {"guid": item.guid, "url": item.url, "title": item.title, "published_at": published}
