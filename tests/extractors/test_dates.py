"""Words for days → days, in both readings."""

from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from extractors.components.dates import Days, resolve
from tests.extractors.conftest import Tag

CASES = YAML(typ="safe").load(Path(__file__).parents[1] / "data" / "mentions" / "dates.yaml")
WEDNESDAY = date(2024, 5, 15)


def days(text: object) -> Days:
    first, _, last = str(text).partition("..")
    return Days(date.fromisoformat(first), date.fromisoformat(last or first))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_words_mean_days(case: dict[str, object]) -> None:
    today = case.get("on", WEDNESDAY)
    assert isinstance(today, date)
    found = [readings for _, _, readings in resolve(str(case["text"]), today)]
    assert found == ([(days(case["past"]), days(case["future"]))] if "past" in case else [])


def test_date_ahead_is_the_next_and_date_behind_the_last(tag: Tag) -> None:
    (planned,) = tag("Kenya's president will visit Uganda on Tuesday.")
    (occurred,) = tag("Kenya's president visited Uganda on Tuesday.")
    assert planned.date is not None
    assert occurred.date is not None
    assert (planned.date.start, occurred.date.start) == (date(2024, 5, 21), date(2024, 5, 14))


def test_date_that_opens_the_sentence_holds_for_its_event(tag: Tag) -> None:
    (mention,) = tag("Earlier this week the Kenyan minister said that Uganda had expelled three Rwandan diplomats.")
    assert mention.date is not None
    assert (mention.date.start, mention.date.end) == (date(2024, 5, 13), WEDNESDAY)


def test_event_of_long_ago_is_background(tag: Tag) -> None:
    (mention,) = tag("Kenya invaded Uganda on February 3.")
    assert mention.background


def test_event_of_last_week_is_none(tag: Tag) -> None:
    (mention,) = tag("Kenya invaded Uganda last week.")
    assert not mention.background
