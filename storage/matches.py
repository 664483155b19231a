"""What flows between alert rules and their tables: settlements, matches, messages, silences. Values only."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.types import Development, Event, Settled


@dataclass(frozen=True, slots=True)
class Settlement:
    """A report that was settled and brought something that rules look at, with its event as it stood then.

    Rules are asked about it once as it happens, and again from here when they are tested on history. `edited`: it was
    a new wording of an item that we had.
    """

    id: int
    at: datetime
    settled: Settled
    edited: bool = False


class MatchState(StrEnum):
    """Where a match stands; it ends in one of the last three."""

    WAITING = "waiting"  # for more publishers
    HELD = "held"  # its message has not left yet
    TOLD = "told"
    SILENCED = "silenced"
    EXPIRED = "expired"  # too few publishers reported it in time


@dataclass(frozen=True, slots=True)
class Match:
    """A development that a rule asked for, with the event as it stood then; once for each rule and development.

    `ready_at` None: the rule waits for more publishers. `ready_by` is the settlement after which it no longer did: what
    became ready by the same one is told together.
    """

    rule: str
    event: Event
    development: Development
    reason: str
    matched_at: datetime
    ready_at: datetime | None = None
    ready_by: int = 0
    acked_at: datetime | None = None


class MessageKind(StrEnum):
    """Why developments stand in one message."""

    ALERT = "alert"  # one report brought them
    GROUP = "group"  # they came within the rule's group_wait
    DIGEST = "digest"
    HELD = "held"  # they came in quiet hours
    MORE = "more"  # they were more than the throttle lets through
    REMINDER = "reminder"  # told before, and still planned
    ESCALATION = "escalation"  # told before, and not acknowledged
    EXPIRED = "expired"  # no message: what waited for more publishers is given up


@dataclass(frozen=True, slots=True)
class Silenced:
    """A match that a silence kept out of its message."""

    match: Match
    silence_id: int


@dataclass(frozen=True, slots=True)
class Message:
    """What a rule tells at an instant, for all of its channels, or for those in `to`; nothing where all is silenced."""

    rule: str
    kind: MessageKind
    at: datetime
    matches: tuple[Match, ...]
    silenced: tuple[Silenced, ...] = ()
    to: tuple[str, ...] = ()

    @property
    def development_ids(self) -> tuple[int, ...]:
        """The developments that it tells, oldest first."""
        return tuple(one.development.id for one in self.matches)


@dataclass(frozen=True, slots=True)
class Silence:
    """What shall not be told for a while; of the fields that are set all must fit.

    `actors` are codes of which one is a party. In force from `created_at` until before `until`, or until it is lifted.
    """

    id: int
    created_at: datetime
    until: datetime
    rule: str = ""
    event_id: int | None = None
    kind: str = ""
    actors: tuple[str, ...] = ()
    place: str = ""
    comment: str = ""
    lifted_at: datetime | None = None

    def is_in_force(self, at: datetime) -> bool:
        """Return whether it silences what would be told at an instant."""
        return self.created_at <= at < min(self.until, self.lifted_at or self.until)
