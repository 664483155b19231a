"""The demo, in less than its half a minute: the real daemon, from its configuration to the report."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.demo.__main__ import main


def number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    assert found, f"{pattern!r} is not in:\n{text}"
    return int(found[1])


@pytest.mark.slow
def test_the_demo_tells_developments_alerts_and_repeats(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    main([str(tmp_path / "demo.svg")], length=timedelta(seconds=12))

    told = capsys.readouterr().out
    developments = number(r"events with (\d+) developments", told)
    assert developments > number(r"(\d+) events with", told) > 10
    assert number(r"(\d+) repeats stayed silent", told) > 10
    assert number(r"(\d+) alerts were delivered, none of them twice", told) > 5
    assert "outcome" in told
    assert "demarche report who" in told


@pytest.mark.slow
def test_its_picture_shows_what_is_told_first_and_needs_nothing_from_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    main([str(tmp_path / "demo.svg")], length=timedelta(seconds=5))

    picture = (tmp_path / "demo.svg").read_text(encoding="utf-8")
    first = re.search(r"“([\w ]{9,})", capsys.readouterr().out)
    assert first
    assert first[1].strip().replace(" ", "&#160;") in picture
    assert "url(http" not in picture
