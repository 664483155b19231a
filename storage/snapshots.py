"""A settled report as a text, so that what a rule was asked then can be asked again later. Pure."""

import json
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from extractors.ontology import EventType, Kind, Status
from extractors.types import Actor, DateRange, Place
from storage.types import Change, Development, Event, Settled


def to_text(settled: Settled) -> str:
    """Return the event and its new developments as JSON; `earlier` is left out, it was written before."""
    told = {"event": asdict(settled.event), "developments": [asdict(one) for one in settled.developments]}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=_plain)


def from_text(text: str, *, corroborated: bool) -> Settled:
    """Return what `to_text` was given, without `earlier`."""
    told = json.loads(text)
    developments = tuple(_development(one) for one in told["developments"])
    return Settled(_event(told["event"]), developments, corroborated)


def _plain(value: object) -> str:
    assert isinstance(value, date)  # a datetime is one, too
    return value.isoformat()


def _event(told: dict[str, Any]) -> Event:
    values = told | {
        "type": EventType(told["type"]),
        "kind": Kind(told["kind"]),
        "status": Status(told["status"]),
        "actors": tuple(Actor(**one) for one in told["actors"]),
        "recipients": tuple(Actor(**one) for one in told["recipients"]),
        "place": Place(**told["place"]) if told["place"] else None,
        "date": _days(told["date"]),
        "counts": tuple((what, number) for what, number in told["counts"]),
        "different_from": tuple(told.get("different_from", ())),
    }
    instants = {name: datetime.fromisoformat(told[name]) for name in ("status_at", "first_seen_at", "last_seen_at")}
    return Event(**_known(Event, values | instants))


def _days(told: dict[str, str] | None) -> DateRange | None:
    return DateRange(date.fromisoformat(told["start"]), date.fromisoformat(told["end"])) if told else None


def _development(told: dict[str, Any]) -> Development:
    published_at = told["published_at"]
    values = {
        "change": Change(told["change"]),
        "seen_at": datetime.fromisoformat(told["seen_at"]),
        "published_at": datetime.fromisoformat(published_at) if published_at else None,
    }
    return Development(**_known(Development, told | values))


def _known(of: type[Event | Development], values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what an earlier version kept and this one does not know any more."""
    names = {one.name for one in fields(of)}
    return {name: value for name, value in values.items() if name in names}
