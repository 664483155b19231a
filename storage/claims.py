"""Claims of a daemon that was killed, and the lock that tells that it was."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.orm import Session

from storage.errors import Conflict
from storage.models import DeliveryRow, FeedRow, ItemRow, PushRow


@contextmanager
def held(database_file: Path) -> Iterator[None]:
    """Hold an SQLite file for one daemon; the lock ends with its process, however that ends.

    Raises Conflict when another process holds it.
    """
    path = database_file.with_name(f"{database_file.name}.lock")
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(f"another daemon is at work on {database_file}; stop it first, or use PostgreSQL") from error
        yield


def release(session: Session) -> None:
    """Free all claims: what was under way is due again."""
    session.execute(update(FeedRow).where(FeedRow.leased_until.is_not(None)).values(leased_until=None))
    session.execute(update(ItemRow).where(ItemRow.read_leased_until.is_not(None)).values(read_leased_until=None))
    session.execute(update(DeliveryRow).where(DeliveryRow.leased_until.is_not(None)).values(leased_until=None))
    session.execute(update(PushRow).where(PushRow.leased_until.is_not(None)).values(leased_until=None))
