"""Events: which candidates a mention gets, and what a decision about it writes, all in one transaction."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from extractors.ontology import Kind, Status
from extractors.types import Actor, EventMention
from storage.errors import NotFound
from storage.events import CANDIDATES
from storage.store import Store
from storage.types import Change, Event, FieldChange, ItemOutcome, NewDevelopment, NewEvent, Repetition
from tests.builders import (
    GUTERRES,
    KYIV,
    MOSCOW,
    NOW,
    PUTIN,
    ZELENSKY,
    a_mention,
    a_new_delivery,
    a_new_item,
    a_report,
    an_event,
    days,
    later,
)
from tests.storage.filling import CHAIN, add_feed, poll, read_items, settle

NEW = NewEvent("nothing is near")
CHINA = Actor("CHN", "Xi Jinping")
JAPAN = Actor("JPN", "Fumio Kishida")


def _candidates(store: Store, mention: EventMention, at: float = 0) -> list[int]:
    with store.begin() as tx:
        return [event.id for event in tx.candidate_events(mention, later(at))]


def _postponed(event: Event) -> NewDevelopment:
    return NewDevelopment(event, (FieldChange(Change.STATUS, "planned", "postponed"),), "same visit, put off")


# ---------------------------------------------------------------- candidates


def test_event_that_shares_a_party_is_a_candidate(store: Store) -> None:
    (item,) = read_items(store, "visit-1")
    settle(store, item)

    assert _candidates(store, a_mention(actors=(CHINA,), recipients=(PUTIN,))) == [1]
    assert _candidates(store, a_mention(actors=(PUTIN,), recipients=())) == [1]
    assert _candidates(store, a_mention(actors=(CHINA,), recipients=(JAPAN,))) == []


def test_candidate_is_the_event_as_it_was_written(store: Store) -> None:
    (item,) = read_items(store, "visit-1")
    counts = (("attending", "more than 20"), ("invited", "about 40"))
    mention = a_mention(actors=(PUTIN, GUTERRES), recipients=(ZELENSKY,), counts=counts)
    settle(store, item, mention)

    with store.begin() as tx:
        (event,) = tx.candidate_events(mention, NOW)
    expected = an_event(actors=(PUTIN, GUTERRES), recipients=(ZELENSKY,), counts=counts, story_id=1)
    assert event == expected


def test_newest_candidate_comes_first(store: Store) -> None:
    items = read_items(store, "a", "b", "c")
    for item, hours in zip(items, (1, 3, 2), strict=True):
        settle(store, item, at=later(hours))

    assert _candidates(store, a_mention(), 3) == [2, 3, 1]


def test_event_forgotten_for_three_months_is_no_candidate_unless_its_day_is_near(store: Store) -> None:
    items = read_items(store, "a", "b")
    settle(store, items[0], a_mention(date=None))
    settle(store, items[1], a_mention(date=days("2022-09-01")))

    assert _candidates(store, a_mention(), 24 * 89) == [2, 1]
    assert _candidates(store, a_mention(), 24 * 91) == [2]
    assert _candidates(store, a_mention(), 24 * 400) == []


def test_mention_without_parties_is_compared_by_kind_and_place(store: Store) -> None:
    items = read_items(store, "a", "b", "c", "d")
    summit = a_mention(Kind.SUMMIT, actors=(), recipients=())
    for item, place in zip(items[:3], (MOSCOW, KYIV, None), strict=True):
        settle(store, item, replace(summit, place=place))
    settle(store, items[3], replace(summit, kind=Kind.TALKS))

    assert _candidates(store, summit) == [1]
    assert _candidates(store, replace(summit, place=None)) == [3]


def test_events_that_share_more_parties_are_not_crowded_out(store: Store) -> None:
    (first, *others) = read_items(store, *(f"visit-{number}" for number in range(CANDIDATES + 3)))
    settle(store, first, a_mention())
    for item in others:
        settle(store, item, a_mention(actors=(CHINA,)), at=later(1))

    found = _candidates(store, a_mention(), 1)
    assert len(found) == CANDIDATES
    assert 1 in found


# ---------------------------------------------------------------- a new event


def test_new_event_is_a_first_report(store: Store) -> None:
    (item,) = read_items(store, "visit-1")
    settled = settle(store, item)

    (development,) = settled.developments
    assert (development.change, development.old) == (Change.FIRST_REPORT, "")
    assert development.new == "visit planned 2022-04-26 in Moscow"
    assert (development.reason, development.evidence) == ("nothing is near", a_mention().evidence.text)
    assert (development.publisher, development.item_id, development.url) == ("example.org", item.id, item.url)
    assert (development.published_at, development.confidence) == (item.published_at, 0.8)


def test_new_event_has_one_publisher_and_confirms_nothing(store: Store) -> None:
    (item,) = read_items(store, "visit-1")
    settled = settle(store, item)

    assert settled.event == an_event(story_id=1)
    assert (settled.event.publishers, settled.corroborated, settled.earlier) == (1, False, ())


def test_background_first_report_is_marked_so(store: Store) -> None:
    (item,) = read_items(store, "visit-1")
    settled = settle(store, item, a_mention(background=True))

    assert settled.event.background
    assert [development.background for development in settled.developments] == [True]


def test_event_told_as_news_later_is_background_no_more(store: Store) -> None:
    items = read_items(store, "a", "b")
    event = settle(store, items[0], a_mention(background=True)).event

    assert not settle(store, items[1], a_mention(), Repetition(event, "the same")).event.background


# ---------------------------------------------------------------- developments and repetitions


def test_development_changes_the_event_and_is_told_with_its_passage(store: Store) -> None:
    items = read_items(store, "a", "b")
    event = settle(store, items[0]).event
    mention = a_mention(status=Status.POSTPONED, date=None)

    settled = settle(store, items[1], mention, _postponed(event), at=later(1))
    assert (settled.event.status, settled.event.last_seen_at) == (Status.POSTPONED, later(1))
    (development,) = settled.developments
    assert (development.change, development.old, development.new) == (Change.STATUS, "planned", "postponed")
    assert (development.item_id, development.reason) == (items[1].id, "same visit, put off")


def test_one_report_may_change_two_things(store: Store) -> None:
    items = read_items(store, "a", "b")
    event = settle(store, items[0]).event
    changes = (FieldChange(Change.DATE, "2022-04-26", "2022-04-28"), FieldChange(Change.PLACE, "Moscow", "Kyiv"))
    mention = a_mention(place=KYIV, date=days("2022-04-28"))

    settled = settle(store, items[1], mention, NewDevelopment(event, changes, "moved"))
    assert [development.change for development in settled.developments] == [Change.DATE, Change.PLACE]
    assert (settled.event.place, settled.event.date) == (KYIV, days("2022-04-28"))


def test_party_that_joins_is_a_party_of_the_event(store: Store) -> None:
    items = read_items(store, "a", "b")
    event = settle(store, items[0]).event
    joined = NewDevelopment(event, (FieldChange(Change.PARTY, "RUS+UN", "CHN+RUS+UN"),), "joins")

    settle(store, items[1], a_mention(recipients=(PUTIN, CHINA)), joined)
    assert store.event(event.id).parties == {"UN", "RUS", "CHN"}
    assert _candidates(store, a_mention(actors=(CHINA,), recipients=())) == [event.id]


def test_repetition_is_no_development_but_the_event_was_seen_again(store: Store) -> None:
    items = read_items(store, "a", "b")
    event = settle(store, items[0]).event

    settled = settle(store, items[1], None, Repetition(event, "the same"), at=later(1))
    assert settled.developments == ()
    assert settled.event == replace(event, last_seen_at=later(1))


def test_repetition_carries_over_the_details_it_was_decided_with(store: Store) -> None:
    items = read_items(store, "a", "b")
    event = settle(store, items[0], a_mention(date=None)).event

    detailed = replace(event, date=days("2022-04-26"), counts=(("attending", "20"),))
    settle(store, items[1], None, Repetition(detailed, "the same"))
    assert (store.event(1).date, store.event(1).counts) == (days("2022-04-26"), (("attending", "20"),))


def test_another_publisher_confirms_what_was_told_earlier(store: Store) -> None:
    (first,) = read_items(store, "a")
    (second,) = read_items(store, "b", publisher="other.example")
    event = settle(store, first).event

    settled = settle(store, second, None, Repetition(event, "the same"))
    assert (settled.corroborated, settled.event.publishers) == (True, 2)
    assert [development.change for development in settled.earlier] == [Change.FIRST_REPORT]


def test_earlier_developments_are_newest_first_and_without_the_report_s_own(store: Store) -> None:
    first, second = read_items(store, "a", "b")
    (third,) = read_items(store, "c", publisher="other.example")
    event = settle(store, first).event
    event = settle(store, second, a_mention(status=Status.POSTPONED), _postponed(event)).event
    denied = NewDevelopment(event, (FieldChange(Change.DENIAL, "postponed", "denied"),), "denied")

    settled = settle(store, third, a_mention(status=Status.DENIED), denied)
    assert [development.change for development in settled.developments] == [Change.DENIAL]
    assert [development.change for development in settled.earlier] == [Change.STATUS, Change.FIRST_REPORT]


def test_same_publisher_again_confirms_nothing(store: Store) -> None:
    first, second = read_items(store, "a", "b")
    event = settle(store, first).event

    settled = settle(store, second, None, Repetition(event, "the same"))
    assert (settled.corroborated, settled.event.publishers, settled.earlier) == (False, 1, ())


def test_second_reading_of_an_item_writes_over_its_mention(store: Store) -> None:
    (item,) = read_items(store, "visit-1")
    event = settle(store, item).event
    again = a_mention(actors=(GUTERRES, ZELENSKY), confidence=0.5)

    settle(store, item, again, Repetition(event, "read again"))
    kept = store.table("mentions", "SELECT actors, confidence FROM v_mentions")
    assert kept.rows == (("UKR+UN", 0.5),)


def test_item_belongs_to_the_story_of_its_first_event(store: Store) -> None:
    first, second = read_items(store, "a", "b")
    visit = settle(store, first).event
    talks = settle(store, first, a_mention(Kind.TALKS)).event
    settle(store, second, None, Repetition(talks, "the same"))

    stories = store.table("stories", "SELECT item_id, story_id FROM v_items ORDER BY item_id")
    assert stories.rows == ((first.id, visit.story_id), (second.id, visit.story_id))


def test_events_of_unrelated_items_open_stories_of_their_own(store: Store) -> None:
    first, second = read_items(store, "a", "b")

    assert settle(store, first).event.story_id != settle(store, second).event.story_id


# ---------------------------------------------------------------- overdue


@pytest.mark.parametrize(("today", "passed"), [("2022-04-26", []), ("2022-04-27", [1])])
def test_planned_event_has_passed_on_the_day_after_its_last(store: Store, today: str, passed: list[int]) -> None:
    first, second, third = read_items(store, "a", "b", "c")
    settle(store, first)
    settle(store, second, a_mention(status=Status.OCCURRED))
    settle(store, third, a_mention(date=None))

    with store.begin() as tx:
        assert [event.id for event in tx.passed_events(days(today).start)] == passed


def test_overdue_event_is_told_once(store: Store) -> None:
    (item,) = read_items(store, "visit-1")
    settle(store, item)
    change = FieldChange(Change.OVERDUE, "planned", "no report since 2022-04-26")

    with store.begin() as tx:
        settled = tx.record_overdue(1, change, "its day has passed", later(200))
    (development,) = settled.developments
    assert (development.change, development.item_id, development.publisher) == (Change.OVERDUE, None, "")
    with store.begin() as tx:
        assert tx.passed_events(days("2022-05-01").start) == ()


def heard_all(store: Store, at: datetime) -> bool:
    with store.begin() as tx:
        return tx.has_heard_all(at)


def test_not_all_is_heard_while_a_feed_is_late(store: Store) -> None:
    for url in ("https://one.example/rss", "https://two.example/rss"):
        add_feed(store, url)
    poll(store, feed_id=1, at=later(1))

    assert not heard_all(store, later(1))
    poll(store, feed_id=2, at=later(1))
    assert heard_all(store, later(1))


def test_not_all_is_heard_while_an_item_waits_that_came_before_the_feeds_were_asked(store: Store) -> None:
    (item,) = read_items(store, "visit-1")

    assert not heard_all(store, NOW)
    with store.begin() as tx:
        tx.mark_tagged(item.id, ItemOutcome.NO_EVENT, CHAIN)
    assert heard_all(store, NOW)


def test_what_came_since_the_feeds_were_asked_need_not_be_heard(store: Store) -> None:
    for url in ("https://one.example/rss", "https://two.example/rss"):
        add_feed(store, url)
    poll(store, feed_id=1, at=NOW)
    poll(store, a_new_item("visit-1"), feed_id=2, at=later(0.1))

    assert heard_all(store, later(0.1))


# ---------------------------------------------------------------- one transaction


class Crash(Exception):
    """What a test breaks a transaction with."""


def _settle_and_crash(store: Store, item_id: int) -> None:
    with store.begin() as tx:
        settled = tx.apply(a_report(item_id=item_id), NEW, NOW, CHAIN)
        tx.enqueue([a_new_delivery(settled.developments[0].id)], NOW)
        tx.mark_tagged(item_id, ItemOutcome.TAGGED, CHAIN)
        raise Crash


def test_crash_before_the_end_leaves_nothing_of_it(store: Store) -> None:
    (item,) = read_items(store, "visit-1")
    with pytest.raises(Crash):
        _settle_and_crash(store, item.id)

    tables = ("events", "mentions", "developments", "stories", "event_parties", "deliveries")
    assert [store.table(name, f"SELECT count(*) FROM {name}").rows for name in tables] == [((0,),)] * len(tables)
    assert [waiting.id for waiting in store.untagged_items(NOW, 10)] == [item.id]


def test_report_of_an_unknown_item_writes_nothing(store: Store) -> None:
    with pytest.raises(NotFound, match="no item 7"), store.begin() as tx:
        tx.apply(a_report(item_id=7), NEW, NOW, CHAIN)

    assert store.table("events", "SELECT count(*) FROM events").rows == ((0,),)


def test_unknown_event_is_named_in_the_error(store: Store) -> None:
    with pytest.raises(NotFound, match="no event 7"):
        store.event(7)


def test_history_is_told_oldest_first_with_the_event_as_it_stands(store: Store) -> None:
    items = read_items(store, "a", "b")
    event = settle(store, items[0]).event
    settle(store, items[1], a_mention(status=Status.POSTPONED), _postponed(event), at=later(1))

    history = store.developments_since(NOW)
    assert [development.change for _, development in history] == [Change.FIRST_REPORT, Change.STATUS]
    assert {known.status for known, _ in history} == {Status.POSTPONED}
    assert len(store.developments_since(NOW + timedelta(minutes=1))) == 1
