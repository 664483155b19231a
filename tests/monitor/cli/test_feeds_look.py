"""`feeds check` and `feeds add`: a look at a real server, by the code that polls."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.fakes import Entry, rss
from tests.monitor.cli.calling import demarche
from tests.webserver import Answer, Asked, WebServer, serving

RSS = {"content-type": "application/rss+xml"}
HTML = {"content-type": "text/html"}
ENTRIES = tuple(Entry(f"visit-{n}", f"Envoy {n} visits Oslo", "She stays for a day.") for n in range(1, 8))


@pytest.fixture
def server() -> Iterator[WebServer]:
    with serving() as web:
        yield web


@pytest.fixture(autouse=True)
def configured(folder: Path) -> None:
    text = "database: sqlite:///feeds.db\npoller: {allow_networks: [127.0.0.0/8], min_gap: 0s}\n"
    (folder / "config.yaml").write_text(text)


def feed(server: WebServer, path: str = "/world.rss", **headers: str) -> str:
    return server.answer(path, Answer(rss(*ENTRIES), headers=RSS | headers))


def page(server: WebServer, *links: str, path: str = "/") -> str:
    head = "".join(f"<link rel=alternate type='application/rss+xml' href='{one}' title='{one}'>" for one in links)
    return server.answer(path, Answer(f"<html><head>{head}</head></html>".encode(), headers=HTML))


def listed() -> list[str]:
    return [row["url"] for row in json.loads(demarche("feeds", "list", "--json").stdout)]


# ---------------------------------------------------------------- check


def test_check_tells_what_a_feed_would_give_and_writes_nothing(server: WebServer, folder: Path) -> None:
    url = feed(server)

    result = demarche("feeds", "check", url)

    assert result.exit_code == 0
    assert "7 entries in" in result.stdout
    assert "Envoy 5 visits Oslo" in result.stdout
    assert "… and 2 more" in result.stdout
    assert not (folder / "feeds.db").exists()


def test_check_says_for_programs_what_it_says_for_people(server: WebServer) -> None:
    (one,) = json.loads(demarche("feeds", "check", feed(server), "--json").stdout)

    assert (one["is_feed"], one["failure"], one["title"], one["publisher"]) == (True, "", "News", "127.0.0.1")
    assert one["entries"][0] == {
        "guid": "visit-1",
        "url": "https://news.example/visit-1",
        "title": "Envoy 1 visits Oslo",
        "published_at": "2022-04-22T09:00:00Z",
    }
    assert one["bytes"] == len(rss(*ENTRIES))
    assert 0 < one["fetch_seconds"] < 5
    assert server.count("/robots.txt") == 0


def conditional(asked: Asked) -> Answer:
    known = asked.headers.get("if-none-match") == '"seven"'
    return Answer(status=304) if known else Answer(rss(*ENTRIES), headers=RSS | {"etag": '"seven"'})


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (conditional, "says 304 while nothing has changed"),
        (Answer(rss(*ENTRIES), headers=RSS | {"etag": '"seven"'}), "sends all of it, though it gives an ETag"),
        (Answer(rss(*ENTRIES), headers=RSS), "sends all of it each time"),
    ],
)
def test_check_asks_again_whether_the_server_knows_its_validators(server: WebServer, script: Answer, said: str) -> None:
    assert said in demarche("feeds", "check", server.answer("/world.rss", script)).stdout


def test_check_names_the_hub_that_would_push(server: WebServer) -> None:
    hub = b"<channel><link xmlns='http://www.w3.org/2005/Atom' rel='hub' href='https://me:secret@hub.example/'/>"
    url = server.answer("/world.rss", Answer(rss(*ENTRIES).replace(b"<channel>", hub), headers=RSS))

    people, programs = demarche("feeds", "check", url).stdout, demarche("feeds", "check", url, "--json").stdout

    assert "by the hub https://***@hub.example/ (WebSub)" in people
    assert "secret" not in people + programs


def test_check_of_a_page_names_its_feeds_and_is_status_1(server: WebServer) -> None:
    result = demarche("feeds", "check", page(server, "/world.rss", "/sport.rss"))

    assert result.exit_code == 1
    assert server.url("/sport.rss") in result.stdout


def test_check_tells_trouble_first_with_what_to_do(server: WebServer) -> None:
    good, gone = feed(server), server.url("/gone.rss")

    result = demarche("feeds", "check", good, gone)

    assert result.exit_code == 1
    assert result.stdout.index("/gone.rss") < result.stdout.index("/world.rss")
    assert "http-404 (Not Found)" in result.stdout
    assert "look up the feed's present address" in result.stdout
    assert "2 feeds checked, 1 with trouble." in result.stdout


def test_check_without_a_name_checks_the_feeds_of_the_configuration(server: WebServer, folder: Path) -> None:
    text = (folder / "config.yaml").read_text()
    (folder / "config.yaml").write_text(f"{text}feeds: ['{feed(server)}', '{feed(server, '/sport.rss')}']\n")

    result = demarche("feeds", "check")

    assert result.exit_code == 0
    assert "2 feeds checked, none with trouble." in result.stdout


def test_check_takes_the_number_of_a_feed_and_asks_for_all_of_it(server: WebServer, folder: Path) -> None:
    url = server.answer("/world.rss", conditional)
    demarche("feeds", "add", url)
    demarche("once", "--only", "poll")

    assert "7 entries" in demarche("feeds", "check", "1").stdout
    assert demarche("feeds", "check", "2").exit_code == 1
    with Store.open(f"sqlite:///{folder / 'feeds.db'}") as store:
        assert store.feed(1).etag == '"seven"'


# ---------------------------------------------------------------- add


def test_the_feed_that_a_page_declares_is_added(server: WebServer) -> None:
    url = feed(server)

    result = demarche("feeds", "add", page(server, "/world.rss", "/comments/feed"))

    assert result.exit_code == 0
    assert result.stdout == f"Added feed 1: {url}, publisher 127.0.0.1.\n"
    assert "News: 7 entries" in result.stderr
    assert listed() == [url]
    assert 'title="News"' in demarche("feeds", "export").stdout


def test_the_feed_of_an_xhtml_page_is_found_too(server: WebServer) -> None:
    url = feed(server)
    head = "<link rel='alternate' type='application/rss+xml' href='/world.rss'/>"
    xhtml = f"<?xml version='1.0'?>\n<html xmlns='http://www.w3.org/1999/xhtml'><head>{head}</head><body/></html>"

    demarche("feeds", "add", server.answer("/", Answer(xhtml.encode(), headers=HTML)))

    assert listed() == [url]


def test_several_feeds_are_listed_and_one_is_chosen(server: WebServer) -> None:
    feed(server)
    sport = feed(server, "/sport.rss")
    site = page(server, "/world.rss", "/sport.rss")

    asked, chosen = demarche("feeds", "add", site), demarche("feeds", "add", site, "--choose", "2")

    assert asked.exit_code == 1
    assert "declares 2 feeds" in asked.stderr
    assert f"2  RSS        {sport}" in asked.stdout
    assert chosen.exit_code == 0
    assert listed() == [sport]


def test_a_number_that_no_candidate_has_is_wrong_usage(server: WebServer) -> None:
    result = demarche("feeds", "add", page(server, "/a.rss", "/b.rss"), "--choose", "3")

    assert result.exit_code == 2
    assert "there are 2, not 3" in result.stderr


def test_without_a_declaration_the_usual_places_are_asked(server: WebServer) -> None:
    url = feed(server, "/rss.xml")

    demarche("feeds", "add", page(server))

    assert listed() == [url]
    assert server.count("/rss.xml") == 1


def test_a_page_without_any_feed_is_not_added(server: WebServer) -> None:
    result = demarche("feeds", "add", page(server))

    assert result.exit_code == 1
    assert "declares no feed" in result.stderr


def test_what_its_server_says_is_not_there_is_not_added_unless_asked_for(server: WebServer) -> None:
    url = server.url("/gone.rss")

    refused, added = demarche("feeds", "add", url), demarche("feeds", "add", url, "--unchecked")

    assert refused.exit_code == 1
    assert "look up the feed's present address" in refused.stderr
    assert added.exit_code == 0


def test_trouble_that_may_pass_adds_the_feed_with_a_warning(server: WebServer) -> None:
    result = demarche("feeds", "add", server.answer("/world.rss", Answer(status=503)))

    assert result.exit_code == 0
    assert "warning: added without having seen it" in result.stderr


def test_a_site_that_does_not_answer_is_not_added_as_a_feed(server: WebServer) -> None:
    assert demarche("feeds", "add", server.answer("/", Answer(status=503))).exit_code == 1


def test_a_feed_that_has_moved_for_good_is_added_where_it_is(server: WebServer) -> None:
    url = feed(server)
    old = server.answer("/old.rss", Answer(status=301, headers={"location": "/world.rss"}))

    demarche("feeds", "add", old)

    assert listed() == [url]


def test_the_same_feed_by_another_spelling_is_there_already(server: WebServer) -> None:
    url = feed(server)
    demarche("feeds", "add", url)

    result = demarche("feeds", "add", f"{url}?utm_source=x", "--unchecked")

    assert result.exit_code == 1
    assert f"is there already, as feed 1 ({url})" in result.stderr
