"""Passages that tell the same event become one mention; numbers of participants are read from them."""

from dataclasses import replace

import pytest

from extractors import Span, Status
from extractors.assemble.counts import counts
from extractors.assemble.mentions import Told
from extractors.assemble.merge import merged
from extractors.ontology import Kind
from extractors.types import Actor
from tests.builders import a_mention
from tests.extractors.conftest import Tag

STORY = "Kenyan president to visit Uganda\nKenyan President John Doe will visit Uganda on Tuesday, a spokesman said."


def test_headline_and_lead_are_one_mention_with_both_passages(tag: Tag) -> None:
    (mention,) = tag(STORY)
    assert len(mention.passages) == 2
    assert mention.date is not None


def test_evidence_is_the_fuller_passage(tag: Tag) -> None:
    (mention,) = tag(STORY)
    assert mention.evidence.text.startswith("Kenyan President John Doe")


def test_events_of_other_parties_stay_apart(tag: Tag) -> None:
    mentions = tag("Kenya expelled two Ugandan diplomats. Mali expelled two Ugandan diplomats.")
    assert [[actor.code for actor in mention.actors] for mention in mentions] == [["KEN"], ["MLI"]]


def test_events_on_other_days_stay_apart(tag: Tag) -> None:
    assert len(tag("Kenya's president visited Uganda on Monday. Kenya's president visited Uganda last month.")) == 2


def test_the_talks_later_in_the_text_add_their_date(tag: Tag) -> None:
    (mention,) = tag("Kenya and Uganda will hold talks next week. Much depends on the May 22 talks.")
    assert mention.date is not None
    assert mention.date.start.isoformat() == mention.date.end.isoformat() == "2024-05-22"


def test_reference_without_an_event_before_it_is_dropped() -> None:
    assert merged([Told(a_mention(), refers=True)]) == ()


def test_status_that_says_more_wins() -> None:
    told = [Told(a_mention(status=Status.OCCURRED), False), Told(a_mention(status=Status.POSTPONED), False)]
    assert [mention.status for mention in merged(told)] == [Status.POSTPONED]


def test_pledges_of_two_parties_to_each_other_stay_apart(tag: Tag) -> None:
    mentions = tag("Kenya pledged to help Uganda with its debt. Uganda pledged to help Kenya with its drought.")
    assert [[actor.code for actor in mention.actors] for mention in mentions] == [["KEN"], ["UGA"]]


def test_nobody_is_on_both_sides_of_an_event_that_two_passages_tell() -> None:
    kenya, uganda = Actor("KEN", "Kenya"), Actor("UGA", "Uganda")
    agreed = a_mention(Kind.AGREEMENT, actors=(kenya, uganda), recipients=())
    promised = a_mention(Kind.INTENT, actors=(kenya,), recipients=(uganda,))
    (mention,) = merged([Told(agreed, refers=False), Told(promised, refers=False)])
    assert not {actor.code for actor in mention.actors} & {actor.code for actor in mention.recipients}


def test_merging_is_idempotent() -> None:
    once = merged([Told(a_mention(), False), Told(replace(a_mention(), attribution="a spokesman"), False)])
    assert merged(Told(mention, False) for mention in once) == once


def test_passages_are_in_order_of_the_text_also_where_they_begin_together() -> None:
    spans = [Span(0, end, "Guterres will visit Putin in Moscow on Tuesday"[:end]) for end in range(1, 40)]
    told = [Told(a_mention(evidence=span, passages=(span,)), refers=False) for span in spans]

    (mention,) = merged(told)

    assert list(mention.passages) == spans


NUMBERS = [
    ("More than 20 countries will attend the talks", (("attending", "More than 20"),)),
    ("about 40 nations were invited to the meeting", (("invited", "about 40"),)),
    ("She invited 12 leaders", (("invited", "12"),)),
    ("three ministers are expected to attend, and 5 states were invited", (("attending", "three"), ("invited", "5"))),
    ("20 people died", ()),
]


@pytest.mark.parametrize(("text", "expected"), NUMBERS, ids=[row[0] for row in NUMBERS])
def test_numbers_of_participants(text: str, expected: tuple[tuple[str, str], ...]) -> None:
    assert counts(text) == expected
