"""What different publishers say of one thing, side by side, and which of it is attested best.

An account is what a publisher said last: who corrects himself does not count twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """What one report gave as the day, the place or the status of an event, as text for people."""

    field: str
    value: str
    publisher: str
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """One value and who says so, in order of name; `last_at` is when somebody last did."""

    value: str
    publishers: tuple[str, ...]
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Attested:
    """The accounts of one field, best attested first, and why the first one is."""

    field: str
    accounts: tuple[Account, ...]
    reason: str

    @property
    def is_disputed(self) -> bool:
        """Whether publishers contradict each other."""
        return len(self.accounts) > 1


def weigh(claims: Iterable[Claim]) -> tuple[Attested, ...]:
    """Return the accounts of each field that anybody told, by field: more publishers first, then the later one."""
    last: dict[tuple[str, str], Claim] = {}
    for claim in sorted(claims, key=lambda one: (one.told_at, one.value)):
        last[claim.field, claim.publisher] = claim
    fields = sorted({field for field, _ in last})
    return tuple(_attested(field, [one for one in last.values() if one.field == field]) for field in fields)


def _attested(field: str, claims: list[Claim]) -> Attested:
    by_value: dict[str, list[Claim]] = {}
    for claim in claims:
        by_value.setdefault(claim.value, []).append(claim)
    accounts = [_account(value, told) for value, told in by_value.items()]
    accounts.sort(key=lambda one: (-len(one.publishers), -one.last_at.timestamp(), one.value))
    return Attested(field, tuple(accounts), _why(accounts))


def _account(value: str, told: list[Claim]) -> Account:
    return Account(value, tuple(sorted({one.publisher for one in told})), max(one.told_at for one in told))


def _why(accounts: list[Account]) -> str:
    first = accounts[0]
    if len(accounts) == 1:
        return f"nobody says otherwise than {', '.join(first.publishers)}"
    second = accounts[1]
    if len(first.publishers) > len(second.publishers):
        return f"{len(first.publishers)} publishers say {first.value}, {len(second.publishers)} {second.value}"
    return f"as many say {second.value}, but {first.value} was told later"


def is_refuted(old: str, new: str, claims: Iterable[Claim]) -> str:
    """Return why a value that comes back is no news, empty where it is: told before, and now less attested than `old`.

    `claims` are those of one field before the report at hand. What nobody told before is news, whoever contradicts it.
    """
    known = list(claims)
    accounts = {one.value: one for attested in weigh(known) for one in attested.accounts}
    if old not in accounts or new not in {one.value for one in known}:
        return ""
    mine, theirs = len(accounts[new].publishers) if new in accounts else 0, len(accounts[old].publishers)
    return "" if mine > theirs else f"{new} was told before, and {theirs} publishers have said {old} since"
