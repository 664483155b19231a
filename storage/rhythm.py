"""How often a feed brings something unseen, and from when on its silence is one. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# The weight of the latest gap between two polls that brought something: a feed that changes its pace has shown most of
# it after five gaps, and one odd gap moves it by a quarter.
LATEST = 0.25
# A silence of ten usual gaps is none of chance; and official sources rest over a weekend with a holiday beside it.
SILENT_GAPS = 10
SHORTEST_SILENCE = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a feed brought something unseen last, its usual gap (None: not known yet), and when it is silent."""

    last_new_at: datetime | None = None
    gap: timedelta | None = None
    silent_at: datetime | None = None


def after_news(rhythm: Rhythm, at: datetime) -> Rhythm:
    """Return the rhythm after a poll that brought something unseen; what the first poll brings sets no pace."""
    if rhythm.last_new_at is None or at <= rhythm.last_new_at:
        return Rhythm(at, rhythm.gap, rhythm.silent_at)
    latest = at - rhythm.last_new_at
    gap = latest if rhythm.gap is None else rhythm.gap + (latest - rhythm.gap) * LATEST
    return Rhythm(at, gap, at + max(SILENT_GAPS * gap, SHORTEST_SILENCE))
