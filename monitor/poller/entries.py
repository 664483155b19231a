"""From what a feed document says about an entry to our own values, whatever the format. Pure."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.poller.plain import clean, one_line, plain_text
from monitor.poller.types import ParsedEntry, ParsedFeed
from monitor.poller.urls import absolute, canonical_url, is_web_url
from storage.types import NewItem

# A book's worth; whatever is longer is no news article, and the chain's time grows with it.
LONGEST_TEXT = 200_000
LONGEST_TITLE = 1_000
# PostgreSQL refuses index entries over 2,704 bytes, which 600 characters of any script keep clear of.
LONGEST_GUID = 600
# The web's first pages are of 1991; an earlier date is a clock that was never set.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# A day for the time zone that was left out, and another for a clock that runs ahead.
FUTURE = timedelta(days=2)
# Last lines that a content system adds to every entry. The Guardian's alone were 554 of 6,226 collected news entries;
# the one of WordPress repeats the title, which would be read as a second report.
FOOTER = re.compile(
    r"(?:continue reading|read more|read the full story|comments)\W*"
    r"|the post .{0,300} (?:appeared first|first appeared) on .{0,100}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RawEntry:
    """What a document says about one entry: texts may be HTML, `url` may be relative to the document."""

    guid: str = ""
    url: str = ""
    title: str = ""
    summary: str = ""
    contents: tuple[str, ...] = ()
    published_at: datetime | None = None


def read_entry(raw: RawEntry, base_url: str) -> ParsedEntry | None:
    """Return the entry with plain texts and absolute address; None when it says nothing at all."""
    url = _address(raw.url, base_url)
    title = one_line(raw.title)[:LONGEST_TITLE]
    summary = _body(raw.summary)
    full = max((_body(content) for content in raw.contents), key=len, default="")
    guid = clean(raw.guid).strip()
    if not (guid or url or title or summary or full):
        return None
    return ParsedEntry(
        guid=_identity(guid or url, title or summary or full),
        url=url,
        title=title,
        summary=summary,
        text=full if len(full) > len(summary) else "",
        published_at=raw.published_at,
    )


def new_items(feed: ParsedFeed, now: datetime) -> tuple[NewItem, ...]:
    """Return the feed's entries as items, in document order; dates that cannot be right are dropped."""
    return tuple(
        NewItem(
            guid=entry.guid,
            url=entry.url,
            canonical_url=canonical_url(entry.url),
            title=entry.title,
            summary=entry.summary,
            published_at=credible(entry.published_at, now),
            text=entry.text,
        )
        for entry in feed.entries
    )


def credible(published_at: datetime | None, now: datetime) -> datetime | None:
    """Return the instant if a publication may have been then: since 1990, and at most two days from now."""
    if published_at is None or not EARLIEST <= published_at <= now + FUTURE:
        return None
    return published_at


def _body(markup: str) -> str:
    text = plain_text(markup)[:LONGEST_TEXT]
    above, _, last = text.rpartition("\n")
    return above if FOOTER.fullmatch(last) else text


def _address(url: str, base_url: str) -> str:
    stated = clean(url).strip()
    try:
        leads_to = stated if stated.startswith(("http://", "https://")) else absolute(stated, base_url)
    except ValueError:
        return ""
    return leads_to if stated and is_web_url(leads_to) else ""


def _identity(guid: str, content: str) -> str:
    if guid and len(guid) <= LONGEST_GUID:
        return guid
    return f"digest:{hashlib.blake2b((guid or content).encode(), digest_size=16).hexdigest()}"
