"""Where an event stands, by the words around its trigger."""

import pytest

from extractors import Status
from extractors.components._doc import Standing
from extractors.components.status import status_of
from extractors.lexicon import load
from tests.extractors.conftest import Tag

CASES = [
    (Standing("past-or-participle"), None, Status.OCCURRED),
    (Standing("base", ("will",)), None, Status.PLANNED),
    (Standing("base", ("to",)), None, Status.PLANNED),
    (Standing("base", ("to", "set", "is")), None, Status.PLANNED),
    (Standing("gerund", ("is",)), None, Status.ONGOING),
    (Standing("base", ("to", "continues")), None, Status.ONGOING),
    (Standing("past-or-participle", ("have", "to", "claims")), None, Status.OCCURRED),
    (Standing("noun", ("postponed",)), None, Status.POSTPONED),
    (Standing("noun", ("cancels",)), None, Status.CANCELLED),
    (Standing("noun", ("stalled", "have")), None, Status.STALLED),
    (Standing("noun", ("begins",)), None, Status.ONGOING),
    (Standing("noun", ("are",)), None, Status.ONGOING),
    (Standing("noun", ("have", "will")), None, Status.PLANNED),
    (Standing("present", ("denied",)), None, Status.DENIED),
    (Standing("present", ()), Status.PROPOSED, Status.PROPOSED),
    (Standing("base", ("will",)), Status.OCCURRED, Status.OCCURRED),
    (Standing("base", ("will",)), Status.ONGOING, Status.PLANNED),
    (Standing("present", (), "resumes"), None, Status.ONGOING),
]


@pytest.mark.parametrize(
    ("standing", "fixed", "expected"), CASES, ids=[f"{c[0].form} {c[0].words} {c[1]}" for c in CASES]
)
def test_status(standing: Standing, fixed: Status | None, expected: Status) -> None:
    assert status_of(standing, fixed, load().governors) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Officials spoke of a planned visit by Emmanuel Macron to Egypt in June.", Status.PLANNED),
        ("Norway's envoy was cautious about the upcoming talks between Kenya and Somalia.", Status.PLANNED),
        ("Little was known about the scheduled summit between Kenya and Somalia.", Status.PLANNED),
        ("Kenya and Somalia held a planned meeting in Nairobi on Monday.", Status.OCCURRED),
        ("A planned summit between Kenya and Somalia has been called off.", Status.CANCELLED),
        ("The meeting between Kenya and Somalia ended without a deal.", Status.OCCURRED),
    ],
)
def test_what_is_called_planned_is_still_to_come(tag: Tag, text: str, expected: Status) -> None:
    (mention,) = tag(text)
    assert mention.status is expected
