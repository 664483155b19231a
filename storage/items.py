"""Items: what a poll brings, what waits for its article, what waits for the chain."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from storage.database import insert_rows, new_ids
from storage.dedup.identity import (
    Document,
    Entry,
    KnownItem,
    SameItem,
    identify_entry,
    is_from_sibling,
    title_key,
)
from storage.errors import NotFound
from storage.models import FeedRow, ItemKeyRow, ItemRevisionRow, ItemRow
from storage.types import Item, ItemOutcome, PolledFeed, PollRecord, ReadArticle

WAITING_FOR_CHAIN = (ItemOutcome.READ.value, ItemOutcome.SUMMARY_ONLY.value)

# How long the items of one poll wait for each other's articles. A fetch ends after 30 s at the latest; a host that
# wants more time between two of them shall not hold up what was read.
READ_TOGETHER = timedelta(minutes=1)

# Values bound in one statement: SQLite takes 32766, before version 3.32 only 999 (https://www.sqlite.org/limits.html).
_CHUNK = 500

# Entries of the document at hand that are unseen so far are known by numbers from here on, until they have their ids.
_UNSAVED = 1 << 62

# Statements about columns alone, built once: each would take longer to build than to run.
_FEEDS, _ITEMS, _KEYS, _WORDINGS = (
    cast(Table, row.__table__) for row in (FeedRow, ItemRow, ItemKeyRow, ItemRevisionRow)
)
_OWN = _FEEDS.alias()
_SIBLINGS = (
    select(_OWN.c.id, _FEEDS.c.id)
    .join(_FEEDS, _OWN.c.publisher == _FEEDS.c.publisher)
    .where(_OWN.c.id.in_(bindparam("feed_ids", expanding=True)), _FEEDS.c.id != _OWN.c.id)
)
_FILLED = select(_FEEDS.c.id).where(
    _FEEDS.c.id.in_(bindparam("feed_ids", expanding=True)), exists().where(_ITEMS.c.feed_id == _FEEDS.c.id)
)
_KEYS_OF = (
    select(_KEYS.c.item_id, _KEYS.c.kind, _KEYS.c.digest)
    .where(
        _KEYS.c.feed_id.in_(bindparam("feed_ids", expanding=True)),
        _KEYS.c.digest.in_(bindparam("digests", type_=Text(), expanding=True)),
    )
    .order_by(_KEYS.c.item_id)
)
_ITEMS_OF = select(_ITEMS.c.id, _ITEMS.c.guid, _ITEMS.c.canonical_url, _ITEMS.c.title, _ITEMS.c.published_at).where(
    _ITEMS.c.id.in_(bindparam("item_ids", expanding=True))
)
_WORDINGS_OF = select(_WORDINGS.c.item_id, _WORDINGS.c.content_hash).where(
    _WORDINGS.c.item_id.in_(bindparam("item_ids", expanding=True))
)

Key = tuple[str, str]
_T = TypeVar("_T")


def record_polls(session: Session, polls: Sequence[PolledFeed], now: datetime) -> tuple[PollRecord, ...]:
    """Write what polls brought, unseen items and new wordings of known ones, and return the record of each.

    The number of statements does not depend on the number of entries, and none of them loads an object: a thousand
    feeds may be due. The feeds' rows are locked already (`feeds.record_polls`), so that two polls of one feed cannot
    both find an entry unseen.
    """
    recording = _Recording.of(session, [polled.feed_id for polled in polls if polled.items], now)
    records = tuple(recording.record(polled) for polled in polls)
    recording.flush()
    return records


@dataclass(slots=True)
class _Recording:
    """Polls that are recorded in one transaction: unseen entries are written together, as late as may be.

    `siblings` are other feeds of a feed's publisher, `filled` the feeds that have items.
    """

    session: Session
    now: datetime
    siblings: Mapping[int, frozenset[int]]
    filled: set[int]
    unseen: list[tuple[int, Entry]] = field(default_factory=list)  # feed and entry, not written yet
    unwritten: set[int] = field(default_factory=set)  # the feeds of these

    @classmethod
    def of(cls, session: Session, feed_ids: Sequence[int], now: datetime) -> "_Recording":
        connection = session.connection()
        siblings: dict[int, set[int]] = {}
        for feed_id, sibling in connection.execute(_SIBLINGS, {"feed_ids": feed_ids}) if feed_ids else ():
            siblings.setdefault(feed_id, set()).add(sibling)
        concerned = sorted({*feed_ids, *(one for others in siblings.values() for one in others)})
        filled = {
            feed_id for chunk in _chunks(concerned) for feed_id in connection.scalars(_FILLED, {"feed_ids": chunk})
        }
        return cls(session, now, {feed_id: frozenset(others) for feed_id, others in siblings.items()}, filled)

    def record(self, polled: PolledFeed) -> PollRecord:
        """Take in what a poll brought."""
        entries = [Entry.of(new) for new in polled.items]
        sorted_ = _sort(entries, self._known({polled.feed_id}, entries))
        unseen = self._without_siblings(polled.feed_id, sorted_.new)
        self._add(polled.feed_id, unseen)
        _insert_revisions(self.session, polled.feed_id, sorted_.revised, self.now)
        known_count = len(entries) - len(unseen) - len(sorted_.revised)
        return PollRecord(len(unseen), len(sorted_.revised), known_count, len(polled.skipped))

    def flush(self) -> None:
        """Write the unseen entries."""
        _insert_items(self.session, self.unseen, self.now)
        self.unseen.clear()
        self.unwritten.clear()

    def _add(self, feed_id: int, unseen: Sequence[Entry]) -> None:
        if unseen:
            self.unseen += [(feed_id, entry) for entry in unseen]
            self.unwritten.add(feed_id)
            self.filled.add(feed_id)

    def _known(self, feed_ids: Set[int], entries: Sequence[Entry]) -> "_Known":
        asked = feed_ids & self.filled
        if not asked or not entries:
            return _Known()  # first documents: there is nothing to look up
        if asked & self.unwritten:
            self.flush()
        return _Known.of(self.session.connection(), sorted(asked), entries)

    def _without_siblings(self, feed_id: int, new: Sequence[Entry]) -> list[Entry]:
        """Return the entries without those that another feed of the same publisher brought before."""
        known = self._known(self.siblings.get(feed_id, frozenset()), new)
        return [entry for entry in new if not is_from_sibling(entry, known.candidates(entry))]


# ---------------------------------------------------------------- new, revised or known


@dataclass(slots=True)
class _Known:
    """The items of some feeds that share a key with entries; grows by the new ones of the same document."""

    items: dict[int, KnownItem] = field(default_factory=dict)
    by_key: dict[Key, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection, feed_ids: Sequence[int], entries: Sequence[Entry]) -> "_Known":
        known = cls()
        keys = {key for entry in entries for key in entry.keys}
        for item_id, kind, digest in _key_rows(connection, feed_ids, {digest for _, digest in keys}):
            if (kind, digest) in keys:
                known.by_key.setdefault((kind, digest), []).append(item_id)
        known.items = _known_items(connection, {item_id for ids in known.by_key.values() for item_id in ids})
        return known

    def candidates(self, entry: Entry) -> tuple[KnownItem, ...]:
        if not self.by_key:
            return ()
        ids = dict.fromkeys(item_id for key in entry.keys for item_id in self.by_key.get(key, ()))
        return tuple(self.items[item_id] for item_id in ids)

    def add(self, item_id: int, entry: Entry, hashes: frozenset[str]) -> None:
        new = entry.new
        self.items[item_id] = KnownItem(
            item_id, new.guid, new.canonical_url, title_key(new.title), hashes, new.published_at
        )
        for key in entry.keys:
            ids = self.by_key.setdefault(key, [])
            if item_id not in ids:
                ids.append(item_id)


@dataclass(slots=True)
class _Sorted:
    """The entries of a document, apart: unseen ones, and per known item its latest new wording."""

    new: list[Entry] = field(default_factory=list)
    revised: dict[int, Entry] = field(default_factory=dict)


def _sort(entries: Sequence[Entry], known: _Known) -> _Sorted:
    """Tell the entries apart; one that repeats an unseen entry of the same document is that entry."""
    result, document = _Sorted(), Document(entries)
    for entry in entries:
        found = identify_entry(entry, known.candidates(entry), document)
        if not isinstance(found, SameItem):
            result.new.append(entry)
            if not document.is_alone(entry):
                known.add(_UNSAVED + len(result.new), entry, frozenset({entry.content_hash}))
        elif found.revised and found.item_id < _UNSAVED:
            hashes = known.items[found.item_id].content_hashes | {entry.content_hash}
            result.revised[found.item_id] = entry
            known.add(found.item_id, entry, hashes)
    return result


def _key_rows(connection: Connection, feed_ids: Sequence[int], digests: set[str]) -> Iterator[tuple[int, str, str]]:
    for chunk in _chunks(sorted(digests)):
        yield from connection.execute(_KEYS_OF, {"feed_ids": feed_ids, "digests": chunk})


def _known_items(connection: Connection, item_ids: set[int]) -> dict[int, KnownItem]:
    hashes: dict[int, set[str]] = {}
    rows: list[Any] = []
    for chunk in _chunks(sorted(item_ids)):
        rows += connection.execute(_ITEMS_OF, {"item_ids": chunk})
        for item_id, digest in connection.execute(_WORDINGS_OF, {"item_ids": chunk}):
            hashes.setdefault(item_id, set()).add(digest)
    return {
        item_id: KnownItem(item_id, guid, url, title_key(title), frozenset(hashes[item_id]), published_at)
        for item_id, guid, url, title, published_at in rows
    }


def _chunks(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


# ---------------------------------------------------------------- writing


# The columns of a new item, of one of its wordings, and of what it can be recognised by, in order of the values below.
_ITEM = tuple(
    "id feed_id guid url canonical_url title summary text published_at seen_at outcome revision content_hash "
    "read_attempts next_read_at read_failure tag_failure".split()
)
_WORDING = ("item_id", "number", "content_hash", "title", "summary", "seen_at")
_KEY = ("item_id", "feed_id", "kind", "digest")


def _insert_items(session: Session, unseen: Sequence[tuple[int, Entry]], now: datetime) -> None:
    """Write new items, each with its feed."""
    if not unseen:
        return
    saved = [(item_id, *one) for item_id, one in zip(new_ids(session, ItemRow, len(unseen)), unseen, strict=True)]
    insert_rows(session, ItemRow, _ITEM, [_new_row(item_id, feed_id, entry, now) for item_id, feed_id, entry in saved])
    wordings = [_wording(item_id, 0, entry, now) for item_id, _, entry in saved]
    insert_rows(session, ItemRevisionRow, _WORDING, wordings)
    _insert_keys(session, saved)


def _insert_revisions(session: Session, feed_id: int, revised: dict[int, Entry], now: datetime) -> None:
    """Keep the new wording, and send the item through reading and tagging again."""
    if not revised:
        return
    numbers: dict[int, int] = {}
    for chunk in _chunks(sorted(revised)):
        rows = session.execute(select(ItemRow.id, ItemRow.revision).where(ItemRow.id.in_(chunk)))
        numbers |= {item_id: revision + 1 for item_id, revision in rows}
    session.execute(
        update(ItemRow), [_revised(item_id, numbers[item_id], entry, now) for item_id, entry in revised.items()]
    )
    wordings = [_wording(item_id, numbers[item_id], entry, now) for item_id, entry in revised.items()]
    insert_rows(session, ItemRevisionRow, _WORDING, wordings)
    _insert_keys(session, [(item_id, feed_id, entry) for item_id, entry in revised.items()])


def _insert_keys(session: Session, entries: Iterable[tuple[int, int, Entry]]) -> None:
    rows = [(item_id, feed_id, *key) for item_id, feed_id, entry in entries for key in entry.keys]
    insert_rows(session, ItemKeyRow, _KEY, rows, known_stay=True)


def _new_row(item_id: int, feed_id: int, entry: Entry, now: datetime) -> tuple[Any, ...]:
    new = entry.new
    said = (new.guid, new.url, new.canonical_url, new.title, new.summary, new.text, new.published_at)
    return (item_id, feed_id, *said, now, ItemOutcome.UNREAD.value, 0, entry.content_hash, 0, now, "", "")


def _revised(item_id: int, number: int, entry: Entry, now: datetime) -> dict[str, Any]:
    """The columns that a new wording changes; the guid stays the one the item was first seen with."""
    new = entry.new
    dated = {} if new.published_at is None else {"published_at": new.published_at}
    return dated | {
        "id": item_id,
        "revision": number,
        "url": new.url,
        "canonical_url": new.canonical_url,
        "title": new.title,
        "summary": new.summary,
        "text": new.text,
        "content_hash": entry.content_hash,
        "outcome": ItemOutcome.UNREAD.value,
        "read_attempts": 0,
        "next_read_at": now,
        "read_leased_until": None,
        "read_failure": "",
        "tag_failure": "",
    }


def _wording(item_id: int, number: int, entry: Entry, now: datetime) -> tuple[Any, ...]:
    return (item_id, number, entry.content_hash, entry.new.title, entry.new.summary, now)


# ---------------------------------------------------------------- reading and tagging

# The order in which items are read and settled.
_SETTLED = (ItemRow.seen_at, func.coalesce(ItemRow.published_at, ItemRow.seen_at), ItemRow.guid, ItemRow.id)


def unread_items(session: Session, now: datetime, limit: int, lease: timedelta) -> tuple[Item, ...]:
    """Claim items whose article may be fetched now, the longest waiting first."""
    unread = (
        _items()
        .where(ItemRow.outcome == ItemOutcome.UNREAD, ItemRow.next_read_at <= now)
        .where(or_(ItemRow.read_leased_until.is_(None), ItemRow.read_leased_until <= now))
        .order_by(ItemRow.next_read_at, *_SETTLED)
        .limit(limit)
        .with_for_update(skip_locked=True, of=ItemRow)
    )
    items = tuple(_item(*row) for row in session.execute(unread))
    if items and lease:
        claimed = update(ItemRow).where(ItemRow.id.in_([item.id for item in items]))
        session.execute(claimed.values(read_leased_until=now + lease), execution_options={"synchronize_session": False})
    return items


def record_articles(session: Session, reads: Sequence[ReadArticle]) -> tuple[ItemOutcome, ...]:
    """Write what reading items' articles gave, and return what each item is now.

    An item that no longer waits for its article stays as it is. Raises NotFound, and nothing is written then.
    """
    numbers = [read.item_id for read in reads]
    waiting = select(ItemRow).where(ItemRow.id.in_(numbers)).order_by(ItemRow.id).with_for_update()
    rows = {row.id: row for row in session.scalars(waiting)}
    if unknown := [number for number in numbers if number not in rows]:
        raise NotFound(f"no item {unknown[0]}")
    for read in reads:
        if rows[read.item_id].outcome == ItemOutcome.UNREAD:
            _record_reading(rows[read.item_id], read)
    return tuple(ItemOutcome(rows[number].outcome) for number in numbers)


def _record_reading(row: ItemRow, read: ReadArticle) -> None:
    row.read_attempts += 1
    row.read_failure = read.failure
    row.read_leased_until = None
    if read.retry_at is not None:
        row.next_read_at = read.retry_at
        return
    row.text = read.text or row.text
    row.outcome = (ItemOutcome.SUMMARY_ONLY if read.failure else ItemOutcome.READ).value


def untagged_items(session: Session, now: datetime, limit: int) -> tuple[Item, ...]:
    """Return items that wait for the chain, in the order in which they are settled.

    As they came in; those of one poll by publication and guid, so that nothing depends on their order in a document.
    Nor does it on which article is read first: an item waits up to `READ_TOGETHER` for the others of its poll.
    """
    waiting = (
        _items().where(ItemRow.outcome.in_(WAITING_FOR_CHAIN), ~_others_are_read(now)).order_by(*_SETTLED).limit(limit)
    )
    return tuple(_item(*row) for row in session.execute(waiting))


def _others_are_read(now: datetime) -> ColumnElement[bool]:
    """Whether articles of the same poll, which made them due at one instant, are being read for the first time."""
    other = aliased(ItemRow)
    return exists().where(
        other.outcome == ItemOutcome.UNREAD,
        other.next_read_at == ItemRow.next_read_at,
        other.next_read_at > now - READ_TOGETHER,
        other.feed_id == ItemRow.feed_id,
        other.read_attempts == 0,
    )


def waits(session: Session, until: datetime) -> bool:
    """Say whether an item seen until an instant waits for the chain, or for its article for the first time."""
    being_read = and_(ItemRow.outcome == ItemOutcome.UNREAD, ItemRow.read_attempts == 0)
    waiting = select(ItemRow.id).where(or_(ItemRow.outcome.in_(WAITING_FOR_CHAIN), being_read))
    return session.scalar(waiting.where(ItemRow.seen_at <= until).limit(1)) is not None


# Built once: it runs for every item.
_TABLE: Any = ItemRow.__table__
_MARK = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("number"), _TABLE.c.outcome.in_(WAITING_FOR_CHAIN))
    .where(_TABLE.c.revision == func.coalesce(bindparam("read", type_=Integer), _TABLE.c.revision))
    .values(outcome=bindparam("ended"), chain_version=bindparam("chain"), tag_failure=bindparam("failure"))
    .values(tagged_revision=_TABLE.c.revision)
)


def mark_tagged(
    session: Session,
    item_id: int,
    outcome: ItemOutcome,
    chain_version: str,
    failure: str,
    revision: int | None,
) -> bool:
    """Write how the chain ended for an item; return whether it was still waiting for that.

    It is not when its publisher changed it meanwhile (`revision`, where given, is no longer its own): then it goes
    through the chain again. Raises NotFound.
    """
    ended = {"ended": outcome.value, "chain": chain_version, "failure": failure}
    marked = session.connection().execute(_MARK, {"number": item_id, "read": revision, **ended})
    if marked.rowcount:
        return True
    if session.scalar(select(ItemRow.id).where(ItemRow.id == item_id)) is None:
        raise NotFound(f"no item {item_id}")
    return False


def item(session: Session, item_id: int) -> Item:
    """Return one item; raises NotFound."""
    found = session.execute(_items().where(ItemRow.id == item_id)).one_or_none()
    if found is None:
        raise NotFound(f"no item {item_id}")
    return _item(*found)


def item_counts(session: Session) -> dict[ItemOutcome, int]:
    """Return how many items there are of each outcome, 0 included."""
    counted = select(ItemRow.outcome, func.count()).group_by(ItemRow.outcome)
    counts = dict(session.execute(counted).all())
    return {outcome: counts.get(outcome.value, 0) for outcome in ItemOutcome}


def _items() -> Select[ItemRow, str]:
    return select(ItemRow, FeedRow.publisher).join(FeedRow, FeedRow.id == ItemRow.feed_id)


def _item(row: ItemRow, publisher: str) -> Item:
    return Item(
        id=row.id,
        feed_id=row.feed_id,
        guid=row.guid,
        url=row.url,
        title=row.title,
        summary=row.summary,
        text=row.text,
        publisher=publisher,
        published_at=row.published_at,
        seen_at=row.seen_at,
        outcome=ItemOutcome(row.outcome),
        revision=row.revision,
        read_attempts=row.read_attempts,
        read_failure=row.read_failure,
        story_id=row.story_id,
    )
