"""Which developments a rule asks for, and how it says why not."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.ontology import EventType, Kind, Status
from extractors.types import Actor, DateRange, Place
from monitor.alerts.rules import (
    CLAUSES,
    Alertable,
    AlertRule,
    Conditions,
    Group,
    Parties,
    Verdict,
    findings,
    matches,
    party,
    pattern_problem,
)
from storage.types import Change
from tests.builders import GUTERRES, PUTIN, ZELENSKY, a_development, an_event, days, later


def judged(when: Conditions, unless: Conditions | None = None, **event: Any) -> Verdict:
    """Judge the first report of the planned visit by a rule with these conditions."""
    rule = AlertRule("visits", ("desk",), when, unless)
    return matches(rule, Alertable(an_event(**event), a_development()))


EU27 = Group("EU27", frozenset({"FRA", "DEU", "POL"}))


def codes(*names: str) -> tuple[Group, ...]:
    return tuple(party(name) for name in names)


def between(one: str, other: str) -> Conditions:
    """Return a condition from two groups, each written as RUS+BLR."""
    return Conditions(actors=Parties(between=(codes(*one.split("+")), codes(*other.split("+")))))


# The event is the planned visit of Guterres (UN) to Putin (RUS) in Moscow, told by one publisher with confidence 0.8.
HELD: dict[str, tuple[Conditions, str]] = {
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
    "text": (Conditions(texts=("cease-fire", "will VISIT")), "text “will VISIT”"),
    "pattern": (Conditions(texts=(r"vis\pL+ (Putin|Xi)",)), r"text “vis\pL+ (Putin|Xi)”"),
    "within": (Conditions(within=timedelta(days=4)), "2022-04-26 is within the next 4 days"),
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
    "within": (Conditions(within=timedelta(days=3)), "2022-04-26 is not within the next 3 days"),
    "publishers": (Conditions(min_publishers=2), "publishers so far: 1, wanted 2"),
    "confidence": (Conditions(min_confidence=0.9), "confidence 0.80 is below 0.90"),
    "text": (Conditions(texts=("truce",)), "the text has none of “truce”"),
}


@pytest.mark.parametrize(("when", "reason"), HELD.values(), ids=HELD)
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


def test_a_text_is_found_across_a_line_break_and_beside_marks() -> None:
    development = a_development(evidence="“Visit\n  Moscow”, he said", title="")

    assert matches(
        AlertRule("r", ("c",), Conditions(texts=("visit moscow",))), Alertable(an_event(), development)
    ).matched


def test_a_letter_of_another_alphabet_is_part_of_a_word() -> None:
    development = a_development(evidence="Le présidente élue", title="")

    assert not matches(AlertRule("r", ("c",), Conditions(texts=("lu",))), Alertable(an_event(), development)).matched


@pytest.mark.parametrize("pattern", ["(open", "a{2,1}", "[z-a]", "*", ")(", "(?=ahead)", r"\1", "x" * 1001, "a{1001}"])
def test_a_bad_pattern_is_told(pattern: str) -> None:
    assert pattern_problem(pattern)


def test_a_pattern_that_hangs_other_engines_is_answered_at_once() -> None:
    development = a_development(evidence="a" * 50_000, title="")

    assert not matches(
        AlertRule("r", ("c",), Conditions(texts=("(a+)+b",))), Alertable(an_event(), development)
    ).matched


# ---------------------------------------------------------------- groups


def test_a_group_is_represented_by_any_of_its_members() -> None:
    when = Conditions(actors=Parties(any=(EU27,)))

    assert judged(when, actors=(Actor("FRA", "Macron"), PUTIN)) == Verdict(True, "actors FRA of EU27")
    assert judged(when) == Verdict(False, "none of the parties (RUS, UN) is EU27")


def test_all_wants_each_group_represented_and_not_each_member() -> None:
    when = Conditions(actors=Parties(all=(EU27, party("RUS"))))

    assert judged(when, actors=(Actor("FRA", "Macron"),)).reason == "actors FRA of EU27 and RUS"
    assert judged(when).reason == "EU27 not among the parties (RUS, UN)"


def test_between_groups_names_who_it_is_between() -> None:
    when = Conditions(actors=Parties(between=((EU27,), codes("RUS"))))

    assert judged(when, actors=(Actor("POL", "Sikorski"),)).reason == "between POL and RUS"
    assert judged(when).reason == "not between EU27 and RUS (parties: RUS, UN)"


# ---------------------------------------------------------------- within


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (None, "its day is not known, wanted within the next 7 days"),
        (days("2022-04-21"), "2022-04-21 is over"),
        (days("2022-04-20", "2022-04-22"), "2022-04-20 to 2022-04-22 is within the next 7 days"),
        (days("2022-04-29", "2022-05-20"), "2022-04-29 to 2022-05-20 is within the next 7 days"),
        (days("2022-04-30"), "2022-04-30 is not within the next 7 days"),
    ],
    ids=["unknown", "over", "under way", "begins on the last day", "too late"],
)
def test_an_event_is_within_the_next_days(day: DateRange | None, reason: str) -> None:
    assert judged(Conditions(within=timedelta(days=7)), date=day).reason == reason


def test_within_counts_from_the_day_that_the_rule_is_asked() -> None:
    rule = AlertRule("r", ("c",), Conditions(within=timedelta(days=2)))

    assert not matches(rule, Alertable(an_event(), a_development())).matched
    assert matches(rule, Alertable(an_event(), a_development(), later(48))).matched


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
def test_no_text_breaks_a_rule(pattern: str) -> None:
    assert pattern_problem(pattern) or judged(Conditions(texts=(pattern,))).reason


def some(of: Any) -> st.SearchStrategy[frozenset[Any]]:
    return st.frozensets(st.sampled_from(of), max_size=3)


CODES = ["RUS", "UKR", "UN", "EU", "USA"]
GROUPS = st.builds(Group, st.just("group"), st.frozensets(st.sampled_from(CODES), min_size=1)) | st.sampled_from(
    CODES
).map(party)
SIDES = st.lists(GROUPS, min_size=1, max_size=2).map(tuple)
CONDITIONS = st.builds(
    Conditions,
    types=some(list(EventType)[:3]),
    kinds=some([Kind.VISIT, Kind.TALKS, Kind.CALL]),
    statuses=some([Status.PLANNED, Status.CANCELLED]),
    changes=some([Change.FIRST_REPORT, Change.DATE]),
    actors=st.builds(
        Parties,
        any=st.lists(GROUPS, max_size=2).map(tuple),
        all=st.lists(GROUPS, max_size=2).map(tuple),
        between=st.just(()) | st.tuples(SIDES, SIDES),
    ),
    places=st.lists(st.sampled_from(["RUS", "Moscow", "Kyiv"]), max_size=2).map(tuple),
    within=st.none() | st.integers(1, 9).map(lambda days: timedelta(days=days)),
    min_publishers=st.integers(1, 3),
    min_confidence=st.none() | st.sampled_from([0.3, 0.8, 0.9]),
    texts=st.lists(st.sampled_from(["visit", "truce", r"mos\pL+"]), max_size=2).map(tuple),
)
EVENTS = st.builds(
    an_event,
    kind=st.sampled_from([Kind.VISIT, Kind.TALKS]),
    actors=st.lists(st.sampled_from(CODES).map(lambda code: Actor(code, code)), max_size=2).map(tuple),
    status=st.sampled_from([Status.PLANNED, Status.CANCELLED]),
    date=st.none() | st.integers(20, 30).map(lambda day: days(f"2022-04-{day}")),
    publishers=st.integers(1, 3),
)
DEVELOPMENTS = st.builds(
    a_development,
    st.sampled_from([Change.FIRST_REPORT, Change.DATE]),
    confidence=st.sampled_from([0.2, 0.8, 0.95]),
)
ALERTABLES = st.builds(Alertable, EVENTS, DEVELOPMENTS)


@given(CONDITIONS, ALERTABLES)
def test_of_a_rule_and_its_negation_exactly_one_matches(conditions: Conditions, alertable: Alertable) -> None:
    rule = AlertRule("rule", ("desk",), conditions)
    negation = AlertRule("negation", ("desk",), unless=conditions)

    assert matches(rule, alertable).matched is not matches(negation, alertable).matched


@given(CONDITIONS, CONDITIONS, ALERTABLES)
def test_a_rule_never_matches_what_it_excepts(when: Conditions, unless: Conditions, alertable: Alertable) -> None:
    if matches(AlertRule("exception", ("desk",), unless), alertable).matched:
        assert not matches(AlertRule("rule", ("desk",), when, unless), alertable).matched


@given(CONDITIONS, st.none() | CONDITIONS, ALERTABLES)
def test_a_rule_matches_where_each_of_its_clauses_does(
    when: Conditions, unless: Conditions | None, alertable: Alertable
) -> None:
    rule = AlertRule("rule", ("desk",), when, unless)
    found = list(findings(rule, alertable))

    assert matches(rule, alertable).matched == all(one.verdict.matched for one in found)
    assert [one.clause for one in found if one.clause != "not"] == [
        name for name, clause in CLAUSES.items() if clause(when, alertable)
    ]
