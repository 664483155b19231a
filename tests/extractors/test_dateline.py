"""Datelines: what is told of where a report was written, and what only looks like it."""

import pytest

from extractors.components._dateline import dateline


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        ("ACCRA, Ghana (Reuters) - Ministers met.", "ACCRA, Ghana (Reuters) - "),
        ("NAIROBI, April 15 (Reuters) - Ministers met.", "NAIROBI, April 15 (Reuters) - "),
        ("Lusaka (AP) — Ministers met.", "Lusaka (AP) — "),
        ("LIMA — Ministers met.", "LIMA — "),
        ("MINSK. Oct 3 (Interfax) - Ministers met.", "MINSK. Oct 3 (Interfax) - "),
        ("NATO - Ghana ties cool", ""),
        ("NATO chief - we will not wait", ""),
        ("Ghana (and Togo) - both want it", ""),
        ("UN-backed talks begin", ""),
        ("Ministers met in Accra - again.", ""),
    ],
)
def test_dateline_ends_with_its_dash(sentence: str, line: str) -> None:
    assert dateline(sentence) == line
