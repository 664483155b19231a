"""Which event a mention is about: the reasons, and the rules that hold for any pair."""

from dataclasses import replace

import pytest

from extractors.ontology import Kind, Status
from extractors.types import Actor, Place, Span
from storage.dedup.matching import CONTRADICTED, ROUND, match, ranked, round_of
from tests.builders import NOW, a_mention, a_report, an_event, days, later

UKRAINE, RUSSIA, KOREA, NORTH, AMERICA = (Actor(code, code) for code in ("UKR", "RUS", "KOR", "PRK", "USA"))


def test_a_match_names_what_speaks_for_it() -> None:
    found = match(a_report(), an_event(), NOW)
    assert found.is_same
    assert found.reasons_for == (
        "both a visit",
        "the same parties, RUS+UN",
        "both in Moscow",
        "on the same day, 2022-04-26",
    )


def test_a_contradiction_is_named_and_outweighs_all_else() -> None:
    found = match(a_report(a_mention(place=Place("UKR", "Kyiv"))), an_event(), NOW)
    assert found.score <= CONTRADICTED
    assert "in Kyiv, there it was Moscow" in found.reasons_against


@pytest.mark.parametrize("kind", [Kind.MEETING, Kind.TALKS, Kind.SUMMIT])
def test_an_encounter_may_be_told_as_another_kind_of_encounter(kind: Kind) -> None:
    report = a_report(a_mention(kind, actors=(Actor("UN", "UN"), Actor("RUS", "Russia")), recipients=()))
    assert match(report, an_event(), NOW).is_same


@pytest.mark.parametrize("kind", [Kind.ATTACK, Kind.SANCTIONS, Kind.AGREEMENT, Kind.APPEAL, Kind.CALL])
def test_a_visit_is_nothing_else(kind: Kind) -> None:
    assert not match(a_report(a_mention(kind)), an_event(), NOW).is_same


def test_a_shorter_list_of_parties_fits() -> None:
    event = an_event(kind=Kind.TALKS, actors=(RUSSIA, UKRAINE), recipients=(), place=None, date=None)
    mention = a_mention(Kind.TALKS, actors=(UKRAINE,), recipients=(), place=None, date=None)
    assert match(a_report(mention), event, NOW).is_same


def test_a_shared_party_is_not_enough() -> None:
    event = an_event(kind=Kind.MEETING, actors=(KOREA, NORTH), recipients=(), place=None, date=None)
    mention = a_mention(Kind.MEETING, actors=(AMERICA, NORTH), recipients=(), place=None, date=None)
    found = match(a_report(mention), event, NOW)
    assert found.reasons_against == ("PRK+USA are others than KOR+PRK",)


def test_who_acts_tells_an_expulsion_from_the_answer_to_it() -> None:
    event = an_event(kind=Kind.EXPULSION, actors=(AMERICA,), recipients=(RUSSIA,), status=Status.OCCURRED)
    mention = a_mention(Kind.EXPULSION, actors=(RUSSIA,), recipients=(AMERICA,), status=Status.OCCURRED)
    assert "RUS acts, there it was USA" in match(a_report(mention), event, NOW).reasons_against


@pytest.mark.parametrize(("hours", "same"), [(24, True), (6 * 24, True), (12 * 24, False)])
def test_a_planned_visit_is_expected_until_some_days_after_its_day(hours: float, same: bool) -> None:
    report = a_report(a_mention(date=None, status=Status.OCCURRED), published_at=later(hours + 3 * 24))
    assert match(report, an_event(), later(hours + 3 * 24)).is_same is same


def test_a_clock_that_runs_ahead_does_not_age_the_event() -> None:
    report = a_report(a_mention(date=None), published_at=later(1000))
    assert match(report, an_event(date=None), NOW).is_same


def test_days_that_meet_outweigh_the_time_gone_by() -> None:
    event = an_event(kind=Kind.AGREEMENT, status=Status.OCCURRED, date=days("2022-04-12"), status_at=later(-240))
    mention = a_mention(Kind.AGREEMENT, status=Status.OCCURRED, date=days("2022-04-12"))
    assert match(a_report(mention, published_at=later(2000)), event, later(2000)).is_same


@pytest.mark.parametrize(
    ("told", "same"), [("the fourth round of talks", True), ("a 4th round", True), ("the third round", False)]
)
def test_rounds_of_talks_are_told_apart_by_their_number(told: str, same: bool) -> None:
    event = an_event(kind=Kind.TALKS, actors=(RUSSIA, UKRAINE), recipients=(), counts=((ROUND, "4"),))
    mention = a_mention(Kind.TALKS, actors=(RUSSIA, UKRAINE), recipients=(), evidence=Span(0, len(told), told))
    assert match(a_report(mention), event, NOW).is_same is same


def test_a_text_that_names_two_rounds_says_of_none_that_it_is_the_one() -> None:
    both, one = "After the first round a second round will be held", "The Second Round of talks begins"
    assert round_of(a_mention(Kind.TALKS, evidence=Span(0, len(both), both))) is None
    assert round_of(a_mention(Kind.TALKS, evidence=Span(0, len(one), one))) == "2"


def test_who_speaks_for_a_president_is_not_whom_he_meets() -> None:
    event = an_event(
        kind=Kind.MEETING, actors=(Actor("RUS", "Russian President Vladimir Putin"), AMERICA), recipients=()
    )
    speaker = Actor("RUS", "Kremlin spokesman Dmitry Peskov")
    mention = a_mention(Kind.MEETING, actors=(speaker, AMERICA), recipients=())
    assert match(a_report(mention), event, NOW).is_same


def test_what_one_story_tells_as_news_is_not_what_it_misdated() -> None:
    event = an_event(background=True, date=days("2011-01-01", "2011-12-31"), status=Status.OCCURRED, story_id=7)
    report = a_report(a_mention(status=Status.OCCURRED, date=None), story_id=7)
    assert match(report, event, NOW).is_same
    assert not match(replace(report, story_id=8), event, NOW).is_same


def test_the_best_candidate_comes_first_and_ties_go_to_the_latest() -> None:
    older, newer = an_event(id=1), an_event(id=2, last_seen_at=later(1))
    other = an_event(id=3, date=days("2022-05-26"))
    assert [found.event.id for found in ranked(a_report(), (other, older, newer), NOW)] == [2, 1, 3]
