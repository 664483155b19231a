"""Identity on recorded series of real feeds: as many items as stories, and nothing new when they are told again."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest

from storage.dedup.identity import SameItem
from storage.types import NewItem
from tests.shared import shared
from tests.storage.dedup.replayed import KnownFeed

pytestmark = pytest.mark.shared

# Entries of one address that are two items, or of two addresses that are one: a resubmitted story of NPR under a
# second address, three audio pieces of RNZ under one guid. Nothing else of 2 000 items differs.
SLACK = 0.03

SERIES = (
    "aljazeera-2026",
    "aljazeera-youtube-atom-2020",
    "arstechnica-2025",
    "bbc-home-2020-04",
    "bbc-world-short-2026",
    "cna-world-2026",
    "israel-hayom-2026",
    "lemonde-combined-2026-01",
    "mehr-iran-2026",
    "multi-source-clusters-2025",
    "npr-news-2024",
    "reuters-direct-2026-06",
    "rnz-nz-2020",
    "wsj-world-2020",
)


@pytest.mark.parametrize("name", SERIES)
def test_a_series_gives_one_item_per_story_and_a_second_telling_none(name: str) -> None:
    documents = [_entries(path) for path in sorted(shared("feeds", "series", name).glob("*.xml"))]
    feed = KnownFeed()
    for document in documents:
        feed.read(document)
    addresses = {entry.canonical_url for document in documents for entry in document}
    assert len(feed.items) == pytest.approx(len(addresses), rel=SLACK)
    again = [identity for document in documents for _, identity in feed.read(document)]
    assert all(isinstance(identity, SameItem) and not identity.revised for identity in again)


def _entries(path: Path) -> list[NewItem]:
    return [_entry(entry) for entry in feedparser.parse(path.read_bytes()).entries]


def _entry(entry: feedparser.FeedParserDict) -> NewItem:
    url, title = entry.get("link", ""), entry.get("title", "")
    text = " ".join(content.value for content in entry.get("content", []))
    summary = re.sub("<[^>]+>", " ", entry.get("summary", ""))
    return NewItem(entry.get("id") or url or title, url, _address(url), title, summary, None, text)


def _address(url: str) -> str:
    parts = urlsplit(url)
    query = re.sub(r"(?:^|&)(?:utm|at)_[^&]*", "", parts.query)
    return f"{parts.netloc.lower()}{parts.path}{'?' if query else ''}{query}"
