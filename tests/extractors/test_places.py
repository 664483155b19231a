"""Where it takes place."""

import pytest

from extractors import Place
from tests.extractors.conftest import Tag

CASES = [
    ("Kenya and Uganda held talks in Geneva.", Place("CHE", "Geneva")),
    ("Kenya and Uganda held talks in Norway.", Place("NOR", "Norway")),
    ("Kenya deployed warships in the South China Sea.", Place(None, "South China Sea")),
    ("Kenya deployed warships to the Strait of Hormuz.", Place(None, "Strait of Hormuz")),
    ("The Kenyan president met the Ugandan president at the White House.", Place("USA", "White House")),
    ("Kenya and Uganda held talks.", None),
    ("Kenya and Uganda held talks on Syria.", None),
    ("Kenya condemned the war in Syria.", None),
    ("Kenya's president spoke by phone with Uganda's president in Geneva.", None),
    ("Kenya attacked a base in the Syrian city of Homs.", Place("SYR", "Homs")),
    ("Kenya attacked rebels in northern Gaza.", Place("PSE", "Gaza")),
    ("Kenya attacked rebels near Tikrit.", Place("IRQ", "Tikrit")),
    ("Kenya attacked a Ugandan tanker off the coast of Yemen.", Place("YEM", "Yemen")),
    ("Kenya deployed soldiers to its border with Uganda.", Place("KEN", "border")),
    ("Kenya attacked Uganda.", Place("UGA", "Uganda")),
    ("Kenya attacked Ugandan troops.", None),
    ("Kenya withdrew its soldiers from Somalia.", Place("SOM", "Somalia")),
    ("GENEVA (Reuters) - Kenya and Uganda held talks about water.", Place("CHE", "Geneva")),
    ("GENEVA (Reuters) - Kenya accused Uganda of lying.", None),
    ("Kenya and Uganda held talks in Norway's interest.", None),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[case[0] for case in CASES])
def test_place(text: str, expected: Place | None, tag: Tag) -> None:
    (mention,) = tag(text)
    assert mention.place == expected


def test_town_has_its_coordinates_and_a_country_has_none(tag: Tag) -> None:
    (in_town,) = tag("Kenya and Uganda held talks in Geneva.")
    (in_country,) = tag("Kenya and Uganda held talks in Norway.")
    assert in_town.place is not None
    assert in_country.place is not None
    assert (in_town.place.latitude, in_town.place.longitude) == pytest.approx((46.2, 6.15), abs=0.05)
    assert (in_country.place.latitude, in_country.place.longitude) == (None, None)


def test_seat_of_power_is_where_the_capital_is(tag: Tag) -> None:
    (mention,) = tag("Kenya's president met the Russian president at the Kremlin.")
    assert mention.place is not None
    assert mention.place.latitude == pytest.approx(55.75, abs=0.05)


def test_dateline_is_named_as_the_reason(tag: Tag) -> None:
    (mention,) = tag("GENEVA (Reuters) - Kenya and Uganda held talks about water.")
    assert "where: Geneva, dateline" in mention.reason


def test_visited_country_is_known_by_its_town(tag: Tag) -> None:
    (mention,) = tag("The Kenyan president travelled to Osaka.")
    assert [actor.code for actor in mention.recipients] == ["JPN"]


def test_country_of_a_party_is_told_by_its_own_name_and_not_by_the_partys(tag: Tag) -> None:
    (mention,) = tag("Kenya's president will visit the Ugandan president.")
    assert mention.place == Place("UGA", "Uganda")
