"""Identity on recorded series of real feeds: as many items as stories, and nothing new when they are told again."""

import re
from calendar import timegm
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest

from storage.dedup.identity import SameItem, title_key
from storage.types import NewItem
from tests.shared import shared
from tests.storage.dedup.replayed import KnownFeed

pytestmark = pytest.mark.shared

# An item is told apart by its address and its headline, and either may be two for one story: a story resubmitted under
# a second address (NPR, CNA), a headline rewritten. So the number of items lies between the two, but for a few.
SLACK = 0.03
# In a mirror of BBC World addresses are places in a list (`news_3.html` is the third story of the hour), and tell
# nothing; 50 of its headlines were rewritten as well.
BY_PLACE = "bbc-world-short-2026"
SLACK_BY_PLACE = 0.05

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
    fewest, most = _stories(name, [entry for document in documents for entry in document])
    assert fewest <= len(feed.items) <= most
    again = [identity for document in documents for _, identity in feed.read(document)]
    assert all(isinstance(identity, SameItem) and not identity.revised for identity in again)


def _stories(name: str, entries: list[NewItem]) -> tuple[float, float]:
    headlines = len({title_key(entry.title) for entry in entries})
    if name == BY_PLACE:
        return headlines * (1 - SLACK_BY_PLACE), headlines * (1 + SLACK_BY_PLACE)
    addresses = len({entry.canonical_url for entry in entries})
    return min(addresses, headlines) * (1 - SLACK), max(addresses, headlines) * (1 + SLACK)


def _entries(path: Path) -> list[NewItem]:
    return [_entry(entry) for entry in feedparser.parse(path.read_bytes()).entries]


def _entry(entry: feedparser.FeedParserDict) -> NewItem:
    url, title = entry.get("link", ""), entry.get("title", "")
    text = " ".join(content.value for content in entry.get("content", []))
    summary = re.sub("<[^>]+>", " ", entry.get("summary", ""))
    return NewItem(entry.get("id") or url or title, url, _address(url), title, summary, _published_at(entry), text)


def _published_at(entry: feedparser.FeedParserDict) -> datetime | None:
    published = entry.get("published_parsed")
    return datetime.fromtimestamp(timegm(published), UTC) if published else None


def _address(url: str) -> str:
    parts = urlsplit(url)
    query = re.sub(r"(?:^|&)(?:utm|at)_[^&]*", "", parts.query)
    return f"{parts.netloc.lower()}{parts.path}{'?' if query else ''}{query}"
