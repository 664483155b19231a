"""Rules tested on history: what a rule would have told of what was settled, by the functions that decide it live."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.alerts.rules import AlertRule
from monitor.alerts.schedule import RuleState, plan, wake_at
from monitor.alerts.select import Limits, Silent, take
from storage.matches import Match, Message, MessageKind, Settlement, Silence
from storage.types import Event

Acknowledged = Mapping[tuple[str, int], datetime]  # (rule, development id) → when


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a rule would have told, in order; what it has not told yet at the end; and what stayed silent."""

    rule: AlertRule
    messages: tuple[Message, ...]
    open: tuple[Match, ...]
    silent: tuple[Silent, ...]

    @property
    def told(self) -> tuple[Message, ...]:
        """The messages that would have left."""
        return tuple(one for one in self.messages if one.matches and one.kind is not MessageKind.EXPIRED)

    @property
    def expired(self) -> tuple[Match, ...]:
        """What waited for more publishers in vain."""
        return tuple(match for one in self.messages if one.kind is MessageKind.EXPIRED for match in one.matches)


def backtest(
    rule: AlertRule,
    settlements: Iterable[Settlement],
    until: datetime,
    *,
    limits: Limits,
    silences: Sequence[Silence] = (),
    acknowledged: Acknowledged | None = None,
) -> Backtest:
    """Ask a rule about all that was settled, oldest first, and tell what is due until an instant.

    Silences and acknowledgements count from when people made them.
    """
    history = _History(rule, limits, silences, acknowledged or {})
    for settlement in settlements:
        history.settle(settlement)
    history.look(until)
    return Backtest(rule, tuple(history.messages), history.state.open, tuple(history.silent))


class _History:
    """A rule on its way through the past."""

    def __init__(
        self, rule: AlertRule, limits: Limits, silences: Sequence[Silence], acknowledged: Acknowledged
    ) -> None:
        self._rule = rule
        self._limits = limits
        self._silences = silences
        self._acknowledged = acknowledged
        self._known: set[int] = set()
        self._events: dict[int, Event] = {}
        self._next_at: datetime | None = None
        self.state = RuleState()
        self.messages: list[Message] = []
        self.silent: list[Silent] = []

    def settle(self, settlement: Settlement) -> None:
        """Ask the rule about a settled report; what was due before is told before."""
        self.look(settlement.at)
        self._events[settlement.settled.event.id] = settlement.settled.event
        waiting = [one for one in self.state.open if one.ready_at is None]
        taken = take(self._rule, settlement, self._known, waiting, limits=self._limits)
        self.silent += taken.silent
        self._known |= {one.development.id for one in taken.new}
        ready = {one.development.id: one for one in taken.ready}
        moved = (ready.get(one.development.id, one) for one in self.state.open)
        for one in (*taken.new, *taken.ready):
            at = wake_at(self._rule, one, self._limits.max_age)
            self._next_at = min(self._next_at or at, at)
        new = (replace(one, acked_at=self._acknowledged.get((one.rule, one.development.id))) for one in taken.new)
        self.state = replace(self.state, open=(*moved, *new), events=self._events)
        self.look(settlement.at)

    def look(self, now: datetime) -> None:
        """Tell what is due; as live, nothing is looked at before it can be."""
        if self._next_at is None or self._next_at > now:
            return
        made = plan(self._rule, self.state, self._silences, now, patience=self._limits.max_age)
        self.messages += made.messages
        self.state = made.state
        self._next_at = made.next_at
