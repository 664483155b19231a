"""Annotated passages → lessons: read from files, put through the chain as far as its proposals, and marked.

Two kinds of files: JSON lines as the annotated data has them ("id", "date", "text", "gold": [{"type", "kind",
"actors", "recipients", "status", "evidence"?, "background"?, "alt"?}]), and our own tables (passages/*.tsv), whose
columns are set, day, text and events: `TYPE:kind:ACTORS>RECIPIENTS:status@PLACE=FIRST/LAST~|word^TYPE`, joined by
" ; ", where all from `@` on may be missing.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from extractors.chain import Chain
from extractors.components.judge import text_of
from extractors.errors import TrainingDataError
from extractors.lexicon import DATA, read_examples
from extractors.ontology import TYPE_OF, EventType, Kind, Status
from extractors.training.judge import Lesson, Told
from extractors.types import Article

OWN = Path(__file__).parent / "passages"
EVENT = re.compile(
    r"(?P<type>[A-Z]+):(?P<kind>[a-z-]+):(?P<actors>[^>:]*)>(?P<recipients>[^:]*):(?P<status>[a-z]+)"
    r"(?:@(?P<place>[^=~|^]*))?(?:=(?P<days>[^~|^]*))?(?P<background>~?)(?:\|(?P<word>[^^]*))?(?:\^(?P<other>[A-Z]+))?"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """An annotated event as a file gives it; `evidence` is text of the passage, empty where the file names none."""

    type: EventType
    kind: Kind
    actors: frozenset[str]
    recipients: frozenset[str]
    status: Status
    evidence: str
    background: bool
    other_type: EventType | None


@dataclass(frozen=True, slots=True)
class Passage:
    """An annotated text. `source` says where it is from, for errors."""

    key: str
    published_on: date
    text: str
    marks: tuple[Mark, ...]
    source: str


def lessons_of(
    passages: Iterable[Passage], chain: Chain, *, weight: float = 1.0, written: bool = False
) -> Iterator[Lesson]:
    """Yield a lesson for each passage; `chain` must propose (frames alone), not judge."""
    for passage in passages:
        article = Article(passage.key, passage.text, passage.published_on)
        doc = chain.annotated(article)
        starts = [token.idx for token in doc]
        yield Lesson(
            text_of(doc), tuple(told_of(mark, passage.text, starts) for mark in passage.marks), weight, written
        )


def told_of(mark: Mark, text: str, starts: list[int]) -> Told:
    """Return a mark with the tokens of its evidence."""
    at = text.find(mark.evidence) if mark.evidence else -1
    end = at + len(mark.evidence)
    words = frozenset(n for n, start in enumerate(starts) if at < 0 or at <= start < end)
    return Told(
        mark.type,
        mark.kind,
        mark.other_type,
        mark.actors,
        mark.recipients,
        mark.status,
        mark.background,
        words,
        at >= 0,
    )


def read_gold(path: Path) -> tuple[Passage, ...]:
    """Return the passages of a file of JSON lines; raises TrainingDataError with file and line."""
    passages = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            passages.append(gold_passage(json.loads(line), f"{path.name}:{number}"))
        except (KeyError, ValueError, TypeError) as error:
            raise TrainingDataError(f"{path}:{number}: not an annotated passage ({error})") from error
    return tuple(passages)


def gold_passage(record: Mapping[str, Any], source: str) -> Passage:
    """Return a record as a passage."""
    marks = tuple(gold_mark(event) for event in record["gold"])
    return Passage(str(record["id"]), date.fromisoformat(record["date"][:10]), record["text"], marks, source)


def gold_mark(event: Mapping[str, Any]) -> Mark:
    """Return a record's event; a second accepted type is one of another type than the first."""
    other = (event.get("alt") or {}).get("type")
    return Mark(
        EventType(event["type"]),
        Kind(event["kind"]),
        frozenset(event["actors"]),
        frozenset(event["recipients"]),
        Status(event["status"]),
        event.get("evidence") or "",
        bool(event.get("background")),
        EventType(other) if other and other != event["type"] else None,
    )


def read_own(folder: Path = OWN) -> tuple[Passage, ...]:
    """Return our own passages; raises TrainingDataError with file and line."""
    return tuple(passage for path in sorted(folder.glob("*.tsv")) for passage in own_passages(path))


def own_passages(path: Path) -> Iterator[Passage]:
    """Yield the passages of a table."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        source = f"{path.name}:{number}"
        columns = [*line.split("\t"), "", ""]
        try:
            day, text, events = date.fromisoformat(columns[1]), columns[2].replace(" // ", "\n"), columns[3]
            yield Passage(source, day, text, tuple(marks_of(events)), source)
        except ValueError as error:
            raise TrainingDataError(f"{path}:{number}: {error}") from error


def read_labels(path: Path, texts: Mapping[str, tuple[date, str]]) -> tuple[Passage, ...]:
    """Return passages that a table labels by the key of their text; texts that are not at hand are left out."""
    passages = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        key, _, events = line.partition("\t")
        if line.startswith("#") or key not in texts:
            continue
        try:
            passages.append(Passage(key, *texts[key], tuple(marks_of(events)), f"{path.name}:{number}"))
        except ValueError as error:
            raise TrainingDataError(f"{path}:{number}: {error}") from error
    return tuple(passages)


EXAMPLE = re.compile(r"(?P<kind>\S+)(?: (?P<actors>[A-Z0-9+]+))?(?: > (?P<recipients>[A-Z0-9+]+))? (?P<status>[a-z]+)")


def read_frame_examples(folder: Path = DATA / "frames") -> Iterator[Passage]:
    """Yield the examples and counter-examples that the frames come with."""
    for path in sorted(folder.glob("*.yaml")):
        for example in read_examples(path):
            source = f"{path.name}:{example.line}"
            marks = tuple(example_mark(event) for event in example.events)
            yield Passage(source, date.fromisoformat(example.published_on), example.text, marks, source)


def example_mark(event: str) -> Mark:
    """Return an event as frame files write it ("visit RUS > CHN planned")."""
    found = EXAMPLE.fullmatch(event)
    if found is None:
        raise TrainingDataError(f"{event!r} is no event of a frame's example")
    kind = Kind(found["kind"])
    actors, recipients = codes(found["actors"] or ""), codes(found["recipients"] or "")
    return Mark(TYPE_OF[kind], kind, actors, recipients, Status(found["status"]), "", background=False, other_type=None)


def read_seed(folder: Path) -> Passage:
    """Return an annotated article: a folder with events.json ("published", "title", "file", "events") and its text."""
    about = json.loads((folder / "events.json").read_text(encoding="utf-8"))
    text = (folder / about["file"]).read_text(encoding="utf-8")
    marks = tuple(gold_mark(event) for event in about["events"])
    return Passage(folder.name, date.fromisoformat(about["published"]), text, marks, str(folder))


def read_texts(path: Path) -> dict[str, tuple[date, str]]:
    """Return day and text of a file of JSON lines ("id", "date", "text"), by id."""
    records = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line)
    return {record["id"]: (date.fromisoformat(record["date"][:10]), record["text"]) for record in records}


def marks_of(events: str) -> Iterator[Mark]:
    """Yield the events of a table's column; raises ValueError for one that is not written as they are."""
    for event in filter(None, (part.strip() for part in events.split(" ; "))):
        found = EVENT.fullmatch(event)
        if found is None:
            raise ValueError(f"{event!r} is no event; write TYPE:kind:ACTORS>RECIPIENTS:status")
        kind, type_of = Kind(found["kind"]), EventType(found["type"])
        if TYPE_OF[kind] is not type_of:
            raise ValueError(f"{event!r}: {kind} is a kind of {TYPE_OF[kind]}")
        yield Mark(
            type_of,
            kind,
            codes(found["actors"]),
            codes(found["recipients"]),
            Status(found["status"]),
            found["word"] or "",
            bool(found["background"]),
            EventType(found["other"]) if found["other"] else None,
        )


def codes(column: str) -> frozenset[str]:
    """Return codes that are joined by "+"."""
    return frozenset(filter(None, column.split("+")))
