"""JSON Feed (jsonfeed.org, versions 1 and 1.1), which feedparser does not read. Pure."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from monitor.errors import FeedParseError
from monitor.poller.entries import RawEntry

OPENERS = (b"{", b"[")
VERSION = "jsonfeed.org/version/"
DATES = ("date_published", "date_modified")


def is_json(body: bytes) -> bool:
    """Return whether the document opens as JSON does; no XML or HTML document opens like that."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(OPENERS)


def read_json_feed(body: bytes, url: str) -> tuple[str, list[RawEntry]]:
    """Return the feed's title and what it says about its entries, in order.

    Raises FeedParseError: `bad-json` for what is no JSON, `json` for JSON that is no feed.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FeedParseError(url, "bad-json", str(error)) from error
    if not _is_feed(document):
        raise FeedParseError(url, "json", "a JSON document, but no JSON Feed: it has no version and no items")
    items = document.get("items")
    return _text(document, "title"), [_entry(item) for item in items] if isinstance(items, list) else []


def _is_feed(document: object) -> bool:
    if not isinstance(document, dict):
        return False
    return VERSION in _text(document, "version") or isinstance(document.get("items"), list)


def _entry(item: object) -> RawEntry:
    if not isinstance(item, dict):
        return RawEntry()
    contents = (_text(item, "content_html"), _escaped(_text(item, "content_text")))
    return RawEntry(
        guid=_text(item, "id"),
        url=_text(item, "url") or _text(item, "external_url"),
        title=_escaped(_text(item, "title")),
        summary=_escaped(_text(item, "summary")),
        contents=tuple(content for content in contents if content),
        published_at=next((date for name in DATES if (date := _date(_text(item, name)))), None),
    )


def _text(item: Mapping[str, object], name: str) -> str:
    """Return a text; numbers, which feeds use as ids against the specification, count as their digits."""
    value = item.get(name)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _escaped(text: str) -> str:
    """Return plain text as HTML, since that is what entries are read from; lines stay lines."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _date(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
