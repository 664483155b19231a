"""What the components hand on: names of the Doc extensions, and the values they hold. Offsets count tokens of the Doc.

A component writes only the extension that it states in `assigns`, so that spaCy's `analyze_pipes` can check the order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from spacy.tokens import Doc

from extractors.ontology import EventType, Kind, Status


class Extension(StrEnum):
    """Names of the extensions, as `doc._.NAME`."""

    PUBLISHED_ON = "demarche_published_on"
    ACQUAINTANCES = "demarche_acquaintances"
    WORDS = "demarche_words"
    SENTENCES = "demarche_sentences"
    ACTORS = "demarche_actors"
    PLACES = "demarche_places"
    DATES = "demarche_dates"
    TRIGGERS = "demarche_triggers"
    PROPOSALS = "demarche_proposals"
    PROPOSED_STATUSES = "demarche_proposed_statuses"
    EVENTS = "demarche_events"
    STATUSES = "demarche_statuses"
    ATTRIBUTIONS = "demarche_attributions"

    @property
    def path(self) -> str:
        """Return the name as `requires` and `assigns` of a factory want it."""
        return f"doc._.{self}"


class Part(StrEnum):
    """What an actor span can be in a clause."""

    ACTING = "acting"  # a state, an organisation, an office holder, a body: can do something
    MODIFIER = "modifier"  # "Russian", "Russia's" before a noun that does not act
    NATIONAL = "national"  # "British tourists", "Iranian tankers": something is done to them
    LOCATED = "located"  # "in Baghdad": a place, that may still be meant as a party


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens from start to end (excluded). `headline`: the item's first line. `open`: worth looking at."""

    start: int
    end: int
    headline: bool
    open: bool


@dataclass(frozen=True, slots=True)
class ActorSpan:
    """Tokens that name a political actor. `person` is the surname, for those that are named."""

    start: int
    end: int
    code: str
    name: str
    part: Part
    person: str = ""


@dataclass(frozen=True, slots=True)
class PlaceSpan:
    """Tokens that name a place. `country` is None for seas and the like."""

    start: int
    end: int
    country: str | None
    name: str


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Tokens that say when; `first` and `last` are the days when it is future or past, `None` parts unknown."""

    start: int
    end: int
    past: tuple[date, date]
    future: tuple[date, date]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the words around a trigger say about its status, before it is weighed.

    `words` are auxiliaries and governing verbs, nearest first; `form` the trigger's form, `verb` the word itself when
    it is a verb.
    """

    form: str
    words: tuple[str, ...] = ()
    verb: str = ""


@dataclass(frozen=True, slots=True)
class EventSpan:
    """A trigger with its parties, in the sentence `sentence` (index into SENTENCES).

    `start` and `end` are the clause that tells it, `trigger` the tokens that gave it. `fixed` is a status that the
    frame itself sets. `places` are indices into PLACES and `dates` into DATES that belong to it.
    """

    sentence: int
    start: int
    end: int
    trigger: tuple[int, int]
    frame: str
    type: EventType
    kind: Kind
    actors: tuple[ActorSpan, ...]
    recipients: tuple[ActorSpan, ...]
    standing: Standing
    fixed: Status | None
    confidence: float
    refers: bool = False  # "the talks": only adds to an event told before
    why: str = ""  # what the judge found, for people


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says it."""

    name: str
    code: str = ""


def register() -> None:
    """Make the extensions known to spaCy; doing it twice changes nothing."""
    for name in Extension:
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None if name is Extension.PUBLISHED_ON else ())


def get(doc: Doc, name: Extension) -> tuple:  # type: ignore[type-arg]  # spaCy's extensions are untyped
    """Return the value of an extension."""
    value: tuple = doc._.get(name)  # type: ignore[type-arg]  # as above
    return value


def put(doc: Doc, name: Extension, value: tuple) -> Doc:  # type: ignore[type-arg]  # spaCy's extensions are untyped
    """Set the value of an extension and return the Doc."""
    doc._.set(name, value)
    return doc


def open_sentences(doc: Doc) -> Iterator[tuple[int, Sentence]]:
    """Yield the sentences that passed the gate, with their index."""
    for index, sentence in enumerate(get(doc, Extension.SENTENCES)):
        if sentence.open:
            yield index, sentence
