"""Which texts are read at all."""

import pytest

from extractors.language import is_english

ENGLISH = (
    "The foreign ministers of both countries met in Vienna on Monday, where they said that the talks would go on "
    "until the two sides had reached an agreement."
)
GERMAN = (
    "Die Außenminister beider Länder trafen sich am Montag in Wien und sagten, die Gespräche würden fortgesetzt, bis "
    "beide Seiten eine Einigung erzielt hätten, auch wenn das noch dauern könne."
)
FRENCH = (
    "Les ministres des affaires étrangères des deux pays se sont réunis lundi à Vienne et ont déclaré que les "
    "discussions se poursuivraient jusqu'à ce que les deux parties parviennent à un accord durable."
)
RUSSIAN = "Министры иностранных дел двух стран встретились в понедельник в Вене и заявили, что переговоры продолжатся."


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        pytest.param(ENGLISH, True, id="english"),
        pytest.param("Putin visits Beijing", True, id="a headline is too short to tell"),
        pytest.param(GERMAN, False, id="german"),
        pytest.param(FRENCH, False, id="french"),
        pytest.param(RUSSIAN, False, id="another script"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_only_english_is_read(text: str, readable: bool) -> None:
    assert is_english(text) is readable
