"""Which of two place names says more."""

import pytest

from extractors.types import Place
from storage.dedup.places import is_more_exact, names_only_country, same_name


@pytest.mark.parametrize("name", ["Russia", "russia", "western Russia", "the United States", "north-eastern Syria", ""])
def test_a_country_or_a_quarter_of_it_is_no_exact_place(name: str) -> None:
    assert names_only_country(Place("RUS", name))


@pytest.mark.parametrize("name", ["Moscow", "Singapore", "South Ossetia", "Donbas", "Western Wall"])
def test_a_town_or_region_is_an_exact_place(name: str) -> None:
    assert not names_only_country(Place("RUS", name))


def test_more_words_around_a_name_are_the_same_place() -> None:
    assert same_name("Ramstein", "Ramstein Air Base")
    assert not same_name("New York", "New Delhi")


def test_a_town_is_more_exact_than_its_own_country_alone() -> None:
    assert is_more_exact(Place("RUS", "Moscow"), Place("RUS", "Russia"))
    assert not is_more_exact(Place("RUS", "Russia"), Place("RUS", "Moscow"))
    assert not is_more_exact(Place("UKR", "Kyiv"), Place("RUS", "Russia"))
