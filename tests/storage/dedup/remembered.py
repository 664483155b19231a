"""Events as decisions make them: reports in, what was decided out."""

from dataclasses import dataclass, replace

from storage.dedup.lifecycle import apply, decide
from storage.types import Decision, Event, NewDevelopment, NewEvent, Report
from tests.builders import an_event


@dataclass
class Memory:
    """The events so far, as a store would keep them."""

    events: dict[int, Event]

    def tell(self, report: Report) -> tuple[int, Decision]:
        """Decide on a report; returns its event's number and the decision."""
        now = max([report.published_at, *(event.last_seen_at for event in self.events.values())])
        decision = decide(report, tuple(self.events.values()), now)
        event = event_of(report, len(self.events) + 1) if isinstance(decision, NewEvent) else decision.event
        if isinstance(decision, NewDevelopment):
            event = apply(event, report, decision)
        self.events[event.id] = replace(event, last_seen_at=now)
        return event.id, decision


def event_of(report: Report, number: int) -> Event:
    """Return the event that a first report makes."""
    mention, at = report.mention, report.published_at
    return an_event(
        id=number,
        type=mention.type,
        kind=mention.kind,
        actors=mention.actors,
        recipients=mention.recipients,
        place=mention.place,
        date=mention.date,
        status=mention.status,
        counts=mention.counts,
        background=mention.background,
        status_at=at,
        first_seen_at=at,
        last_seen_at=at,
    )
