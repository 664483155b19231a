"""Clocks: where `now` comes from. The wall clock is read here and nowhere else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """Return the present instant, aware UTC."""
    return datetime.now(UTC)  # noqa: TID251  the one place that reads it


class SetClock:
    """A clock that stands where it was set: for recordings told again, and for tests."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """Return the instant it was set to."""
        return self.at


@dataclass(slots=True)
class TimeLapse:
    """A clock that stands at `start` until `run` is called, then goes `speed` times as fast as another, up to `end`."""

    start: datetime
    end: datetime
    speed: float
    watched: Clock
    since: datetime | None = None

    def run(self) -> None:
        """Begin to go."""
        self.since = self.watched()

    def __call__(self) -> datetime:
        """Return the instant that the time lapse has reached."""
        if self.since is None:
            return self.start
        elapsed = (self.watched() - self.since).total_seconds()
        return min(self.start + timedelta(seconds=elapsed * self.speed), self.end)
