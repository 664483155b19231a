"""Lists of feeds, in and out."""

import pytest

from monitor.errors import ConfigError
from monitor.opml import Listed, read_opml, write_opml
from storage.types import FeedSpec
from tests.builders import a_feed

LIST = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Press review</title></head><body>
  <outline text="World">
    <outline text="Europe">
      <outline type="rss" text="Courier" title="Harbour Courier" xmlUrl="https://courier.example/feed"/>
    </outline>
    <outline type="rss" text="Gazette &amp; Post" xmlUrl=" https://gazette.example/rss "/>
    <outline text="A note"/>
  </outline>
  <outline text="Courier again" xmlurl="https://courier.example/feed"/>
</body></opml>"""


def faults(document: bytes) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        read_opml(document, file="list.opml")
    return caught.value.faults


def test_feeds_of_all_levels_are_listed_once_in_order() -> None:
    assert read_opml(LIST, file="list.opml") == (
        FeedSpec("https://courier.example/feed", title="Harbour Courier"),
        FeedSpec("https://gazette.example/rss", title="Gazette & Post"),
    )


def test_written_list_reads_back_the_same() -> None:
    feeds: list[Listed] = [
        a_feed(id=1, url="https://a.example/?a=1&b=2", title='"Ä" <&> \x07 B', publisher="a.example"),
        FeedSpec("https://b.example/", publisher="Post & Courier"),
    ]

    document = write_opml(feeds, title="Ours")

    assert read_opml(document, file="list.opml") == (
        FeedSpec("https://a.example/?a=1&b=2", title='"Ä" <&> B'),
        FeedSpec("https://b.example/", title="https://b.example/", publisher="Post & Courier"),
    )


def test_every_faulty_outline_is_named_with_its_line() -> None:
    document = b"""<opml version="2.0"><body>
    <outline text="Good" xmlUrl="https://good.example/"/>
    <outline text="Local" xmlUrl="file:///etc/hosts"/>
    <outline text="Nowhere" type="rss"/>
    </body></opml>"""

    first, second = faults(document)

    assert first == "list.opml:3: the outline 'Local' has xmlUrl 'file:///etc/hosts', expected an http or https address"
    assert second == "list.opml:4: the outline 'Nowhere' is a feed without xmlUrl"


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        (b"", "list.opml:1: not well-formed XML (no element found)"),
        (b"<opml>\n<body>\n<outline text='x>\n", "list.opml:3: not well-formed XML"),
        (b"<rss version='2.0'/>", "list.opml:1: the document is no OPML"),
        (b"<html><outline text='x' xmlUrl='https://x.example/'/></html>", "list.opml:1: the document is no OPML"),
    ],
)
def test_document_that_is_no_list_is_refused(document: bytes, fault: str) -> None:
    assert faults(document)[0].startswith(fault)


@pytest.mark.parametrize("definition", ['"boom"', 'SYSTEM "file:///etc/hosts"'])
def test_entities_are_refused_where_they_are_declared(definition: str) -> None:
    document = f"<!DOCTYPE opml [\n<!ENTITY x {definition}>]><opml><body><outline text='&x;'/></body></opml>"

    assert faults(document.encode()) == ("list.opml:2: declares the entity 'x'; remove it, entities are not read",)


def test_two_spellings_of_an_address_are_one_feed() -> None:
    document = b"""<opml version="2.0"><body><outline xmlUrl="https://a.example/rss" text="A"/>
    <outline xmlUrl="HTTP://A.example/rss?utm_source=list" text="B"/></body></opml>"""

    assert read_opml(document, file="list.opml") == (FeedSpec("https://a.example/rss", title="A"),)
