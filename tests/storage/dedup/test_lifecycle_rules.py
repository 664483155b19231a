"""Rules of the lifecycle that hold for any event and any report, and the words that decisions are told in."""

from dataclasses import replace
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from extractors.ontology import SYMMETRIC_KINDS, Kind, Status
from extractors.types import Actor, DateRange, EventMention, Place
from storage.dedup.lifecycle import FOLLOWS, apply, decide, describe
from storage.types import Event, NewDevelopment, NewEvent, Repetition, Report
from tests.builders import HOUR, KYIV, MOSCOW, NOW, a_mention, a_report, an_event, days, later
from tests.storage.dedup.remembered import event_of

CODES = ("UN", "RUS", "UKR", "USA")
DAYS = (None, days("2022-04-26"), days("2022-04-28"), days("2022-04-01", "2022-04-30"))
PLACES = (None, MOSCOW, Place("RUS", "Russia"), KYIV)
COUNTS = ((), (("invited", "about 40"),), (("invited", "43"),))


@st.composite
def mentions(draw: st.DrawFn, kinds: tuple[Kind, ...] = tuple(Kind)) -> EventMention:
    kind = draw(st.sampled_from(kinds))
    codes = draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True))
    parties = tuple(Actor(code, code) for code in codes)
    split = len(parties) if kind in SYMMETRIC_KINDS else 1
    return a_mention(
        kind,
        actors=parties[:split],
        recipients=parties[split:],
        status=draw(st.sampled_from(Status)),
        date=draw(st.sampled_from(DAYS)),
        place=draw(st.sampled_from(PLACES)),
        counts=draw(st.sampled_from(COUNTS)),
        background=draw(st.booleans()),
    )


@st.composite
def reports(draw: st.DrawFn) -> Report:
    return a_report(draw(mentions()), published_at=later(draw(st.integers(-100, 100))))


def told_to(events: tuple[Event, ...], report: Report) -> tuple[Event, ...]:
    """The events after a report."""
    decision = decide(report, events, later(200))
    if isinstance(decision, NewEvent):
        return (*events, event_of(report, len(events) + 1))
    event = apply(decision.event, report, decision) if isinstance(decision, NewDevelopment) else decision.event
    return tuple(event if event.id == known.id else known for known in events)


@given(reports())
def test_a_report_told_twice_is_a_repetition(report: Report) -> None:
    decision = decide(report, (event_of(report, 1),), report.published_at)
    assert isinstance(decision, Repetition), decision.reason


@given(reports(), reports())
def test_a_development_told_twice_is_a_repetition(first: Report, second: Report) -> None:
    event = event_of(first, 1)
    decision = decide(second, (event,), later(200))
    if not isinstance(decision, NewDevelopment):
        return
    after = apply(event, second, decision)
    again = decide(second, (after,), later(200))
    assert isinstance(again, Repetition), (decision.changes, again)


@given(reports(), st.lists(reports(), max_size=3))
def test_the_order_of_candidates_does_not_matter(report: Report, others: list[Report]) -> None:
    events = [event_of(other, number) for number, other in enumerate(others, 1)]
    assert len({decide(report, order, later(200)) for order in permutations(events)}) == 1


@given(
    st.lists(st.sampled_from(DAYS[:2] + DAYS[3:]), min_size=2, max_size=3), st.sampled_from((Kind.VISIT, Kind.SUMMIT))
)
def test_a_batch_of_one_instant_makes_one_event_in_any_order(told: list[DateRange | None], kind: Kind) -> None:
    batch = [a_report(a_mention(kind, date=day)) for day in told]
    for order in permutations(batch):
        events: tuple[Event, ...] = ()
        for report in order:
            events = told_to(events, report)
        assert [event.date for event in events] == [min(filter(None, told), key=_length, default=None)]


def _length(days_: DateRange) -> int:
    return (days_.end - days_.start).days


@given(reports(), reports())
def test_every_decision_says_why(first: Report, second: Report) -> None:
    assert decide(second, (event_of(first, 1),), later(200)).reason


@given(reports(), reports())
def test_background_never_alerts(first: Report, second: Report) -> None:
    silent = replace(second, mention=replace(second.mention, background=True))
    assert not isinstance(decide(silent, (event_of(first, 1),), later(200)), NewDevelopment)


@given(reports(), reports())
def test_a_late_report_leaves_the_status(first: Report, second: Report) -> None:
    event = replace(event_of(first, 1), status_at=second.published_at + HOUR)
    decision = decide(second, (event,), later(200))
    if isinstance(decision, NewDevelopment):
        assert apply(event, second, decision).status is event.status


def test_the_table_leads_from_every_status_to_another_and_never_back_to_a_mere_proposal() -> None:
    assert FOLLOWS.keys() == set(Status)
    assert all(follows and status not in follows for status, follows in FOLLOWS.items())
    assert all(Status.PROPOSED not in follows for follows in FOLLOWS.values())


def test_a_new_event_names_the_nearest_and_why_it_is_another() -> None:
    decision = decide(a_report(a_mention(date=days("2022-06-26"))), (an_event(),), NOW)
    assert decision == NewEvent(
        "nearest is event 1 (visit planned 2022-04-26 in Moscow), but 2022-06-26 is not 2022-04-26",
    )


def test_a_first_event_says_that_none_is_known() -> None:
    assert decide(a_report(), (), NOW) == NewEvent("no event with these parties is known")


def test_a_development_names_the_event_the_likeness_and_the_news() -> None:
    report = a_report(a_mention(status=Status.CANCELLED, date=None, place=None), published_at=NOW)
    reason = decide(report, (an_event(),), NOW).reason
    assert reason.startswith("event 1: both a visit; the same parties, RUS+UN; ")
    assert reason.endswith(". New: status planned → cancelled")


def test_a_repetition_names_why_what_it_says_is_no_news() -> None:
    report = a_report(a_mention(date=days("2022-04-01", "2022-04-30")), published_at=NOW)
    assert decide(report, (an_event(),), NOW).reason.endswith("2022-04-01 to 2022-04-30 says no more than 2022-04-26")


def test_a_repetition_carries_the_details_that_are_no_news() -> None:
    event = an_event(status=Status.OCCURRED, date=None, place=None)
    report = a_report(a_mention(status=Status.OCCURRED, date=days("2022-04-22")), published_at=NOW)
    decision = decide(report, (event,), NOW)
    assert isinstance(decision, Repetition)
    assert (decision.event.date, decision.event.place) == (days("2022-04-22"), MOSCOW)


def test_talks_that_end_in_an_agreement_become_the_agreement() -> None:
    parties = {
        "actors": (Actor("GRC", "Greece"), Actor("MKD", "Skopje")),
        "recipients": (),
        "place": None,
        "date": None,
    }
    event = an_event(kind=Kind.TALKS, status=Status.ONGOING, **parties)
    report = a_report(a_mention(Kind.AGREEMENT, status=Status.OCCURRED, **parties), published_at=NOW)
    decision = decide(report, (event,), NOW)
    assert isinstance(decision, NewDevelopment)
    after = apply(event, report, decision)
    assert (after.type, after.kind, after.status) == (report.mention.type, Kind.AGREEMENT, Status.OCCURRED)


def test_a_party_that_joins_takes_its_place_beside_the_others() -> None:
    russia, ukraine, turkey = (Actor(code, code) for code in ("RUS", "UKR", "TUR"))
    event = an_event(kind=Kind.TALKS, actors=(russia, ukraine), recipients=(), place=None)
    report = a_report(a_mention(Kind.TALKS, actors=(turkey, russia, ukraine), recipients=(), place=None))
    decision = decide(report, (event,), NOW)
    assert isinstance(decision, NewDevelopment)
    assert apply(event, report, decision).actors == (russia, ukraine, turkey)


def test_an_event_is_described_in_one_line() -> None:
    assert describe(a_mention()) == "visit planned 2022-04-26 in Moscow"
    assert describe(a_mention(Kind.TALKS, date=DAYS[3], place=None)) == "talks planned 2022-04-01 to 2022-04-30"
