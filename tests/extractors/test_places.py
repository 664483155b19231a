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
    ("Kenya and Uganda held talks in Norway's interest.", None),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[case[0] for case in CASES])
def test_place(text: str, expected: Place | None, tag: Tag) -> None:
    (mention,) = tag(text)
    assert mention.place == expected


def test_visited_country_is_known_by_its_town(tag: Tag) -> None:
    (mention,) = tag("The Kenyan president travelled to Osaka.")
    assert [actor.code for actor in mention.recipients] == ["JPN"]
