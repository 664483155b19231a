"""What flows inside the poller: a fetched document, a parsed feed. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document as its server gave it.

    `url` is where it finally came from, without user name and password,
    `headers` have lower-cased names, `body` is decoded (no gzip).
    `permanent_url` is the address that permanent redirects (301, 308) alone lead to, None without any.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    permanent_url: str | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server said 304: what we have is still right. `headers` have lower-cased names.

    `permanent_url` is as in Fetched.
    """

    headers: Mapping[str, str]
    permanent_url: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """One entry of a feed document. Texts are plain, with paragraphs on lines of their own; `url` is absolute or empty.

    `guid` falls back to the URL, then to a digest of the title. `published_at` is what the document says, however
    absurd; `text` is the entry's own full text where that is longer than its summary, else empty.
    """

    guid: str
    url: str
    title: str
    summary: str
    text: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document: its readable entries in document order, and each unreadable one named with its reason.

    `ttl` is how long the publisher says that a copy may be kept, None where it says nothing.
    """

    title: str
    entries: tuple[ParsedEntry, ...]
    ttl: timedelta | None = None
    skipped: tuple[str, ...] = ()
