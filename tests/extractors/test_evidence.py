"""What people read in an alert: a passage that begins with its article and ends with its clause."""

import pytest

from tests.extractors.conftest import Tag

CASES = [
    ("Kenya accused Uganda of arming rebels.", "Kenya accused Uganda of arming rebels"),
    ("Kenya agreed to send doctors to Chad after weeks of talks.", "Kenya agreed to send doctors to Chad"),
    ("The United Nations urged Chad to open its border.", "The United Nations urged Chad to open its border"),
    ("Norway said on Monday it was cold. Chad attacked Libya, killing ten.", "Chad attacked Libya"),
    (
        "Kenya's president will visit Chad on June 3, 2024, officials said.",
        "Kenya's president will visit Chad on June 3, 2024",
    ),
    (
        "Togo urged Benin to, among other things, open its ports.",
        "Togo urged Benin to, among other things, open its ports",
    ),
    ("Chad attacked Libya because it was angry.", "Chad attacked Libya"),
    ("Kenya recalls its ambassador to Chad\nMore follows soon.", "Kenya recalls its ambassador to Chad"),
    ("Mali vowed to leave the pact; markets fell.", "Mali vowed to leave the pact"),
    ("A visit by the Kenyan president to Togo was postponed.", "A visit by the Kenyan president to Togo was postponed"),
]


@pytest.mark.parametrize(("text", "passage"), CASES, ids=[text[:40] for text, _ in CASES])
def test_evidence_is_a_whole_clause(text: str, passage: str, tag: Tag) -> None:
    assert passage in [mention.evidence.text for mention in tag(text)]


@pytest.mark.parametrize("text", [text for text, _ in CASES])
def test_evidence_stays_within_its_sentence(text: str, tag: Tag) -> None:
    assert not any("\n" in mention.evidence.text or ". " in mention.evidence.text for mention in tag(text))


def test_meeting_of_many_is_told_with_who_met_and_where_not_with_its_topic(tag: Tag) -> None:
    (meeting,) = tag(
        "On Tuesday, more than 40 countries will attend talks on Chad that Kenya hosts at Mombasa in Kenya."
    )
    assert meeting.evidence.text.startswith("more than 40 countries will attend talks on Chad that Kenya hosts")
    assert meeting.counts == (("attending", "more than 40"),)
    assert meeting.place is not None
    assert meeting.place.country == "KEN"
