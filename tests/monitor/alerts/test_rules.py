"""Which developments a rule asks for, and how it says why not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.ontology import EventType, Kind, Status
from extractors.types import Actor, Place
from monitor.alerts.rules import Alertable, AlertRule, Conditions, Parties, Verdict, matches
from storage.types import Change
from tests.builders import GUTERRES, PUTIN, ZELENSKY, a_development, an_event


def judged(when: Conditions, unless: Conditions | None = None, **event: Any) -> Verdict:
    """Judge the first report of the planned visit by a rule with these conditions."""
    rule = AlertRule("visits", ("desk",), when, unless)
    return matches(rule, Alertable(an_event(**event), a_development()))


def codes(*names: str) -> frozenset[str]:
    return frozenset(names)


def between(one: str, other: str) -> Conditions:
    """Return a condition from two groups, each written as RUS+BLR."""
    return Conditions(actors=Parties(between=(codes(*one.split("+")), codes(*other.split("+")))))


# The event is the planned visit of Guterres (UN) to Putin (RUS) in Moscow, told by one publisher with confidence 0.8.
CLAUSES: dict[str, tuple[Conditions, str]] = {
    "nothing asked": (Conditions(), "every development"),
    "type": (Conditions(types=frozenset({EventType.CONSULT})), "type CONSULT"),
    "kind": (Conditions(kinds=frozenset({Kind.VISIT, Kind.TALKS})), "kind visit"),
    "status": (Conditions(statuses=frozenset({Status.PLANNED})), "status planned"),
    "change": (Conditions(changes=frozenset({Change.FIRST_REPORT})), "change first_report"),
    "any actor": (Conditions(actors=Parties(any=codes("RUS", "UKR"))), "actors RUS"),
    "all actors": (Conditions(actors=Parties(all=codes("RUS", "UN"))), "actors RUS and UN"),
    "between": (between("UN", "RUS"), "between UN and RUS"),
    "country": (Conditions(places=("RUS",)), "place RUS"),
    "place": (Conditions(places=("Kyiv", "moscow")), "place moscow"),
    "confidence": (Conditions(min_confidence=0.8), "confidence 0.80"),
    "text": (Conditions(texts=("cease-fire", "will  VISIT")), "text “will  VISIT”"),
}

REFUSALS: dict[str, tuple[Conditions, str]] = {
    "type": (Conditions(types=frozenset({EventType.AID})), "type is CONSULT, not AID"),
    "kind": (Conditions(kinds=frozenset({Kind.TALKS, Kind.CALL})), "kind is visit, not call or talks"),
    "status": (Conditions(statuses=frozenset({Status.CANCELLED})), "status is planned, not cancelled"),
    "change": (Conditions(changes=frozenset({Change.DATE})), "change is first_report, not date"),
    "any actor": (Conditions(actors=Parties(any=codes("UKR"))), "none of the parties (RUS, UN) is UKR"),
    "all actors": (Conditions(actors=Parties(all=codes("RUS", "UKR"))), "UKR not among the parties (RUS, UN)"),
    "between": (between("RUS", "UKR"), "not between RUS and UKR (parties: RUS, UN)"),
    "place": (Conditions(places=("UKR",)), "place is Moscow (RUS), not UKR"),
    "publishers": (Conditions(min_publishers=2), "publishers so far: 1, wanted 2"),
    "confidence": (Conditions(min_confidence=0.9), "confidence 0.80 is below 0.90"),
    "text": (Conditions(texts=("truce",)), "the text has none of “truce”"),
}


@pytest.mark.parametrize(("when", "reason"), CLAUSES.values(), ids=CLAUSES)
def test_a_clause_that_holds_is_named(when: Conditions, reason: str) -> None:
    assert judged(when) == Verdict(True, reason)


@pytest.mark.parametrize(("when", "reason"), REFUSALS.values(), ids=REFUSALS)
def test_a_clause_that_does_not_hold_says_what_is_there_instead(when: Conditions, reason: str) -> None:
    assert judged(when) == Verdict(False, reason)


def test_all_clauses_must_hold() -> None:
    when = Conditions(kinds=frozenset({Kind.VISIT}), places=("UKR",))

    assert judged(when) == Verdict(False, "place is Moscow (RUS), not UKR")


def test_all_clauses_that_hold_are_named() -> None:
    when = Conditions(kinds=frozenset({Kind.VISIT}), actors=Parties(any=codes("UN")), places=("RUS",))

    assert judged(when) == Verdict(True, "kind visit, actors UN, place RUS")


def test_a_place_rule_stays_silent_where_no_place_is_known() -> None:
    assert judged(Conditions(places=("RUS",)), place=None) == Verdict(False, "no place is known, wanted RUS")


def test_a_place_in_no_country_is_found_by_name() -> None:
    assert judged(Conditions(places=("Black Sea",)), place=Place(None, "the Black Sea")).matched


@pytest.mark.parametrize("word", ["visi", "Moscow on Tues", "osco"])
def test_a_word_is_not_found_in_a_part_of_another(word: str) -> None:
    assert not judged(Conditions(texts=(word,))).matched


def test_a_text_is_found_in_the_title_too() -> None:
    rule = AlertRule("r", ("c",), Conditions(texts=("shuttle",)))
    development = a_development(title="Shuttle diplomacy begins")

    assert matches(rule, Alertable(an_event(), development)).matched


def test_a_text_is_words_and_no_expression() -> None:
    assert not judged(Conditions(texts=(".*", "(a+)+$"))).matched


# ---------------------------------------------------------------- between


@pytest.mark.parametrize(("one", "other"), [("RUS", "UN"), ("UN", "RUS"), ("UN+EU", "RUS+BLR")])
def test_between_holds_either_way_round(one: str, other: str) -> None:
    assert judged(between(one, other)).matched


def test_between_two_who_are_both_only_addressed_does_not_hold() -> None:
    verdict = judged(between("RUS", "UKR"), actors=(GUTERRES,), recipients=(PUTIN, ZELENSKY))

    assert not verdict.matched


def test_between_holds_where_both_act_together() -> None:
    assert judged(between("RUS", "UKR"), actors=(PUTIN, ZELENSKY), recipients=()).matched


def test_between_wants_two_parties_even_where_the_groups_overlap() -> None:
    overlapping = between("RUS+UN", "RUS+EU")

    assert judged(overlapping).reason == "between UN and RUS"
    assert not judged(overlapping, actors=(PUTIN,), recipients=(PUTIN,)).matched


# ---------------------------------------------------------------- not


def test_a_rule_is_silent_where_its_exception_holds() -> None:
    verdict = judged(Conditions(), Conditions(kinds=frozenset({Kind.VISIT})))

    assert verdict == Verdict(False, "excepted by `not`: kind visit")


def test_an_exception_must_hold_as_a_whole() -> None:
    unless = Conditions(kinds=frozenset({Kind.VISIT}), places=("UKR",))

    assert judged(Conditions(), unless).matched


# ---------------------------------------------------------------- properties

PARTIES = st.lists(st.sampled_from(["RUS", "UKR", "UN", "EU", "USA"]), max_size=4)


@given(actors=PARTIES, recipients=PARTIES, one=PARTIES.filter(bool), other=PARTIES.filter(bool))
def test_the_order_of_the_two_groups_makes_no_difference(
    actors: list[str], recipients: list[str], one: list[str], other: list[str]
) -> None:
    event: dict[str, Any] = {
        "actors": tuple(Actor(code, code) for code in actors),
        "recipients": tuple(Actor(code, code) for code in recipients),
    }

    assert judged(between("+".join(one), "+".join(other)), **event).matched == (
        judged(between("+".join(other), "+".join(one)), **event).matched
    )


@given(st.text(min_size=1).filter(str.strip))
def test_no_phrase_breaks_a_rule(phrase: str) -> None:
    assert judged(Conditions(texts=(phrase,))).reason
