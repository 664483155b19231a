"""Spellings of names that follow a rule."""

import pytest

from extractors.lexicon import load
from extractors.lexicon.spellings import MOST_VARIANTS, plain, variants

CASES = [
    ("Viktor Orbán", "Viktor Orban"),
    ("Bashar al-Assad", "Bashar Assad"),
    ("Bashar al-Assad", "Bashar Al Assad"),
    ("Kim Jong-un", "Kim Jong Un"),
    ("Mohammed Omar", "Muhammad Omar"),
    ("Sergei Lavrov", "Sergey Lavrov"),
]


@pytest.mark.parametrize(("name", "other"), CASES, ids=[other for _, other in CASES])
def test_name_is_known_in_its_other_spelling(name: str, other: str) -> None:
    assert other in variants(name)


def test_name_itself_comes_first() -> None:
    assert variants("Ahmed Ahmed")[0] == "Ahmed Ahmed"


def test_hyphen_of_two_surnames_stays() -> None:
    assert variants("Anna Meyer-Lund") == ("Anna Meyer-Lund",)


def test_letters_without_an_accent_to_take_off_have_a_plain_form() -> None:
    assert plain("Løkke Błaszczak Đukanović") == "Lokke Blaszczak Dukanovic"


def test_no_name_of_the_roster_meets_the_bound_of_variants() -> None:
    assert max(len(variants(name)) for name in load().leaders) < MOST_VARIANTS
