"""Words for days → first and last day, resolved against the day of publication.

"On Tuesday" alone is two days, the last and the next; which of them is meant is decided by the event's status, so a
date carries both readings.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from extractors.components._doc import DateSpan, Extension, open_sentences, put
from extractors.components._sentences import NO_WIDTH

FACTORY = "demarche_dates"
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NUMBERS = {
    name: n for n, name in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
} | {"a": 1, "an": 1}
LARGEST_COUNT = 60
# Of 91 dates in the development half of the annotated passages that name a month and no year, one (September 11) lies
# further back than half a year while its next return is within four months.
LONGEST_BACK = timedelta(days=183)
LONGEST_AHEAD = timedelta(days=120)

# First and last day of a part of a month (GUIDE of the annotation: "early July" is 1-10 July).
PARTS_OF_MONTH = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}
# The same of a year, in months: "early next year" is its first quarter in the annotation; the others follow suit.
PARTS_OF_YEAR = {"early": (1, 3), "mid": (5, 8), "late": (10, 12)}
# And of a week, in days from Monday.
PARTS_OF_WEEK = {"early": (0, 2), "mid": (1, 3), "late": (3, 6)}
# First month of a season of three, as the northern press counts them.
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
# Feasts that have a day of their own in every year; of names that begin alike the longer one stands first.
FEASTS = {"christmas eve": (12, 24), "christmas": (12, 25), "boxing day": (12, 26)} | {
    f"new year{mark}s {day}": at for mark in "'’" for day, at in (("eve", (12, 31)), ("day", (1, 1)))
}
SHARES_OF_YEAR = {"half": 6, "quarter": 3}  # in months
ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}

MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.?"
)
WEEKDAY = r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
YEAR = r"(?P<year>(?:19|20)\d\d)"
DAYNUMBER = r"(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"


class Days(NamedTuple):
    """First and last day, both included."""

    first: date
    last: date


class Readings(NamedTuple):
    """The days meant when it is past, and when it is still to come."""

    past: Days
    future: Days


def both(days: Days) -> Readings:
    """Return readings that do not differ."""
    return Readings(days, days)


def month_number(name: str) -> int:
    """Return 1..12 for a month's name or abbreviation."""
    return next(n for n, month in enumerate(MONTHS, start=1) if month.startswith(name.lower()[:3]))


def last_day(year: int, month: int) -> date:
    """Return the last day of a month."""
    return (date(year, month, 28) + 4 * DAY).replace(day=1) - DAY


def whole_month(year: int, month: int, part: str = "") -> Days:
    """Return the days of a month, or of its early, middle or late part."""
    end = last_day(year, month)
    if not part:
        return Days(date(year, month, 1), end)
    first, last = PARTS_OF_MONTH[part]
    return Days(date(year, month, first), date(year, month, min(last, end.day)))


def week_of(day: date) -> Days:
    """Return Monday to Sunday of a day's week."""
    monday = day - day.weekday() * DAY
    return Days(monday, monday + 6 * DAY)


def of_day(match: re.Match[str], today: date) -> Readings | None:
    """Return "April 26", "26 April 2022"."""
    month, number = month_number(match["month"]), int(match["day"])
    try:
        if match["year"]:
            return both(single(date(int(match["year"]), month, number)))
        past = single(nearest_year(today, month, number, ahead=False))
        return without_year(past, single(nearest_year(today, month, number, ahead=True)), today)
    except ValueError:  # there is no such day
        return None


def single(day: date) -> Days:
    """Return one day."""
    return Days(day, day)


def nearest_year(today: date, month: int, number: int, *, ahead: bool) -> date:
    """Return the last such day, or the next; the day of publication counts as both."""
    this_year = date(today.year, month, number)
    if ahead:
        return this_year if this_year >= today else date(today.year + 1, month, number)
    return this_year if this_year <= today else date(today.year - 1, month, number)


def of_month(match: re.Match[str], today: date) -> Readings:
    """Return "in July", "early May 2011", "last March", "next June"."""
    month = month_number(match["month"])
    part = (match["part"] or "").lower()
    if match["year"]:
        return both(whole_month(int(match["year"]), month, part))
    past_year = today.year if month <= today.month else today.year - 1
    next_year = today.year if month >= today.month else today.year + 1
    return without_year(whole_month(past_year, month, part), whole_month(next_year, month, part), today)


def without_year(past: Days, future: Days, today: date) -> Readings:
    """Return the two readings of a day or month told without its year.

    News leaves the year out where it is the near one: "agreed in March to meet in April" is no April of last year,
    whatever the tense of its verb.
    """
    is_long_ago = today - past[1] > LONGEST_BACK and future[0] - today < LONGEST_AHEAD
    return Readings(future if is_long_ago else past, future)


def of_weekday(match: re.Match[str], today: date) -> Readings:
    """Return "Tuesday", "last Tuesday", "next Tuesday"; the day of publication counts."""
    number = WEEKDAYS.index(match["weekday"].lower())
    back = (today.weekday() - number) % 7
    last, following = today - back * DAY, today + (number - today.weekday()) % 7 * DAY
    if (match["which"] or "").lower() == "next":
        return both(single(following if following > today else following + WEEK))
    if (match["which"] or "").lower() == "last":
        return both(single(last if last < today else last - WEEK))
    return Readings(single(last), single(following))


RELATIVE_DAYS = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}


def of_relative_day(match: re.Match[str], today: date) -> Readings:
    """Return today, yesterday, tomorrow, "this morning"."""
    return both(single(today + RELATIVE_DAYS.get(match["relative"].lower(), 0) * DAY))


def of_night(match: re.Match[str], today: date) -> Readings:
    """Return "overnight", "last night": yesterday to today, or today to tomorrow."""
    return Readings(Days(today - DAY, today), Days(today, today + DAY))


def of_midnight(match: re.Match[str], today: date) -> Readings:
    """Return "at midnight": that of today, or the one between today and tomorrow."""
    return Readings(single(today), Days(today, today + DAY))


SHIFTS = {
    "next": 1,
    "the coming": 1,
    "the following": 1,
    "last": -1,
    "the past": -1,
    "past": -1,
    "previous": -1,
    "the previous": -1,
}


def divided(days: Days, today: date, part: str = "") -> Readings:
    """Return a stretch that today is in: what is over of it, and what is still to come; or the part that is named."""
    over, ahead = Days(days.first, today), Days(min(today + DAY, days.last), days.last)
    if part:
        return both(ahead if part == "later" else over)
    return Readings(over, Days(today, days.last))


def of_week(match: re.Match[str], today: date) -> Readings:
    """Return "earlier this week" (Monday to today), "later in the week" (tomorrow to Sunday), "next week"."""
    week, part = week_of(today), (match["part"] or "").lower()
    shift = SHIFTS.get((match["which"] or "").lower(), 0)
    moved = Days(week.first + shift * WEEK, week.last + shift * WEEK)
    if part in PARTS_OF_WEEK:
        first, last = PARTS_OF_WEEK[part]
        return both(Days(moved.first + first * DAY, moved.first + last * DAY))
    return both(moved) if shift else divided(week, today, part)


def of_weekend(match: re.Match[str], today: date) -> Readings:
    """Return Saturday and Sunday: "this weekend", "next weekend", "last weekend", "at the weekend"."""
    saturday = week_of(today).first + 5 * DAY
    shift = SHIFTS.get((match["which"] or "").lower(), 0)
    past = saturday if saturday <= today else saturday - WEEK
    if shift:
        chosen = saturday + shift * WEEK
        return both(Days(chosen, chosen + DAY))
    return Readings(Days(past, past + DAY), Days(saturday, saturday + DAY))


def of_span(match: re.Match[str], today: date) -> Readings:
    """Return "last month", "next year", "this month", "later in the year", "early next year"."""
    shift, part = SHIFTS.get((match["which"] or "").lower(), 0), (match["part"] or "").lower()
    is_year = match["unit"].lower() == "year"
    if part in PARTS_OF_MONTH:
        return both(part_of_year(today.year + shift, part) if is_year else shifted_month(today, shift, part))
    days = part_of_year(today.year + shift) if is_year else shifted_month(today, shift)
    return both(days) if shift else divided(days, today, part)


def part_of_year(year: int, part: str = "") -> Days:
    """Return a year, or its early, middle or late part."""
    first, last = PARTS_OF_YEAR.get(part, (1, 12))
    return Days(date(year, first, 1), last_day(year, last))


def shifted_month(today: date, shift: int, part: str = "") -> Days:
    """Return the month so many months from this one, or a part of it."""
    month = today.year * 12 + today.month - 1 + shift
    return whole_month(month // 12, month % 12 + 1, part)


def of_season(match: re.Match[str], today: date) -> Readings:
    """Return "this summer", "last autumn", "next spring", "summer 2021"."""
    month, shift = SEASONS[match["season"].lower()], SHIFTS.get((match["which"] or "").lower(), 0)
    year = int(match["year"]) if match["year"] else today.year
    first = date(year, month, 1)
    if shift > 0 and first <= today:
        first = date(year + 1, month, 1)
    if shift < 0 and season_end(first) >= today:
        first = date(year - 1, month, 1)
    return both(Days(first, season_end(first)))


def of_feast(match: re.Match[str], today: date) -> Readings:
    """Return "on Christmas Day", "New Year's Eve": the last, or the next."""
    month, number = next(day for name, day in FEASTS.items() if match["feast"].lower().startswith(name))
    past = single(nearest_year(today, month, number, ahead=False))
    return without_year(past, single(nearest_year(today, month, number, ahead=True)), today)


def season_end(first: date) -> date:
    """Return the last day of the season that begins on a day."""
    return shifted_month(first, 2).last


def of_share(match: re.Match[str], today: date) -> Readings | None:
    """Return "the first half of 2026", "the third quarter of the year"."""
    months, place = SHARES_OF_YEAR[match["share"].lower()], ORDINALS[match["ordinal"].lower()]
    count = 12 // months
    if place >= count:
        return None
    first = place % count * months + 1
    year = int(match["year"]) if match["year"] else today.year + SHIFTS.get((match["which"] or "").lower(), 0)
    return both(Days(date(year, first, 1), last_day(year, first + months - 1)))


def of_end(match: re.Match[str], today: date) -> Readings:
    """Return "the end of May" (its last third), "the end of the year" (December); "by the end of": from now to then."""
    days = ending(match, today)
    by = (match["by"] or "").lower() == "by"
    return both(Days(today, days.last) if by and days.last >= today else days)


def ending(match: re.Match[str], today: date) -> Days:
    """Return the last part of the month, week or year that a match names."""
    shift = SHIFTS.get((match["which"] or "").lower(), 0)
    if match["month"]:
        month = month_number(match["month"])
        year = int(match["year"]) if match["year"] else today.year + (month < today.month)
        return whole_month(year, month, "late")
    unit = (match["unit"] or "year").lower()
    if unit == "month":
        return shifted_month(today, shift, "late")
    if unit == "week":
        monday = week_of(today).first + shift * WEEK
        return Days(monday + 4 * DAY, monday + 6 * DAY)
    return whole_month(int(match["year"]) if match["year"] else today.year + shift, 12)


def of_part_of_year(match: re.Match[str], today: date) -> Readings:
    """Return "early 2027", "mid-2017"."""
    return both(part_of_year(int(match["year"]), match["part"].lower()))


def of_days(match: re.Match[str], today: date) -> Readings | None:
    """Return "July 7-8", "between April 19 and 24", "3 to 5 June", "May 30 to June 2"."""
    month = month_number(match["month"])
    until = month_number(match["other"]) if match["other"] else month
    first, last = int(match["day"]), int(match["last"])
    if match["join"] == "and" and not match["between"] and last != first + 1:  # two days, not a stretch
        return None
    try:
        year = int(match["year"]) if match["year"] else nearest(today, date(today.year, month, first)).year
        return both(Days(date(year, month, first), date(year + (until < month), until, last)))
    except ValueError:  # there are no such days
        return None


def nearest(today: date, day: date) -> date:
    """Return a day that is told without its year in the year where it is nearest."""
    years = (day.replace(year=day.year + shift, day=min(day.day, 28)) for shift in (-1, 0, 1))
    return min(years, key=lambda candidate: abs(candidate - today))


def of_weekdays(match: re.Match[str], today: date) -> Readings | None:
    """Return "Monday to Wednesday", "Monday and Tuesday"."""
    first, last = (WEEKDAYS.index(match[name].lower()) for name in ("weekday", "last"))
    length = (last - first) % 7
    if match["join"] == "and" and length != 1:
        return None
    past = today - (today.weekday() - first) % 7 * DAY
    future = today + (first - today.weekday()) % 7 * DAY
    return Readings(Days(past, past + length * DAY), Days(future, future + length * DAY))


def of_iso_day(match: re.Match[str], today: date) -> Readings | None:
    """Return "2024-05-14"."""
    try:
        return both(single(date.fromisoformat(match[0])))
    except ValueError:
        return None


def of_bare_day(match: re.Match[str], today: date) -> Readings | None:
    """Return "on the 12th": the last, or the next."""
    number = int(match["day"])
    try:
        this = today.replace(day=number)
        past = this if this <= today else shifted_month(today, -1).first.replace(day=number)
        future = this if this >= today else shifted_month(today, 1).first.replace(day=number)
    except ValueError:  # a month is too short for it
        return None
    return Readings(single(past), single(future))


def of_week_of(match: re.Match[str], today: date) -> Readings | None:
    """Return "the week beginning May 18"."""
    month, number = month_number(match["month"]), int(match["day"])
    try:
        return both(week_of(nearest(today, date(today.year, month, number)).replace(day=number)))
    except ValueError:
        return None


def of_near_span(match: re.Match[str], today: date) -> Readings | None:
    """Return "the past two weeks" (ending today), "the next three days", "within a month" (beginning today)."""
    count = count_of(match["count"] or "one")
    if count is None:
        return None
    is_past = (match["near"] or "").lower() in {"last", "past"}
    end = moved(today, match["unit"], -count if is_past else count)
    return both(Days(end, today) if is_past else Days(today, end))


def moved(day: date, unit: str, count: int) -> date:
    """Return the day so many hours, days, weeks, months or years from a day; a day that has begun counts."""
    if unit.lower() == "hour":
        return day + (count // 24 if count < 0 else -(-count // 24)) * DAY
    if unit.lower() in {"day", "week"}:
        return day + count * (DAY if unit.lower() == "day" else WEEK)
    month = day.year * 12 + day.month - 1 + count * (12 if unit.lower() == "year" else 1)
    return date(month // 12, month % 12 + 1, min(day.day, last_day(month // 12, month % 12 + 1).day))


def count_of(text: str) -> int | None:
    """Return a number in words or digits; None for one that is no distance in news."""
    count = int(text) if text.isdigit() else NUMBERS.get(text.lower())
    return count if count is not None and count <= LARGEST_COUNT else None


def of_term(match: re.Match[str], today: date) -> Readings | None:
    """Return "in three days": the day when they are over, or the stretch that they were."""
    count = count_of(match["count"])
    if count is None:
        return None
    unit = match["unit"].lower()
    end = moved(today, unit, count)
    ahead = {"day": single(end), "week": week_of(end)}.get(unit) or whole_month(end.year, end.month)
    return Readings(Days(moved(today, unit, -count), today), ahead)


def of_step(match: re.Match[str], today: date) -> Readings | None:
    """Return "the day before", "two days later", counted from the day that was told before it."""
    count = count_of(match["count"] or "one")
    way = -1 if match["way"].lower() in BACK else 1
    return both(single(today + way * count * DAY)) if count is not None else None


def of_interval(match: re.Match[str], today: date) -> Readings | None:
    """Return "a day after", "two weeks after": when that happened which something told now came after."""
    count = count_of(match["count"])
    return both(single(moved(today, match["unit"], -count))) if count is not None else None


def of_year(match: re.Match[str], today: date) -> Readings:
    """Return "in 2011", "2011"."""
    year = int(match["year"])
    return both(Days(date(year, 1, 1), date(year, 12, 31)))


def of_distance(match: re.Match[str], today: date) -> Readings | None:
    """Return "three days ago", "two weeks ago"."""
    count = count_of(match["count"])
    if count is None:
        return None
    unit = match["unit"].lower()
    if unit == "day":
        return both(single(today - count * DAY))
    if unit == "week":
        return both(week_of(today - count * WEEK))
    return both(shifted_month(today, -count) if unit == "month" else part_of_year(today.year - count))


PART_OF_MONTH = r"(?P<part>[Ee]arly|[Mm]id|[Ll]ate)[\s-]+"
BACK = frozenset({"before", "earlier", "previous"})
LEADING = r"(?:[Ii]n|[Bb]y|[Ss]ince|[Uu]ntil|[Ff]rom|[Dd]uring|[Ll]ast|[Nn]ext|[Tt]his)\s+"
WHICH = r"(?P<which>[Tt]his|[Nn]ext|[Ll]ast|[Pp]revious|[Tt]he previous|[Tt]he coming|[Tt]he following)"
PART = r"(?:(?P<part>[Ee]arlier|[Ll]ater|[Ee]arly|[Mm]id|[Ll]ate)[ -])?"
IN_THE = r"(?P<part>[Ee]arlier|[Ll]ater) in the(?P<which>)"
COUNT = r"(?P<count>\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
# "More than eight weeks after" is no day.
EXACT = r"(?<!than )(?<!over )(?<!nearly )(?<!about )(?<!almost )(?<!some )(?<!around )(?<!roughly )"
UNITS = r"(?P<unit>day|week|month|year)s?"
TODAY = r"(?P<relative>[Tt]oday|[Tt]onight|[Yy]esterday|[Tt]omorrow|[Tt]his (?:morning|afternoon|evening))"
HOURS = r"(?P<unit>hour|day|week|month|year)s?"
NO_YEAR = r"(?P<year>)"
ANY_SEASON = r"(?P<season>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter)"
# "The day before" something is told by what that is; these stand alone.
ALONE = r"(?=\s*(?:[,.;:)—–]|$|and\b|at\b|in\b|but\b|on\b|that\b|to\b|when\b|with\b))"
# "Its 2003 invasion", "the 2014 pact": a year that tells which.
OWNING = r"(?:[Tt]he|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|[Aa]|[’']s)"
JOIN = r"\s?(?P<join>-|–|to|and|through|until)\s?"
LAST_DAY = r"(?P<last>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
BETWEEN = r"(?P<between>between\s+)?"
OPENING = WEEKDAY.replace("?P<weekday>", "?:")
WITH_YEAR = rf"(?:,?\s+{YEAR}\b)?"
OTHER_MONTH = MONTH.replace("?P<month>", "?P<other>")
# What is called by the month that it is in ("the July summit").
OCCASION = r"(?=\s(?:summit|meeting|talks|visit|trip|session|round|conference|agreement|accord|deal|truce|ceasefire)\b)"
THIS_YEAR = rf"(?:{YEAR}|(?:the|(?P<which>this|next|last)) year)"

Rule = Callable[[re.Match[str], date], Readings | None]
# In this order: where two rules meet on the same words, the more particular one has been there first.
RULES: tuple[tuple[re.Pattern[str], Rule], ...] = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        (r"\b(?:19|20)\d\d-\d\d-\d\d\b", of_iso_day),
        (rf"\b[Ww]eek (?:of|beginning|starting)(?: on)? {MONTH}\s+{DAYNUMBER}\b", of_week_of),
        (rf"\b{BETWEEN}{MONTH}\s+{DAYNUMBER}{JOIN}(?:{OTHER_MONTH}\s+)?{LAST_DAY}\b(?!,\d{{3}}){WITH_YEAR}", of_days),
        (rf"\b{BETWEEN}{DAYNUMBER}(?P<other>){JOIN}{LAST_DAY}\s+{MONTH}(?=\W|$){WITH_YEAR}", of_days),
        (rf"\b(?:{OPENING},?\s+)?{MONTH}\s+{DAYNUMBER}\b(?!,\d{{3}}){WITH_YEAR}", of_day),
        (rf"\b(?:{OPENING},?\s+)?{DAYNUMBER}(?:\s+of)?\s+{MONTH}(?=\W|$){WITH_YEAR}", of_day),
        (
            r"\b(?:(?P<by>[Bb]y|[Aa]t|[Bb]efore|[Uu]ntil)\s+)?(?:the\s+)?end of "
            rf"(?:{MONTH}{WITH_YEAR}|(?:the|(?P<which>this|next)) (?P<unit>week|month|year)\b)",
            of_end,
        ),
        (rf"\b(?P<by>[Bb]y|[Aa]t)\s+(?:the\s+)?end of (?P<month>)(?P<which>)(?P<unit>){YEAR}\b", of_end),
        (r"\b(?:(?P<by>[Bb]y)\s+)?(?:the\s+)?year[ -]?end\b(?P<month>)(?P<which>)(?P<unit>)(?P<year>)", of_end),
        (rf"\b(?:the\s+)?(?P<ordinal>first|second|third|fourth|last) (?P<share>half|quarter) of {THIS_YEAR}", of_share),
        (rf"\b(?:{PART_OF_MONTH})?{MONTH}(?:,?\s+{YEAR}\b)", of_month),
        (rf"\b{LEADING}(?:{PART_OF_MONTH})?{MONTH}{NO_YEAR}\b(?!\s+[A-Z])", of_month),
        (rf"\b{PART_OF_MONTH}{MONTH}{NO_YEAR}\b", of_month),
        (rf"\b(?P<part>){MONTH}{NO_YEAR}{OCCASION}", of_month),
        (rf"\b{WEEKDAY}{JOIN}{WEEKDAY.replace('weekday', 'last')}\b", of_weekdays),
        (rf"\b(?:[Oo]n\s+)?(?:(?P<which>[Ll]ast|[Nn]ext|[Tt]his)\s+)?{WEEKDAY}\b", of_weekday),
        (r"\b(?:[Oo]vernight|[Ll]ast night)\b", of_night),
        (r"\b[Mm]idnight\b", of_midnight),
        (rf"\b{TODAY}\b", of_relative_day),
        (rf"\b(?:{PART}{WHICH}) week\b", of_week),
        (rf"\b{IN_THE} week\b", of_week),
        (rf"\b(?:{WHICH}\s|(?:at|over|on) the\s)?weekend\b", of_weekend),
        (rf"\b{PART}{WHICH} (?P<unit>month|year)\b", of_span),
        (rf"\b{IN_THE} (?P<unit>month|year)\b", of_span),
        (r"\b(?P<feast>Christmas(?: Eve| Day)?|Boxing Day|New Year[’']s (?:Eve|Day))\b", of_feast),
        (rf"\b{WHICH} (?P<season>spring|summer|autumn|fall|winter)\b{NO_YEAR}", of_season),
        (rf"\b(?P<which>){ANY_SEASON}(?: of)? {YEAR}\b", of_season),
        (rf"\b[Ii]n (?:the )?(?P<which>){ANY_SEASON}\b{NO_YEAR}", of_season),
        (
            r"\b(?:[Ii]n|[Oo]ver|[Dd]uring|[Ww]ithin|[Ff]or) the "
            rf"(?P<near>next|coming|past|last) (?:{COUNT} )?{HOURS}\b",
            of_near_span,
        ),
        (rf"\b[Tt]he (?P<near>next|coming|past|last) {COUNT} {HOURS}\b", of_near_span),
        (r"\b[Tt]he (?P<part>)(?P<which>past) week\b", of_week),
        (rf"\b(?P<near>)[Ww]ithin {COUNT} {HOURS}\b", of_near_span),
        (rf"\b[Ii]n {COUNT} {UNITS}(?:[’']s?)?(?: time)?\b(?! of\b)", of_term),
        (rf"\b{COUNT} {UNITS} ago\b", of_distance),
        (rf"\b{COUNT} (?P<unit>week|month|year)s? earlier\b", of_distance),
        (rf"\b{EXACT}{COUNT} {UNITS} after\b", of_interval),
        (r"\b[Oo]n the (?P<day>[12]\d|3[01]|[1-9])(?:st|nd|rd|th)\b(?!\s+(?:\w|of\s))", of_bare_day),
        (rf"\b{PART_OF_MONTH}{YEAR}\b", of_part_of_year),
        (
            rf"\b(?:[Ii]n|[Bb]y|[Ss]ince|[Dd]uring|[Oo]f|[Uu]ntil) (?:at least )?{YEAR}\b"
            r"(?!\s*(?:-|people|soldiers|troops))",
            of_year,
        ),
        (rf"\b{OWNING}\s+{YEAR}(?=\s[a-z])(?!\s(?:people|soldiers|troops|men|others|of)\b)", of_year),
    )
)
# These count from the day that was told last.
STEPS: tuple[tuple[re.Pattern[str], Rule], ...] = tuple(
    (re.compile(pattern), of_step)
    for pattern in (
        rf"\b{COUNT} days? (?P<way>earlier|later|before){ALONE}",
        rf"\b[Tt]he (?P<count>)day (?P<way>before){ALONE}",
        r"\b[Tt]he (?P<way>previous|next|following) (?P<count>)day\b",
    )
)
UNSHOWN = {ord(letter): None for letter in NO_WIDTH} | {ord("\u00a0"): " "}
HINT = re.compile(
    r"\d|hour|day|week|month|year|tomorrow|night|this (?:morning|after|even)|spring|summer|autumn|fall|winter|christm|"
    + "|".join(month[:3] for month in MONTHS),
    re.IGNORECASE,
)


def resolve(text: str, today: date) -> Iterator[tuple[int, int, Readings]]:
    """Yield where in a text a date stands (characters) and the days it means, without overlaps.

    Marks that do not show, such as some agencies put between words, are read over.
    """
    if not HINT.search(text):
        return
    shown = text.translate(UNSHOWN)
    if shown == text:
        yield from resolve_shown(text, today)
        return
    places = [place for place, letter in enumerate(text) if letter not in NO_WIDTH]
    for start, end, readings in resolve_shown(shown, today):
        yield places[start], places[end - 1] + 1, readings


def resolve_shown(text: str, today: date) -> Iterator[tuple[int, int, Readings]]:
    """Yield the same for a text of visible letters: dates that stand for themselves, then those told from them."""
    found: list[tuple[int, int, Readings]] = []
    for pattern, rule in RULES:
        for match in free(pattern, text, found):
            readings = rule(match, today)
            if readings is not None:
                found.append((match.start(), match.end(), readings))
                yield found[-1]
    for pattern, rule in STEPS:
        for match in free(pattern, text, found):
            readings = rule(match, day_before(match.start(), found, today))
            if readings is not None:
                yield match.start(), match.end(), readings


def free(pattern: re.Pattern[str], text: str, found: list[tuple[int, int, Readings]]) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern that share nothing with what has been found."""
    for match in pattern.finditer(text):
        if not any(match.start() < end and start < match.end() for start, end, _ in found):
            yield match


def day_before(place: int, found: list[tuple[int, int, Readings]], today: date) -> date:
    """Return the single day that was told last before a place in a text; that of publication where none was."""
    days = [(end, one.past.first) for _, end, one in found if end <= place and one.past.first == one.past.last]
    return max(days)[1] if days else today


@Language.factory(FACTORY, requires=[Extension.SENTENCES.path], assigns=[Extension.DATES.path])
def make(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Return the component that finds dates."""

    def component(doc: Doc) -> Doc:
        today = doc._.get(Extension.PUBLISHED_ON)
        found: list[DateSpan] = []
        for _, sentence in open_sentences(doc):
            span = doc[sentence.start : sentence.end]
            for start, end, readings in resolve(span.text, today):
                hit = span.char_span(start, end, alignment_mode="expand")
                found.append(DateSpan(hit.start, hit.end, past=readings.past, future=readings.future))
        return put(doc, Extension.DATES, tuple(sorted(found, key=lambda date: date.start)))

    return component
