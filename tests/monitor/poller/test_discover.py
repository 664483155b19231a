"""Which feeds a web page has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.poller.discover import Candidate, declared_feeds, linked_feeds, usual_places
from monitor.poller.hubs import declared_hubs

URL = "https://courier.example/news/"
HTML = {"content-type": "text/html; charset=utf-8"}


def page(head: str = "", body: str = "") -> bytes:
    return f"<!doctype html><html><head><title>Courier</title>{head}</head><body>{body}</body></html>".encode()


def link(href: str, kind: str = "application/rss+xml", rel: str = "alternate", title: str = "") -> str:
    return f'<link rel="{rel}" type="{kind}" href="{href}" title="{title}">'


@pytest.mark.parametrize(
    ("head", "candidate"),
    [
        (link("/world.rss", title="World &amp; Europe"), Candidate(f"{URL[:-6]}/world.rss", "World & Europe", "RSS")),
        (link("atom.xml", "application/atom+xml; charset=utf-8"), Candidate(f"{URL}atom.xml", "", "Atom")),
        (link("f.json", "application/feed+json"), Candidate(f"{URL}f.json", "", "JSON Feed")),
        (link("x", "", rel="feed"), Candidate(f"{URL}x", "", "")),
        (link("x", rel="ALTERNATE home"), Candidate(f"{URL}x", "", "RSS")),
        ("<base href='https://cdn.example/a/'>" + link("f.rss"), Candidate("https://cdn.example/a/f.rss", "", "RSS")),
    ],
)
def test_a_declared_feed_is_found(head: str, candidate: Candidate) -> None:
    assert declared_feeds(page(head), HTML, URL) == (candidate,)


@pytest.mark.parametrize(
    "head",
    [
        link("/print.css", "text/css"),
        link("/wp-json/", "application/json"),
        link("/old.rss", rel="stylesheet"),
        link("ftp://courier.example/f.rss"),
        link(""),
        "<!-- " + link("/gone.rss") + " -->",
    ],
)
def test_what_declares_no_feed_is_passed_over(head: str) -> None:
    assert declared_feeds(page(head), HTML, URL) == ()


def test_feeds_are_listed_once_and_those_of_comments_last() -> None:
    head = link("/comments/feed/") + link("/feed/") + link("http://courier.example/feed/") + link("/b", title="Sport")

    assert [one.url for one in declared_feeds(page(head), HTML, URL)] == [
        "https://courier.example/feed/",
        "https://courier.example/b",
        "https://courier.example/comments/feed/",
    ]


def test_a_link_header_declares_as_the_page_does() -> None:
    header = '</f.atom>; rel="alternate"; type="application/atom+xml"; title="All", </fr>; rel="alternate"; hreflang=fr'

    assert declared_feeds(page(), HTML | {"link": header}, URL) == (
        Candidate("https://courier.example/f.atom", "All", "Atom"),
    )


@pytest.mark.parametrize("document", [b"", b"\0\0", b"<", b"<html", b"\xff\xfe<", b"<link rel=alternate>" * 1000])
def test_a_broken_page_declares_nothing_and_harms_nobody(document: bytes) -> None:
    assert declared_feeds(document, {"content-type": "text/html; charset=nonsense"}, URL) == ()
    assert linked_feeds(document, {}, URL) == ()


def test_links_that_look_like_feeds_of_the_same_host_are_found() -> None:
    body = "".join(
        f"<a href='{href}'>{href}</a>"
        for href in (
            "/rss",
            "/world/feed/",
            "a.rss",
            "/rss-world.xml",
            "/feedback",
            "https://other.example/rss",
            "#rss",
        )
    )

    found = [one.url.removeprefix("https://courier.example") for one in linked_feeds(page(body=body), HTML, URL)]

    assert found == ["/rss", "/world/feed/", "/news/a.rss", "/rss-world.xml"]


def test_usual_places_are_below_the_page_and_below_its_host() -> None:
    urls = [one.url for one in usual_places("https://me:secret@courier.example/news?page=2#top")]

    assert urls[0] == "https://courier.example/news/feed/"
    assert "https://courier.example/rss.xml" in urls
    assert len(urls) == len(set(urls))


PIECES = (
    "<link ",
    "<base ",
    "<a ",
    "rel=",
    "href=",
    "alternate",
    "hub",
    "[",
    "//",
    ":",
    "'",
    '"',
    ">",
    "&#",
    ";",
    "\0",
)
MARKUP = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@given(st.binary(max_size=300) | MARKUP.map(str.encode), st.text(max_size=100))
def test_nothing_that_a_stranger_sends_makes_it_fail(page: bytes, header: str) -> None:
    headers = {"content-type": header, "link": header}

    for found in (declared_feeds(page, headers, URL), linked_feeds(page, headers, URL)):
        assert all(one.url.startswith(("http://", "https://")) for one in found)
    assert all(hub.url.startswith(("http://", "https://")) for hub in declared_hubs(page, headers, URL))
