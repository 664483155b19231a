"""Collected documents, well-formed and broken: each is read or refused with a named reason."""

import json
from typing import Any

import pytest

from monitor.errors import FeedParseError
from monitor.poller.parse import parse_feed
from tests.shared import shared

PARTS = 6
REASONS = {"empty", "html-page", "json", "bad-json", "not-a-feed", "unclosed", "parser-failed"}


def part(number: int) -> list[dict[str, Any]]:
    lines = shared("feeds", "manifest.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines[number::PARTS]]


def outcome(known: dict[str, Any]) -> tuple[int, str]:
    """Return how many entries are accounted for, or 0 and the reason for refusing the document."""
    try:
        feed = parse_feed(shared("feeds", known["file"]).read_bytes(), {}, "https://feeds.example/feed")
    except FeedParseError as error:
        return 0, error.reason
    return len(feed.entries) + len(feed.skipped), "read"


@pytest.mark.shared
@pytest.mark.parametrize("number", range(PARTS))
def test_every_document_is_read_or_refused_by_name_and_undoubted_ones_completely(number: int) -> None:
    documents = {known["file"]: known for known in part(number)}

    outcomes = {name: outcome(known) for name, known in documents.items()}

    assert {reason for _, reason in outcomes.values()} <= {"read", *REASONS}
    sure = {name: known["expected"]["items"] for name, known in documents.items() if not known["contested"]}
    assert {name: outcomes[name][0] for name in sure} == sure


@pytest.mark.shared
@pytest.mark.parametrize("number", range(PARTS))
def test_no_text_holds_what_a_database_refuses_or_a_reader_would_not_see(number: int) -> None:
    for known in part(number):
        if known["cls"] == "news":
            feed = parse_feed(shared("feeds", known["file"]).read_bytes(), {}, "https://feeds.example/feed")
            titles = "".join(entry.title for entry in feed.entries)
            assert not {"\x00", "\n", "\ud800"} & set(titles)
            assert not any(mark in titles.lower() for mark in ("<p>", "<b>", "<i>", "&amp;", "&#8217;", "<![cdata["))
