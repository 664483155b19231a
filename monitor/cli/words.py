"""Instants, lengths of time and sizes as people say them. Pure."""

from datetime import datetime, timedelta

# (from how many seconds, its seconds, its name): from two of a unit on, so that "90 min" stays more exact than "1 h".
_UNITS = (
    (2 * 31_557_600, 31_557_600, "years"),
    (2 * 86_400, 86_400, "days"),
    (2 * 3600, 3600, "h"),
    (2 * 60, 60, "min"),
)


def length(span: timedelta) -> str:
    """Return a length of time in its largest unit of which there are two: `45 s`, `90 min`, `30 h`, `4 days`."""
    seconds = abs(span.total_seconds())
    for least, size, name in _UNITS:
        if seconds >= least:
            return f"{round(seconds / size)} {name}"
    return f"{round(seconds)} s"


def ago(instant: datetime | None, now: datetime) -> str:
    """Return how long ago an instant was, `3 h ago`; `never` for None."""
    if instant is None:
        return "never"
    return f"{length(now - instant)} ago" if instant <= now else f"in {length(instant - now)}"


def ahead(instant: datetime, now: datetime) -> str:
    """Return how far ahead an instant is, `in 3 h`; `now` for one that has passed."""
    return f"in {length(instant - now)}" if instant > now else "now"


def size(number: int) -> str:
    """Return a number of bytes: `512 bytes`, `98 kB`, `1.2 MB`."""
    if number < 1000:
        return f"{number} bytes"
    return f"{number / 1000:.0f} kB" if number < 999_500 else f"{number / 1_000_000:.1f} MB"


def seconds(span: float) -> str:
    """Return a number of seconds as it is timed: `4 ms`, `1.2 s`."""
    return f"{span * 1000:.0f} ms" if span < 0.9995 else f"{span:.1f} s"


def count(number: int, noun: str) -> str:
    """Return a number with its noun, `1 entry`, `2 entries`."""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {plural}"
