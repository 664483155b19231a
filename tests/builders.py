"""Values for tests with sensible defaults, so that a test names only what matters to it.

The world of the defaults: at 09:00 UTC on Friday 2022-04-22 a publisher reports that Antonio Guterres will visit
Vladimir Putin in Moscow on the following Tuesday.
"""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

from extractors.ontology import TYPE_OF, EventType, Kind, Status
from extractors.types import Actor, Article, DateRange, EventMention, Introduction, Place, Span
from storage.matches import Match
from storage.types import (
    Change,
    Development,
    Event,
    Feed,
    FeedSpec,
    FeedState,
    Item,
    ItemOutcome,
    NewDelivery,
    NewItem,
    OfficeHolder,
    PolledFeed,
    PollOutcome,
    Report,
)

NOW = datetime(2022, 4, 22, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
INTERVAL = timedelta(minutes=10)

GUTERRES = Actor("UN", "Antonio Guterres")
PUTIN = Actor("RUS", "Vladimir Putin")
ZELENSKY = Actor("UKR", "Volodymyr Zelensky")
MOSCOW = Place("RUS", "Moscow")
KYIV = Place("UKR", "Kyiv")


def later(hours: float) -> datetime:
    """Return an instant so many hours after `NOW`."""
    return NOW + hours * HOUR


def days(start: str, end: str = "") -> DateRange:
    """Return a range of days from ISO texts; one day without `end`."""
    return DateRange(date.fromisoformat(start), date.fromisoformat(end or start))


def a_feed_spec(url: str = "https://www.example.org/world.rss", **changes: Any) -> FeedSpec:
    """Return a feed as somebody asks for it."""
    return FeedSpec(url=url, **changes)


def a_feed(**changes: Any) -> Feed:
    """Return a feed that is due."""
    values: dict[str, Any] = {
        "id": 1,
        "url": "https://www.example.org/world.rss",
        "title": "World",
        "publisher": "example.org",
        "state": FeedState.ACTIVE,
        "interval": INTERVAL,
        "next_poll_at": NOW,
    }
    return Feed(**values | changes)


def a_new_item(guid: str = "visit-1", **changes: Any) -> NewItem:
    """Return an entry of a feed; its URL and words follow from the guid unless given."""
    values: dict[str, Any] = {
        "guid": guid,
        "url": f"https://www.example.org/{guid}?utm_source=rss",
        "canonical_url": f"example.org/{guid}",
        "title": f"Guterres will visit Moscow ({guid})",
        "summary": f"The secretary-general will meet the president on Tuesday. Report {_word(guid)}.",
        "published_at": NOW - HOUR,
    }
    return NewItem(**values | changes)


def a_polled_feed(*items: NewItem, feed_id: int = 1, polled_at: datetime = NOW, **changes: Any) -> PolledFeed:
    """Return a poll that read a document with these entries."""
    values: dict[str, Any] = {
        "outcome": PollOutcome.READ,
        "next_poll_at": polled_at + INTERVAL,
        "interval": INTERVAL,
    }
    return PolledFeed(feed_id=feed_id, polled_at=polled_at, items=items, **values | changes)


def an_item(**changes: Any) -> Item:
    """Return a stored item whose article was read."""
    values: dict[str, Any] = {
        "id": 1,
        "feed_id": 1,
        "guid": "visit-1",
        "url": "https://www.example.org/visit-1",
        "title": "Guterres will visit Moscow",
        "summary": "The secretary-general will meet the president on Tuesday.",
        "text": "The secretary-general of the United Nations will visit Moscow on Tuesday, a spokeswoman said.",
        "publisher": "example.org",
        "published_at": NOW - HOUR,
        "seen_at": NOW,
        "outcome": ItemOutcome.READ,
    }
    return Item(**values | changes)


def an_article(text: str = "Guterres will visit Putin in Moscow on Tuesday.", **changes: Any) -> Article:
    """Return an article published on the day of `NOW`."""
    values: dict[str, Any] = {"key": "1", "published_on": NOW.date()}
    return Article(text=text, **values | changes)


def a_mention(kind: Kind = Kind.VISIT, **changes: Any) -> EventMention:
    """Return a mention of the planned visit; its type follows from the kind."""
    text = "Guterres will visit Putin in Moscow on Tuesday"
    values: dict[str, Any] = {
        "type": TYPE_OF[kind],
        "actors": (GUTERRES,),
        "recipients": (PUTIN,),
        "place": MOSCOW,
        "date": days("2022-04-26"),
        "status": Status.PLANNED,
        "attribution": "a spokeswoman",
        "evidence": Span(0, len(text), text),
        "confidence": 0.8,
    }
    return EventMention(kind=kind, **values | changes)


def an_introduction(name: str = "Liv Aasen", code: str = "NOR", **changes: Any) -> Introduction:
    """Return how a text introduces the Norwegian foreign minister, or somebody else of that office."""
    values: dict[str, Any] = {
        "surname": name.split()[-1],
        "office": "foreign minister",
        "passage": Span(0, 36, f"Norwegian Foreign Minister {name}"),
    }
    return Introduction(name=name, code=code, **values | changes)


def an_office_holder(name: str = "Liv Aasen", code: str = "NOR", **changes: Any) -> OfficeHolder:
    """Return what one item said of the Norwegian foreign minister at `NOW`."""
    values: dict[str, Any] = {
        "id": 1,
        "surname": name.split()[-1],
        "office": "foreign minister",
        "first_seen_at": NOW,
        "last_seen_at": NOW,
        "times": 1,
        "first_item_id": 1,
    }
    return OfficeHolder(name=name, code=code, **values | changes)


def a_report(mention: EventMention | None = None, **changes: Any) -> Report:
    """Return a mention with who published it and when; without one, the planned visit."""
    values: dict[str, Any] = {
        "item_id": 1,
        "publisher": "example.org",
        "title": "Guterres will visit Moscow",
        "published_at": NOW - HOUR,
    }
    return Report(mention=mention or a_mention(), **values | changes)


def an_event(**changes: Any) -> Event:
    """Return the planned visit as an event."""
    values: dict[str, Any] = {
        "id": 1,
        "type": EventType.CONSULT,
        "kind": Kind.VISIT,
        "actors": (GUTERRES,),
        "recipients": (PUTIN,),
        "place": MOSCOW,
        "date": days("2022-04-26"),
        "status": Status.PLANNED,
        "status_at": NOW - HOUR,
        "first_seen_at": NOW,
        "last_seen_at": NOW,
    }
    return Event(**values | changes)


def a_development(change: Change = Change.FIRST_REPORT, **changes: Any) -> Development:
    """Return a development of the planned visit; without changes, its first report."""
    values: dict[str, Any] = {
        "id": 1,
        "event_id": 1,
        "old": "",
        "new": "visit planned 2022-04-26 in Moscow",
        "reason": "no event shares a party with it",
        "seen_at": NOW,
        "evidence": "Guterres will visit Putin in Moscow on Tuesday",
        "publisher": "example.org",
        "title": "Guterres will visit Moscow",
        "url": "https://www.example.org/visit-1",
        "item_id": 1,
        "published_at": NOW - HOUR,
        "confidence": 0.8,
    }
    return Development(change=change, **values | changes)


def a_match(
    number: int = 1, at: datetime = NOW, *, rule: str = "visits", event: Event | None = None, **changes: Any
) -> Match:
    """Return that a rule matched a development of this number at an instant, ready to be told."""
    values: dict[str, Any] = {"ready_at": at, "ready_by": number}
    development = a_development(id=number, seen_at=at, event_id=event.id if event else 1)
    return Match(rule, event or an_event(), development, "kind visit", at, **values | changes)


def a_new_delivery(*development_ids: int, **changes: Any) -> NewDelivery:
    """Return a message that tells these developments of event 1."""
    values: dict[str, Any] = {
        "key": f"visits:desk:{'-'.join(map(str, development_ids))}",
        "rule": "visits",
        "channel": "desk",
        "event_id": 1,
        "title": "Visit to Moscow",
        "body": "Guterres will visit Putin in Moscow on Tuesday",
        "reason": "kind is visit",
    }
    return NewDelivery(development_ids=development_ids, **values | changes)


def _word(guid: str) -> str:
    """A word that only entries of this guid have, so that no two of them read the same."""
    return hashlib.sha256(guid.encode()).hexdigest()[:12]
