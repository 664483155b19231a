"""Lists of feeds as OPML 2.0, the format that feed readers exchange. Pure; no entity is ever resolved.

Who publishes a feed has no place in OPML; it is kept in an attribute of a namespace of our own, as section "Extending
OPML" of the specification has it, which other programs pass over.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol
from xml.parsers import expat

from monitor.errors import ConfigError
from monitor.poller.plain import one_line
from monitor.poller.urls import canonical_url, is_web_url, redacted
from storage.publishers import publisher_of
from storage.types import FeedSpec

# The namespace is a name alone, nothing is fetched from it. Prefixes are free in XML; we read the one that we write.
NAMESPACE, PUBLISHER = "urn:demarche:opml", "demarche:publisher"


class Listed(Protocol):
    """What a list shows of a feed; a Feed and a FeedSpec both do."""

    @property
    def url(self) -> str:
        """Where it is polled."""
        ...

    @property
    def title(self) -> str:
        """What people call it; may be empty."""
        ...

    @property
    def publisher(self) -> str:
        """Who publishes it; may be empty."""
        ...


def read_opml(document: bytes, *, file: str) -> tuple[FeedSpec, ...]:
    """Return the feeds of all outlines, however deep, in document order and each address once.

    Two spellings of one address (`canonical_url`) are one feed, the first counts. Raises ConfigError with every fault,
    each `FILE:LINE: what is wrong`.
    """
    reader = _Reader(file)
    parser = expat.ParserCreate()
    reader.parser = parser
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.EntityDeclHandler = reader.entity
    try:
        parser.Parse(document, True)
    except expat.ExpatError as error:
        reader.faults.append(f"{file}:{error.lineno}: not well-formed XML ({expat.errors.messages[error.code]})")
    if not reader.is_opml and not reader.faults:
        reader.faults.append(f"{file}:1: the document is no OPML; its first element has to be <opml>")
    if reader.faults:
        raise ConfigError(tuple(reader.faults))
    return tuple(reader.specs.values())


def write_opml(feeds: Iterable[Listed], *, title: str = "Feeds") -> bytes:
    """Return an OPML document of these feeds, in their order; user names and passwords in addresses are included."""
    root = ET.Element("opml", {"version": "2.0", "xmlns:demarche": NAMESPACE})
    ET.SubElement(ET.SubElement(root, "head"), "title").text = one_line(title)
    body = ET.SubElement(root, "body")
    for feed in feeds:
        name = one_line(feed.title) or redacted(feed.url)
        named = {PUBLISHER: one_line(feed.publisher)} if feed.publisher not in ("", publisher_of(feed.url)) else {}
        ET.SubElement(body, "outline", {"type": "rss", "text": name, "title": name, "xmlUrl": feed.url} | named)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


@dataclass(slots=True)
class _Reader:
    """Collects while the parser goes over the document; `specs` are by canonical address."""

    file: str
    specs: dict[str, FeedSpec] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    depth: int = 0
    is_opml: bool = False
    parser: expat.XMLParserType = field(default_factory=expat.ParserCreate)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 1:
            self.is_opml = name.lower() == "opml"
        if name.lower() == "outline" and self.is_opml:
            self._outline({key.lower(): value.strip() for key, value in attributes.items()})

    def end(self, name: str) -> None:
        self.depth -= 1

    def entity(self, name: str, *definition: object) -> None:
        """Stop at once: a list of feeds has no use for entities, and an attacker has."""
        self._fault(f"declares the entity {name!r}; remove it, entities are not read")
        raise ConfigError(tuple(self.faults))

    def _outline(self, attributes: dict[str, str]) -> None:
        url, title = attributes.get("xmlurl", ""), attributes.get("title") or attributes.get("text", "")
        if not url:
            if attributes.get("type", "").lower() in ("rss", "atom"):
                self._fault(f"the outline {title!r} is a feed without xmlUrl")
        elif is_web_url(url):
            publisher = one_line(attributes.get(PUBLISHER, ""))
            self.specs.setdefault(canonical_url(url), FeedSpec(url, title=one_line(title), publisher=publisher))
        else:
            self._fault(f"the outline {title!r} has xmlUrl {redacted(url)!r}, expected an http or https address")

    def _fault(self, what: str) -> None:
        self.faults.append(f"{self.file}:{self.parser.CurrentLineNumber}: {what}")
