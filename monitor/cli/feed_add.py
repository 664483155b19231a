"""`demarche feeds add`: a feed by its address, or by that of a page which declares it."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import click

from monitor.cli.common import config_options, printable, read_config
from monitor.cli.feed_check import described, glance, open_glances
from monitor.cli.words import ago, count
from monitor.clock import wall_clock
from monitor.config import Config
from monitor.errors import MonitorError
from monitor.poller.discover import Candidate
from monitor.poller.look import Look, discover, unstored
from monitor.poller.urls import canonical_url, is_web_url, redacted
from monitor.polling import Polling, prepare
from storage.errors import Conflict
from storage.publishers import publisher_of
from storage.store import Store
from storage.types import Feed, FeedSpec


@dataclass(frozen=True, slots=True)
class Chosen:
    """The address to add, with the look that showed it to be a feed; None where nobody could look."""

    url: str
    seen: Look | None = None
    warning: str = ""


@click.command(short_help="Add a feed, or the one that a web page declares.")
@click.argument("url")
@click.option("--title", default="", help="Its title; without it, what the feed calls itself.")
@click.option("--publisher", default="", help="Who publishes it; without it, the feed's host.")
@click.option(
    "--choose", type=click.IntRange(min=1), metavar="NUMBER", help="Which one, where a page declares several."
)
@click.option("--unchecked", is_flag=True, help="Add the address as it is, without a look at it.")
@config_options
def add(
    url: str, title: str, publisher: str, choose: int | None, unchecked: bool, config: str, database: str | None
) -> None:
    """Add the feed at URL, or the one that the web page at URL declares.

    It is polled at the daemon's next turn, and stays when config.yaml changes. Where a page declares several feeds,
    they are listed to choose from.
    """
    if not is_web_url(url):
        raise click.BadParameter(f"{redacted(url)} is no http or https address", param_hint="URL")
    configured = read_config(config, database)
    chosen = Chosen(url) if unchecked else _looked_up(url, choose, configured)
    with Store.open(configured.database) as store:
        prepare(configured, store, wall_clock)
        feed = _added(store, FeedSpec(chosen.url, title, publisher), chosen, configured)
    click.echo(f"Added feed {feed.id}: {redacted(feed.url)}, publisher {printable(feed.publisher)}.")
    for line in _about(chosen, url):
        click.echo(line, err=True)


def _added(store: Store, spec: FeedSpec, chosen: Chosen, configured: Config) -> Feed:
    same = next((feed for feed in store.feeds() if canonical_url(feed.url) == canonical_url(spec.url)), None)
    if same is not None:
        named = "" if same.url == spec.url else f", as feed {same.id} ({redacted(same.url)})"
        raise Conflict(f"feed {redacted(spec.url)} is there already{named}")
    title = spec.title or (chosen.seen.polled.title if chosen.seen else "")
    publisher = spec.publisher or publisher_of(spec.url, title)
    return store.add_feed(replace(spec, title=title, publisher=publisher), wall_clock(), configured.poller.interval)


def _about(chosen: Chosen, asked: str) -> list[str]:
    if chosen.warning:
        return [f"demarche: warning: {chosen.warning}"]
    if chosen.seen is None:
        return []
    items = chosen.seen.polled.items
    dates = [item.published_at for item in items if item.published_at]
    newest = f", the newest {ago(max(dates), wall_clock())}" if dates else ""
    found = "" if chosen.url == asked else f" Found by {redacted(asked)}."
    title = printable(chosen.seen.polled.title) or "It has no title"
    return [f"{title}: {count(len(items), 'entry')}{newest}.{found}"]


# ---------------------------------------------------------------- looking


def _looked_up(url: str, choose: int | None, configured: Config) -> Chosen:
    with open_glances(configured) as polling:
        seen = _glance(url, polling, configured)
        if seen.is_page:
            return _from_page(seen, choose, polling, configured)
    return _settled(seen)


def _glance(url: str, polling: Polling, configured: Config) -> Look:
    return polling.loop.run(glance(unstored(url, wall_clock(), configured.poller.interval), polling))


def _settled(seen: Look) -> Chosen:
    """Return what to add after a look; trouble that may pass keeps nobody from adding a feed."""
    if seen.is_feed:
        moved = seen.fetched.permanent_url if seen.fetched else None
        return Chosen(moved or seen.url, seen)
    why = f"{redacted(seen.url)}: {seen.polled.failure}"
    if seen.is_lasting:
        raise MonitorError(f"not added: {why}; --unchecked adds the address all the same")
    if urlsplit(seen.url).path in ("", "/"):  # a site, whose feed's address nobody knows yet
        raise MonitorError(f"not added: {why}; try again later, or give the address of its feed")
    return Chosen(seen.url, warning=f"added without having seen it: {why}")


def _from_page(page: Look, choose: int | None, polling: Polling, configured: Config) -> Chosen:
    click.echo(f"{redacted(page.url)} is a web page; looking for its feed …", err=True)

    async def look_at(url: str) -> Look:
        return await glance(unstored(url, wall_clock(), configured.poller.interval), polling)

    candidates, seen = polling.loop.run(discover(page, look_at))
    if not candidates:
        raise MonitorError(
            f"not added: {redacted(page.url)} is a web page that declares no feed, and there is none in the usual "
            "places; look on the page for “RSS”, and give that address"
        )
    candidate = _choice(candidates, choose, page)
    return _settled(seen if seen and seen.url == candidate.url else _glance(candidate.url, polling, configured))


def _choice(candidates: Sequence[Candidate], choose: int | None, page: Look) -> Candidate:
    if choose is not None:
        if choose > len(candidates):
            raise click.BadParameter(f"there are {len(candidates)}, not {choose}", param_hint="--choose")
        return candidates[choose - 1]
    news = [candidate for candidate in candidates if not candidate.is_comments]
    if len(candidates) == 1 or len(news) == 1:
        return (news or candidates)[0]
    for number, candidate in enumerate(candidates, start=1):
        click.echo(printable(f"{number:>3}  {candidate.format or 'feed':<9}  {described(candidate)}"))
    if sys.stdin.isatty() and sys.stdout.isatty():
        number = click.prompt("Which one", type=click.IntRange(1, len(candidates)), err=True)
        return candidates[number - 1]
    shown = redacted(page.url)
    raise MonitorError(f"{shown} declares {len(candidates)} feeds; add one by its address, or by --choose NUMBER")
