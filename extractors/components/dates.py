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
# Of 91 dates in the development half of the annotated passages that name a month and no year, one (September 11) lies
# further back than half a year while its next return is within four months.
LONGEST_BACK = timedelta(days=183)
LONGEST_AHEAD = timedelta(days=120)

# First and last day of a part of a month (GUIDE of the annotation: "early July" is 1-10 July).
PARTS_OF_MONTH = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}

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


RELATIVE_DAYS = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1, "overnight": 0}


def of_relative_day(match: re.Match[str], today: date) -> Readings:
    """Return today, yesterday, tomorrow, "this morning"."""
    return both(single(today + RELATIVE_DAYS.get(match["relative"].lower(), 0) * DAY))


SHIFTS = {
    "next": 1,
    "the coming": 1,
    "the following": 1,
    "last": -1,
    "the past": -1,
    "previous": -1,
    "the previous": -1,
}


def of_week(match: re.Match[str], today: date) -> Readings:
    """Return "earlier this week" (Monday to today), "later this week" (tomorrow to Sunday), "next week"."""
    week, part = week_of(today), (match["part"] or "").lower()
    shift = SHIFTS.get(match["which"].lower(), 0)
    if shift:
        return both(Days(week.first + shift * WEEK, week.last + shift * WEEK))
    if part == "earlier":
        return both(Days(week.first, today))
    if part == "later":
        return both(Days(min(today + DAY, week.last), week.last))
    return both(week)


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
    """Return "last month", "next year", "this month", "later this year"."""
    shift = SHIFTS.get(match["which"].lower(), 0)
    if match["unit"].lower() == "year":
        return both(part_of_year(today, shift, (match["part"] or "").lower()))
    month = today.year * 12 + today.month - 1 + shift
    days = whole_month(month // 12, month % 12 + 1)
    if match["part"] and not shift:
        is_later = match["part"].lower() == "later"
        return both(Days(min(today + DAY, days.last), days.last) if is_later else Days(days.first, today))
    return both(days)


def part_of_year(today: date, shift: int, part: str) -> Days:
    """Return a year, or the part of this one that is over or still to come."""
    first, last = date(today.year + shift, 1, 1), date(today.year + shift, 12, 31)
    if shift or not part:
        return Days(first, last)
    return Days(min(today + DAY, last), last) if part == "later" else Days(first, today)


def of_year(match: re.Match[str], today: date) -> Readings:
    """Return "in 2011", "2011"."""
    year = int(match["year"])
    return both(Days(date(year, 1, 1), date(year, 12, 31)))


def of_distance(match: re.Match[str], today: date) -> Readings | None:
    """Return "three days ago", "two weeks ago"."""
    text = match["count"].lower()
    count = int(text) if text.isdigit() else NUMBERS.get(text)
    if count is None or count > 60:
        return None
    unit = match["unit"].lower()
    if unit == "day":
        return both(single(today - count * DAY))
    if unit == "week":
        return both(week_of(today - count * WEEK))
    month = today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1)
    return both(
        whole_month(month // 12, month % 12 + 1)
        if unit == "month"
        else Days(date(month // 12, 1, 1), date(month // 12, 12, 31))
    )


PART_OF_MONTH = r"(?P<part>[Ee]arly|[Mm]id|[Ll]ate)[\s-]+"
LEADING = r"(?:[Ii]n|[Bb]y|[Ss]ince|[Uu]ntil|[Ll]ast|[Nn]ext|[Tt]his)\s+"
WHICH = r"(?P<which>[Tt]his|[Nn]ext|[Ll]ast|[Pp]revious|the past|the previous|the coming|the following)"
PART = r"(?:(?P<part>[Ee]arlier|[Ll]ater) )?"
COUNT = r"(?P<count>\d+|an?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
TODAY = r"(?P<relative>[Tt]oday|[Tt]onight|[Yy]esterday|[Tt]omorrow|[Tt]his (?:morning|afternoon|evening))"
NO_YEAR = r"(?P<year>)"

Rule = Callable[[re.Match[str], date], Readings | None]
# In this order: where two rules meet on the same words, the more particular one has been there first.
RULES: tuple[tuple[re.Pattern[str], Rule], ...] = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        (rf"\b{MONTH}\s+{DAYNUMBER}\b(?!,\d{{3}})(?:,?\s+{YEAR}\b)?", of_day),
        (rf"\b{DAYNUMBER}(?:\s+of)?\s+{MONTH}(?=\W|$)(?:,?\s+{YEAR}\b)?", of_day),
        (rf"\b(?:{PART_OF_MONTH})?{MONTH}(?:,?\s+{YEAR}\b)", of_month),
        (rf"\b{LEADING}(?:{PART_OF_MONTH})?{MONTH}{NO_YEAR}\b(?!\s+[A-Z])", of_month),
        (rf"\b{PART_OF_MONTH}{MONTH}{NO_YEAR}\b", of_month),
        (rf"\b(?:[Oo]n\s+)?(?:(?P<which>[Ll]ast|[Nn]ext|[Tt]his)\s+)?{WEEKDAY}\b", of_weekday),
        (rf"\b{TODAY}\b", of_relative_day),
        (rf"\b{PART}{WHICH} week\b", of_week),
        (rf"\b(?:{WHICH}|(?:at|over|on) the) weekend\b", of_weekend),
        (rf"\b{PART}{WHICH} (?P<unit>month|year)\b", of_span),
        (rf"\b{COUNT} (?P<unit>day|week|month|year)s? (?:ago|earlier)\b", of_distance),
        (rf"\b(?:[Ii]n|[Bb]y|[Ss]ince|[Dd]uring|[Oo]f|[Uu]ntil) {YEAR}\b(?!\s*(?:-|people|soldiers|troops))", of_year),
    )
)
HINT = re.compile(
    r"\d|day|week|month|year|tomorrow|tonight|this (?:morning|after|even)|" + "|".join(month[:3] for month in MONTHS),
    re.IGNORECASE,
)


def resolve(text: str, today: date) -> Iterator[tuple[int, int, Readings]]:
    """Yield where in a text a date stands (characters) and the days it means, without overlaps."""
    if not HINT.search(text):
        return
    taken: list[tuple[int, int]] = []
    for pattern, rule in RULES:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            readings = rule(match, today)
            if readings is not None:
                taken.append((match.start(), match.end()))
                yield match.start(), match.end(), readings


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
