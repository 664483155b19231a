"""The terminal, the file and the opening of channels."""

import errno
import io
import json
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerts.channels import Terminal, channel_problem
from monitor.alerts.channels.files import FileChannel
from monitor.alerts.channels.terminal import ConsoleChannel
from monitor.alerts.retry import attempt
from monitor.alerts.secret import Secret
from monitor.errors import DeliveryError
from storage.types import Delivery
from tests.builders import NOW
from tests.receivers import a_channel

DELIVERY = Delivery(
    id=1,
    key="0123456789abcdef",
    rule="visits",
    channel="desk",
    event_id=7,
    development_ids=(2, 3),
    title="Visit postponed: Antonio Guterres (UN)",
    body="When: not known yet\nhttps://www.example.org/" + "long-" * 30,
    attempts=0,
    created_at=NOW,
    next_attempt_at=NOW,
)


def lines_of(path: Path) -> list[dict[str, object]]:
    """Return the JSON objects of a file, one a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# ---------------------------------------------------------------- file


def test_a_message_is_one_line_of_json(tmp_path: Path) -> None:
    FileChannel("desk", tmp_path / "alerts.jsonl").send(DELIVERY)

    assert lines_of(tmp_path / "alerts.jsonl") == [
        {
            "key": "0123456789abcdef",
            "rule": "visits",
            "channel": "desk",
            "event_id": 7,
            "development_ids": [2, 3],
            "title": "Visit postponed: Antonio Guterres (UN)",
            "body": DELIVERY.body,
            "created_at": "2022-04-22T09:00:00+00:00",
            "in_reply_to": None,
        }
    ]


def test_messages_follow_each_other(tmp_path: Path) -> None:
    channel = FileChannel("desk", tmp_path / "alerts.jsonl")
    for key in ("a", "b", "c"):
        channel.send(replace(DELIVERY, key=key))

    assert [line["key"] for line in lines_of(tmp_path / "alerts.jsonl")] == ["a", "b", "c"]


def test_a_line_that_a_crash_cut_short_does_not_swallow_the_next(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_text('{"key": "half', encoding="utf-8")

    FileChannel("desk", path).send(DELIVERY)

    half, whole = path.read_text(encoding="utf-8").splitlines()
    assert half == '{"key": "half'
    assert json.loads(whole)["key"] == DELIVERY.key


def test_messages_from_several_threads_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    channel = FileChannel("desk", path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: channel.send(replace(DELIVERY, key=str(number))), range(100)))

    assert sorted(int(str(line["key"])) for line in lines_of(path)) == list(range(100))


def test_a_file_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    channel = FileChannel("desk", tmp_path / "nowhere" / "alerts.jsonl")

    made = attempt({"desk": channel}, DELIVERY, NOW, timedelta(hours=24))

    assert made.error == f"channel desk: cannot write {tmp_path}/nowhere/alerts.jsonl: No such file or directory"
    assert made.retry_at is not None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_is_told() -> None:
    with pytest.raises(DeliveryError, match="No space left on device"):
        FileChannel("desk", Path("/dev/full")).send(DELIVERY)


# ---------------------------------------------------------------- console


def shown(delivery: Delivery, *, terminal: bool = False) -> str:
    """Return what the console channel prints."""
    out = io.StringIO()
    ConsoleChannel("screen", Terminal(file=out, width=80, force_terminal=terminal)).send(delivery)
    return out.getvalue()


def test_the_terminal_shows_the_whole_message_with_links_unbroken() -> None:
    text = shown(DELIVERY)

    assert DELIVERY.title in text
    assert DELIVERY.body in text
    assert text.startswith("visits ──")


def test_words_of_the_news_are_no_markup() -> None:
    assert "[bold red]alarm[/] [/x]" in shown(replace(DELIVERY, body="[bold red]alarm[/] [/x]"))


@pytest.mark.parametrize("terminal", [True, False])
def test_the_news_cannot_steer_the_terminal(terminal: bool) -> None:
    text = shown(replace(DELIVERY, title="\x1b]0;pwned\x07\x1b[2J", body="a\rb\u202ec\x9bd"), terminal=terminal)

    assert re.sub(r"\x1b\[[\d;]*m", "", text).isprintable() is False  # it has lines
    assert not set(re.sub(r"\x1b\[[\d;]*m", "", text)) & set("\x1b\x07\r\u202e\x9b")


def test_without_a_terminal_there_are_no_colours() -> None:
    assert "\x1b" not in shown(DELIVERY)
    assert "\x1b[1m" in shown(DELIVERY, terminal=True)


class ClosedPipe(io.StringIO):
    """An output whose reader has gone."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def test_a_closed_output_is_told() -> None:
    with pytest.raises(DeliveryError, match="cannot write to the terminal: Broken pipe"):
        ConsoleChannel("screen", Terminal(file=ClosedPipe())).send(DELIVERY)


# ---------------------------------------------------------------- opening


def test_a_relative_file_is_below_the_given_folder(tmp_path: Path) -> None:
    a_channel("file:out.jsonl", folder=tmp_path).send(DELIVERY)

    assert lines_of(tmp_path / "out.jsonl")[0]["key"] == DELIVERY.key


def test_opening_writes_nothing(tmp_path: Path) -> None:
    for url in ("file:out.jsonl", "atom:feeds", "console:"):
        a_channel(url, folder=tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_channel_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="channel desk: a path is missing after `file:`"):
        a_channel("file:", folder=tmp_path)


@pytest.mark.parametrize("url", ["console:", "file:a b.jsonl", "atom:feeds", "ntfys://localhost/topic"])
def test_a_usable_url_has_no_problem(url: str) -> None:
    assert channel_problem(url) == ""


def test_a_message_for_a_channel_that_is_gone_is_given_up() -> None:
    made = attempt({}, DELIVERY, NOW, timedelta(hours=24))

    assert (made.error, made.retry_at) == ("channel desk: is no longer in the configuration", None)


@pytest.mark.parametrize("show", [str, repr, "{}".format])
def test_a_secret_shows_its_scheme_alone(show: Callable[[Secret], str]) -> None:
    assert "hunter2" not in show(Secret("smtps://desk:hunter2@example.org"))
    assert "hunter2" not in show(Secret("hunter2"))
    assert "smtps:***" in show(Secret("smtps://desk:hunter2@example.org"))
