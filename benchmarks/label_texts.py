"""Texts that the labels in extractors/training/labels are for, as JSON lines.

    python benchmarks/label_texts.py [FOLDER] > texts.jsonl

FOLDER holds feeds/, stories/ and dedup/; it defaults to the shared data beside the checkout. A line is {"id", "date",
"text"}: items of collected feeds (headline, line break and summary without markup), the daily lines of stories but
those that stories are measured on, and the beginnings of articles, once as an item would have them and once at length.
The ids are made of what stays the same when the files are written anew. `make judge` gives the lines to the training.
Documents that are made to test one rule and texts that are not English are left out.
"""

import hashlib
import json
import re
import sys
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractors.language import is_english
from monitor.errors import FeedParseError
from monitor.poller.parse import parse_feed
from monitor.poller.types import ParsedEntry

DEFAULT_FOLDER = Path(__file__).parents[2] / "shared"
BASE = "https://feeds.example/feed"
MOST_CHARACTERS = 700
TAG, SPACE, NOT_LETTERS = re.compile(r"<[^>]+>"), re.compile(r"\s+"), re.compile(r"\W+")
HEAD = 60  # texts that begin with the same characters are one
COLLECTIONS = ("diplomacy_lifecycle", "allsides_full", "allsides2021", "wikinews_sources", "timeline17", "ecbplus")
HEADLINES = ("uci_news_sample",)
SENTENCE_END = re.compile(r"(?<=[.!?”\"])\s+")
LEAD_WORDS = 60  # an item's summary ends before the sentence that would make it longer
ARTICLE_WORDS = 330  # of an article that is labelled at length


def texts(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the records of all collections."""
    yield from feed_items(folder / "feeds")
    yield from story_lines(folder / "stories")
    for name in (*COLLECTIONS, *HEADLINES):
        yield from article_beginnings(folder / "dedup" / name)


def story_lines(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the daily lines around stories, without the lines by which stories are measured."""
    stories = json.loads((folder / "stories.json").read_text(encoding="utf-8"))["stories"]
    measured = {checkpoint["sha"] for story in stories for checkpoint in story["checkpoints"]}
    for path in sorted((folder / "stream").glob("*/*.xml")):
        for item in ET.parse(path).iter("item"):
            name, text = item.findtext("guid") or "", item.findtext("description") or ""
            if text and name not in measured:
                yield {"id": f"str-{name}", "date": path.stem, "text": text}


def article_beginnings(folder: Path) -> Iterator[dict[str, str]]:
    """Yield each article of a collection as a feed item would have it, and at length."""
    for line in (folder / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        name = f"{folder.name[:4]}-{hashlib.sha256(article['id'].encode()).hexdigest()[:12]}"
        day, title, body = (article["date"] or "")[:10], article["title"].strip(), article["text"].strip()
        if day and title:
            yield {"id": name, "date": day, "text": f"{title}\n{lead(body)}"[:600].strip()}
            yield {"id": f"art-{name}", "date": day, "text": f"{title}\n{' '.join(body.split(' ')[:ARTICLE_WORDS])}"}


def lead(body: str) -> str:
    """Return the first sentences of an article, about as many words as a summary has."""
    kept = ""
    for sentence in SENTENCE_END.split(" ".join(body.replace("\n", " ").split(" ")[:90])):
        if kept and len(f"{kept} {sentence}".split()) > LEAD_WORDS:
            break
        kept = f"{kept} {sentence}".strip()
    return kept


def feed_items(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the records of a folder of feed documents, in its manifest's order."""
    seen: set[str] = set()
    for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        known = json.loads(line)
        for entry in entries(folder, known):
            text = text_of(entry)
            head = NOT_LETTERS.sub("", text[:HEAD].lower())
            day = str(entry.published_at.date()) if entry.published_at else (known["captured_at"] or "")[:10]
            if head and head not in seen and day and is_english(text):
                yield {"id": f"own-{hashlib.sha256(text.encode()).hexdigest()[:12]}", "date": day, "text": text}
            seen.add(head)


def entries(folder: Path, known: dict[str, Any]) -> tuple[ParsedEntry, ...]:
    """Return the entries of a document that is more than a test of one rule."""
    if known["cls"] == "conformance":
        return ()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return parse_feed((folder / known["file"]).read_bytes(), {}, BASE).entries
        except FeedParseError:
            return ()


def text_of(entry: ParsedEntry) -> str:
    """Return headline and summary; an empty text for an entry without a headline."""
    title = (entry.title or "").strip()
    summary = SPACE.sub(" ", TAG.sub(" ", entry.summary or "")).strip()
    body = f"\n{summary}" if summary and summary != title else ""
    return f"{title}{body}"[:MOST_CHARACTERS] if title else ""


if __name__ == "__main__":
    for record in texts(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FOLDER):
        sys.stdout.write(json.dumps(record) + "\n")
