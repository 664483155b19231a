"""A page's article, or why there is none."""

import pytest

from extractors.errors import FullTextError
from extractors.fulltext import extract

PARAGRAPH = "The president of Kenya travelled to Uganda on Monday for two days of talks about the railway line. "
PAGE = f"""<!doctype html><html lang="en-GB"><head><title>Kenya visits Uganda</title></head><body>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Kenya visits Uganda</h1><p>{PARAGRAPH * 3}</p><p>{PARAGRAPH * 2}</p></article>
<footer>All rights reserved</footer></body></html>"""


def test_article_is_title_text_and_language() -> None:
    found = extract(PAGE.encode(), url="https://news.example/a")
    assert (found.title, found.language) == ("Kenya visits Uganda", "en")
    assert PARAGRAPH.strip() in found.text


def test_what_surrounds_the_article_is_left_out() -> None:
    text = extract(PAGE.encode()).text
    assert "Sport" not in text
    assert "rights reserved" not in text


def test_declared_encoding_is_honoured() -> None:
    page = PAGE.replace("<head>", '<head><meta charset="iso-8859-1">').replace("Uganda on", "São Tomé on")
    assert "São Tomé" in extract(page.encode("iso-8859-1")).text


FAULTS = [
    (b"  \n", "empty"),
    (b"%PDF-1.7 and so on", "not html"),
    (b"\x89PNG\r\n\0\0", "not html"),
    (b'{"title": "Kenya"}', "not html"),
    (b"<html><body><p>Accept our cookies.</p></body></html>", "no article text"),
]


@pytest.mark.parametrize(("page", "reason"), FAULTS, ids=[f"{row[1]} {row[0][:8]!r}" for row in FAULTS])
def test_page_without_an_article_says_why(page: bytes, reason: str) -> None:
    with pytest.raises(FullTextError, match=f"https://news.example/b: {reason}"):
        extract(page, url="https://news.example/b")


def test_page_that_declares_no_language_has_none() -> None:
    assert extract(PAGE.replace(' lang="en-GB"', "").encode()).language == ""
