"""Feeds: which there are, which are due, and what the next conditional request needs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from storage.errors import Conflict, NotFound
from storage.models import EventPublisherRow, FeedRow, ItemRow
from storage.publishers import publisher_of
from storage.rhythm import Rhythm, after_news
from storage.types import Feed, FeedSpec, FeedState, PolledFeed, PollOutcome

CONFIG, COMMAND = "config", "command"
# By whom a feed is paused that a person removed: it is listed no more, and what it brought stays.
REMOVED = "removed"

_IS_LISTED = FeedRow.paused_by != REMOVED

# A feed that is due for so long has been left out, by a daemon that was down or cannot keep up.
LATE = timedelta(minutes=15)


class SyncedFeeds(NamedTuple):
    """How many feeds the configuration added, resumed and paused."""

    added: int
    resumed: int
    paused: int


def sync_feeds(session: Session, specs: Sequence[FeedSpec], now: datetime, default_interval: timedelta) -> SyncedFeeds:
    """Make the listed feeds active and pause those that the configuration listed before.

    A feed that a person paused stays paused, and one whose server said 410 stays gone. A URL that is listed twice
    is one feed, the last entry of it counts. What events know of a publisher follows when it gets another name.
    """
    listed = {spec.url: spec for spec in specs}
    rows = _by_url(session, listed)
    new = [_new_row(spec, now, default_interval, CONFIG) for url, spec in listed.items() if url not in rows]
    session.add_all(new)
    known = [(rows[url], spec) for url, spec in listed.items() if url in rows]
    before = {row.id: row.publisher for row, _ in known}
    resumed = sum(_list_again(row, spec, now, default_interval) for row, spec in known)
    paused = sum(_unlist(row) for url, row in rows.items() if url not in listed)
    _rename_publishers(session, {before[row.id]: row.publisher for row, _ in known})
    return SyncedFeeds(len(new), resumed, paused)


def _rename_publishers(session: Session, renamed: Mapping[str, str]) -> None:
    """Let events follow publishers that got another name, so that none counts as two; a name still in use stays."""
    session.flush()
    in_use = set(session.scalars(select(FeedRow.publisher)))
    for old, new in renamed.items():
        if old in in_use:
            continue
        named = aliased(EventPublisherRow)
        twice = select(named.event_id).where(named.publisher == new)
        rows = EventPublisherRow.publisher == old
        session.execute(delete(EventPublisherRow).where(rows, EventPublisherRow.event_id.in_(twice)))
        session.execute(update(EventPublisherRow).where(rows).values(publisher=new))


def _by_url(session: Session, listed: Collection[str]) -> dict[str, FeedRow]:
    """Return all feeds by their URL; one that moved to an address that is listed in place of its own takes that."""
    rows = {row.url: row for row in session.scalars(select(FeedRow))}
    moved = [row for url, row in rows.items() if url not in listed and row.moved_to in listed]
    for row in moved:
        if row.moved_to not in rows:
            del rows[row.url]
            row.url, row.moved_to = row.moved_to, ""
            rows[row.url] = row
    return rows


def _list_again(row: FeedRow, spec: FeedSpec, now: datetime, default_interval: timedelta) -> bool:
    """Bring a row up to its entry in the configuration; return whether that resumed it."""
    row.origin = CONFIG
    row.title = spec.title or row.title
    row.publisher = spec.publisher or publisher_of(spec.url, row.title)
    row.interval_fixed = spec.interval is not None
    wanted = _seconds(spec.interval or default_interval)
    if row.wanted_interval_seconds != wanted:
        row.wanted_interval_seconds = row.interval_seconds = wanted
    if row.paused_by not in (CONFIG, REMOVED):
        return False
    row.state, row.paused_by, row.next_poll_at = FeedState.ACTIVE.value, "", now
    return True


def _unlist(row: FeedRow) -> bool:
    """Pause a feed that the configuration no longer lists; return whether it was polled so far."""
    if row.origin != CONFIG or row.state != FeedState.ACTIVE:
        return False
    row.state, row.paused_by = FeedState.PAUSED.value, CONFIG
    return True


def add_feed(session: Session, spec: FeedSpec, now: datetime, default_interval: timedelta) -> Feed:
    """Add a feed by command; raises Conflict when its URL is there already. One that was removed is back."""
    added = add_feeds(session, [spec], now, default_interval)
    if not added:
        raise Conflict(f"feed {spec.url} is there already")
    return added[0]


def add_feeds(
    session: Session, specs: Iterable[FeedSpec], now: datetime, default_interval: timedelta
) -> tuple[Feed, ...]:
    """Add feeds by command and return the new ones, in order; those whose URL is there already are left as they are."""
    there = dict(session.execute(select(FeedRow.url, FeedRow.paused_by)).all())
    listed = {spec.url: spec for spec in specs if there.get(spec.url, REMOVED) == REMOVED}
    rows = [_added(session, spec, now, default_interval, is_back=url in there) for url, spec in listed.items()]
    session.flush()
    return tuple(as_feed(row, 0) for row in rows)


def _added(session: Session, spec: FeedSpec, now: datetime, default_interval: timedelta, *, is_back: bool) -> FeedRow:
    if not is_back:
        row = _new_row(spec, now, default_interval, COMMAND)
        session.add(row)
        return row
    row = session.scalars(select(FeedRow).where(FeedRow.url == spec.url)).one()
    _list_again(row, spec, now, default_interval)
    row.origin, row.failures, row.leased_until = COMMAND, 0, None
    return row


def remove_feed(session: Session, id_or_url: int | str) -> Feed:
    """Poll a feed no more and list it no more; what it brought stays. Raises NotFound.

    Raises Conflict for one that the configuration lists, which would bring it back.
    """
    row = session.scalar(select(FeedRow).where(_is_feed(id_or_url), _IS_LISTED))
    if row is None:
        raise NotFound(f"no feed {id_or_url}")
    if row.origin == CONFIG and row.paused_by != CONFIG:
        raise Conflict(f"feed {row.id} is in the configuration, which would bring it back; take it out there")
    row.state, row.paused_by, row.leased_until = FeedState.PAUSED.value, REMOVED, None
    return as_feed(row)


def feeds(session: Session) -> tuple[Feed, ...]:
    """Return all feeds in order of their id, without those that a person removed."""
    listed = _with_items().where(_IS_LISTED).order_by(FeedRow.id)
    return tuple(as_feed(row, items) for row, items in session.execute(listed))


def feeds_of(session: Session, feed_ids: Collection[int]) -> tuple[Feed, ...]:
    """Return those of these feeds that are there, in order of their ids; `items` is not counted."""
    chosen = select(FeedRow).where(FeedRow.id.in_(feed_ids)).order_by(FeedRow.id)
    return tuple(as_feed(row) for row in session.scalars(chosen))


def feed(session: Session, id_or_url: int | str) -> Feed:
    """Return one feed; raises NotFound."""
    found = session.execute(_with_items().where(_is_feed(id_or_url))).one_or_none()
    if found is None:
        raise NotFound(f"no feed {id_or_url}")
    return as_feed(*found)


def set_feed_state(session: Session, id_or_url: int | str, state: FeedState, now: datetime) -> Feed:
    """Set a feed's state as a person asks for; a resumed one is due at once. Raises NotFound."""
    row = session.scalar(select(FeedRow).where(_is_feed(id_or_url)))
    if row is None:
        raise NotFound(f"no feed {id_or_url}")
    row.state = state.value
    row.paused_by = COMMAND if state is FeedState.PAUSED else ""
    if state is FeedState.ACTIVE:
        row.failures, row.next_poll_at, row.leased_until = 0, now, None
    session.flush()
    return feed(session, row.id)


def due_feeds(session: Session, now: datetime, limit: int, lease: timedelta) -> tuple[Feed, ...]:
    """Claim active feeds whose time has come, the longest overdue first, so that nobody else polls them meanwhile.

    `items` is not counted here.
    """
    due = (
        select(FeedRow)
        .where(FeedRow.state == FeedState.ACTIVE, FeedRow.next_poll_at <= now)
        .where(or_(FeedRow.leased_until.is_(None), FeedRow.leased_until <= now))
        .order_by(FeedRow.next_poll_at, FeedRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = session.scalars(due).all()
    claimed = update(FeedRow).where(FeedRow.id.in_([row.id for row in rows])).values(leased_until=now + lease)
    session.execute(claimed, execution_options={"synchronize_session": False})
    return tuple(as_feed(row, 0) for row in rows)


def next_poll_at(session: Session) -> datetime | None:
    """Return when the next active feed is due; None without one."""
    return session.scalar(select(func.min(FeedRow.next_poll_at)).where(FeedRow.state == FeedState.ACTIVE))


def heard_at(session: Session, now: datetime) -> datetime | None:
    """Return up to when all active feeds have been heard: to the last poll of the one that was polled longest ago.

    None while one is late by `LATE`; `now` without an active feed.
    """
    due_at = next_poll_at(session)
    if due_at is None:
        return now
    if due_at <= now - LATE:
        return None
    polled_at = func.min(func.coalesce(FeedRow.last_polled_at, FeedRow.next_poll_at))
    return session.scalar(select(polled_at).where(FeedRow.state == FeedState.ACTIVE))


def make_due(session: Session, feed_id: int, now: datetime) -> None:
    """Make a feed due now, whatever its schedule said; raises NotFound."""
    row = lock_feeds(session, {feed_id})[feed_id]
    row.next_poll_at, row.leased_until = now, None


def record_polls(session: Session, polls: Sequence[PolledFeed]) -> Mapping[int, FeedRow]:
    """Write what polls say about their feeds, and give the claims back; raises NotFound.

    Returns the feeds' rows by id, locked until the transaction ends.
    """
    rows = lock_feeds(session, {polled.feed_id for polled in polls})
    for polled in polls:
        _record(rows[polled.feed_id], polled)
    return rows


def record_news(rows: Mapping[int, FeedRow], news: Mapping[int, datetime]) -> None:
    """Write which feeds brought unseen items, by id, and when; `rows` are the feeds' rows, locked."""
    for feed_id, at in news.items():
        row = rows[feed_id]
        rhythm = after_news(Rhythm(row.last_new_at, _length(row.rhythm_seconds), row.silent_at), at)
        row.last_new_at, row.silent_at = rhythm.last_new_at, rhythm.silent_at
        row.rhythm_seconds = None if rhythm.gap is None else _seconds(rhythm.gap)


def _record(row: FeedRow, polled: PolledFeed) -> None:
    row.leased_until, row.next_poll_at = None, polled.next_poll_at
    if polled.outcome is PollOutcome.PUT_OFF:
        return
    row.last_polled_at = polled.polled_at
    row.interval_seconds = _seconds(polled.interval)
    _record_title(row, polled.title)
    row.moved_to, row.moving_to, row.moving_polls = polled.moved_to, polled.moving_to, polled.moving_polls
    row.unmodified, row.document_failure = polled.unmodified, polled.document_failure
    _record_validators(row, polled)
    if polled.state is FeedState.GONE:  # any other state is a person's to set, who may have paused it meanwhile
        row.state = FeedState.GONE.value
    if polled.outcome is PollOutcome.FAILED:
        row.failures, row.last_error = row.failures + 1, polled.failure
    else:
        row.failures, row.last_error, row.last_success_at = 0, "", polled.polled_at


def _record_title(row: FeedRow, title: str) -> None:
    """Take what the feed calls itself, and its publisher from it where nobody named one and the host does not tell."""
    if not title:
        return
    unnamed = row.publisher == publisher_of(row.url)
    row.title = row.title or title
    if unnamed:
        row.publisher = publisher_of(row.url, row.title)


def _record_validators(row: FeedRow, polled: PolledFeed) -> None:
    """A document's validators are kept whether it could be read or not, those of another document never.

    A 304 need not repeat them (RFC 9110, section 15.4.5), and a poll that brought no document has none.
    """
    stays = polled.outcome is PollOutcome.NOT_MODIFIED or not polled.body_hash
    row.etag = polled.etag or (row.etag if stays else None)
    row.last_modified = polled.last_modified or (row.last_modified if stays else None)
    row.body_hash = polled.body_hash or row.body_hash


def _new_row(spec: FeedSpec, now: datetime, default_interval: timedelta, origin: str) -> FeedRow:
    seconds = _seconds(spec.interval or default_interval)
    return FeedRow(
        url=spec.url,
        title=spec.title,
        publisher=spec.publisher or publisher_of(spec.url, spec.title),
        state=FeedState.ACTIVE.value,
        origin=origin,
        paused_by="",
        interval_seconds=seconds,
        wanted_interval_seconds=seconds,
        next_poll_at=now,
        interval_fixed=spec.interval is not None,
        last_error="",
        failures=0,
    )


def _seconds(length: timedelta) -> int:
    return max(1, round(length.total_seconds()))


def _length(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def lock_feeds(session: Session, feed_ids: Collection[int]) -> dict[int, FeedRow]:
    """Return the rows, locked in order of their id, so that no two transactions wait for each other."""
    chosen = select(FeedRow).where(FeedRow.id.in_(feed_ids)).order_by(FeedRow.id).with_for_update()
    rows = {row.id: row for row in session.scalars(chosen)}
    for feed_id in feed_ids:
        if feed_id not in rows:
            raise NotFound(f"no feed {feed_id}")
    return rows


def _with_items() -> Select[FeedRow, int]:
    items = select(func.count()).where(ItemRow.feed_id == FeedRow.id).scalar_subquery()
    return select(FeedRow, items)


def _is_feed(id_or_url: int | str) -> Any:
    return FeedRow.id == id_or_url if isinstance(id_or_url, int) else FeedRow.url == id_or_url


def as_feed(row: FeedRow, items: int = 0) -> Feed:
    """Return a row as what leaves this house; `items` is how many it ever brought, where somebody counted."""
    return Feed(
        id=row.id,
        url=row.url,
        title=row.title,
        publisher=row.publisher,
        state=FeedState(row.state),
        interval=timedelta(seconds=row.interval_seconds),
        next_poll_at=row.next_poll_at,
        etag=row.etag,
        last_modified=row.last_modified,
        body_hash=row.body_hash,
        failures=row.failures,
        last_success_at=row.last_success_at,
        last_error=row.last_error,
        items=items,
        wanted_interval=timedelta(seconds=row.wanted_interval_seconds),
        interval_fixed=row.interval_fixed,
        unmodified=row.unmodified,
        document_failure=row.document_failure,
        last_new_at=row.last_new_at,
        rhythm=_length(row.rhythm_seconds),
        silent_at=row.silent_at,
        moved_to=row.moved_to,
        moving_to=row.moving_to,
        moving_polls=row.moving_polls,
    )
