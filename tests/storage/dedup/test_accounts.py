"""Reports that contradict each other stay side by side, and the one that more publishers give counts."""

from storage.dedup.accounts import Claim, is_refuted, weigh
from storage.dedup.lifecycle import weighed
from storage.types import Change, FieldChange, NewDevelopment, Repetition
from tests.builders import a_report, an_event, later


def claim(value: str, publisher: str, hours: float = 0, field: str = "date") -> Claim:
    return Claim(field, value, publisher, later(hours))


def test_both_values_are_kept_with_who_says_them() -> None:
    (attested,) = weigh([claim("2022-04-26", "wire"), claim("2022-04-27", "post", 1), claim("2022-04-26", "ledger")])
    assert [(one.value, one.publishers) for one in attested.accounts] == [
        ("2022-04-26", ("ledger", "wire")),
        ("2022-04-27", ("post",)),
    ]
    assert attested.is_disputed
    assert attested.reason == "2 publishers say 2022-04-26, 1 2022-04-27"


def test_who_corrects_himself_says_the_last_thing_alone() -> None:
    (attested,) = weigh([claim("2022-04-26", "wire"), claim("2022-04-27", "wire", 1)])
    assert [one.value for one in attested.accounts] == ["2022-04-27"]


def test_of_equal_numbers_the_later_one_counts() -> None:
    (attested,) = weigh([claim("Vienna", "wire", 1, "place"), claim("Oslo", "post", 2, "place")])
    assert (attested.accounts[0].value, attested.reason) == ("Oslo", "as many say Vienna, but Oslo was told later")


def test_a_value_that_nobody_told_before_is_news() -> None:
    assert is_refuted("2022-04-26", "2022-04-28", [claim("2022-04-26", "wire"), claim("2022-04-26", "post")]) == ""


def test_a_value_that_comes_back_is_none_while_more_say_otherwise() -> None:
    told = [claim("2022-04-26", "wire"), claim("2022-04-27", "post", 1), claim("2022-04-27", "ledger", 2)]
    assert is_refuted("2022-04-27", "2022-04-26", told) == (
        "2022-04-26 was told before, and 2 publishers have said 2022-04-27 since"
    )


def test_two_publishers_that_differ_do_not_alert_in_turns() -> None:
    back = FieldChange(Change.DATE, "2022-04-27", "2022-04-26")
    decision = NewDevelopment(an_event(), (back,), "event 1: both a visit")
    told = [claim("2022-04-26", "wire"), claim("2022-04-27", "post", 1)]

    answer = weighed(decision, a_report(), told)
    assert isinstance(answer, Repetition)
    assert answer.reason.startswith("event 1: both a visit. But 2022-04-26 was told before")


def test_the_rest_of_a_development_stays() -> None:
    changes = (FieldChange(Change.STATUS, "planned", "postponed"), FieldChange(Change.DATE, "2022-04-27", "2022-04-26"))
    decision = NewDevelopment(an_event(), changes, "event 1: both a visit")
    told = [claim("2022-04-26", "wire"), claim("2022-04-27", "post", 1)]

    answer = weighed(decision, a_report(), told)
    assert isinstance(answer, NewDevelopment)
    assert [one.change for one in answer.changes] == [Change.STATUS]
