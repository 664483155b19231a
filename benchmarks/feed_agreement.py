"""How far our reading of collected feed documents agrees with what is known of them.

    python benchmarks/feed_agreement.py [FOLDER]

FOLDER holds the documents and manifest.jsonl, a line per document with `file`, `contested` and `expected` (items,
majority_items, first_title, items_with_id, dates_parsed); it defaults to the shared data beside the checkout. An entry
that says nothing (no title, address, id or text) is skipped by design and counts as read, since it is named.

The quick parser in front of feedparser is compared with it entry by entry, on all documents and on those of news sites
(`cls` is news or series): how many it takes, how many of these differ by anything, and how long both take for them.

Seen on 2026-11-24: of 739 uncontested documents all have the known number of items. The quick parser takes 519 of 785
documents, 398 of the 405 of news sites, and reads each as feedparser does, in 9.6 seconds where that takes 63.
"""

import json
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import feedparser
from rich.console import Console
from rich.table import Table

from monitor.errors import FeedParseError
from monitor.poller.jsonfeed import is_json
from monitor.poller.parse import parse_feed, quickly, thoroughly
from monitor.poller.plain import one_line
from monitor.poller.types import ParsedFeed

DEFAULT_FOLDER = Path(__file__).parents[2] / "shared" / "feeds"
BASE = "https://feeds.example/feed"
TITLE_CHARS = 60  # longer titles are cut in the manifest


@dataclass(frozen=True, slots=True)
class QuickReading:
    """A document that the quick parser took: whether feedparser gives the very same feed, and seconds of both."""

    agrees: bool
    seconds: float
    thorough_seconds: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One document: what is known of it, our reading or the reason against one, feedparser's own item count."""

    known: Mapping[str, Any]
    feed: ParsedFeed | None
    refusal: str
    alone: int | None  # None: feedparser raised
    seconds: float
    alone_seconds: float
    quick: "QuickReading | None" = None  # None: the document was left to feedparser

    @property
    def expected(self) -> int:
        """The item count to agree with: the majority of five parsers where feedparser is doubted."""
        facts = self.known["expected"]
        return int(facts["majority_items"] if self.known["contested"] else facts["items"])

    @property
    def items(self) -> int:
        """How many entries we account for, read or named as skipped."""
        return len(self.feed.entries) + len(self.feed.skipped) if self.feed else 0

    @property
    def first_title_agrees(self) -> bool | None:
        """Whether the first title is the known one; None where there is none to compare."""
        title = self.known["expected"]["first_title"]
        if not title or self.feed is None or not self.feed.entries:
            return None
        return self.feed.entries[0].title.startswith(one_line(title)[:TITLE_CHARS].rstrip())


def read_all(folder: Path) -> list[Reading]:
    """Return our reading of every document that the folder's manifest names, in its order."""
    lines = (folder / "manifest.jsonl").read_text("utf-8").splitlines()
    return [_read(folder, json.loads(line)) for line in lines]


def _read(folder: Path, known: Mapping[str, Any]) -> Reading:
    body = (folder / known["file"]).read_bytes()
    started = time.perf_counter()
    feed, refusal = _ours(body)
    between = time.perf_counter()
    alone = _alone(body)
    alone_seconds = time.perf_counter() - between
    return Reading(known, feed, refusal, alone, between - started, alone_seconds, _quick(body))


def _quick(body: bytes) -> QuickReading | None:
    started = time.perf_counter()
    feed = None if is_json(body) or not body.strip() else quickly(body, {}, BASE)
    if feed is None:
        return None
    between = time.perf_counter()
    agrees = feed == thoroughly(body, {}, BASE)
    return QuickReading(agrees, between - started, time.perf_counter() - between)


def _ours(body: bytes) -> tuple[ParsedFeed | None, str]:
    try:
        return parse_feed(body, {}, BASE), ""
    except FeedParseError as error:
        return None, error.reason


def _alone(body: bytes) -> int | None:
    try:
        return len(feedparser.parse(body)["entries"])
    except (KeyError, TypeError):
        return None


def _share(claims: Iterable[bool | None]) -> str:
    judged = [claim for claim in claims if claim is not None]
    agreed = sum(judged)
    return f"{agreed} of {len(judged)} ({agreed / len(judged):.2%})" if judged else "none"


def report(readings: list[Reading]) -> Table:
    """Return the figures as a table."""
    sure = [one for one in readings if not one.known["contested"]]
    doubted = [one for one in readings if one.known["contested"]]
    table = Table("figure", "ours", "feedparser alone", title=f"{len(readings)} documents")
    for name, group in (("uncontested", sure), ("contested", doubted)):
        table.add_row(
            f"same item count, {name}",
            _share(one.items == one.expected for one in group),
            _share(one.alone == one.expected for one in group),
        )
    table.add_row("same first title", _share(one.first_title_agrees for one in sure), "defines it")
    table.add_row("as many ids", _share(_ids_agree(one) for one in sure), "defines it")
    table.add_row("at least as many dates", _share(_dates_agree(one) for one in sure), "defines it")
    table.add_row(
        "raised something unexpected", "no, or this run had ended", str(sum(one.alone is None for one in readings))
    )
    seconds, alone = (sum(getattr(one, name) for one in readings) for name in ("seconds", "alone_seconds"))
    table.add_row("seconds for all", f"{seconds:.1f}", f"{alone:.1f}")
    table.add_row("refused", ", ".join(f"{reason} {n}" for reason, n in _refusals(readings)) or "none", "")
    table.add_row("entries that say nothing", str(sum(len(one.feed.skipped) for one in readings if one.feed)), "")
    return table


def quick_report(readings: list[Reading]) -> Table:
    """Return the figures of the quick parser as a table."""
    news = [one for one in readings if one.known.get("cls") in ("news", "series")]
    table = Table("documents", "taken", "the same", "seconds", "feedparser's", title="the quick parser")
    for name, group in (("all", readings), ("of news sites", news)):
        taken = [one.quick for one in group if one.quick]
        seconds, thorough = (sum(getattr(one, field) for one in taken) for field in ("seconds", "thorough_seconds"))
        same = _share(one.agrees for one in taken)
        table.add_row(name, f"{len(taken)} of {len(group)}", same, f"{seconds:.2f}", f"{thorough:.2f}")
    return table


def _ids_agree(one: Reading) -> bool | None:
    """Compare where every entry has an id of its own: then ours have to be as many different ones."""
    facts = one.known["expected"]
    if one.feed is None or facts["items_with_id"] != facts["items"] or not facts["items"]:
        return None
    different = len({entry.guid for entry in one.feed.entries})
    return different == int(facts["items"]) - int(facts["duplicate_ids_in_doc"])


def _dates_agree(one: Reading) -> bool | None:
    if one.feed is None or not one.known["expected"]["dates_parsed"]:
        return None
    dated = sum(entry.published_at is not None for entry in one.feed.entries)
    return dated >= int(one.known["expected"]["dates_parsed"])


def _refusals(readings: list[Reading]) -> list[tuple[str, int]]:
    return Counter(one.refusal for one in readings if one.refusal).most_common()


def main() -> None:
    """Print the figures, and every document that disagrees."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FOLDER
    warnings.simplefilter("ignore", DeprecationWarning)  # feedparser's, about its own fallbacks
    readings = read_all(folder)
    console = Console()
    console.print(report(readings))
    console.print(quick_report(readings))
    for one in readings:
        if one.quick and not one.quick.agrees:
            console.print(f"{one.known['file']}: the quick parser reads it otherwise")
        if one.items != one.expected or one.first_title_agrees is False:
            state = "contested" if one.known["contested"] else "uncontested"
            console.print(f"{one.known['file']} ({state}): {one.items} items, expected {one.expected} {one.refusal}")


if __name__ == "__main__":
    main()
