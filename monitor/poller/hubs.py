"""What a feed document says about where its news is pushed: W3C WebSub, section 4 "Discovery". Pure."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from urllib.parse import urljoin

from monitor.poller.jsonfeed import is_json
from monitor.poller.urls import is_web_url
from storage.types import Hub

# The links of a feed stand before its entries; of the 785 collected feeds, 32 name a hub, all in the
# first 7 KB.
LOOKED_AT = 65_536
# A stranger's document may name thousands. Each is asked when those before it refused, so the first few are enough.
MOST_HUBS = 4
# Of a Link header so much is read: a dozen links; more is nobody's that means well.
LONGEST_HEADER = 8_192

_ENTRIES = re.compile(rb"<(?:[\w.-]{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_LINK = re.compile(rb"<(?:[\w.-]{1,20}:)?link\s([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w:.-]{1,40})\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_HEADER_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_HEADER_REL = re.compile(r""";\s*rel\s*=\s*(?:"([^"]*)"|([\w-]+))""", re.IGNORECASE)

Link = tuple[str, str]  # one relation in lower case, and its absolute address


def declared_hubs(body: bytes, headers: Mapping[str, str], url: str) -> tuple[Hub, ...]:
    """Return the hubs that a feed names, in order, with the topic to subscribe to; a handful at most.

    The header's links go before the document's. The topic is what the feed calls itself, or the address it came from
    (`url`, without a password).
    """
    links = [*_in_header(headers.get("link", ""), url), *_in_document(body, url)]
    topic = _first("self", links) or url
    hubs = dict.fromkeys(target for name, target in links if name == "hub" and is_web_url(target))
    return tuple(Hub(hub, topic) for hub in islice(hubs, MOST_HUBS))


def header_links(headers: Mapping[str, str], url: str) -> tuple[tuple[str, str, str], ...]:
    """Return (relation, absolute address, parameters) of each link of a Link header (RFC 8288)."""
    found = []
    for target, parameters in _HEADER_LINK.findall(headers.get("link", "")[:LONGEST_HEADER]):
        rel = _HEADER_REL.search(f";{parameters.lstrip('; ')}")
        names = (rel[1] or rel[2] or "").lower().split() if rel else []
        found += [(name, _absolute(url, target), parameters) for name in names]
    return tuple(found)


def _in_header(header: str, url: str) -> Iterator[Link]:
    for name, target, _ in header_links({"link": header}, url):
        yield name, target


def _in_document(body: bytes, url: str) -> Iterator[Link]:
    if is_json(body):
        yield from _in_json(body, url)
        return
    head = body[:LOOKED_AT].replace(b"\0", b"")
    end = _ENTRIES.search(head)
    for attributes in _LINK.findall(head[: end.start()] if end else head):
        yield from _relations(attributes.decode("utf-8", "replace"), url)


def _relations(attributes: str, url: str) -> Iterator[Link]:
    values = {name.lower(): html.unescape(one or other) for name, one, other in _ATTRIBUTE.findall(attributes)}
    for name in values.get("rel", "").lower().split():
        yield name, _absolute(url, values.get("href", ""))


def _in_json(body: bytes, url: str) -> Iterator[Link]:
    """JSON Feed 1.1: `hubs` is a list of objects with `type` and `url`; the feed calls itself `feed_url`."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return
    if not isinstance(document, dict):
        return
    hubs = document.get("hubs")
    for hub in hubs if isinstance(hubs, list) else ():
        if isinstance(hub, dict) and str(hub.get("type", "")).lower() == "websub":
            yield "hub", _absolute(url, str(hub.get("url", "")))
    yield "self", _absolute(url, str(document.get("feed_url") or ""))


def _absolute(url: str, target: str) -> str:
    try:
        return urljoin(url, target.strip()) if target.strip() else ""
    except ValueError:  # a broken IPv6 address
        return ""


def _first(relation: str, links: list[Link]) -> str:
    return next((target for name, target in links if name == relation and is_web_url(target)), "")
