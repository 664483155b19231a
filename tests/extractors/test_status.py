"""Where an event stands, by the words around its trigger."""

import pytest

from extractors import Status
from extractors.components._doc import Standing
from extractors.components.status import status_of
from extractors.lexicon import load

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
