"""Which item an entry is, as documents of one feed told in order; the cases are in tests/data/identity."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from storage.dedup.identity import Identity, UnknownItem
from storage.types import NewItem
from tests.storage.dedup.replayed import KnownFeed

CASES: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).parents[2] / "data/identity/cases.yaml")


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_entries_are_recognised(case: dict[str, Any]) -> None:
    feed = KnownFeed()
    expected, got, reasons = [], [], []
    for document in case["documents"]:
        lines = document.splitlines()
        expected += [line.split("=>")[1].strip() for line in lines]
        for number, identity in feed.read(_entry(line) for line in lines):
            got.append(f"{number} {_word(identity)}")
            reasons.append(identity.reason)
    assert got == expected, "\n".join(reasons)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_document_read_again_at_once_adds_and_revises_nothing(case: dict[str, Any]) -> None:
    feed = KnownFeed()
    for document in case["documents"]:
        entries = [_entry(line) for line in document.splitlines()]
        feed.read(entries)
        assert {_word(identity) for _, identity in feed.read(entries)} == {"known"}


def _entry(line: str) -> NewItem:
    guid, url, title, summary = ("" if field.strip() == "-" else field.strip() for field in _fields(line))
    return NewItem(guid, f"https://{url}?utm_source=rss", url, title, summary, None)


def _fields(line: str) -> list[str]:
    return line.split("=>")[0].split("|")


def _word(identity: Identity) -> str:
    if isinstance(identity, UnknownItem):
        return "new"
    return "revised" if identity.revised else "known"
