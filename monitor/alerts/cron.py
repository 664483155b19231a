"""Local times: when a digest is due, and which hours are quiet. Pure; instants are aware UTC.

Days are taken from the calendar of a place, and each of them has each local time once: a time that the clocks skip in
spring is the instant that it would have been without the change, one that comes twice in autumn is the first of the
two (RFC 5545, section 3.3.5, says so of both). So a digest at 02:30 comes once on either day.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY = timedelta(days=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# Every day of the calendar comes round within eight years: 29 February, over a year like 2100 that has none.
HORIZON_DAYS = 8 * 366

CRON_WANTED = "wants `MINUTE HOUR DAY MONTH WEEKDAY ZONE`, such as `0 7 * * mon-fri Europe/Berlin`"
HOURS_WANTED = "wants `HH:MM-HH:MM ZONE`, such as `22:00-07:00 Europe/Berlin`"


@dataclass(frozen=True, slots=True)
class Cron:
    """The days and local times of a digest, each field as the values that it allows."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]  # 0 is Monday
    zone: str

    def after(self, instant: datetime) -> datetime:
        """Return the first time that is later than an instant."""
        local_day = instant.astimezone(ZoneInfo(self.zone)).date()
        # One day back: a time that the clocks skip may fall into the day after.
        for day in (local_day + n * DAY for n in range(-1, HORIZON_DAYS)):
            times = [at for at in self._times(day) if at > instant]
            if times:
                return min(times)
        raise AssertionError(f"{self} never comes")  # parse_cron refuses such

    def _times(self, day: date) -> Iterator[datetime]:
        if not self.is_on(day):
            return
        for hour in self.hours:
            for minute in self.minutes:
                yield at_local(day, time(hour, minute), self.zone)

    def is_on(self, day: date) -> bool:
        """Return whether it comes on a day of the calendar."""
        return day.month in self.months and day.day in self.days and day.weekday() in self.weekdays


@dataclass(frozen=True, slots=True)
class Hours:
    """A span of each day, by local time; one that ends before it begins lasts until the next day."""

    begin: time
    end: time
    zone: str

    def end_of(self, instant: datetime) -> datetime | None:
        """Return when the span that an instant lies in is over, None outside of it. Its end is outside."""
        day = instant.astimezone(ZoneInfo(self.zone)).date()
        for start in (day - DAY, day):
            begins = at_local(start, self.begin, self.zone)
            ends = at_local(start if self.begin < self.end else start + DAY, self.end, self.zone)
            if begins <= instant < ends:
                return ends
        return None


def at_local(day: date, clock: time, zone: str) -> datetime:
    """Return the instant of a local time, as the module says it for days with a change of clocks."""
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


# ---------------------------------------------------------------- as people write them


def parse_cron(text: str) -> Cron:
    """Return the times that `MINUTE HOUR DAY MONTH WEEKDAY ZONE` means; raises ValueError with what is wrong.

    Lists, ranges and steps as in crontab(5). Weekdays are names alone, as 1 is Monday for some programs and Tuesday
    for others. A day of the month together with a weekday is refused: crontab(5) takes that for either of them.
    """
    words = text.split()
    if len(words) != len(FIELDS) + 1:
        raise ValueError(CRON_WANTED)
    *written, zone = words
    values = [_values(word, field) for word, field in zip(written, FIELDS, strict=True)]
    minutes, hours, days, months, weekdays = values
    if written[2] != "*" and written[4] != "*":
        raise ValueError("wants a day of the month or a weekday, not both; the other one is `*`")
    cron = Cron(minutes, hours, days, months, weekdays, check_zone(zone))
    if not any(cron.is_on(date(2024, 1, 1) + n * DAY) for n in range(366)):
        raise ValueError("never comes: no month has such a day")
    return cron


def parse_hours(text: str) -> Hours:
    """Return the hours that `22:00-07:00 Europe/Berlin` means; raises ValueError with what is wrong."""
    found = re.fullmatch(r"(\d\d):(\d\d)\s*-\s*(\d\d):(\d\d)\s+(\S+)", text.strip())
    if not found:
        raise ValueError(HOURS_WANTED)
    begin, end = (_clock(int(found[n]), int(found[n + 1])) for n in (1, 3))
    if begin == end:
        raise ValueError("wants an end that is not the beginning")
    return Hours(begin, end, check_zone(found[5]))


def check_zone(name: str) -> str:
    """Return the name of a time zone of the IANA database; raises ValueError for any other word."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"knows no time zone `{name}`; wants one such as Europe/Berlin or UTC") from error
    return name


def _clock(hour: int, minute: int) -> time:
    try:
        return time(hour, minute)
    except ValueError as error:
        raise ValueError(HOURS_WANTED) from error


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a cron line: its name, its least and greatest value, and the words that stand for values."""

    name: str
    least: int
    most: int
    words: Mapping[str, int]
    numbers: bool = True


def _numbered(words: Iterable[str], first: int) -> Mapping[str, int]:
    return {word: number for number, word in enumerate(words, first)}


FIELDS = (
    Field("minute", 0, 59, {}),
    Field("hour", 0, 23, {}),
    Field("day of the month", 1, 31, {}),
    Field("month", 1, 12, _numbered(MONTHS, 1)),
    Field("weekday", 0, 6, _numbered(WEEKDAYS, 0), numbers=False),
)


def _values(text: str, field: Field) -> tuple[int, ...]:
    return tuple(sorted({value for part in text.split(",") for value in _part(part, field)}))


def _part(part: str, field: Field) -> Iterable[int]:
    span, slash, step = part.partition("/")
    if slash and (not step.isascii() or not step.isdigit() or int(step) == 0):
        raise ValueError(f"has no {field.name} `{part}`: a step is a number, such as */15")
    begin, dash, end = span.partition("-")
    if span == "*":
        first, last = field.least, field.most
    else:
        first = _value(begin, field)
        last = _value(end, field) if dash else first
    if first > last:  # sat-mon
        rest = [*range(first, field.most + 1), *range(field.least, last + 1)]
        return rest[:: int(step or 1)]
    return range(first, last + 1, int(step or 1))


def _value(word: str, field: Field) -> int:
    known = field.words.get(word.lower())
    if known is not None:
        return known
    if not field.numbers:
        raise ValueError(f"wants weekdays by name ({', '.join(WEEKDAYS)}), found `{word}`")
    if not word.isascii() or not word.isdigit() or not field.least <= int(word) <= field.most:
        raise ValueError(f"has no {field.name} `{word}`: wants {field.least} to {field.most}")
    return int(word)
