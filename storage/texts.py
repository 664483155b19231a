"""The words of items in the tables: what a new item can meet is read onto a shelf, and its place is written back.

Where it belongs is decided in `storage.dedup.shelf`. All of it expires, and a word or band keeps so many items at most,
so that neither the tables nor what is read for an item grow with history.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from storage.database import bound_instant, write_over
from storage.dedup.copies import SharedText, Signature
from storage.dedup.shelf import COPIED_WITHIN, Placed, Shelf, Unplaced
from storage.dedup.stories import ALIVE, Commonness, Profile, StoryProfile
from storage.models import (
    ItemRow,
    ItemTermRow,
    ItemTextRow,
    SharedTextRow,
    StoryProfileRow,
    StoryRow,
    TermCountRow,
    TextBandRow,
)
from storage.types import Item

# How many late items a word or a band leads to. More found no further story on uci_news_sample, whose largest has 165
# headlines; a text that is copied more often is found by any of its copies.
TERM_SLOTS, BAND_SLOTS = 32, 8
# After so long a word counts half.
HALF_LIFE = timedelta(days=30)
_HOUR = timedelta(hours=1)
# What is over is deleted so many rows at a time: a little more than an item brings.
_SWEPT = 200
# Values bound in one statement, as in items.py.
_CHUNK = 500
_ALL_ITEMS = -1

_T = TypeVar("_T")


def place(session: Session, items: Sequence[Item], now: datetime) -> tuple[Item, ...]:
    """Find the report and the story of items, in their order, and return them with both; what is placed stays there.

    The words of one poll are counted together: with whom else its items wait makes no difference. A revised item keeps
    its story. What can no longer be met is deleted on the way.
    """
    known = _known(session, [item.id for item in items])
    fresh = [item for item in items if item.id not in known or known[item.id].revision != item.revision]
    if fresh:
        _sweep(session, now, len(fresh))
        known |= _place(session, fresh, {one: known[one].story_id for one in known}, now)
    return tuple(_placed(item, known[item.id]) for item in items)


def _placed(item: Item, there: "_Place") -> Item:
    return replace(item, story_id=there.story_id, affair_id=there.affair_id, copy_of=there.copy_of)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an item of this revision was put."""

    revision: int
    story_id: int
    affair_id: int
    copy_of: int | None


def _known(session: Session, ids: Sequence[int]) -> dict[int, _Place]:
    columns = select(
        ItemTextRow.item_id, ItemTextRow.revision, ItemTextRow.story_id, ItemTextRow.copy_of, StoryProfileRow.profile
    ).outerjoin(StoryProfileRow, StoryProfileRow.story_id == ItemTextRow.story_id)
    rows = (row for chunk in _chunks(ids) for row in session.execute(columns.where(ItemTextRow.item_id.in_(chunk))))
    return {row.item_id: _Place(row.revision, row.story_id, _affair(row), row.copy_of) for row in rows}


def _affair(row: Any) -> int:
    return StoryProfile.unpacked(row.profile).affair_id if row.profile else int(row.story_id)


def _place(session: Session, fresh: Sequence[Item], before: dict[int, int], now: datetime) -> dict[int, _Place]:
    unplaced = {item.id: _unplaced(item) for item in fresh}
    polls = [[unplaced[item.id] for item in poll] for _, poll in groupby(sorted(fresh, key=_poll), key=_poll)]
    shelf = _load(session, polls, now)
    placed = [shelf.place(one, story_id=before.get(one.item_id)) for one in unplaced.values()]
    numbers = _open_stories(session, placed, now)
    placed = [
        replace(
            one,
            story_id=numbers.get(one.story_id, one.story_id),
            affair_id=numbers.get(one.affair_id, one.affair_id),
        )
        for one in placed
    ]
    shelf.stories = {
        numbers.get(number, number): replace(story, affair_id=numbers.get(story.affair_id, story.affair_id))
        for number, story in shelf.stories.items()
    }
    revisions = {item.id: item.revision for item in fresh}
    _save(session, shelf, placed, revisions, now)
    return {one.item_id: _Place(revisions[one.item_id], one.story_id, one.affair_id, one.copy_of) for one in placed}


def _unplaced(item: Item) -> Unplaced:
    return Unplaced.of(item.id, item.title, item.text or item.summary, item.dated_at)


def _poll(item: Item) -> tuple[datetime, int]:
    return item.seen_at, item.feed_id


# ---------------------------------------------------------------- reading


def _load(session: Session, polls: Sequence[Sequence[Unplaced]], now: datetime) -> Shelf:
    """Return a shelf with all that the items can meet, their words counted."""
    shelf = Shelf(BAND_SLOTS, TERM_SLOTS)
    _count(session, shelf, polls, now)
    unplaced = [one for poll in polls for one in poll]
    terms = {term for one in unplaced for term in shelf.profile(one).looked_up}
    bands = {band for one in unplaced for band in one.signature.bands}
    _read_keys(session, TextBandRow.band, TextBandRow.item_id, bands, shelf.by_band)
    _read_keys(session, ItemTermRow.term, ItemTermRow.item_id, terms, shelf.by_term)
    _read_shared(session, {one.signature.text_hash for one in unplaced} - {""}, shelf)
    _read_items(session, _worth_reading(shelf, unplaced), shelf)
    _read_stories(session, {one.story_id for one in shelf.items.values()}, shelf)
    return shelf


def _count(session: Session, shelf: Shelf, polls: Sequence[Sequence[Unplaced]], now: datetime) -> None:
    """Count the items' words; older counts are worth less by the hour."""
    hour = _hours(now)
    words = {word for poll in polls for one in poll for word in one.wording.words}
    columns = select(TermCountRow.term, TermCountRow.items, TermCountRow.counted)
    counts = {
        term: number * _worth(hour - counted)
        for chunk in _chunks([_ALL_ITEMS, *sorted(words)])
        for term, number, counted in session.execute(columns.where(TermCountRow.term.in_(chunk)))
    }
    shelf.common = Commonness(counts.pop(_ALL_ITEMS, 0.0), counts)
    remembered = shelf.count(polls)
    rows = [(word, shelf.common.counts[word], hour) for word in sorted(remembered)]
    write_over(session, TermCountRow, _COUNT, [(_ALL_ITEMS, shelf.common.items, hour), *rows])


def _worth(hours: int) -> float:
    return float(0.5 ** (max(0, hours) * _HOUR / HALF_LIFE))


def _hours(instant: datetime) -> int:
    return int(instant.timestamp() // 3600)


def _read_keys(session: Session, key: Any, item_id: Any, wanted: set[int], found: dict[int, set[int]]) -> None:
    for chunk in _chunks(sorted(wanted)):
        for value, number in session.execute(select(key, item_id).where(key.in_(chunk))):
            found.setdefault(value, set()).add(number)


def _read_shared(session: Session, hashes: set[str], shelf: Shelf) -> None:
    for chunk in _chunks(sorted(hashes)):
        for row in session.scalars(select(SharedTextRow).where(SharedTextRow.text_hash.in_(chunk))):
            shelf.shared[row.text_hash] = SharedText(row.report_id, tuple(title for (title,) in row.titles))


def _worth_reading(shelf: Shelf, unplaced: Sequence[Unplaced]) -> set[int]:
    numbers = {shared.report_id for shared in shelf.shared.values()}
    for one in unplaced:
        numbers.update(shelf.neighbours(shelf.profile(one)))
        numbers.update(number for band in one.signature.bands for number in shelf.by_band.get(band, ()))
    return numbers


def _read_items(session: Session, numbers: set[int], shelf: Shelf) -> None:
    columns = select(
        ItemTextRow.item_id,
        ItemTextRow.report_id,
        ItemTextRow.copy_of,
        ItemTextRow.story_id,
        ItemTextRow.text_hash,
        ItemTextRow.shingles,
        ItemTextRow.profile,
    )
    for chunk in _chunks(sorted(numbers)):
        for number, report, copy, story, text_hash, runs, packed in session.execute(
            columns.where(ItemTextRow.item_id.in_(chunk))
        ):
            known = Signature.unpacked(text_hash, runs), Profile.unpacked(packed)
            shelf.items[number] = Placed(number, report, copy, story, story, *known, reason="")


def _read_stories(session: Session, numbers: set[int], shelf: Shelf) -> None:
    columns = select(StoryProfileRow.story_id, StoryProfileRow.profile)
    for chunk in _chunks(sorted(numbers)):
        for number, packed in session.execute(columns.where(StoryProfileRow.story_id.in_(chunk))):
            shelf.stories[number] = StoryProfile.unpacked(packed)


# ---------------------------------------------------------------- writing

_COUNT = ("term", "items", "counted")
_BAND = ("band", "slot", "item_id", "until")
_TERM = ("term", "slot", "item_id", "until")
_STORY = ("story_id", "profile", "counts_until")
_SHARED = ("text_hash", "report_id", "titles", "counts_until")
_TEXT = (
    *("item_id", "revision", "report_id", "copy_of", "story_id"),
    *("text_hash", "shingles", "profile", "reason", "counts_until"),
)


def _open_stories(session: Session, placed: Sequence[Placed], now: datetime) -> dict[int, int]:
    """Write the stories that are new; return their numbers by those that they have on the shelf."""
    new = sorted({one.story_id for one in placed if one.story_id < 0}, reverse=True)
    if not new:
        return {}
    opened = insert(StoryRow).returning(StoryRow.id, sort_by_parameter_order=True)
    ids = session.scalars(opened, [{"first_seen_at": now} for _ in new])
    return dict(zip(new, ids, strict=True))


def _save(session: Session, shelf: Shelf, placed: Sequence[Placed], revisions: dict[int, int], now: datetime) -> None:
    session.execute(update(ItemRow), [{"id": one.item_id, "story_id": one.story_id} for one in placed])
    soon, later = bound_instant(session, now + COPIED_WITHIN), bound_instant(session, now + ALIVE)
    texts = [(*_text(one, revisions[one.item_id]), later) for one in placed]
    write_over(session, ItemTextRow, _TEXT, texts)
    write_over(session, TextBandRow, _BAND, list(_band_rows(placed, _hours(now + COPIED_WITHIN))))
    write_over(session, ItemTermRow, _TERM, list(_term_rows(placed, _hours(now + ALIVE))))
    shared = [(text, one.report_id, json.dumps([[title] for title in one.titles]), soon) for text, one in _used(shelf)]
    write_over(session, SharedTextRow, _SHARED, shared)
    stories = [(number, shelf.stories[number].packed(), later) for number in sorted({one.story_id for one in placed})]
    write_over(session, StoryProfileRow, _STORY, stories)


def _text(one: Placed, revision: int) -> tuple[Any, ...]:
    place = (one.item_id, revision, one.report_id, one.copy_of, one.story_id)
    return (*place, one.signature.text_hash, one.signature.packed(), one.profile.packed(), one.reason)


def _used(shelf: Shelf) -> list[tuple[str, SharedText]]:
    return sorted(shelf.shared.items())


def _band_rows(placed: Iterable[Placed], until: int) -> Iterator[tuple[int, ...]]:
    for one in placed:
        slot = one.item_id % BAND_SLOTS
        yield from ((band, slot, one.item_id, until) for band in dict.fromkeys(one.signature.bands))


def _term_rows(placed: Iterable[Placed], until: int) -> Iterator[tuple[int, ...]]:
    for one in placed:
        slot = one.item_id % TERM_SLOTS
        yield from ((term, slot, one.item_id, until) for term in one.profile.looked_up)


# ---------------------------------------------------------------- what is over


def _sweep(session: Session, now: datetime, items: int) -> None:
    """Delete what nobody can meet any more: a bounded number of rows, but more than as many items bring."""
    limit, hour = max(_SWEPT, 50 * items), _hours(now)
    for instant in (ItemTextRow.counts_until, SharedTextRow.counts_until, StoryProfileRow.counts_until):
        _delete_before(session, instant, now, limit)
    for key in (TextBandRow.until, ItemTermRow.until):
        _delete_before(session, key, hour, limit)
    # After six half-lives a word that was seen once counts a sixtieth.
    _delete_before(session, TermCountRow.counted, _hours(now - 6 * HALF_LIFE), limit)


def _delete_before(session: Session, key: Any, until: Any, limit: int) -> None:
    """Delete up to `limit` rows, the oldest first; rows of the same instant go together."""
    oldest = select(key.label("until")).where(key < until).order_by(key).limit(limit).subquery()
    last = session.scalar(select(func.max(oldest.c.until)))
    if last is not None:
        session.execute(delete(key.class_).where(key <= last), execution_options={"synchronize_session": False})


def _chunks(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))
