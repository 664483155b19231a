"""A fetched document to a parsed feed: RSS, Atom, RDF, CDF and JSON Feed. Pure; the door to feedparser."""

import calendar
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.sax import SAXException

from monitor.errors import FeedParseError
from monitor.poller import quick
from monitor.poller.balance import unclosed
from monitor.poller.entries import RawEntry, read_entry
from monitor.poller.jsonfeed import is_json, read_json_feed
from monitor.poller.plain import one_line
from monitor.poller.types import ParsedEntry, ParsedFeed

# Four times the longest of 785 collected feeds (The Hindu: 511 entries); more is an archive, no news.
MOST_ENTRIES = 2_000
# What feedparser 6.0.14 lets out on documents that are broken in the wrong place (4 of 785 collected ones), and what
# code of its kind may let out on others.
PARSER_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
LONGEST_TTL = timedelta(days=7)
# Of 785 collected documents, broken ones included, none leaves more than 4 open; feedparser is quick up to here.
MOST_UNCLOSED = 5_000
SINGLE_BYTE_CHARSETS = frozenset({"iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii", "windows-1252"})

_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_HALF_DAY = re.compile(r"\b(?P<hour>\d{1,2})(?P<rest>(?::\d\d){1,2})\s*(?P<half>[aApP])\.?[mM]\b\.?")
_PARTS_THAT_FAIL = re.compile(rb"<(image|textinput)\b[^>]*>.{0,5000}?</\1\s*>", re.IGNORECASE | re.DOTALL)

# What feedparser gives: dictionaries that answer to old and new names for the same thing.
_Record = Mapping[str, object]


def parse_feed(body: bytes, headers: Mapping[str, str], url: str) -> ParsedFeed:
    """Return the feed that the document is; `headers` have lower-cased names, `url` is where it came from.

    Entries that cannot be read are named in `skipped`, and the others are kept. Raises FeedParseError with the reason
    empty, html-page, json, bad-json, not-a-feed, unclosed, or parser-failed.
    """
    if not body.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise FeedParseError(url, "empty", "the document holds nothing")
    if is_json(body):
        title, raw = read_json_feed(body, url)
        return _feed(title, raw, None, url)
    return quickly(body, headers, url) or thoroughly(body, headers, url)


def quickly(body: bytes, headers: Mapping[str, str], url: str) -> ParsedFeed | None:
    """Return the quick parser's reading of an XML document; None for what it leaves to feedparser."""
    document = _quickly(body, headers, url)
    return None if document is None else _whole(document, body, url)


def thoroughly(body: bytes, headers: Mapping[str, str], url: str) -> ParsedFeed:
    """Return feedparser's reading of an XML document; raises FeedParseError."""
    return _whole(_thoroughly(body, headers, url), body, url)


def _whole(document: _Record, body: bytes, url: str) -> ParsedFeed:
    channel, records = _part(document, "feed"), _parts(document, "entries")
    if not document.get("version") and not records:
        raise _no_feed(body, url)
    return _feed(_text(channel, "title"), [_raw(record) for record in records[: MOST_ENTRIES + 1]], _ttl(channel), url)


def _feed(title: str, raw: Sequence[RawEntry], ttl: timedelta | None, url: str) -> ParsedFeed:
    entries: list[ParsedEntry] = []
    skipped: list[str] = []
    for number, one in enumerate(raw[:MOST_ENTRIES], start=1):
        entry = read_entry(one, url)
        if entry is None:
            skipped.append(f"entry {number}: no title, address, id or text")
        else:
            entries.append(entry)
    if len(raw) > MOST_ENTRIES:
        skipped.append(f"entries after the first {MOST_ENTRIES:,}: more than one poll takes")
    return ParsedFeed(one_line(title), tuple(entries), ttl, tuple(skipped))


def _no_feed(body: bytes, url: str) -> FeedParseError:
    if _HTML.match(body.lstrip(b"\xef\xbb\xbf")[:4096]):
        return FeedParseError(url, "html-page", "a web page, no feed; look there for the address of the feed")
    return FeedParseError(url, "not-a-feed", "neither RSS, Atom, RDF, CDF nor JSON Feed")


def _quickly(body: bytes, headers: Mapping[str, str], url: str) -> _Record | None:
    """Return what the quick parser makes of it, which is what feedparser would; None where it has any doubt."""
    charset = _CHARSET.search(_hints(body, headers, url).get("content-type", ""))
    if charset and charset[1].lower() not in ("utf-8", "utf8") and not body.isascii():
        return None
    return quick.read(body, url, MOST_ENTRIES + 1)


def _thoroughly(body: bytes, headers: Mapping[str, str], url: str) -> _Record:
    if unclosed(body) > MOST_UNCLOSED:
        raise FeedParseError(url, "unclosed", f"more than {MOST_UNCLOSED:,} elements or tags are never closed")
    return _parsed(body, headers, url)


# ---------------------------------------------------------------- feedparser


def _parsed(body: bytes, headers: Mapping[str, str], url: str) -> _Record:
    """Return feedparser's reading; where it fails, that of the document without the parts it is known to fail on."""
    hints = _hints(body, headers, url)
    try:
        return _feedparser(body, hints)
    except (*PARSER_FAULTS, SAXException) as error:
        fault = error
    rest = _PARTS_THAT_FAIL.sub(b"", body)
    try:
        return _feedparser(rest, hints)
    except (*PARSER_FAULTS, SAXException):
        detail = f"feedparser fails with {type(fault).__name__}: {fault}; the document may be broken, check it by hand"
        raise FeedParseError(url, "parser-failed", detail) from fault


def _feedparser(body: bytes, hints: dict[str, str]) -> _Record:
    # Loaded where it is needed: it holds 8 MB of each process, and two documents of three are read without it.
    import feedparser

    # As a stream, because it would open a text that looks like a path or an address. Its sanitising and its resolving
    # of links inside texts are left out: only plain text is taken from them.
    parsed: _Record = feedparser.parse(
        io.BytesIO(body), response_headers=hints, sanitize_html=False, resolve_relative_uris=False
    )
    return parsed


def _hints(body: bytes, headers: Mapping[str, str], url: str) -> dict[str, str]:
    """Return the headers that tell feedparser where the document came from and how it is encoded.

    A server's stock `charset=iso-8859-1` is not believed of a document that is valid UTF-8 beyond ASCII, since text in
    a single-byte encoding hardly ever is.
    """
    hints = {"content-location": url}
    content_type = headers.get("content-type", "")
    charset = _CHARSET.search(content_type)
    if charset and not (charset[1].lower() in SINGLE_BYTE_CHARSETS and _is_utf8(body)):
        hints["content-type"] = content_type
    return hints


def _is_utf8(body: bytes) -> bool:
    try:
        return not body.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


def _raw(record: _Record) -> RawEntry:
    return RawEntry(
        guid=_text(record, "id"),
        # FeedBurner's own links count clicks and then redirect; the publisher's link stands beside them.
        url=_text(record, "feedburner_origlink") or _text(record, "link"),
        title=_text(record, "title"),
        summary=_text(record, "summary"),
        contents=tuple(_text(content, "value") for content in _parts(record, "content")),
        published_at=_published(record),
    )


def _published(record: _Record) -> datetime | None:
    # feedparser gives `published` for a missing `updated`, with a warning; asking only for what is there avoids both.
    stated = frozenset(record)
    for name in ("published", "updated", "created"):
        if name in stated:
            moment = _instant(record.get(f"{name}_parsed")) or _mail_date(_text(record, name))
            if moment:
                return moment
    return None


def _instant(parsed: object) -> datetime | None:
    if isinstance(parsed, datetime):
        return parsed
    if not isinstance(parsed, tuple):
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _mail_date(text: str) -> datetime | None:
    """Read the dates that feedparser gives up on and the mail library does not, hours of AM and PM included."""
    try:
        moment = parsedate_to_datetime(_HALF_DAY.sub(_full_day, text))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _full_day(time: re.Match[str]) -> str:
    hour = int(time["hour"]) % 12 + (12 if time["half"] in "pP" else 0)
    return f"{hour:02d}{time['rest']}"


def _ttl(channel: _Record) -> timedelta | None:
    """Return the longest of what `ttl` (minutes) and the syndication module (times per period) ask for."""
    asked = [length for length in (_minutes(channel), _syndication(channel)) if length]
    return min(max(asked), LONGEST_TTL) if asked else None


def _minutes(channel: _Record) -> timedelta | None:
    minutes = _number(_text(channel, "ttl"))
    return timedelta(minutes=minutes) if minutes else None


def _syndication(channel: _Record) -> timedelta | None:
    period = PERIODS.get(_text(channel, "sy_updateperiod").strip().lower())
    frequency = _number(_text(channel, "sy_updatefrequency")) or 1
    return period / frequency if period else None


def _number(text: str) -> int:
    stripped = text.strip()
    return int(stripped) if stripped.isdecimal() and len(stripped) < 7 else 0


def _text(record: _Record, name: str) -> str:
    value = record.get(name)
    return value if isinstance(value, str) else ""


def _part(record: _Record, name: str) -> _Record:
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def _parts(record: _Record, name: str) -> list[_Record]:
    value = record.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, Iterable) else []
