"""Which feeds a web page has: those that it declares, those that it links to, and where feeds usually are. Pure.

With monitor.poller.plain the one that parses HTML. Declared means `<link rel="alternate" type="application/rss+xml"
href="…">` (the RSS Advisory Board's "RSS Autodiscovery" of 2006; JSON Feed 1.1 likewise), or the same in an HTTP Link
header.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import etree  # type: ignore[import-untyped]  # carries no type information

from monitor.poller.hubs import header_links
from monitor.poller.plain import one_line
from monitor.poller.urls import canonical_url, host_key, is_web_url, without_user

# A page's declarations stand in its head, its links to feeds mostly in its foot; few pages are longer.
LOOKED_AT = 2_000_000
MOST = 30

# Media types that a page may declare a feed with, each with the name people know. `application/json` alone is left
# out: WordPress declares its API so on every page.
FORMATS: Mapping[str, str] = {
    "application/rss+xml": "RSS",
    "application/x-rss+xml": "RSS",
    "application/rdf+xml": "RSS",
    "application/atom+xml": "Atom",
    "application/feed+json": "JSON Feed",
    "text/xml": "XML",
    "application/xml": "XML",
}
# Where feeds are on sites that declare none: WordPress and most who follow it, Jekyll and Hugo, Ghost, Drupal, JSON
# Feed's own advice, Blogger.
USUAL = (
    "feed/", "rss.xml", "feed.xml", "atom.xml", "index.xml", "rss/", "rss", "feed.json", "feeds/posts/default",
)  # fmt: skip

_FEED_LIKE = re.compile(r"(?:\.(?:rss|rdf|atom)|/(?:rss|feed|feeds|atom)(?:/|\.(?:xml|json))?|/rss[\w-]*\.xml)$")
_COMMENTS = re.compile(r"comments", re.IGNORECASE)
_TYPE = re.compile(r"""\btype\s*=\s*"?([\w.+/-]+)""", re.IGNORECASE)
_TITLE = re.compile(r"""\btitle\s*=\s*"([^"]*)\"""", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed: what the page calls it, and in which format it says that it is."""

    url: str
    title: str = ""
    format: str = ""

    @property
    def is_comments(self) -> bool:
        """Whether it carries readers' comments, by its name or address."""
        return bool(_COMMENTS.search(self.title) or _COMMENTS.search(urlsplit(self.url).path))


def declared_feeds(page: bytes, headers: Mapping[str, str], url: str) -> tuple[Candidate, ...]:
    """Return the feeds that a page declares, each once, in its order; feeds of comments come last."""
    found = _once([*_in_header(headers, url), *_in_links(_root(page, headers), url)])
    return tuple(sorted(found, key=lambda candidate: candidate.is_comments))


def linked_feeds(page: bytes, headers: Mapping[str, str], url: str) -> tuple[Candidate, ...]:
    """Return what a page links to that looks like a feed of the same host, each once, in its order."""
    root, found = _root(page, headers), []
    base = _base(root, url)
    for anchor in root.iter("a") if root is not None else ():
        target = _absolute(base, anchor.get("href"))
        if host_key(target) == host_key(url) and _FEED_LIKE.search(urlsplit(target).path.lower()):
            found.append(Candidate(target, one_line("".join(anchor.itertext()))))
    return _once(found)


def usual_places(url: str) -> tuple[Candidate, ...]:
    """Return where a site's feed usually is: below the page, then below the root of its host."""
    page = urlsplit(without_user(url))._replace(query="", fragment="").geturl()
    below = page if page.endswith("/") else f"{page}/"
    return _once(Candidate(urljoin(start, place)) for start in (below, urljoin(below, "/")) for place in USUAL)


def _in_header(headers: Mapping[str, str], url: str) -> Iterator[Candidate]:
    for relation, target, parameters in header_links(headers, url):
        kind, title = _TYPE.search(parameters), _TITLE.search(parameters)
        if relation == "alternate" and kind and kind[1].lower() in FORMATS:
            yield Candidate(target, one_line(title[1]) if title else "", FORMATS[kind[1].lower()])


def _in_links(root: "etree._Element | None", url: str) -> Iterator[Candidate]:
    base = _base(root, url)
    for link in root.iter("link") if root is not None else ():
        relations = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        if "feed" in relations or ("alternate" in relations and kind in FORMATS):
            yield Candidate(_absolute(base, link.get("href")), one_line(link.get("title") or ""), FORMATS.get(kind, ""))


def _base(root: "etree._Element | None", url: str) -> str:
    named = root.find(".//base") if root is not None else None
    return (_absolute(url, named.get("href")) if named is not None else "") or url


def _root(page: bytes, headers: Mapping[str, str]) -> "etree._Element | None":
    charset = _CHARSET.search(headers.get("content-type", ""))
    try:
        parser = etree.HTMLParser(encoding=charset[1] if charset else None, remove_comments=True, no_network=True)
    except LookupError:  # a charset that nobody knows
        parser = etree.HTMLParser(remove_comments=True, no_network=True)
    try:
        return etree.fromstring(page[:LOOKED_AT], parser)
    except etree.XMLSyntaxError:  # nothing of a document in it
        return None


def _absolute(base: str, href: str | None) -> str:
    try:
        target = urljoin(base, (href or "").strip()) if href and href.strip() else ""
    except ValueError:  # a broken IPv6 address
        return ""
    return target.partition("#")[0] if is_web_url(target) else ""


def _once(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    first: dict[str, Candidate] = {}
    for candidate in candidates:
        if candidate.url:
            first.setdefault(canonical_url(candidate.url), candidate)
    return tuple(first.values())[:MOST]
