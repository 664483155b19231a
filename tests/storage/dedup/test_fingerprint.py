"""What counts as the same text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.dedup.fingerprint import canonical_text, fingerprint


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("‘Never’, she said", "'Never', she said"),
        ("“Never”, she said", '"Never", she said'),
        ("a  b\n c", "a b c"),
        ("Talks – at last", "Talks - at last"),
        ("co\u00adoperation", "cooperation"),
        ("Caf\u0065\u0301", "Caf\u00e9"),
        ("TALKS OPEN", "Talks open"),
        ("see https://a.example/x?utm_source=rss#top", "see https://a.example/x"),
        ("Read on…", "Read on..."),
    ],
)
def test_what_no_reader_calls_an_edit_leaves_the_fingerprint(one: str, other: str) -> None:
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(("one", "other"), [("40 countries", "43 countries"), ("will meet", "will not meet")])
def test_an_edit_changes_the_fingerprint(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_words_that_move_between_title_and_summary_are_an_edit() -> None:
    assert fingerprint("Talks open", "in Geneva") != fingerprint("Talks", "open in Geneva")


@given(st.text())
def test_canonical_text_is_canonical(text: str) -> None:
    once = canonical_text(text)
    assert canonical_text(once) == once
