"""What a text says: text in, event mentions out. Importing this loads no model and no data."""

from extractors.ontology import EventType, Kind, Status
from extractors.types import Actor, Article, DateRange, EventMention, Place, Span

__all__ = ["Actor", "Article", "DateRange", "EventMention", "EventType", "Kind", "Place", "Span", "Status"]
