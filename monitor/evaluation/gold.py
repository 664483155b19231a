"""The gold data: annotated passages, coded sentences, and lines to detect; read, and checked while reading."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from extractors.ontology import EventType, Kind, Status
from extractors.types import DateRange
from monitor.errors import GoldError

Word = TypeVar("Word", bound=StrEnum)
Made = TypeVar("Made")


class Gold(StrEnum):
    """The files of gold data, by what they are called on the command line."""

    SENTENCES = "sentences"
    ARTICLES = "articles"
    CODED = "coded"
    DETECT = "detect"
    SEED = "seed"
    STORIES = "stories"
    CLUSTERS = "clusters"


# Below the data folder in `dedup`: sets of items that people put into clusters.
CLUSTERED = (
    "syndication_synth",
    "allsides_full",
    "allsides2021",
    "gva",
    "uci_news_sample",
    "wikinews_sources",
    "basil",
    "diplomacy_lifecycle",
)

# Below the data folder; what a figure rests on, so that a floor knows when its data have become others.
FILES: Mapping[Gold, tuple[str, ...]] = {
    Gold.SENTENCES: ("gold/sentences.jsonl",),
    Gold.ARTICLES: ("gold/articles.jsonl",),
    Gold.CODED: ("gold/coded/records.jsonl",),
    Gold.DETECT: ("gold/detect.jsonl",),
    Gold.SEED: ("seed/events.json", "seed/article.txt"),
    Gold.STORIES: ("stories/stories.json",),
    Gold.CLUSTERS: tuple(f"dedup/{name}/dev.jsonl" for name in CLUSTERED),
}


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """An event that a passage tells. `also`: by field (type, kind, status), a second value that is right.

    `country` is None where the passage gives no place, or one in no country. A background event may be told or not.
    """

    type: EventType
    kind: Kind
    actors: frozenset[str]
    recipients: frozenset[str]
    country: str | None
    date: DateRange | None
    status: Status
    evidence: str
    background: bool
    also: Mapping[str, str]

    def accepts(self, field: str, value: str) -> bool:
        """Say whether a value of type, kind or status is right."""
        return value in (getattr(self, field), self.also.get(field))


@dataclass(frozen=True, slots=True)
class Passage:
    """A text and every event that it tells. `set`: where it comes from, such as "lines"."""

    id: str
    set: str
    published_on: date
    text: str
    events: tuple[GoldEvent, ...]


@dataclass(frozen=True, slots=True)
class DetectLine:
    """A line that editors filed under international relations, or under something else."""

    id: str
    published_on: date
    text: str
    international: bool


@dataclass(frozen=True, slots=True)
class CodedEvent:
    """An event as an event-coding project marked it, in that project's codes.

    `type` is None where only the quadrant `penta` is known: 0 no event, 1 and 2 verbal and material cooperation, 3 and
    4 verbal and material conflict.
    """

    type: str | None
    also: tuple[str, ...]
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    optional: bool
    reciprocal: bool
    penta: int | None


@dataclass(frozen=True, slots=True)
class CodedRecord:
    """A sentence of an event-coding project. `expect`: event, none, penta or ignore; `exhaustive`: all is marked."""

    id: str
    published_on: date | None
    text: str
    expect: str
    exhaustive: bool
    diplomacy: bool
    tier: str
    events: tuple[CodedEvent, ...]


def read_sentences(data: Path) -> tuple[Passage, ...]:
    """Return the annotated passages, in order; raises GoldError naming file and line."""
    return tuple(_passage(row) for row in rows(data / FILES[Gold.SENTENCES][0]))


def read_articles(data: Path) -> tuple[Passage, ...]:
    """Return the annotated articles; their first line is the headline."""
    return tuple(_passage(row) for row in rows(data / FILES[Gold.ARTICLES][0]))


def read_detect(data: Path) -> tuple[DetectLine, ...]:
    """Return the lines to detect."""
    return tuple(
        DetectLine(row.text("id"), row.day("date"), row.text("text"), row.text("stratum") == "ir")
        for row in rows(data / FILES[Gold.DETECT][0])
    )


def read_coded(data: Path) -> tuple[CodedRecord, ...]:
    """Return the sentences of event-coding projects."""
    return tuple(_coded_record(row) for row in rows(data / FILES[Gold.CODED][0]))


def read_seed(data: Path) -> tuple[Passage, ...]:
    """Return the one article of the seed, in which what is told as background has to be told as well."""
    events, article = (data / name for name in FILES[Gold.SEED])
    row = Row(str(events), _object(events, 1, _content(events)))
    told = tuple(replace(_event(one), background=False) for one in row.objects("events"))
    return (Passage("seed", "seed", row.day("published"), _content(article), told),)


def digest(data: Path, gold: Gold) -> str:
    """Return a digest of the files that a set's figures rest on."""
    total = hashlib.sha256()
    for name in FILES[gold]:
        total.update(_bytes(data / name))
    return total.hexdigest()[:16]


def missing(data: Path, gold: Gold) -> tuple[str, ...]:
    """Return the files of a set that are not below the data folder."""
    return tuple(name for name in FILES[gold] if not (data / name).is_file())


# ---------------------------------------------------------------- one record


def _passage(row: "Row") -> Passage:
    text = row.text("text")
    events = tuple(_event(one) for one in row.objects("gold"))
    return Passage(row.text("id"), row.text("set", "articles"), row.day("date"), text, events)


def _event(row: "Row") -> GoldEvent:
    also = row.object("alt")
    return GoldEvent(
        type=row.word("type", EventType),
        kind=row.word("kind", Kind),
        actors=_codes(row, "actors"),
        recipients=_codes(row, "recipients"),
        country=row.object("place").get("country"),
        date=row.days("date"),
        status=row.word("status", Status),
        evidence=row.text("evidence"),
        background=bool(row.fields.get("background")),
        also={name: also[name] for name in ("type", "kind", "status") if also.get(name)},
    )


def _codes(row: "Row", role: str) -> frozenset[str]:
    return frozenset(row.texts(role))


def _coded_record(row: "Row") -> CodedRecord:
    return CodedRecord(
        id=row.text("id"),
        published_on=row.day("date") if row.fields.get("date") else None,
        text=row.text("text"),
        expect=row.text("expect"),
        exhaustive=bool(row.fields.get("exhaustive")),
        diplomacy=bool(row.fields.get("diplomacy")),
        tier=row.text("tier", ""),
        events=tuple(_coded_event(one) for one in row.objects("gold")),
    )


def _coded_event(row: "Row") -> CodedEvent:
    return CodedEvent(
        type=row.fields.get("plover"),
        also=row.texts("alt"),
        actors=row.texts("actors"),
        recipients=row.texts("recipients"),
        optional=bool(row.fields.get("optional")),
        reciprocal=bool(row.fields.get("reciprocal")),
        penta=row.fields.get("penta"),
    )


# ---------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class Row:
    """A JSON object of a file, and where it stands, so that a fault names the place."""

    where: str
    fields: Mapping[str, Any]

    def fault(self, name: str, expected: str) -> NoReturn:
        """Raise a GoldError about a field."""
        raise GoldError(f"{self.where}: {name}: expected {expected}, not {self.fields.get(name)!r}")

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text."""
        value = self.fields.get(name, default)
        return value if isinstance(value, str) else self.fault(name, "text")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of codes, each a text or an object with a "code"; none where the field is missing."""
        value = self.fields.get(name) or []
        listed = [value] if isinstance(value, str) else value
        found = [one.get("code") if isinstance(one, dict) else one for one in listed]
        return tuple(one if isinstance(one, str) else self.fault(name, "a list of codes") for one in found)

    def word(self, name: str, words: type[Word]) -> Word:
        """Return one of the words of the event model."""
        return self._as(name, words, f"one of {', '.join(words)}")

    def day(self, name: str) -> date:
        """Return a day; what follows it is passed over."""
        return self._as(name, lambda value: date.fromisoformat(str(value)[:10]), "a day as YYYY-MM-DD")

    def days(self, name: str) -> DateRange | None:
        """Return first and last day, or None."""
        both = self.object(name)
        if not both:
            return None
        inner = Row(self.where, both)
        return DateRange(inner.day("start"), inner.day("end"))

    def object(self, name: str) -> Mapping[str, Any]:
        """Return an object; an empty one where the field is missing or null."""
        value = self.fields.get(name) or {}
        return value if isinstance(value, dict) else self.fault(name, "an object")

    def objects(self, name: str) -> tuple["Row", ...]:
        """Return a list of objects, each knowing its place."""
        value = self.fields.get(name)
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.fault(name, "a list of objects")
        return tuple(Row(f"{self.where} {name}[{index}]", one) for index, one in enumerate(value))

    def _as(self, name: str, make: Callable[[Any], Made], expected: str) -> Made:
        try:
            return make(self.fields.get(name))
        except ValueError:
            self.fault(name, expected)


def rows(path: Path) -> Iterator[Row]:
    """Yield the objects of a JSONL file; empty lines are passed over."""
    for number, line in enumerate(_content(path).split("\n"), start=1):
        if line.strip():
            yield Row(f"{path}:{number}", _object(path, number, line))


def _object(path: Path, number: int, text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise GoldError(f"{path}:{number}: not JSON: {error}") from error
    if not isinstance(found, dict):
        raise GoldError(f"{path}:{number}: expected an object")
    return found


def _content(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise GoldError(f"{path}: not UTF-8") from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise GoldError(f"{path}: {error.strerror}") from error
