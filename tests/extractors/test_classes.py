"""Word classes: forms of a word share its classes, and faults are named by line."""

from pathlib import Path

import pytest

from extractors.errors import LexiconError
from extractors.lexicon.classes import word_classes


@pytest.mark.parametrize(
    ("word", "tag", "name"),
    [
        ("slammed", "VBD", "act-condemn"),
        ("slams", "VBZ", "act-condemn"),
        ("embassies", "NNS", "who-envoy"),
        ("airstrikes", "NNS", "act-attack"),
        ("lawmen", "NNS", ""),
    ],
)
def test_forms_share_the_classes_of_their_word(word: str, tag: str, name: str) -> None:
    assert (name in word_classes().of_word(word, tag)) is bool(name)


def test_verb_and_noun_of_one_spelling_are_apart() -> None:
    assert word_classes().of_word("strikes", "VBZ") != word_classes().of_word("strikes", "NNS")


def test_unknown_sort_of_word_is_named_by_line(tmp_path: Path) -> None:
    (tmp_path / "classes.yaml").write_text("act-go:\n  verbs: go\n  adverbs: away\n")
    with pytest.raises(LexiconError, match=r"classes\.yaml:3"):
        word_classes(tmp_path)
