"""Where sentences end in news, and which of them are read."""

import pytest
import spacy

from extractors.components._sentences import always, boundaries, passing, printed, sentences
from extractors.gate import Gate

CASES = [
    ("He left. She came.", ["He left.", "She came."]),
    ("The U.S. Senate met. It rose.", ["The U.S. Senate met.", "It rose."]),
    ("He went to the U.S. The Senate met.", ["He went to the U.S.", "The Senate met."]),
    ("Gen. Smith and Sen. Jones left.", ["Gen. Smith and Sen. Jones left."]),
    ('"We go." They went.', ['"We go."', "They went."]),
    ("Kenya to visit Uganda\n\nThe president leaves.", ["Kenya to visit Uganda", "The president leaves."]),
    ("Was it so? Yes!", ["Was it so?", "Yes!"]),
    ("It cost 3.5 million.", ["It cost 3.5 million."]),
]


def words(text: str) -> list[str]:
    return printed(spacy.blank("en")(text))


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[case[0] for case in CASES])
def test_boundaries_of_news(text: str, expected: list[str]) -> None:
    doc = spacy.blank("en")(text)
    assert [doc[start:end].text for start, end in boundaries(printed(doc), None)] == expected


def test_boundaries_of_a_trained_pipeline_are_kept_and_line_breaks_added() -> None:
    text = words("a b c\nd e")
    assert list(boundaries(text, [True, False, True, False, False, False])) == [(0, 2), (2, 3), (4, 6)]


def test_first_line_is_the_headline_when_others_follow() -> None:
    assert [s.headline for s in sentences(words("Kenya leaves\nIt rained."), None, always)] == [True, False]
    assert [s.headline for s in sentences(words("Kenya leaves"), None, always)] == [False]


def test_sentence_is_open_where_the_gate_lets_its_words_pass() -> None:
    doc = spacy.blank("en")("Kenya visits Chad. It rained.\nKenya urged rain.")
    gate = Gate.of_words(["visits", "urged"])
    assert [s.open for s in sentences(printed(doc), None, passing(doc, gate))] == [True, False, True]


def test_marks_without_width_are_no_part_of_a_word() -> None:
    assert words("Kenya \u200cvisits") == ["Kenya", "visits"]


def test_hyphen_between_spaces_divides_and_inside_a_word_does_not() -> None:
    assert words("US-led raid - Kenya") == ["US", "-", "led", "raid", "–", "Kenya"]
