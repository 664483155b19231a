"""`atom:FOLDER` keeps a feed for each rule, for feed readers. The only door to feedgen."""

import hashlib
import json
import os
import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from monitor.alerts.channels.plain import for_xml, one_line
from monitor.alerts.render import html_body
from monitor.errors import DeliveryError
from storage.types import Delivery

# Readers ask every hour or day; a rule that says more in between than this is none that people read in a feed.
KEPT = 100
ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A message as the feed has it."""

    id: str
    title: str
    at: datetime
    content: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class AtomChannel:
    """Puts each message into the feed of its rule, newest first. A message that is there already is left alone."""

    name: str
    folder: Path
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def send(self, delivery: Delivery) -> None:
        """Write the feed with the message in it; raises DeliveryError when it cannot be written."""
        path = self.folder / f"{file_name(delivery.rule)}.atom"
        try:
            with self.lock:
                self.folder.mkdir(parents=True, exist_ok=True)
                _replace(path, _document(self.name, delivery.rule, _with(_entry(delivery), _entries(path))))
        except OSError as error:
            raise DeliveryError(self.name, f"cannot write {path}: {error.strerror}") from error


def file_name(rule: str) -> str:
    """Return the name of a rule's file without its ending; two rules never share one."""
    plain = re.sub(r"[^a-z0-9-]+", "-", rule.lower()).strip("-")[:60]
    return plain if plain == rule else f"{plain}-{hashlib.sha256(rule.encode()).hexdigest()[:6]}".strip("-")


def _entry(delivery: Delivery) -> Entry:
    return Entry(
        id=f"urn:demarche:message:{delivery.key}",
        title=for_xml(one_line(delivery.title)),
        at=delivery.created_at,
        content=for_xml(html_body(delivery)),
        link=for_xml(_link(delivery)),
    )


def _link(delivery: Delivery) -> str:
    events = json.loads(delivery.details).get("events", ()) if delivery.details else ()
    return next((str(one["url"]) for event in events for one in event["evidence"] if one["url"]), "")


def _with(entry: Entry, kept: Iterable[Entry]) -> list[Entry]:
    others = [one for one in kept if one.id != entry.id]
    return sorted([entry, *others], key=lambda one: (one.at, one.id), reverse=True)[:KEPT]


def _entries(path: Path) -> Iterator[Entry]:
    """Read what we wrote ourselves; a file that a person broke is begun anew."""
    try:
        root = ET.parse(path).getroot()
    except (FileNotFoundError, ET.ParseError):
        return
    for one in root.iter(f"{ATOM}entry"):
        link = one.find(f"{ATOM}link")
        yield Entry(
            id=one.findtext(f"{ATOM}id", ""),
            title=one.findtext(f"{ATOM}title", ""),
            at=datetime.fromisoformat(one.findtext(f"{ATOM}updated", "")),
            content=one.findtext(f"{ATOM}content", ""),
            link="" if link is None else link.get("href", ""),
        )


def _document(channel: str, rule: str, entries: list[Entry]) -> bytes:
    from feedgen.feed import FeedGenerator  # 0.1 s, for those who write feeds

    feed = FeedGenerator()
    feed.id(f"urn:demarche:feed:{channel}:{file_name(rule)}")
    feed.title(for_xml(f"Démarche: {rule}"))
    feed.author({"name": "Démarche"})
    feed.updated(max(entry.at for entry in entries))
    for entry in entries:
        written = feed.add_entry(order="append")
        written.id(entry.id)
        written.title(entry.title)
        written.published(entry.at)
        written.updated(entry.at)
        written.content(entry.content, type="html")
        if entry.link:
            written.link(href=entry.link)
    return bytes(feed.atom_str(pretty=True))


def _replace(path: Path, document: bytes) -> None:
    """Put a document in place of a file in one step: a reader sees the old one or the new one."""
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(document)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
