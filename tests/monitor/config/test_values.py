"""Texts of config.yaml as values: lengths of time, sizes, party codes."""

import csv
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.values import (
    LONGEST,
    check_code,
    check_public_url,
    country_code,
    host_and_port,
    parse_duration,
    parse_size,
)

ROOT = Path(__file__).parents[3]
DATA = ROOT / "extractors" / "data"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("30m", 1800), ("48h", 172_800), ("2d", 172_800), ("1h30m", 5400), (" 1h 30 m ", 5400)],
)
def test_a_length_of_time_is_numbers_with_units(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "30", "m", "1.5h", "-1h", "1h30", "1 w", "0s", "10000d", "999999999d", ["1h"], None]
)
def test_anything_else_is_no_length_of_time(text: object) -> None:
    with pytest.raises(ValueError, match="length of time"):
        parse_duration(text)


@given(st.integers(1, LONGEST // timedelta(seconds=1)))
def test_any_number_of_seconds_is_a_length_of_time(seconds: int) -> None:
    assert parse_duration(f"{seconds}s") == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "size"), [("1", 1), ("512B", 512), ("500kB", 500_000), ("10MB", 10_000_000), ("1 MiB", 1_048_576)]
)
def test_a_size_is_a_number_with_a_unit(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "0", "MB", "1.5MB", "-1MB", "10mb", "10Mb", "10TB", [1], None])
def test_anything_else_is_no_size(text: object) -> None:
    with pytest.raises(ValueError, match="size"):
        parse_size(text)


def known_codes() -> list[str]:
    """Return the codes of organisations and non-state parties that the extractors can find."""
    codes = []
    for name in ("organisations.csv", "parties.csv"):
        lines = (DATA / name).read_text(encoding="utf-8").splitlines()
        codes += [row["code"] for row in csv.DictReader(line for line in lines if not line.startswith("#"))]
    return codes


@pytest.mark.parametrize("code", known_codes())
def test_every_code_that_the_extractors_find_may_stand_in_a_rule(code: str) -> None:
    assert check_code(code) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Russia", "RUS"),
        ("russian federation", "RUS"),
        ("South Korea", "KOR"),
        ("Iran", "IRN"),
        ("UK", "GBR"),
        ("Kosovo", "XKX"),
        ("Palestine", "PSE"),
        ("no", "NOR"),
        ("rus", "RUS"),
        ("643", None),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_a_country_is_known_by_what_people_call_it(name: str, code: str | None) -> None:
    assert country_code(name) == code


def test_reading_a_configuration_without_services_loads_no_apprise() -> None:
    program = (
        "import sys; from pathlib import Path; from monitor.config import load_config;"
        "load_config(Path('config.yaml'), environ={});"
        "sys.exit(', '.join({'apprise', 'spacy', 'sqlalchemy', 'httpx'} & set(sys.modules)) or 0)"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize(
    ("text", "parts"),
    [("127.0.0.1:8021", ("127.0.0.1", 8021)), ("[::1]:0", ("::1", 0)), ("localhost:65535", ("localhost", 65535))],
)
def test_where_to_listen_is_a_host_and_a_port(text: str, parts: tuple[str, int]) -> None:
    assert host_and_port(text) == parts


@pytest.mark.parametrize("text", ["", "8021", "127.0.0.1", "127.0.0.1:", "::1:8021", "host:65536", "http://host:80"])
def test_anything_else_is_no_place_to_listen_at(text: str) -> None:
    with pytest.raises(ValueError, match="wants HOST:PORT"):
        host_and_port(text)


@pytest.mark.parametrize("url", ["", "https://monitor.example", "http://monitor.example:8080/demarche/"])
def test_a_public_address_is_whole_or_empty(url: str) -> None:
    assert check_public_url(url) == url


@pytest.mark.parametrize(
    "url", ["monitor.example", "ftp://monitor.example", "https://me@monitor.example", "http://a/?x"]
)
def test_anything_else_is_no_public_address(url: str) -> None:
    with pytest.raises(ValueError, match="wants a whole address"):
        check_public_url(url)
