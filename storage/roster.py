"""The learned roster: whom items introduced, looked up by the words of a text, and what people said to it.

Its rows are few: those that no longer count are deleted with the next that is written (`attestation.lasts`).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from extractors.types import Acquaintance, Introduction
from storage.attestation import acquaintances, judged, lasts, name_key, seen_again, surnames_in
from storage.errors import Conflict, NotFound
from storage.models import OfficeHolderRow
from storage.types import Item, OfficeHolder, Verdict

# Values bound in one statement (see storage.items); few texts have more words with a capital.
_CHUNK = 500


# ---------------------------------------------------------------- learning


def introduce(session: Session, item: Item, introductions: Iterable[Introduction], now: datetime) -> int:
    """Write whom an item introduces, delete what no longer counts, and return how many rows are new.

    An item that its publisher changed was counted with its first wording: then only what is new is written.
    """
    distinct = {(name_key(one.name), one.code, one.office): one for one in introductions}
    if not distinct:
        return 0
    names = sorted({key for key, _, _ in distinct})
    known = {(row.name_key, row.code, row.office): row for row in _rows(session, OfficeHolderRow.name_key, names)}
    for key in distinct.keys() & known.keys():
        if item.revision == 0:
            _write(known[key], seen_again(_holder(known[key]), item.dated_at, item.id))
    new = [_new_row(key, distinct[key], item) for key in sorted(distinct.keys() - known.keys())]
    session.add_all(new)
    session.flush()
    session.execute(delete(OfficeHolderRow).where(OfficeHolderRow.counts_until < now))
    return len(new)


def _new_row(key: tuple[str, str, str], one: Introduction, item: Item) -> OfficeHolderRow:
    return OfficeHolderRow(
        name_key=key[0],
        surname_key=name_key(one.surname),
        name=one.name,
        surname=one.surname,
        code=one.code,
        office=one.office,
        first_seen_at=item.dated_at,
        last_seen_at=item.dated_at,
        times=1,
        first_item_id=item.id,
        counts_until=item.dated_at + lasts(1),
        corrected_code="",
    )


def _write(row: OfficeHolderRow, holder: OfficeHolder) -> None:
    row.first_seen_at, row.last_seen_at = holder.first_seen_at, holder.last_seen_at
    row.times, row.first_item_id = holder.times, holder.first_item_id
    row.verdict = holder.verdict.value if holder.verdict else None
    row.corrected_code, row.judged_at = holder.corrected_code, holder.judged_at
    row.counts_until = None if holder.verdict else holder.last_seen_at + lasts(holder.times)


# ---------------------------------------------------------------- looking up


def known_as(session: Session, asked: Sequence[tuple[str, datetime]]) -> list[tuple[Acquaintance, ...]]:
    """Return whom each of several texts, published at an instant, may mean (`attestation.acquaintances`)."""
    words = [surnames_in(text).keys() for text, _ in asked]
    named = _rows(session, OfficeHolderRow.surname_key, sorted(set().union(*words)))
    if not named:
        return [() for _ in asked]
    # All that is known of these names: where another code has another surname, as of "Lin Qiang", it counts as well.
    rows = _rows(session, OfficeHolderRow.name_key, sorted({row.name_key for row in named}))
    return [_meant(rows, *one, words_) for one, words_ in zip(asked, words, strict=True)]


def _meant(
    rows: Sequence[OfficeHolderRow], text: str, at: datetime, words: Collection[str]
) -> tuple[Acquaintance, ...]:
    names = {row.name_key for row in rows if row.surname_key in words}
    return acquaintances([_holder(row) for row in rows if row.name_key in names], text, at) if names else ()


def holders(session: Session) -> tuple[OfficeHolder, ...]:
    """Return all that is known, in order of the names."""
    rows = session.scalars(select(OfficeHolderRow).order_by(OfficeHolderRow.name_key, OfficeHolderRow.id))
    return tuple(map(_holder, rows))


def holders_named(session: Session, name: str) -> tuple[OfficeHolder, ...]:
    """Return all that is known of one person, by full name, or by a surname that no other has; newest first.

    Raises NotFound, and Conflict for a surname of several people, whose names it tells.
    """
    return tuple(map(_holder, _person(session, name)))


def _person(session: Session, name: str) -> Sequence[OfficeHolderRow]:
    key = name_key(name)
    rows = _rows(session, OfficeHolderRow.name_key, [key]) or _rows(session, OfficeHolderRow.surname_key, [key])
    names = {row.name_key: row.name for row in rows}
    if not names:
        raise NotFound(f"nobody called {name} is in the roster")
    if len(names) > 1:
        raise Conflict(f"several people are called {name}: {', '.join(sorted(names.values()))}; give the full name")
    whole = _rows(session, OfficeHolderRow.name_key, list(names))
    return sorted(whole, key=lambda row: (row.last_seen_at, row.id), reverse=True)


def _rows(session: Session, column: Any, values: Sequence[str]) -> list[OfficeHolderRow]:
    found: list[OfficeHolderRow] = []
    for start in range(0, len(values), _CHUNK):
        chosen: ColumnElement[bool] = column.in_(values[start : start + _CHUNK])
        found += session.scalars(select(OfficeHolderRow).where(chosen).order_by(OfficeHolderRow.id))
    return found


# ---------------------------------------------------------------- people's verdicts


def judge(session: Session, name: str, verdict: Verdict, now: datetime, code: str) -> tuple[OfficeHolder, ...]:
    """Write what a person says of a name, and return all that is known of it then; raises as `holders_named` does,
    and as `attestation.judged`.
    """
    rows = {row.id: row for row in _person(session, name)}
    after = judged([_holder(row) for row in rows.values()], verdict, now, code)
    for holder in after:
        _write(rows[holder.id], holder)
    return after


def forget(session: Session, name: str) -> int:
    """Delete all that is known of a person, verdicts included, and return how many rows that were; raises likewise."""
    rows = _person(session, name)
    for row in rows:
        session.delete(row)
    return len(rows)


def _holder(row: OfficeHolderRow) -> OfficeHolder:
    return OfficeHolder(
        id=row.id,
        name=row.name,
        surname=row.surname,
        code=row.code,
        office=row.office,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        times=row.times,
        first_item_id=row.first_item_id,
        verdict=Verdict(row.verdict) if row.verdict else None,
        corrected_code=row.corrected_code,
        judged_at=row.judged_at,
    )
