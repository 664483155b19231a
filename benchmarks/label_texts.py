"""Texts of collected feed items as JSON lines, for the labels in extractors/training/labels/feeds.tsv.

    python benchmarks/feed_texts.py [FOLDER] > texts.jsonl

FOLDER holds the documents and manifest.jsonl; it defaults to the shared data beside the checkout. A line is {"id",
"date", "text"}: headline, line break and summary without markup, 700 characters at most, each text once; the id is the
beginning of its SHA-256. `make model` gives the lines to the judge's training. Documents that are made to test one rule
and texts that are not English are left out.
"""

import hashlib
import json
import re
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractors.language import is_english
from monitor.errors import FeedParseError
from monitor.poller.parse import parse_feed
from monitor.poller.types import ParsedEntry

DEFAULT_FOLDER = Path(__file__).parents[2] / "shared" / "feeds"
BASE = "https://feeds.example/feed"
MOST_CHARACTERS = 700
TAG, SPACE, NOT_LETTERS = re.compile(r"<[^>]+>"), re.compile(r"\s+"), re.compile(r"\W+")
HEAD = 60  # texts that begin with the same characters are one


def texts(folder: Path) -> Iterator[dict[str, str]]:
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
