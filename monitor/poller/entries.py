"""From what a feed document says about an entry to our own values, whatever the format. Pure."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from monitor.poller.plain import clean, one_line, plain_text
from monitor.poller.types import ParsedEntry
from monitor.poller.urls import absolute, is_web_url

# A book's worth; whatever is longer is no news article, and the chain's time grows with it.
LONGEST_TEXT = 200_000
LONGEST_TITLE = 1_000
# PostgreSQL refuses index entries over 2,704 bytes, which 600 characters of any script keep clear of.
LONGEST_GUID = 600
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
