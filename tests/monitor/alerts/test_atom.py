"""A feed for each rule: read back as a feed reader does."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest

from monitor.alerts.channels.atom import ATOM, KEPT, file_name
from monitor.errors import DeliveryError
from tests.builders import NOW
from tests.receivers import a_channel
from tests.telling import a_delivery


def read(path: Path) -> Any:
    """Return what a feed reader makes of a file."""
    parsed = feedparser.parse(path.read_bytes())
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


def test_a_message_is_an_entry_with_its_link(tmp_path: Path) -> None:
    delivery = a_delivery()
    a_channel("atom:feeds", folder=tmp_path).send(delivery)

    feed = read(tmp_path / "feeds" / "visits.atom")
    (entry,) = feed.entries
    assert feed.feed.title == "Démarche: visits"
    assert (entry.title, entry.link) == (delivery.title, "https://www.example.org/visit-1")
    assert entry.id == "urn:demarche:message:0123456789abcdef"
    assert "<blockquote>" in entry.content[0].value


def test_the_newest_comes_first_and_old_ones_leave(tmp_path: Path) -> None:
    channel = a_channel("atom:feeds", folder=tmp_path)
    for number in range(KEPT + 2):
        channel.send(a_delivery(key=f"{number:016x}", created_at=NOW + timedelta(minutes=number)))

    entries = read(tmp_path / "feeds" / "visits.atom").entries
    assert len(entries) == KEPT
    assert entries[0].id.endswith(f"{KEPT + 1:016x}")


def test_a_message_that_is_sent_again_is_there_once(tmp_path: Path) -> None:
    channel = a_channel("atom:feeds", folder=tmp_path)
    channel.send(a_delivery())
    before = (tmp_path / "feeds" / "visits.atom").read_bytes()
    channel.send(a_delivery())

    assert (tmp_path / "feeds" / "visits.atom").read_bytes() == before


def test_each_rule_has_a_feed(tmp_path: Path) -> None:
    channel = a_channel("atom:feeds", folder=tmp_path)
    channel.send(a_delivery())
    channel.send(a_delivery(key="b", rule="talks"))

    assert sorted(path.name for path in (tmp_path / "feeds").iterdir()) == ["talks.atom", "visits.atom"]


def test_what_xml_cannot_hold_is_left_out(tmp_path: Path) -> None:
    a_channel("atom:feeds", folder=tmp_path).send(a_delivery(title="Visit \x00\ud800 & <b>", evidence="a\x0bb"))

    (entry,) = read(tmp_path / "feeds" / "visits.atom").entries
    assert entry.title == "Visit & <b>"


def test_a_broken_file_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "visits.atom").write_text("<feed>", encoding="utf-8")
    a_channel("atom:.", folder=tmp_path).send(a_delivery())

    assert len(read(tmp_path / "visits.atom").entries) == 1


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "feeds").write_text("a file", encoding="utf-8")

    with pytest.raises(DeliveryError, match="cannot write") as caught:
        a_channel("atom:feeds", folder=tmp_path).send(a_delivery())
    assert not caught.value.permanent


def test_no_rule_writes_into_the_feed_of_another_or_elsewhere() -> None:
    names = [file_name(rule) for rule in ("a b", "a-b", "A b", "../../etc/passwd", "Переговоры", "会談")]

    assert len(set(names)) == len(names)
    assert all("/" not in name and "." not in name and name for name in names)


def test_a_message_without_parts_has_its_text(tmp_path: Path) -> None:
    plain = replace(a_delivery(), details="", body="see https://www.example.org/a\nand so on")
    a_channel("atom:.", folder=tmp_path).send(plain)

    (entry,) = read(tmp_path / "visits.atom").entries
    assert '<a href="https://www.example.org/a">' in entry.content[0].value


def test_an_entrys_content_may_stand_in_a_page_of_others(tmp_path: Path) -> None:
    """RFC 4287, 4.1.3.3: HTML that could appear within a div, so no document of its own."""
    a_channel("atom:feeds", folder=tmp_path).send(a_delivery())
    written = ET.parse(tmp_path / "feeds" / "visits.atom").findtext(f".//{ATOM}content", "")  # as no reader cleans it

    assert "<h1>" in written
    assert not {"<html", "<head", "<style", "<body", "<title"} & set(re.findall(r"<\w+", written))
