"""Recorded feeds on disk: a folder of snapshots, each named by the instant at which it was taken.

`DIR/INSTANT.xml` is one feed, `DIR/FEED/INSTANT.xml` several. INSTANT begins, after an optional `NNNN__` that only
sorts, with `YYYYMMDDTHHMMSSZ` or `YYYY-MM-DD`; a day stands for its end, since its snapshot holds the day's entries.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.errors import RecordingError

_NAME = re.compile(r"(?:\d{4}__)?(?:(?P<instant>\d{8}T\d{6}Z)|(?P<day>\d{4}-\d{2}-\d{2}))")
# Names below .invalid never resolve (RFC 6761): a recorded feed cannot be polled by mistake.
_HOST = ".recording.invalid/"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One recorded document of one feed."""

    feed: str
    at: datetime
    path: Path

    @property
    def url(self) -> str:
        """The address that stands for the recorded feed."""
        name = re.sub(r"[^a-z0-9-]+", "-", self.feed.lower()).strip("-")
        return f"https://{name}{_HOST}"


def is_recorded(url: str) -> bool:
    """Say whether an address stands for a recorded feed."""
    return url.endswith(_HOST)


def read_recording(folder: Path) -> tuple[Snapshot, ...]:
    """Return the snapshots below a folder in time order; those of one instant in the order of their names.

    Raises RecordingError when there is none, or naming each file whose name tells no instant.
    """
    if not folder.is_dir():
        raise RecordingError(f"{folder} is not a folder; a recording is a folder of INSTANT.xml files")
    paths = sorted([*folder.glob("*.xml"), *folder.glob("*/*.xml")])
    unnamed = [str(path) for path in paths if _instant(path.name) is None]
    if unnamed:
        raise RecordingError(
            f"no instant in the name of {', '.join(unnamed[:5])}{' …' if len(unnamed) > 5 else ''}: "
            "expected YYYY-MM-DD.xml or YYYYMMDDTHHMMSSZ.xml"
        )
    if not paths:
        raise RecordingError(f"{folder} holds no snapshot: expected INSTANT.xml, or FEED/INSTANT.xml, in it")
    snapshots = [Snapshot(path.parent.resolve().name, at, path) for path in paths if (at := _instant(path.name))]
    return tuple(sorted(snapshots, key=lambda one: (one.at, one.path.name)))


def _instant(name: str) -> datetime | None:
    match = _NAME.match(name)
    if match is None:
        return None
    try:
        if match["instant"]:
            return datetime.strptime(match["instant"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return datetime.strptime(match["day"], "%Y-%m-%d").replace(tzinfo=UTC) + timedelta(hours=23, minutes=59)
    except ValueError:
        return None
