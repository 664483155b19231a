"""Whom a name stands for: what counts and how long, which of two codes, and what a person's verdict does."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.types import Acquaintance
from storage.attestation import (
    COUNTS_AFTER_FIRST,
    COUNTS_AT_MOST,
    HEAVIEST,
    acquaintances,
    believe,
    counts,
    judged,
    lasts,
    name_key,
    seen_again,
    surnames_in,
    weight,
)
from storage.errors import Conflict
from storage.types import OfficeHolder, Verdict
from tests.builders import NOW
from tests.builders import an_office_holder as holder

DAY = timedelta(days=1)
TIMES = st.integers(min_value=1, max_value=10_000)


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Mevlüt Çavuşoğlu", "mevlut cavusoglu"),
        ("Lin Chia-lung", "lin chia lung"),
        ("George W. O’Brien", "george w obrien"),
        ("Bjørn Łapiński", "bjorn lapinski"),
    ],
)
def test_names_are_compared_without_accents_hyphens_and_marks(name: str, key: str) -> None:
    assert name_key(name) == key


def test_words_with_a_capital_may_be_surnames_and_keep_their_spelling() -> None:
    text = "On Friday Aasen’s visit ended; O'Brien and Lang-Peters met Çavuşoğlu."

    spellings = surnames_in(text)

    assert set(spellings) == {"on", "friday", "aasen", "obrien", "lang", "peters", "cavusoglu"}
    assert spellings["cavusoglu"] == "Çavuşoğlu"


# ---------------------------------------------------------------- decay


@pytest.mark.parametrize(
    ("times", "days", "known"),
    [(1, 90, True), (1, 91, False), (2, 180, True), (2, 181, False), (4, 270, True), (50, 365, True), (50, 366, False)],
)
def test_the_more_often_it_was_said_the_longer_it_counts_up_to_a_year(times: int, days: int, known: bool) -> None:
    assert counts(holder(times=times), NOW + days * DAY) is known


@given(TIMES, TIMES)
def test_more_times_never_count_shorter(one: int, other: int) -> None:
    assert (lasts(one) <= lasts(other)) or one > other
    assert COUNTS_AFTER_FIRST <= lasts(one) <= COUNTS_AT_MOST


def test_a_text_from_long_before_does_not_mean_todays_minister() -> None:
    assert counts(holder(), NOW - 80 * DAY)
    assert not counts(holder(), NOW - 100 * DAY)


def test_a_verdict_counts_always() -> None:
    assert counts(holder(verdict=Verdict.CONFIRMED), NOW + 4000 * DAY)


def test_what_is_said_again_counts_from_then_on() -> None:
    again = seen_again(holder(), NOW + 3 * DAY, item_id=2)

    assert (again.times, again.first_seen_at, again.last_seen_at) == (2, NOW, NOW + 3 * DAY)
    assert again.first_item_id == 1


def test_an_older_text_becomes_the_first_that_said_so() -> None:
    again = seen_again(holder(), NOW - 3 * DAY, item_id=2)

    assert (again.times, again.first_seen_at, again.last_seen_at) == (2, NOW - 3 * DAY, NOW)
    assert again.first_item_id == 2


def test_what_counted_no_longer_begins_anew() -> None:
    late = NOW + 400 * DAY

    again = seen_again(holder(times=30), late, item_id=2)

    assert (again.times, again.first_seen_at, again.last_seen_at, again.first_item_id) == (1, late, late, 2)


def test_a_text_of_years_before_changes_nothing() -> None:
    assert seen_again(holder(), NOW - 1000 * DAY, item_id=2) == holder()


@given(TIMES, st.integers(min_value=0, max_value=3650))
def test_silence_takes_weight_away(times: int, days: int) -> None:
    one = holder(times=times)

    assert 0 <= weight(one, NOW + (days + 30) * DAY) <= weight(one, NOW + days * DAY) <= HEAVIEST


# ---------------------------------------------------------------- two codes for one name


def test_the_better_attested_code_is_believed_and_the_other_told() -> None:
    belief = believe([holder(times=5), holder(code="SWE", id=2)], NOW + DAY)

    assert belief.code == "NOR"
    assert belief.reason == (
        "named as NOR 5 times, last on 2022-04-22 (better attested), against SWE once, last on 2022-04-22"
    )


def test_two_offices_of_one_code_count_together() -> None:
    rows = [holder(times=2), holder(times=2, id=2, office="minister"), holder(times=3, id=3, code="SWE")]

    assert believe(rows, NOW).code == "NOR"


def test_of_two_codes_attested_alike_the_latest_is_believed() -> None:
    rows = [holder(times=20), holder(times=20, id=2, code="NATO", last_seen_at=NOW + DAY)]

    assert believe(rows, NOW + DAY).code == "NATO"


def test_who_goes_over_to_another_office_is_known_there_from_the_second_text_on() -> None:
    minister = holder(times=300, last_seen_at=NOW)
    once = holder(id=2, code="NATO", first_seen_at=NOW + DAY, last_seen_at=NOW + DAY)
    twice = holder(id=2, code="NATO", first_seen_at=NOW + DAY, last_seen_at=NOW + 2 * DAY, times=2)

    assert believe([minister, once], NOW + 2 * DAY).code == "NOR"
    assert believe([minister, twice], NOW + 2 * DAY).code == "NATO"
    assert "(since then)" in believe([twice, minister], NOW + 2 * DAY).reason


def test_one_misread_text_does_not_move_a_minister() -> None:
    rows = [holder(times=3), holder(id=2, code="POL", first_seen_at=NOW + DAY, last_seen_at=NOW + DAY)]

    assert believe(rows, NOW + 10 * DAY).code == "NOR"


def test_whom_nobody_names_any_longer_stands_for_nobody() -> None:
    belief = believe([holder()], NOW + 200 * DAY)

    assert (belief.code, belief.reason) == ("", "not named by office for too long")


@given(st.permutations([holder(times=2), holder(id=2, code="SWE"), holder(id=3, code="POL", last_seen_at=NOW + DAY)]))
def test_the_order_of_rows_decides_nothing(rows: list[OfficeHolder]) -> None:
    assert believe(rows, NOW + DAY).code == "NOR"


# ---------------------------------------------------------------- verdicts


def test_a_corrected_code_wins_over_all_that_is_read_then_and_later() -> None:
    rows = judged([holder(times=500)], Verdict.REPLACED, NOW, "DNK")

    belief = believe([*rows, holder(id=2, times=90, office="envoy", last_seen_at=NOW + DAY)], NOW + DAY)

    assert (belief.code, belief.reason) == ("DNK", "a person corrected it on 2022-04-22")


def test_a_confirmed_code_is_not_outvoted() -> None:
    rows = judged([holder(times=2), holder(id=2, code="SWE")], Verdict.CONFIRMED, NOW)

    assert [row.verdict for row in rows] == [Verdict.CONFIRMED, None]
    assert believe([rows[0], holder(id=2, code="SWE", times=99)], NOW + 900 * DAY).code == "NOR"


def test_what_a_person_called_wrong_stands_for_nobody_in_any_office() -> None:
    rows = judged([holder(times=9)], Verdict.WRONG, NOW)

    assert believe([*rows, holder(id=2, office="minister")], NOW).code == ""
    assert believe([*rows, holder(id=2, code="SWE")], NOW).code == "SWE"


def test_the_last_verdict_takes_the_place_of_those_before() -> None:
    corrected = judged([holder()], Verdict.REPLACED, NOW, "DNK")

    (wrong,) = judged(corrected, Verdict.WRONG, NOW + DAY)

    assert (wrong.verdict, wrong.corrected_code, wrong.judged_at) == (Verdict.WRONG, "", NOW + DAY)


@pytest.mark.parametrize("rows", [judged([holder()], Verdict.REPLACED, NOW, "DNK"), (holder(last_seen_at=NOW),)])
def test_there_is_nothing_to_confirm_where_no_text_says_what_is_believed(rows: tuple[OfficeHolder, ...]) -> None:
    with pytest.raises(Conflict, match=r"Liv Aasen is believed to be (DNK|nobody): "):
        judged(rows, Verdict.CONFIRMED, NOW + 200 * DAY)


# ---------------------------------------------------------------- one text


def meant(text: str, *rows: OfficeHolder) -> list[str]:
    return [f"{one.name} {one.code}" for one in acquaintances(rows, text, NOW)]


def test_a_text_is_given_those_whose_surname_it_has_spelt_its_own_way() -> None:
    rows = (holder("Mevlüt Çavuşoğlu", "TUR"), holder())

    found = acquaintances(rows, "Cavusoglu will visit Warsaw.", NOW)

    assert found == (Acquaintance("Mevlüt Çavuşoğlu", "Cavusoglu", "TUR", "foreign minister", NOW.date()),)


def test_of_two_of_one_surname_the_one_named_in_full_is_meant() -> None:
    rows = (holder(times=50), holder("Siri Aasen", "ISL"))

    assert meant("Siri Aasen left. Aasen will return.", *rows) == ["Siri Aasen ISL"]


def test_of_two_of_one_surname_only_one_clearly_better_attested_is_meant() -> None:
    assert meant("Aasen left.", holder(times=6), holder("Siri Aasen", "ISL", times=2)) == ["Liv Aasen NOR"]
    assert meant("Aasen left.", holder(times=5), holder("Siri Aasen", "ISL", times=2)) == []
    assert meant("Liv Aasen met Siri Aasen.", holder(times=6), holder("Siri Aasen", "ISL")) == []


def test_two_of_one_surname_who_speak_for_the_same_need_no_decision() -> None:
    assert meant("Aasen left.", holder(times=2), holder("Siri Aasen", times=2)) == ["Liv Aasen NOR"]


def test_who_stands_for_nobody_is_handed_to_no_text() -> None:
    assert meant("Aasen left.", *judged([holder()], Verdict.WRONG, NOW)) == []
