"""What a message is headed by, and what it tells of which event: from matches to the parts that get words in
monitor.alerts.render. Pure.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from monitor.alerts.render import TITLE_LENGTH, Part, render_parts
from monitor.alerts.select import Pending
from storage.matches import Match, MessageKind
from storage.types import NewDelivery


def worded(pending: Pending) -> NewDelivery:
    """Put a message into words; one that is no first alert says so in its title."""
    parts = parts_of(pending.matches)
    heading = _heading(pending, len(parts))
    message = render_parts(pending.key, pending.rule, pending.channel, parts, heading=heading)
    return replace(
        message,
        title=f"{BEFORE_TITLE.get(pending.kind, '')}{message.title}"[:TITLE_LENGTH],
        details=json.dumps({**json.loads(message.details), "message": pending.kind.value}, ensure_ascii=False),
        purpose=pending.purpose,
    )


def parts_of(matches: tuple[Match, ...]) -> list[Part]:
    """Return what is told of each event, as it stood after the last of its developments."""
    by_event: dict[int, list[Match]] = {}
    for match in matches:
        by_event.setdefault(match.event.id, []).append(match)
    return [_part(of_event) for of_event in by_event.values()]


def _part(matches: list[Match]) -> Part:
    reason = "; ".join(dict.fromkeys(one.reason for one in matches))
    return Part(matches[-1].event, tuple(one.development for one in matches), reason)


# Before the title of the one event that a message is about.
BEFORE_TITLE: Mapping[MessageKind, str] = {
    MessageKind.REMINDER: "Reminder: ",
    MessageKind.ESCALATION: "Not acknowledged: ",
}

Heading = Callable[[str, str], str]  # rule, what is counted

# In place of the title where a message tells of several events.
HEADINGS: Mapping[MessageKind, Heading] = {
    MessageKind.ALERT: lambda rule, counted: f"{rule}: {counted}",
    MessageKind.GROUP: lambda rule, counted: f"{rule}: {counted}",
    MessageKind.DIGEST: lambda rule, counted: f"Digest of {rule}: {counted}",
    MessageKind.HELD: lambda rule, counted: f"Held in quiet hours, {rule}: {counted}",
    MessageKind.MORE: lambda rule, counted: f"And more of {rule}: {counted}",
    MessageKind.REMINDER: lambda rule, counted: f"{rule}: {counted}",
    MessageKind.ESCALATION: lambda rule, counted: f"{rule}: {counted}",
}


def _heading(pending: Pending, events: int) -> str:
    developments = len(pending.developments)
    return HEADINGS[pending.kind](pending.rule.name, counted(developments, events))


def counted(developments: int, events: int) -> str:
    """Return "3 developments of 2 events", in the singular where it is one."""
    told = f"{developments} development{'' if developments == 1 else 's'}"
    return f"{told} of {events} event{'' if events == 1 else 's'}"
