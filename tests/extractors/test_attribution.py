"""Who says so."""

import pytest

from tests.extractors.conftest import Tag

CASES = [
    ("Kenya's president will visit Uganda, a spokeswoman said.", "a spokeswoman"),
    ("Kenya will expel two Ugandan diplomats, according to the Red Cross.", "Red Cross"),
    ("The Kremlin said that Kenya had attacked Uganda.", "Kremlin"),
    ("Kenya attacked Uganda.", None),
    ("The head of Nairobi's delegation says Kenya and Uganda held talks.", "The head of Nairobi's delegation"),
    ("Jane Doe (left) says Kenya and Uganda held talks.", "Jane Doe"),
    ("Kenya's president will visit Uganda, sources close to the talks said.", "sources close to the talks"),
    ("Kremlin: Kenya and Uganda to hold talks\nMore soon.", "Kremlin"),
    ("Kenya expelled two Ugandan diplomats: ministry\nMore soon.", "ministry"),
    ("Kenya attacked Uganda, it said.", None),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[case[0] for case in CASES])
def test_attribution(text: str, expected: str | None, tag: Tag) -> None:
    (mention,) = tag(text)
    assert mention.attribution == expected
