"""The learned roster in the tables: counted once an item, looked up by surname, pruned, and judged by people."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from extractors.types import Introduction
from storage.errors import Conflict, NotFound
from storage.store import Store
from storage.types import Item, OfficeHolder, Verdict
from tests.builders import HOUR, NOW, an_introduction, later
from tests.storage.filling import read_items

DAY = timedelta(days=1)
TEXT = "Aasen will visit Warsaw on Friday."


def introduce(store: Store, item: Item, *people: Introduction, at: datetime = NOW) -> int:
    with store.begin() as tx:
        return tx.introduce(item, people or (an_introduction(),), at)


def _introduce_and_fail(store: Store, item: Item) -> None:
    with store.begin() as tx:
        tx.introduce(item, [an_introduction()], NOW)
        raise NotFound("something else went wrong")


def known(store: Store, text: str = TEXT, at: datetime = NOW) -> list[str]:
    return [f"{one.name} {one.code}" for one in store.acquaintances([(text, at)])[0]]


def only(store: Store) -> OfficeHolder:
    (holder,) = store.office_holders()
    return holder


def test_who_was_introduced_is_known_to_a_text_with_the_surname(store: Store) -> None:
    (item,) = read_items(store, "a")

    assert introduce(store, item) == 1
    assert known(store) == ["Liv Aasen NOR"]
    assert known(store, "He will visit Warsaw on Friday.") == []


def test_a_row_keeps_when_and_by_which_item_it_was_first_said(store: Store) -> None:
    first, second = read_items(store, "a", "b")
    introduce(store, first)
    introduce(store, second)

    holder = only(store)

    assert (holder.times, holder.first_item_id, holder.first_seen_at) == (2, first.id, first.published_at)


def test_an_item_that_says_it_twice_counts_once(store: Store) -> None:
    (item,) = read_items(store, "a")

    introduce(store, item, an_introduction(), an_introduction("LIV AASEN"))

    assert only(store).times == 1


def test_a_new_wording_of_an_item_is_not_counted_again_but_may_name_others(store: Store) -> None:
    (item,) = read_items(store, "a")
    introduce(store, item)

    new = introduce(store, replace(item, revision=1), an_introduction(), an_introduction("Per Holm"))

    assert new == 1
    assert [(one.name, one.times) for one in store.office_holders()] == [("Liv Aasen", 1), ("Per Holm", 1)]


def test_nothing_stays_of_a_settlement_that_failed(store: Store) -> None:
    (item,) = read_items(store, "a")

    with pytest.raises(NotFound):
        _introduce_and_fail(store, item)

    assert store.office_holders() == ()


def test_what_no_longer_counts_is_deleted_with_the_next_that_is_learned(store: Store) -> None:
    first, second = read_items(store, "a", "b")
    introduce(store, first)

    introduce(store, second, an_introduction("Per Holm"), at=NOW + 200 * DAY)

    assert store.office_holders() == ()  # Per Holm was named by a text of that age, too


def test_a_verdict_is_never_deleted(store: Store) -> None:
    first, second = read_items(store, "a", "b")
    introduce(store, first)
    store.judge_office_holder("Aasen", Verdict.WRONG, NOW)

    introduce(store, second, an_introduction("Per Holm"), at=NOW + 900 * DAY)

    assert [one.name for one in store.office_holders()] == ["Liv Aasen"]


def test_a_name_read_with_another_surname_is_the_same_name(store: Store) -> None:
    items = read_items(store, "a", "b", "c")
    for item in items[:2]:
        introduce(store, item, an_introduction("Lin Qiang", "CHN", surname="Lin"))
    introduce(store, items[2], an_introduction("Lin Qiang", "USA"))

    assert known(store, "Lin agreed.") == ["Lin Qiang CHN"]
    assert known(store, "Qiang agreed.") == []


def test_a_text_of_many_words_is_looked_up(store: Store) -> None:
    (item,) = read_items(store, "a")
    introduce(store, item)
    names = " ".join(f"N{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}" for n in range(1200))

    assert known(store, f"{names} {TEXT}") == ["Liv Aasen NOR"]


def test_a_correction_is_followed_from_then_on(store: Store) -> None:
    (item,) = read_items(store, "a")
    introduce(store, item)

    (holder,) = store.judge_office_holder("liv aasen", Verdict.REPLACED, later(1), code="DNK")

    assert (holder.code, holder.corrected_code, holder.judged_at) == ("NOR", "DNK", NOW + HOUR)
    assert only(store) == holder
    assert known(store) == ["Liv Aasen DNK"]


def test_a_name_that_was_confirmed_is_believed_years_later(store: Store) -> None:
    (item,) = read_items(store, "a")
    introduce(store, item)

    store.judge_office_holder("Liv Aasen", Verdict.CONFIRMED, NOW)

    assert known(store, at=NOW + 1000 * DAY) == ["Liv Aasen NOR"]


def test_who_is_forgotten_can_be_learned_anew(store: Store) -> None:
    first, second = read_items(store, "a", "b")
    introduce(store, first)
    store.judge_office_holder("Aasen", Verdict.WRONG, NOW)

    assert store.forget_office_holder("Aasen") == 1
    introduce(store, second)

    assert known(store) == ["Liv Aasen NOR"]


def test_a_surname_of_several_people_is_refused_with_their_names(store: Store) -> None:
    (item,) = read_items(store, "a")
    introduce(store, item, an_introduction(), an_introduction("Siri Aasen", "ISL"))

    with pytest.raises(Conflict, match="Liv Aasen, Siri Aasen; give the full name"):
        store.office_holders_named("Aasen")
    assert [one.code for one in store.office_holders_named("Siri Aasen")] == ["ISL"]


def test_a_name_that_nothing_is_known_of_is_said_to_be_so(store: Store) -> None:
    with pytest.raises(NotFound, match="nobody called Aasen is in the roster"):
        store.forget_office_holder("Aasen")
