"""Whom a name stands for, by what texts said of it: what counts, how long, and which of two codes. Pure decisions.

A row is what was read of one name, code and office (`OfficeHolder`). Rows of one name may contradict each other: one
was misread, or the person has gone over to another office. A person's verdict is above all that was read.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby

from extractors.types import Acquaintance
from storage.errors import Conflict
from storage.types import OfficeHolder, Verdict

# How long a row counts after it was seen last. Of 143 names that texts introduced a second time, 95 in 100 were so
# within 80 days of the first (1,000 names in seven streams of current events of 2018 and 2022, 2026-11). Each doubling
# of the times seen adds as much, since what many texts say is hardly misread; but whom nobody names by office for a
# year has left it.
COUNTS_AFTER_FIRST = timedelta(days=90)
COUNTS_AT_MOST = timedelta(days=365)

# Of two codes the better attested wins. Half of a row's weight is gone after a month of silence: three in four who were
# introduced again were so within 39 days (as above). A long past in one office must not outvote the present one.
HALF_LIFE = timedelta(days=30)
HEAVIEST = 10
# A code that so many texts gave after the last that gave another has replaced it: one may be misread, two agree.
SUCCEEDS = 2
# Of two people of one surname the one who is so many times as well attested is meant by it, else neither.
CLEARLY = 3

# Letters that decompose into no plain one (Unicode, NFKD).
_PLAIN = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe"}
    | dict.fromkeys("’'.", "")
)
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’](?!s\b))*")


# ---------------------------------------------------------------- names


@lru_cache(maxsize=10_000)
def name_key(name: str) -> str:
    """Return a name as it is compared: small letters without accents, stops and apostrophes, hyphens as spaces."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(letters.replace("-", " ").replace("–", " ").split())


def surnames_in(text: str) -> dict[str, str]:
    """Return the words of a text that may be surnames, those with a capital: how it spells each, by its key."""
    spellings: dict[str, str] = {}
    for word in _WORD.findall(text):
        if word[0].isupper():
            spellings.setdefault(name_key(word), word)
    return spellings


# ---------------------------------------------------------------- what counts


def lasts(times: int) -> timedelta:
    """Return how long a row counts after it was seen last, having been seen so many times."""
    return min(COUNTS_AFTER_FIRST * (1 + math.log2(max(times, 1))), COUNTS_AT_MOST)


def counts(holder: OfficeHolder, at: datetime) -> bool:
    """Say whether a row counts for a text published at an instant: then or not long before the person was named so."""
    if holder.verdict is not None:
        return True
    return holder.first_seen_at - COUNTS_AFTER_FIRST <= at <= holder.last_seen_at + lasts(holder.times)


def seen_again(holder: OfficeHolder, at: datetime, item_id: int) -> OfficeHolder:
    """Return a row after one more text, published at an instant, said the same.

    A row that no longer counted begins anew; a text from long before it changes nothing.
    """
    if at > holder.last_seen_at + lasts(holder.times):
        return replace(holder, first_seen_at=at, last_seen_at=at, times=1, first_item_id=item_id)
    if not counts(holder, at):
        return holder
    first = replace(holder, first_seen_at=at, first_item_id=item_id) if at < holder.first_seen_at else holder
    return replace(first, last_seen_at=max(at, holder.last_seen_at), times=holder.times + 1)


def weight(holder: OfficeHolder, at: datetime) -> float:
    """Return how much a row counts, 0 to HEAVIEST; silence since it was seen last takes away from it."""
    if holder.verdict is not None:
        return HEAVIEST
    silence = max(at - holder.last_seen_at, timedelta())
    return min(holder.times, HEAVIEST) * math.exp2(-silence / HALF_LIFE)


# ---------------------------------------------------------------- one name


@dataclass(frozen=True, slots=True)
class Belief:
    """Whom a name stands for, and why. `code` is empty when it stands for nobody."""

    name: str
    surname: str
    code: str
    office: str
    since: date
    weight: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Claim:
    """What all rows of one name and code say together."""

    code: str
    rows: tuple[OfficeHolder, ...]
    times: int
    first_seen_at: datetime
    last_seen_at: datetime
    weight: float

    @property
    def latest(self) -> OfficeHolder:
        return max(self.rows, key=lambda row: (row.last_seen_at, row.times, row.office))

    def __str__(self) -> str:
        times = "once" if self.times == 1 else f"{self.times} times"
        return f"{self.code} {times}, last on {self.last_seen_at:%Y-%m-%d}"


def believe(rows: Sequence[OfficeHolder], at: datetime) -> Belief:
    """Return whom one name stands for in a text published at an instant. `rows` are all of that name, one at least."""
    said = _said(rows)
    if said is not None:
        return said
    wrong = {row.code for row in rows if row.verdict is Verdict.WRONG}
    claims = _claims([row for row in rows if row.code not in wrong and counts(row, at)], at)
    if not claims:
        return _nobody(rows, "a person called it wrong" if wrong else "not named by office for too long")
    best = claims[0]
    for other in claims[1:]:
        if _is_better(other, best):
            best = other
    return _belief(best.latest, best, _why(best, claims))


def judged(rows: Sequence[OfficeHolder], verdict: Verdict, now: datetime, code: str = "") -> tuple[OfficeHolder, ...]:
    """Return the rows of one name after a person gave a verdict, which takes the place of any before it.

    CONFIRMED: the code that is believed is right. WRONG: all that was read is. REPLACED: whatever was read and will
    be, the name stands for `code`. Raises Conflict when there is nothing to confirm.
    """
    plain = [replace(row, verdict=None, corrected_code="", judged_at=None) for row in rows]
    if verdict is not Verdict.CONFIRMED:
        return tuple(replace(row, verdict=verdict, corrected_code=code, judged_at=now) for row in plain)
    believed = believe(rows, now)
    if all(row.code != believed.code for row in plain):
        raise Conflict(f"{believed.name} is believed to be {believed.code or 'nobody'}: {believed.reason}")
    return tuple(replace(row, verdict=verdict, judged_at=now) if row.code == believed.code else row for row in plain)


def _said(rows: Sequence[OfficeHolder]) -> Belief | None:
    """Return what a person said of a name last, if that was whom it stands for."""
    judged_rows = [row for row in rows if row.verdict in (Verdict.CONFIRMED, Verdict.REPLACED)]
    if not judged_rows:
        return None
    row = max(judged_rows, key=lambda one: (one.judged_at or one.last_seen_at, one.last_seen_at, one.id))
    code = row.corrected_code or row.code
    word = "corrected" if row.verdict is Verdict.REPLACED else "confirmed"
    on = f" on {row.judged_at:%Y-%m-%d}" if row.judged_at else ""
    return Belief(
        row.name, row.surname, code, row.office, row.first_seen_at.date(), HEAVIEST, f"a person {word} it{on}"
    )


def _claims(rows: Iterable[OfficeHolder], at: datetime) -> list[_Claim]:
    by_code = sorted(rows, key=lambda row: row.code)
    return [_claim(code, tuple(same), at) for code, same in groupby(by_code, key=lambda row: row.code)]


def _claim(code: str, rows: tuple[OfficeHolder, ...], at: datetime) -> _Claim:
    return _Claim(
        code=code,
        rows=rows,
        times=sum(row.times for row in rows),
        first_seen_at=min(row.first_seen_at for row in rows),
        last_seen_at=max(row.last_seen_at for row in rows),
        weight=min(sum(weight(row, at) for row in rows), HEAVIEST),
    )


def _succeeds(one: _Claim, other: _Claim) -> bool:
    return one.first_seen_at > other.last_seen_at and one.times >= SUCCEEDS


def _is_better(one: _Claim, other: _Claim) -> bool:
    if _succeeds(one, other) or _succeeds(other, one):
        return _succeeds(one, other)
    return (one.weight, one.last_seen_at) > (other.weight, other.last_seen_at)


def _why(best: _Claim, claims: Sequence[_Claim]) -> str:
    others = [claim for claim in claims if claim is not best]
    if not others:
        return f"named as {best}"
    against = " and ".join(map(str, others))
    won = "since then" if all(_succeeds(best, other) for other in others) else "better attested"
    return f"named as {best} ({won}), against {against}"


def _belief(row: OfficeHolder, claim: _Claim, reason: str) -> Belief:
    return Belief(row.name, row.surname, claim.code, row.office, claim.first_seen_at.date(), claim.weight, reason)


def _nobody(rows: Sequence[OfficeHolder], reason: str) -> Belief:
    row = max(rows, key=lambda one: one.last_seen_at)
    return Belief(row.name, row.surname, "", row.office, row.first_seen_at.date(), 0.0, reason)


def beliefs(rows: Iterable[OfficeHolder], at: datetime) -> tuple[Belief, ...]:
    """Return whom each name stands for, in order of the names. `rows` must hold all rows of each."""
    by_name = sorted(rows, key=lambda row: name_key(row.name))
    return tuple(believe(tuple(same), at) for _, same in groupby(by_name, key=lambda row: name_key(row.name)))


# ---------------------------------------------------------------- one text


def acquaintances(rows: Iterable[OfficeHolder], text: str, at: datetime) -> tuple[Acquaintance, ...]:
    """Return whom a text published at an instant may mean, at most one person for a surname, in order of surnames.

    Of several people of one surname those whose full name the text gives are meant; else the one who is clearly better
    attested than all of another code.
    """
    spellings = surnames_in(text)
    plain = f" {name_key(' '.join(_WORD.findall(text)))} "
    known = sorted((one for one in beliefs(rows, at) if one.code), key=lambda one: name_key(one.surname))
    found = []
    for surname, people in groupby(known, key=lambda one: name_key(one.surname)):
        meant = _meant(tuple(people), plain) if surname in spellings else None
        if meant is not None:
            found.append(_acquaintance(meant, spellings))
    return tuple(found)


def _meant(people: Sequence[Belief], plain: str) -> Belief | None:
    named = [one for one in people if f" {name_key(one.name)} " in plain]
    best, *others = sorted(named or people, key=lambda one: (-one.weight, one.code, one.name))
    rivals = [other.weight for other in others if other.code != best.code]
    if rivals and (named or best.weight < CLEARLY * max(rivals)):
        return None
    return best


def _acquaintance(one: Belief, spellings: Mapping[str, str]) -> Acquaintance:
    """Return a belief as the chain takes it, with the surname as the text spells it."""
    return Acquaintance(one.name, spellings[name_key(one.surname)], one.code, one.office, one.since)
