"""Who says so."""

import pytest

from tests.extractors.conftest import Tag

CASES = [
    ("Kenya's president will visit Uganda, a spokeswoman said.", "a spokeswoman"),
    ("Kenya will expel two Ugandan diplomats, according to the Red Cross.", "Red Cross"),
    ("The Kremlin said that Kenya had attacked Uganda.", "Kremlin"),
    ("Kenya attacked Uganda.", None),
    ("Kenya attacked Uganda, it said.", None),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[case[0] for case in CASES])
def test_attribution(text: str, expected: str | None, tag: Tag) -> None:
    (mention,) = tag(text)
    assert mention.attribution == expected
