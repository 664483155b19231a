"""What a text says: text in, event mentions out. Importing this loads no model and no data."""

from extractors.ontology import EventType, Kind, Status
from extractors.types import (
    Acquaintance,
    Actor,
    Article,
    DateRange,
    EventMention,
    Introduction,
    Place,
    Reading,
    Span,
)

__all__ = [
    "Acquaintance",
    "Actor",
    "Article",
    "DateRange",
    "EventMention",
    "EventType",
    "Introduction",
    "Kind",
    "Place",
    "Reading",
    "Span",
    "Status",
]
