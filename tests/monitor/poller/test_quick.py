"""The quick parser in front of feedparser: it gives the same, or nothing."""

import json
from pathlib import Path

import pytest

from monitor.errors import FeedParseError
from monitor.poller import parse, quick
from monitor.poller.types import ParsedFeed
from tests.shared import shared

URL = "https://courier.example/feeds/world.xml"
FEEDS = Path(__file__).parents[2] / "data" / "feeds"
ENOUGH = 2_001
PARTS = 4


def as_feed(document: "parse._Record") -> ParsedFeed:
    channel, records = parse._part(document, "feed"), parse._parts(document, "entries")
    return parse._feed(parse._text(channel, "title"), [parse._raw(one) for one in records], parse._ttl(channel), URL)


def quickly(body: bytes) -> ParsedFeed | None:
    document = quick.read(body, URL, ENOUGH)
    return None if document is None else as_feed(document)


def thoroughly(body: bytes) -> ParsedFeed | None:
    try:
        return as_feed(parse._parsed(body, {}, URL))
    except FeedParseError:
        return None


RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>Courier</title><link>https://courier.example/</link><atom:link rel="self" href="https://courier.example/rss"/>
<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod><image><title>Logo</title><url>/logo.png</url></image>%s</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><title>Courier</title>
<link rel="alternate" href="/"/>%s</feed>"""
ITEMS = {
    "all of it": (
        "<item><title>Señor &amp; Co</title><link>/1</link><guid isPermaLink='false'>g1</guid>"
        "<description>&lt;p&gt;A&lt;/p&gt;</description><content:encoded><![CDATA[<p>Much more</p>]]></content:encoded>"
        "<dc:creator>Ann</dc:creator>"
        "<pubDate>Tue, 03 Mar 2026 10:30:00 +0100</pubDate><category>World</category>"
        "<media:content url='a.jpg'><media:title>Picture</media:title></media:content></item>"
    ),
    "guid as link": "<item><title>A</title><guid>/1</guid></item>",
    "guid before link": "<item><guid>https://courier.example/g</guid><link> /1?a=1&amp;b=2 </link></item>",
    "content first": "<item><content:encoded>Long</content:encoded><description>Short</description></item>",
    "two descriptions": "<item><description>One</description><description>Two</description></item>",
    "media description": "<item><description>One</description><media:description>Two</media:description></item>",
    "two titles": "<item><title>One</title><title>Two</title></item>",
    "source with a title": "<item><source url='/other'>Other</source><title>One</title></item>",
    "dc date": "<item><title>A</title><dc:date>2026-03-03T10:30:00Z</dc:date></item>",
    "american date": "<item><title>A</title><pubDate>Tue, 03 Mar 2026 10:30:00 EST</pubDate></item>",
    "empty date": "<item><title>A</title><pubDate></pubDate></item>",
    "text encoded twice": "<item><title>SeÃ±or</title></item>",
    "nothing": "<item></item>",
}
ENTRIES = {
    "all of it": (
        "<entry><id>tag:courier.example,2026:1</id><title type='html'>A &amp;lt;b&amp;gt;</title><link href='/1'/>"
        "<link rel='enclosure' href='/1.mp3' type='audio/mpeg'/><summary>Short</summary>"
        "<content type='html'>Long</content>"
        "<published>2026-03-03T10:30:00+01:00</published><updated>2026-03-04T10:30:00.123Z</updated>"
        "<author><name>Ann</name></author></entry>"
    ),
    "id as link": "<entry><id>https://courier.example/1</id><title>A</title></entry>",
    "media group": (
        "<entry><title>A</title><media:group><media:title>B</media:title><media:description>C</media:description>"
        "</media:group></entry>"
    ),
    "source": (
        "<entry><source><title>Other</title><id>x</id><updated>2026-03-04T10:30:00Z</updated></source>"
        "<title>A</title></entry>"
    ),
}


@pytest.mark.parametrize(
    "body",
    [pytest.param((RSS % items).encode(), id=name) for name, items in ITEMS.items()]
    + [pytest.param((ATOM % entries).encode(), id=f"atom, {name}") for name, entries in ENTRIES.items()],
)
def test_usual_document_is_read_quickly_as_feedparser_reads_it(body: bytes) -> None:
    read = quickly(body)

    assert read is not None
    assert read == thoroughly(body)


@pytest.mark.parametrize(
    "body",
    [
        (RSS % "<item><title>A</title>").encode(),
        (RSS % "<item><title>A <b>bold</b> move</title></item>").encode(),
        (RSS % "<item xml:base='/x'><title>A</title></item>").encode(),
        (RSS % "<item><pubDate>yesterday</pubDate></item>").encode(),
        (RSS % "<item><x:title xmlns:x='http://purl.org/dc/elements/1.1/'>A</x:title></item>").encode(),
        (RSS % "<item><media:x xmlns:media='http://other.example/'>A</media:x></item>").encode(),
        (RSS % "<item><title>A&nbsp;B</title></item>").encode(),
        (RSS % "<item><title>A \x93quoted\x94 word</title></item>").encode(),
        (RSS % "").replace("utf-8", "iso-8859-1").encode(),
        (RSS % "").encode().replace(b"<rss", b"<!DOCTYPE rss><rss", 1),
        (
            ATOM % "<entry><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A</div></content></entry>"
        ).encode(),
        (ATOM % "<entry><title mode='base64'>QQ==</title></entry>").encode(),
        b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
        b"<html/>",
        b"\xff\xfe<\0r\0s\0s\0",
        b"",
    ],
)
def test_what_is_not_known_for_sure_is_left_to_feedparser(body: bytes) -> None:
    assert quick.read(body, URL, ENOUGH) is None


def test_no_more_entries_are_read_than_asked_for() -> None:
    document = quick.read((RSS % ("<item/>" * 50)).encode(), URL, 20)

    assert document is not None
    assert len(document["entries"]) == 20


@pytest.mark.parametrize("path", sorted(FEEDS.glob("*.xml")), ids=lambda path: path.stem)
def test_our_own_documents_are_read_as_feedparser_reads_them(path: Path) -> None:
    assert quickly(path.read_bytes()) in (None, thoroughly(path.read_bytes()))


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("number", range(PARTS))
def test_collected_documents_are_read_as_feedparser_reads_them_and_most_of_them(number: int) -> None:
    known = map(json.loads, shared("feeds", "manifest.jsonl").read_text("utf-8").splitlines()[number::PARTS])
    # Of a series, which repeats itself, one in eight; benchmarks/feed_agreement.py looks at all.
    files = [one["file"] for one in known if one["cls"] != "series" or one["seq"] % 8 == 1]
    bodies = {file: shared("feeds", file).read_bytes() for file in files}

    read = {name: feed for name, body in bodies.items() if (feed := quickly(body)) is not None}

    assert [name for name, feed in read.items() if feed != thoroughly(bodies[name])] == []
    assert len(read) > 0.3 * len(bodies)
