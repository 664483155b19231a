"""`roster`: what was learned of who speaks for whom, shown and corrected."""

import json

import pytest

from storage.store import Store
from tests.builders import NOW, an_introduction
from tests.monitor.cli.calling import demarche
from tests.storage.filling import read_items


@pytest.fixture
def url(sqlite_store: Store, folder: object) -> str:
    """A database that read of three people, one of them in two codes."""
    first, second = read_items(sqlite_store, "a", "b", publisher="post.example")
    with sqlite_store.begin() as tx:
        tx.introduce(first, [an_introduction(), an_introduction("Per Holm", "SWE"), an_introduction("Ida Holm")], NOW)
        tx.introduce(second, [an_introduction(), an_introduction(code="DNK")], NOW)
    return sqlite_store.url


def listed(url: str, *options: str) -> list[dict[str, object]]:
    """Return what `roster list --json` says."""
    rows: list[dict[str, object]] = json.loads(demarche("roster", "list", "--json", *options, "--database", url).stdout)
    return rows


# The command asks the real clock whether a row counts, and these are of 2022: what is believed then is for people's
# verdicts alone. What is believed at which instant is tested with storage.attestation.


def test_everybody_is_listed_with_what_is_made_of_them(url: str) -> None:
    rows = listed(url)

    assert [row["name"] for row in rows] == ["Ida Holm", "Liv Aasen", "Per Holm"]
    assert rows[1] == {
        "name": "Liv Aasen",
        "code": "",
        "office": "foreign minister",
        "since": "2022-04-22",
        "last_seen_at": "2022-04-22T08:00:00Z",
        "times": 3,
        "why": "not named by office for too long",
    }


def test_the_table_shows_each_and_an_empty_one_says_so(url: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = f"sqlite:///{tmp_path_factory.mktemp('empty')}/demarche.db"
    demarche("db", "upgrade", "--database", empty)

    assert "Liv Aasen" in demarche("roster", "list", "--database", url).stdout
    assert demarche("roster", "list", "--database", empty).stdout == "roster: nothing yet\n"


def test_a_correction_is_said_and_listed_under_its_code(url: str) -> None:
    result = demarche("roster", "correct", "Aasen", "--code", "ISL", "--database", url)

    assert result.exit_code == 0
    assert result.stdout.startswith("Liv Aasen stands for ISL: a person corrected it on ")
    assert [row["name"] for row in listed(url, "--code", "ISL")] == ["Liv Aasen"]
    assert listed(url, "--code", "NOR") == []


def test_what_was_read_is_shown_with_its_first_item(url: str) -> None:
    shown = json.loads(demarche("roster", "show", "Liv Aasen", "--json", "--database", url).stdout)

    assert shown["name"] == "Liv Aasen"
    assert {(one["code"], one["times"]) for one in shown["said"]} == {("NOR", 2), ("DNK", 1)}
    (norwegian,) = [one for one in shown["said"] if one["code"] == "NOR"]
    assert norwegian["first_item"] == "1: Guterres will visit Moscow (a) (post.example)"


def test_show_says_in_words_what_is_believed_and_tabulates_the_rest(url: str) -> None:
    demarche("roster", "correct", "Aasen", "--wrong", "--database", url)

    shown = demarche("roster", "show", "Aasen", "--database", url).stdout

    assert shown.startswith("Liv Aasen stands for nobody: a person called it wrong.\n")
    assert shown.count("wrong") == 3


def test_nothing_is_confirmed_that_is_not_believed(url: str) -> None:
    result = demarche("roster", "confirm", "Liv Aasen", "--database", url)

    assert result.exit_code == 1
    assert result.stderr == "demarche: Liv Aasen is believed to be nobody: not named by office for too long\n"


def test_who_is_forgotten_is_no_longer_listed(url: str) -> None:
    result = demarche("roster", "forget", "aasen", "--database", url)

    assert result.stdout == "Forgot Liv Aasen: 2 entries.\n"
    assert [row["name"] for row in listed(url)] == ["Ida Holm", "Per Holm"]


@pytest.mark.parametrize("command", [("show",), ("confirm",), ("forget",), ("correct", "--wrong")])
def test_a_name_of_nobody_or_of_several_is_named_and_is_status_1(url: str, command: tuple[str, ...]) -> None:
    unknown = demarche("roster", *command, "Brandt", "--database", url)
    shared = demarche("roster", *command, "Holm", "--database", url)

    assert (unknown.exit_code, shared.exit_code) == (1, 1)
    assert unknown.stderr == "demarche: nobody called Brandt is in the roster\n"
    assert "Ida Holm, Per Holm; give the full name" in shared.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "give either --code CODE or --wrong"),
        (("--code", "NOR", "--wrong"), "give either --code CODE or --wrong"),
        (("--code", "Norway"), "Norway is no code of a state, organisation or party, such as NOR"),
    ],
)
def test_a_correction_without_a_known_code_is_wrong_usage(url: str, options: tuple[str, ...], said: str) -> None:
    result = demarche("roster", "correct", "Aasen", *options, "--database", url)

    assert result.exit_code == 2
    assert said in result.stderr
