"""`feeds`: list, add, import and export."""

import json
from pathlib import Path

import pytest

from tests.monitor.cli.calling import demarche, program

URL = ("--database", "sqlite:///feeds.db")
POST = "https://post.example/world.rss"
OPML = """<?xml version="1.0"?>
<opml version="2.0"><head><title>Mine</title></head><body>
  <outline text="World"><outline type="rss" text="The Post" xmlUrl="https://post.example/world.rss"/></outline>
  <outline type="rss" text="Wire &amp; Co" xmlUrl="https://wire.example/feed?a=1&amp;b=2"/>
</body></opml>
"""


def listed() -> list[dict[str, object]]:
    """Return what `feeds list --json` says."""
    rows: list[dict[str, object]] = json.loads(demarche("feeds", "list", "--json", *URL).stdout)
    return rows


def test_a_feed_that_is_added_is_listed_and_due(folder: Path) -> None:
    result = demarche("feeds", "add", POST, "--publisher", "The Post", "--title", "World", "--unchecked", *URL)

    (row,) = listed()
    assert result.exit_code == 0
    assert result.stdout == f"Added feed 1: {POST}, publisher The Post.\n"
    assert (row["publisher"], row["url"], row["state"], row["failures"]) == ("The Post", POST, "active", 0)
    assert row["last_success_at"] is None
    assert str(row["next_poll_at"]).endswith("Z")


def test_without_a_publisher_the_feeds_host_is_taken(folder: Path) -> None:
    assert demarche("feeds", "add", POST, "--unchecked", *URL).stdout.endswith("publisher post.example.\n")


def test_adding_twice_names_the_feed_and_is_status_1(folder: Path) -> None:
    demarche("feeds", "add", POST, "--unchecked", *URL)

    result = demarche("feeds", "add", POST, "--unchecked", *URL)

    assert result.exit_code == 1
    assert result.stderr == f"demarche: feed {POST} is there already\n"
    assert len(listed()) == 1


@pytest.mark.parametrize("url", ["ftp://post.example/x", "post.example", "file:///etc/passwd", "https://"])
def test_what_is_no_web_address_is_wrong_usage(folder: Path, url: str) -> None:
    result = demarche("feeds", "add", url, *URL)

    assert result.exit_code == 2
    assert "is no http or https address" in result.stderr
    assert not (folder / "feeds.db").exists()


def test_a_password_in_an_address_is_never_shown(folder: Path) -> None:
    added = demarche("feeds", "add", "https://desk:hunter2@post.example/x", "--unchecked", *URL)
    again = demarche("feeds", "add", "https://desk:hunter2@post.example/x", "--unchecked", *URL)
    shown = demarche("feeds", "list", *URL)

    assert "hunter2" not in added.stdout + again.stderr + shown.stdout + json.dumps(listed())


def test_the_table_shows_each_feed_and_an_empty_one_says_so(folder: Path) -> None:
    demarche("db", "upgrade", *URL)

    empty = demarche("feeds", "list", *URL).stdout
    demarche("feeds", "add", POST, "--unchecked", *URL)

    assert empty == "feeds: nothing yet\n"
    assert POST in demarche("feeds", "list", *URL).stdout


def test_feeds_survive_a_round_trip_through_opml(folder: Path) -> None:
    (folder / "mine.opml").write_text(OPML)
    demarche("feeds", "import", "mine.opml", *URL)
    demarche("feeds", "add", "https://third.example/x", "--publisher", "Third & Co", "--unchecked", *URL)
    demarche("feeds", "export", "out.opml", *URL)

    result = demarche("feeds", "import", "out.opml", "--database", "sqlite:///other.db")

    assert result.stdout == "Added 3 of 3 feeds; 0 were there already.\n"
    other = demarche("feeds", "export", "--database", "sqlite:///other.db").stdout_bytes
    assert other == (folder / "out.opml").read_bytes()


def test_an_import_leaves_alone_what_is_there(folder: Path) -> None:
    demarche("feeds", "add", POST, "--publisher", "Mine", "--unchecked", *URL)

    result = demarche("feeds", "import", "-", *URL, given=OPML)

    assert result.stdout == "Added 1 of 2 feeds; 1 were there already.\n"
    assert [row["publisher"] for row in listed()] == ["Mine", "wire.example"]


def test_an_import_knows_a_feed_by_another_spelling_of_its_address(folder: Path) -> None:
    demarche("feeds", "add", "http://www.post.example:80/world.rss?utm_medium=rss", "--unchecked", *URL)
    one = "<opml><body><outline xmlUrl='https://www.post.example/world.rss'/></body></opml>"

    assert demarche("feeds", "import", "-", *URL, given=one).stdout == "Added 0 of 1 feeds; 1 were there already.\n"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("<html/>", "standard input:1: the document is no OPML"),
        ("<opml><body><outline", "not well-formed XML"),
        (
            '<opml><body>\n<outline text="x" xmlUrl="ftp://a.example/x"/></body></opml>',
            "standard input:2: the outline 'x'",
        ),
    ],
)
def test_an_import_with_faults_names_their_lines_and_adds_nothing(folder: Path, document: str, said: str) -> None:
    result = demarche("feeds", "import", "-", *URL, given=document)

    assert result.exit_code == 2
    assert said in result.stderr
    assert not (folder / "feeds.db").exists()


def test_export_writes_the_same_bytes_to_a_pipe_as_to_a_file(folder: Path) -> None:
    demarche("feeds", "import", "-", *URL, given=OPML)
    demarche("feeds", "export", "out.opml", *URL)

    piped = program("feeds", "export", *URL, cwd=folder)

    assert piped.returncode == 0
    assert piped.stdout == (folder / "out.opml").read_bytes()


def test_feeds_added_by_a_person_stay_beside_those_of_the_configuration(folder: Path) -> None:
    (folder / "config.yaml").write_text("database: sqlite:///feeds.db\nfeeds: ['https://wire.example/feed']\n")
    demarche("feeds", "add", POST, "--unchecked")
    (folder / "config.yaml").write_text("database: sqlite:///feeds.db\nfeeds: []\n")
    demarche("feeds", "add", "https://third.example/feed", "--unchecked")

    assert [(row["url"], row["state"]) for row in listed()] == [
        ("https://wire.example/feed", "paused"),
        (POST, "active"),
        ("https://third.example/feed", "active"),
    ]


def test_trouble_alone_is_listed_where_it_is_asked_for(folder: Path) -> None:
    demarche("feeds", "add", POST, "--unchecked", *URL)

    result = demarche("feeds", "list", "--trouble", *URL)

    assert result.stdout == "1 feed: 1 new\n"
    assert json.loads(demarche("feeds", "list", "--trouble", "--json", *URL).stdout) == []


def test_a_feed_is_paused_and_resumed_by_number_or_address(folder: Path) -> None:
    demarche("feeds", "add", POST, "--unchecked", *URL)

    paused = demarche("feeds", "pause", "1", *URL)
    state = listed()[0]["state"]
    resumed = demarche("feeds", "resume", POST, *URL)

    assert (paused.stdout, state) == (f"Feed 1 is paused: {POST}.\n", "paused")
    assert (resumed.stdout, listed()[0]["state"]) == (f"Feed 1 is active: {POST}.\n", "active")


def test_a_feed_that_is_not_there_is_named_without_its_password(folder: Path) -> None:
    demarche("db", "upgrade", *URL)

    result = demarche("feeds", "pause", "https://me:hunter2@post.example/x", *URL)

    assert result.exit_code == 1
    assert "no feed https://***@post.example/x; `demarche feeds list` has all" in result.stderr
    assert "hunter2" not in result.stderr


def test_a_feed_is_removed_by_number_or_address(folder: Path) -> None:
    demarche("feeds", "add", POST, "--unchecked", *URL)

    removed = demarche("feeds", "remove", POST, *URL)
    again = demarche("feeds", "remove", "1", *URL)

    assert (removed.exit_code, removed.stdout) == (0, f"Removed feed 1: {POST}.\n")
    assert listed() == []
    assert (again.exit_code, "no feed 1; `demarche feeds list` has all" in again.stderr) == (1, True)
