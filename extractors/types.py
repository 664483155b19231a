"""What flows through the extractor chain: an article in, event mentions out. Values only, standard library only."""

from dataclasses import dataclass, field
from datetime import date

from extractors.ontology import EventType, Kind, Status


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """A person whom earlier texts introduced: `code` is for whom they speak, `surname` what texts call them by.

    `office` is how they were introduced last ("foreign minister"), `since` the day of the first text that did so.
    """

    name: str
    surname: str
    code: str
    office: str
    since: date


@dataclass(frozen=True, slots=True)
class Article:
    """A text to read, with the day that its relative dates ("on Tuesday") are resolved against.

    `acquaintances` are persons known from elsewhere whom the text may mean. What the text itself says of a name counts
    for more than they do, and they for more than the curated roster.
    """

    key: str
    text: str
    published_on: date
    title: str = ""
    url: str = ""
    publisher: str = ""
    language: str = "en"
    acquaintances: tuple[Acquaintance, ...] = ()

    @property
    def full_text(self) -> str:
        """The title as the first line, then the text; all offsets of mentions count characters in here.

        A text that opens with its own title is not given it twice.
        """
        if not self.title or self.text.startswith(self.title):
            return self.text
        return f"{self.title}\n{self.text}"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of `Article.full_text`: `full_text[start:end] == text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, order=True)
class Actor:
    """A political actor: code (ISO 3166-1 alpha-3, or an organisation's acronym) and the name the text gives."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class DateRange:
    """First and last day, both included; one day has the same day twice."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a date range ends ({self.end}) before it starts ({self.start})")


@dataclass(frozen=True, slots=True)
class Place:
    """Where it takes place. `country` is None for places in no country (a sea, a reef).

    `latitude` and `longitude` are degrees (WGS84) of the town that is named, or of the capital whose seat of power is
    ("the Kremlin"), from GeoNames; None for countries, regions and seas, where any one point would be a guess. They
    only locate the name: places are the same by country and name.
    """

    country: str | None
    name: str
    latitude: float | None = field(default=None, compare=False)
    longitude: float | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class EventMention:
    """One claim in one article that something happened, is happening or will.

    `recipients` is empty for symmetric kinds (all parties are actors). `attribution` is who says so, as the text
    names them, None for the publisher's own voice. `confidence` is 0..1. `counts` are (what, as the text says it)
    pairs, such as ("invited", "about 40"). `passages` are all places of the article that tell it, `evidence` the
    fullest of them. `reason` says which frame and words gave the mention.
    """

    type: EventType
    kind: Kind
    actors: tuple[Actor, ...]
    recipients: tuple[Actor, ...]
    place: Place | None
    date: DateRange | None
    status: Status
    attribution: str | None
    evidence: Span
    confidence: float
    background: bool = False
    counts: tuple[tuple[str, str], ...] = ()
    passages: tuple[Span, ...] = ()
    reason: str = ""

    @property
    def parties(self) -> frozenset[str]:
        """The codes of everybody concerned, actors and recipients alike."""
        return frozenset(party.code for party in (*self.actors, *self.recipients))


@dataclass(frozen=True, slots=True)
class Introduction:
    """A person whom an article introduces by office, state (or organisation) and full name.

    "Norwegian Foreign Minister Liv Aasen": name "Liv Aasen", surname "Aasen", code NOR, office "foreign minister";
    `passage` is the whole expression.
    """

    name: str
    surname: str
    code: str
    office: str
    passage: Span


@dataclass(frozen=True, slots=True)
class Reading:
    """What an article says: the events it tells, and the persons it introduces; each in order of its text."""

    mentions: tuple[EventMention, ...] = ()
    introductions: tuple[Introduction, ...] = ()
