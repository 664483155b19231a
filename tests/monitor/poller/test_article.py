"""The article behind an item: from the feed, from its page, later, or not at all."""

from datetime import timedelta
from typing import Any

import pytest

from monitor.poller.article import ArticleSettings, read_item
from storage.types import Item, ReadArticle
from tests.builders import an_item
from tests.monitor.poller.fetching import NOW, with_fetcher
from tests.webserver import Answer, WebServer

SETTINGS = ArticleSettings()
SENTENCES = [
    "The foreign ministers of both countries met for two hours in the old town hall on Tuesday afternoon.",
    "They agreed to reopen the border crossing that has been closed since the spring of last year.",
    "A joint commission will look after the details and report to both governments before the summer.",
    "The minister told reporters that the talks had been open, friendly and at times rather difficult.",
]
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Ministers meet</title></head><body>
<nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>Ministers meet</h1>{"".join(f"<p>{sentence}</p>" for sentence in SENTENCES * 2)}</article>
<footer>All rights reserved</footer></body></html>""".encode()
HTML = {"Content-Type": "text/html; charset=utf-8"}


def read(item: Item) -> ReadArticle:
    return with_fetcher(lambda fetcher: read_item(item, fetcher, now=lambda: NOW, settings=SETTINGS))


def an_unread_item(url: str, **changes: Any) -> Item:
    return an_item(**{"url": url, "text": "", "summary": "They met.", **changes})


def test_page_gives_the_text_of_its_article_alone(server: WebServer) -> None:
    article = read(an_unread_item(server.answer("/1", Answer(PAGE, headers=HTML))))

    assert article.failure == ""
    assert all(sentence in article.text for sentence in SENTENCES)
    assert "All rights reserved" not in article.text


@pytest.mark.parametrize("field", ["text", "summary"])
def test_text_that_came_with_the_feed_is_taken_without_asking(server: WebServer, field: str) -> None:
    item = an_unread_item(server.url("/1"), **{field: "It was said. " * 60})

    article = read(item)

    assert (article.text, article.failure) == ("It was said. " * 60, "")
    assert not server.asked


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(status=404), "http-404"),
        (Answer(status=403), "http-403"),
        (Answer(b"%PDF-1.7", headers={"Content-Type": "application/pdf"}), "not-a-page: application/pdf"),
        (Answer(b"<html><body></body></html>", headers=HTML), "no-text"),
        (Answer(b"", headers=HTML), "no-text"),
    ],
)
def test_article_that_cannot_be_had_leaves_the_summary_and_a_reason(
    server: WebServer, answer: Answer, reason: str
) -> None:
    article = read(an_unread_item(server.answer("/1", answer)))

    assert (article.text, article.retry_at) == ("", None)
    assert reason in article.failure


def test_page_that_says_less_than_the_summary_is_not_taken(server: WebServer) -> None:
    teaser = PAGE.replace(SENTENCES[0].encode(), b"").replace(SENTENCES[1].encode(), b"")
    url = server.answer("/1", Answer(teaser, headers=HTML))

    article = read(an_unread_item(url, summary="A longer account. " * 33))

    assert article.failure == "no-text: the page says no more than the feed"


def test_item_without_an_address_has_its_summary_only() -> None:
    assert read(an_unread_item("")).failure.startswith("no-url")


@pytest.mark.parametrize(
    ("attempts", "wait"), [(0, timedelta(minutes=5)), (1, timedelta(minutes=10)), (2, None), (9, None)]
)
def test_passing_fault_is_tried_three_times(server: WebServer, attempts: int, wait: timedelta | None) -> None:
    article = read(an_unread_item(server.answer("/1", Answer(status=503)), read_attempts=attempts))

    assert "http-503" in article.failure
    assert article.retry_at == (NOW + wait if wait else None)


def test_server_that_asks_for_a_pause_is_asked_again_after_it(server: WebServer) -> None:
    url = server.answer("/1", Answer(status=429, headers={"Retry-After": "3600"}))

    assert read(an_unread_item(url)).retry_at == NOW + timedelta(hours=1)
