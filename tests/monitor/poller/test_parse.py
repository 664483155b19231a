"""Feed documents of every kind to entries. The cases are tests/data/feeds, each stating what is expected of it."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from monitor.errors import FeedParseError
from monitor.poller.parse import MOST_ENTRIES, parse_feed
from monitor.poller.types import ParsedEntry, ParsedFeed

URL = "https://courier.example/feeds/world.xml"
FEEDS = Path(__file__).parents[2] / "data" / "feeds"


def stated(path: Path) -> dict[str, object]:
    """Return what a feed's first comment says about it."""
    comment = path.read_text("utf-8").partition("<!--")[2].partition("-->")[0]
    fields: dict[str, object] = YAML(typ="safe", pure=True).load(comment)
    return fields


SHOWN: dict[str, Callable[[ParsedFeed], object]] = {
    "title": lambda feed: feed.title,
    "ttl_minutes": lambda feed: feed.ttl and feed.ttl / timedelta(minutes=1),
    "skipped": lambda feed: list(feed.skipped),
}


def told(entry: ParsedEntry, names: list[str]) -> dict[str, object]:
    published_at = entry.published_at and entry.published_at.isoformat()
    return {name: published_at if name == "published_at" else getattr(entry, name) for name in names}


@pytest.mark.parametrize("path", sorted(FEEDS.glob("*.xml")), ids=lambda path: path.stem)
def test_document_reads_as_its_comment_states(path: Path) -> None:
    expected = stated(path)["expected"]
    assert isinstance(expected, dict)

    feed = parse_feed(path.read_bytes(), {}, URL)

    entries = expected.pop("entries")
    assert {name: SHOWN[name](feed) for name in expected} == expected
    assert [told(entry, list(fields)) for entry, fields in zip(feed.entries, entries, strict=True)] == entries


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"<!DOCTYPE html><html><head><title>Courier</title></head></html>", "html-page"),
        (b"\n<!-- cached --> <HTML lang='en'><body>Courier</body></HTML>", "html-page"),
        (b'{"error": "no such feed"}', "json"),
        (b"[1, 2]", "json"),
        (b'{"items": [', "bad-json"),
        (b"[" * 100_000, "bad-json"),
        (b"Too many requests", "not-a-feed"),
        (b"<?xml version='1.0'?><sitemap/>", "not-a-feed"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not-a-feed"),
    ],
)
def test_what_is_no_feed_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(FeedParseError) as caught:
        parse_feed(body, {"content-type": "application/rss+xml"}, URL)

    assert caught.value.reason == reason
    assert URL in str(caught.value)


def rss(items: str, *, prolog: str = "") -> bytes:
    return f'{prolog}<rss version="2.0"><channel>{items}</channel></rss>'.encode()


def reads(body: bytes) -> str:
    """Return the reason for which the document is refused, or `read`."""
    try:
        feed = parse_feed(body, {}, URL)
    except FeedParseError as error:
        return error.reason
    return "read" if isinstance(feed.entries, tuple) else "no feed"


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type"),
    [
        ("utf-8", "", ""),
        ("utf-8", "utf-8", "text/xml; charset=iso-8859-1"),
        ("utf-8", "", "application/rss+xml; charset=us-ascii"),
        ("iso-8859-1", "iso-8859-1", ""),
        ("iso-8859-1", "", "text/xml; charset=ISO-8859-1"),
        ("utf-16", "utf-16", ""),
        ("utf-8-sig", "", ""),
        ("cp1252", "", ""),
    ],
)
def test_accents_survive_every_way_of_stating_the_encoding(encoding: str, declared: str, content_type: str) -> None:
    prolog = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    body = rss("<item><title>Señor Núñez à Genève</title></item>", prolog=prolog).decode().encode(encoding)

    feed = parse_feed(body, {"content-type": content_type} if content_type else {}, URL)

    assert feed.entries[0].title == "Señor Núñez à Genève"


def test_archive_of_thousands_is_cut_and_says_so() -> None:
    items = "".join(f"<item><title>{number}</title></item>" for number in range(MOST_ENTRIES + 5))

    feed = parse_feed(rss(items), {}, URL)

    assert len(feed.entries) == MOST_ENTRIES
    assert feed.skipped == ("entries after the first 2,000: more than one poll takes",)


def test_entity_bomb_is_not_expanded() -> None:
    layers = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    body = rss("<item><title>&e11;</title></item>", prolog=f'<!DOCTYPE rss [<!ENTITY e0 "boom">{layers}]>')

    feed = parse_feed(body, {}, URL)

    assert len(feed.entries[0].title) < 100


def test_external_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hunter2")
    prolog = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'

    feed = parse_feed(rss("<item><title>a &x; b</title></item>", prolog=prolog), {}, URL)

    assert "hunter2" not in feed.entries[0].title


def test_text_that_looks_like_a_path_is_never_opened(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_bytes(rss("<item><title>from the disk</title></item>"))

    with pytest.raises(FeedParseError, match="not-a-feed"):
        parse_feed(str(feed).encode(), {}, URL)


@pytest.mark.parametrize("piece", ["<a>", "<item><title>x</title>", "<a b='", "<", "<image>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.timeout(20)
def test_markup_that_never_closes_is_refused_before_it_keeps_the_parser_busy(piece: str, encoding: str) -> None:
    with pytest.raises(FeedParseError) as caught:
        parse_feed(f"<rss version='2.0'><channel>{piece * 200_000}".encode(encoding), {}, URL)

    assert caught.value.reason == "unclosed"


def test_unclosed_tags_inside_texts_are_none_of_the_document() -> None:
    lines = "line<br>" * 6_000

    feed = parse_feed(rss(f"<item><title>x</title><description><![CDATA[{lines}]]></description></item>"), {}, URL)

    assert feed.entries[0].summary.startswith("line\nline")


def test_overlong_id_is_replaced_by_its_digest() -> None:
    items = "".join(f"<item><guid>{'x' * 5_000}{end}</guid></item>" for end in "ab")

    first, second = parse_feed(rss(items), {}, URL).entries

    assert first.guid != second.guid
    assert {len(first.guid), len(second.guid)} == {len("digest:") + 32}


def test_json_feed_is_read_like_the_others() -> None:
    entry = {
        "id": 7,
        "url": "/world/7",
        "title": "Ministers <3 summits & talks",
        "content_text": "They met.\nThey parted.",
        "date_published": "2026-03-03T10:00:00+01:00",
    }
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Courier", "items": [entry, "broken"]})

    feed = parse_feed(body.encode(), {}, URL)

    assert feed.title == "Courier"
    assert told(feed.entries[0], ["guid", "url", "title", "text", "published_at"]) == {
        "guid": "7",
        "url": "https://courier.example/world/7",
        "title": "Ministers <3 summits & talks",
        "text": "They met.\nThey parted.",
        "published_at": "2026-03-03T09:00:00+00:00",
    }
    assert feed.skipped == ("entry 2: no title, address, id or text",)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_by_name(body: bytes) -> None:
    assert reads(body) in {"read", "empty", "html-page", "json", "bad-json", "not-a-feed", "unclosed", "parser-failed"}


@given(st.text(alphabet="<>/&;!-[]'\"= rsitemlchan?xd:0", max_size=120))
def test_any_broken_markup_inside_a_feed_is_read_or_refused_by_name(text: str) -> None:
    assert reads(rss(f"<item><title>x</title>{text}</item>")) in {"read", "parser-failed"}
