"""Messages as they stand in the outbox, for tests of channels."""

from dataclasses import replace
from typing import Any

from monitor.alerts.render import Part, render_parts
from monitor.alerts.rules import AlertRule
from storage.types import Change, Delivery
from tests.builders import NOW, a_development, an_event

TOLD = {"evidence", "url", "publisher"}


def a_delivery(key: str = "0123456789abcdef", *, template: str = "", **changes: Any) -> Delivery:
    """Return a message for the desk that tells of the planned visit's new date; what is told may be changed too."""
    told = {name: changes.pop(name) for name in TOLD & set(changes)}
    development = a_development(Change.DATE, id=2, old="2022-04-26", new="2022-05-03", **told)
    rule = AlertRule("visits", ("desk",), template=template)
    new = render_parts(key, rule, "desk", [Part(an_event(id=7), (development,), "kind visit")])
    delivery = Delivery(
        id=1,
        key=new.key,
        rule=new.rule,
        channel=new.channel,
        event_id=new.event_id,
        development_ids=new.development_ids,
        title=new.title,
        body=new.body,
        attempts=0,
        created_at=NOW,
        next_attempt_at=NOW,
        details=new.details,
    )
    return replace(delivery, **changes)
