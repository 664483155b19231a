"""HTML of a page → the article's title, text and language. Pure; the only door to trafilatura."""

from dataclasses import dataclass

import trafilatura
from trafilatura.settings import Document

from extractors.errors import FullTextError

# A shorter text is a teaser, a consent wall or a video page, not an article (own pages in tests/extractors, 2026-11).
LEAST_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class FullText:
    """What a page says: `language` is the page's own declaration as a two-letter code, empty without one."""

    title: str
    text: str
    language: str


def extract(html: bytes, *, url: str = "") -> FullText:
    """Return the article of a page; raises FullTextError that says why there is none.

    Reasons: `empty`, `not html`, `no article text`.
    """
    if not html.strip():
        raise FullTextError(f"{url or 'page'}: empty")
    if not looks_like_html(html):
        raise FullTextError(f"{url or 'page'}: not html")
    document = trafilatura.bare_extraction(
        html, url=url or None, include_comments=False, include_tables=False, favor_precision=True, with_metadata=True
    )
    text = (document.text or "").strip() if isinstance(document, Document) else ""
    if not isinstance(document, Document) or len(text) < LEAST_CHARACTERS:
        raise FullTextError(f"{url or 'page'}: no article text")
    return FullText((document.title or "").strip(), text, declared_language(html))


def looks_like_html(html: bytes) -> bool:
    """Say whether bytes are a page: a tag near the start, and none of the marks of pictures, PDF or archives."""
    head = html[:2048].lstrip().lower()
    return b"\0" not in head[:64] and (
        b"<html" in head or b"<!doctype html" in head or b"<body" in head or b"<article" in head
    )


def declared_language(html: bytes) -> str:
    """Return the language that a page's html element declares, as two letters."""
    start = html[:4096].lower()
    _, found, rest = start.partition(b"lang=")
    if not found:
        return ""
    code = rest.lstrip(b"\"'")[:2].decode("ascii", "ignore")
    return code if len(code) == 2 and code.isalpha() else ""
