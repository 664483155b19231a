"""Words for days → days, in both readings."""

from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from spacy.tokens import Doc
from spacy.vocab import Vocab

from extractors.assemble.attachment import governor
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


ATTACHED = [
    ("A meeting between Kenya and Uganda was cancelled on Monday.", None),
    ("Kenya's president visited Uganda on his first trip since 2011.", None),
    ("Kenya condemned the 2015 deal with Uganda.", None),
    ("Kenya condemned Tuesday's bombing of a Ugandan market.", None),
    ("Kenya's president will visit Uganda for three days from Monday.", "2024-05-20..2024-05-22"),
    ("Kenya's president will visit Uganda until Friday.", "2024-05-15..2024-05-17"),
    ("Kenya will hold a summit with Uganda, beginning on Thursday.", "2024-05-16..2024-05-16"),
    ("Kenya accused Uganda on Monday of arming rebels.", "2024-05-13..2024-05-13"),
    ("Kenya attacked Uganda, killing ten, overnight.", "2024-05-14..2024-05-15"),
    ("Kenya and Uganda will sign an agreement by the end of June.", "2024-05-15..2024-06-30"),
    ("Kenya rejected on Friday a plan to visit Uganda in July.", "2024-05-10..2024-05-10"),
    ("NAIROBI, May 15 (Reuters) - Kenya attacked Uganda, killing ten.", None),
    ("The border was closed a day after Kenya attacked Uganda.", "2024-05-14..2024-05-14"),
]


@pytest.mark.parametrize(("text", "expected"), ATTACHED, ids=[text for text, _ in ATTACHED])
def test_date_belongs_to_the_predicate_that_it_hangs_on(text: str, expected: str | None, tag: Tag) -> None:
    dates = {mention.date and f"{mention.date.start}..{mention.date.end}" for mention in tag(text)}
    assert dates == {expected}


def test_headline_takes_the_day_on_which_its_speaker_said_it(tag: Tag) -> None:
    mentions = tag("Kenya rejects Ugandan plan\nKenya's president said on Tuesday that it was a trap.")
    assert [str(mention.date.start) for mention in mentions if mention.date] == ["2024-05-14"]


def test_reason_names_the_words_that_date_an_event(tag: Tag) -> None:
    (mention,) = tag("Kenya's president visited Uganda on Tuesday.")
    assert "when: on Tuesday" in mention.reason


def test_way_up_ends_at_a_length_of_time_that_heads_its_clause() -> None:
    words, labels = ["24", "hours", "on", "Monday"], ["nummod", "ROOT", "case", "nmod"]
    doc = Doc(Vocab(), words=words, heads=[1, 1, 3, 1], deps=labels)
    assert (governor(doc[3]), governor(doc[1])) == (doc[1], None)


def test_day_before_is_counted_from_the_day_that_was_told_last() -> None:
    found = [readings.past.first for _, _, readings in resolve("on Friday, after talks the day before.", WEDNESDAY)]
    assert found == [date(2024, 5, 10), date(2024, 5, 9)]
