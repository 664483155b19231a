"""Which hub a feed names, in its document or in the headers of the answer."""

import pytest

from monitor.poller.hubs import MOST_HUBS, declared_hubs
from storage.types import Hub

URL = "https://courier.example/world.rss"
HUB = "https://hub.example/push"


def rss(links: str) -> bytes:
    item = "<item><title>Envoy leaves</title><atom:link rel='hub' href='https://item.example/'/></item>"
    return f"<rss xmlns:atom='http://www.w3.org/2005/Atom'><channel>{links}{item}</channel></rss>".encode()


@pytest.mark.parametrize(
    ("body", "hub"),
    [
        (rss(f"<atom:link rel='hub' href='{HUB}'/><atom:link rel='self' href='{URL}?all'/>"), Hub(HUB, f"{URL}?all")),
        (rss(f'<atom10:link xmlns:atom10="x" href="{HUB}" rel="hub" />'), Hub(HUB, URL)),
        (rss("<atom:link rel='hub' href='/push?a=1&amp;b=2'/>"), Hub("https://courier.example/push?a=1&b=2", URL)),
        (f"<feed><link rel='self hub' href='{HUB}'/><entry/></feed>".encode(), Hub(HUB, HUB)),
        (f"<feed><link rel='hub' href='{HUB}'/></feed>".encode("utf-16"), Hub(HUB, URL)),
        (f'{{"items": [], "hubs": [{{"type": "WebSub", "url": "{HUB}"}}]}}'.encode(), Hub(HUB, URL)),
    ],
)
def test_a_hub_is_found_in_every_format(body: bytes, hub: Hub) -> None:
    assert declared_hubs(body, {}, URL) == (hub,)


@pytest.mark.parametrize(
    "body",
    [
        rss(""),
        rss("<atom:link rel='hub' href='javascript:alert(1)'/>"),
        rss("<atom:link rel='hub' href='http://[broken/'/>"),
        b'{"items": [], "hubs": [{"type": "rssCloud", "url": "https://hub.example/"}, 7]}',
        b'{"items": [], "hubs": 7',
        b"[]",
        b"",
    ],
)
def test_a_feed_that_names_none_has_none(body: bytes) -> None:
    assert declared_hubs(body, {}, URL) == ()


def test_the_links_of_the_header_go_before_those_of_the_document() -> None:
    header = f'<https://other.example/hub>; rel="hub", <{URL}>; type="x"; rel=self'

    hubs = declared_hubs(rss(f"<atom:link rel='hub' href='{HUB}'/>"), {"link": header}, "https://elsewhere.example/")

    assert hubs == (Hub("https://other.example/hub", URL), Hub(HUB, URL))


def test_of_many_hubs_the_first_few_are_known_each_once() -> None:
    links = "".join(f"<atom:link rel='hub' href='{HUB}/{number // 2}'/>" for number in range(100))

    assert [hub.url for hub in declared_hubs(rss(links), {}, URL)] == [f"{HUB}/{number}" for number in range(MOST_HUBS)]
