"""Which item an entry is: rules that are not single cases."""

from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from storage.dedup.identity import (
    KnownItem,
    SameItem,
    UnknownItem,
    content_hash,
    identify,
    identity_keys,
    related_titles,
    title_key,
)
from tests.builders import a_new_item, later


def known(item_id: int, **changes: Any) -> KnownItem:
    new = a_new_item(**changes)
    hashes = frozenset({content_hash(new)})
    return KnownItem(item_id, new.guid, new.canonical_url, title_key(new.title), hashes, new.published_at)


def test_a_first_entry_is_unknown_and_says_why() -> None:
    new = a_new_item()
    assert identify(new, [], [new]) == UnknownItem("no known item shares its guid, url or title")


def test_the_answer_says_what_agreed_and_whether_the_words_did() -> None:
    new = a_new_item(title="Guterres will travel to Moscow")
    assert identify(new, [known(7)], [new]) == SameItem(7, revised=True, reason="same guid and url; its words changed")


def test_an_entry_that_agrees_in_more_goes_to_that_item() -> None:
    new = a_new_item("b", canonical_url="example.org/b", title="Envoys return")
    items = [known(1, guid="b", canonical_url="x", title="Envoys return"), known(2, guid="b", title="Envoys return")]
    answers = {identify(new, order, [new]) for order in permutations(items)}
    assert [answer.item_id for answer in answers if isinstance(answer, SameItem)] == [2]


def test_keys_of_an_entry_without_url_or_title_leave_those_out() -> None:
    new = a_new_item(canonical_url="", title="")
    assert [kind for kind, _ in identity_keys(new)] == ["guid"]


def test_a_revised_guid_has_the_key_of_the_first() -> None:
    first, second = a_new_item("news/a#0"), a_new_item("news/a#1")
    assert identity_keys(first)[0] == identity_keys(second)[0]


def test_a_fragment_that_is_no_count_belongs_to_the_guid() -> None:
    assert identity_keys(a_new_item("news/a#intro"))[0] != identity_keys(a_new_item("news/a#end"))[0]


def test_headlines_of_one_story_share_telling_words() -> None:
    one, other = title_key("Armed police arrest 'balcony gunman'"), title_key("Man 'seen with weapons' on balcony")
    assert related_titles(one, other)
    assert not related_titles(one, title_key("Ministers gather by the lake with envoys"))


def test_another_headline_of_another_time_in_the_same_place_is_another_story() -> None:
    listed = known(1, guid="list/3", canonical_url="list/3", title="Storm closes the harbour")
    new = a_new_item("list/3", canonical_url="list/3", title="Envoys return", published_at=later(5))
    assert isinstance(identify(new, [listed], [new]), UnknownItem)


def test_another_headline_of_the_same_time_in_the_same_place_is_an_edit() -> None:
    listed = known(1, guid="a", canonical_url="a", title="Storm closes the harbour")
    new = a_new_item("a", canonical_url="a", title="Ferries stay in port")
    answer = identify(new, [listed], [new])
    assert isinstance(answer, SameItem)
    assert answer.revised


def test_a_related_headline_of_another_time_in_the_same_place_is_an_edit() -> None:
    listed = known(1, guid="a", canonical_url="a", title="Storm closes the harbour")
    new = a_new_item("a", canonical_url="a", title="Storm: harbour still closed", published_at=later(5))
    assert isinstance(identify(new, [listed], [new]), SameItem)


def test_a_story_that_moves_through_the_places_of_a_list_stays_one_item() -> None:
    listed = known(1, guid="list/3", canonical_url="list/3", title="Envoys return")
    new = a_new_item("list/7", canonical_url="list/7", title="Envoys return")
    answer = identify(new, [listed], [new])
    assert isinstance(answer, SameItem)
    assert answer.item_id == 1


texts = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=30)


@given(guid=texts, url=texts, title=texts, summary=texts)
def test_an_entry_told_twice_is_known_and_unrevised(guid: str, url: str, title: str, summary: str) -> None:
    new = a_new_item(guid or "g", canonical_url=url, title=title, summary=summary)
    item = KnownItem(1, new.guid, new.canonical_url, title_key(new.title), frozenset({content_hash(new)}))
    answer = identify(new, [item], [new])
    if len(identity_keys(new)) > 1:
        assert isinstance(answer, SameItem)
        assert not answer.revised
