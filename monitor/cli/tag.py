"""`demarche tag`: the extractor chain alone, JSON lines in and out."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import BufferedReader
from typing import Any, cast

import click

from extractors.chain import Chain, ChainSettings, build_chain
from extractors.errors import ExtractionError
from extractors.explain import explain
from extractors.types import Actor, Article, EventMention, Place, Span
from monitor.cli.accounts import show
from monitor.cli.common import FAILED, config_options, fail, read_config

CHUNK = 1 << 16  # bytes that are read at once
TOGETHER = 64  # articles that are tagged together


class BadLine(Exception):
    """A line of the input is not an article; `key` is its id where it has one."""

    def __init__(self, key: object, detail: str) -> None:
        super().__init__(detail)
        self.key = key


@click.command()
@click.option("--date", "default_day", metavar="DAY", help="Publication day (YYYY-MM-DD) of lines that name none.")
@click.option("--explain", "is_explained", is_flag=True, help="For people: what each step found, and what was dropped.")
@config_options
def tag(default_day: str | None, is_explained: bool, config: str, database: str | None) -> None:
    """Tag texts: JSON lines in, events out.

    Reads {"id", "date", "text", "title"?} a line from standard input and writes {"id", "events": […]} a line to
    standard output. Offsets count characters of the text, or of title, line break and text where there is a title. A
    line that cannot be read gives {"id", "error"}, the rest goes on, and the exit status is 1.
    """
    day = _default_day(default_day)
    chain = _chain(ChainSettings(model=read_config(config, database).extractors.model))
    if is_explained:
        sys.exit(_explain(chain, sys.stdin.buffer, day))
    failed = False
    for answer in answers(chain, arrived(cast(BufferedReader, sys.stdin.buffer)), day):
        failed = failed or "error" in answer
        # JSON is UTF-8 whatever the terminal speaks; half a surrogate pair, as in an id "\ud800", becomes a `?`.
        click.echo(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))
    sys.exit(FAILED if failed else 0)


def _explain(chain: Chain, lines: Iterable[bytes], default_day: date | None) -> int:
    """Print an account of each text; return the exit status."""
    status = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            show(*explain(chain, _article(line, number, default_day)[1]))
        except (BadLine, ExtractionError) as error:
            status = FAILED
            click.echo(f"line {number}: {error}", err=True)
    return status


def arrived(stream: BufferedReader) -> Iterator[list[bytes]]:
    """Yield the lines that have arrived together: many of a file, one of somebody who waits for its answer."""
    rest = b""
    while chunk := stream.read1(CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        yield lines
    yield [rest]


def answers(chain: Chain, arrivals: Iterable[Sequence[bytes]], default_day: date | None) -> Iterator[dict[str, Any]]:
    """Yield the answer to each line of the input (UTF-8), in order; empty lines are passed over."""
    number = 0
    for lines in arrivals:
        read = [_read(line, n, default_day) for n, line in enumerate(lines, start=number + 1) if line.strip()]
        number += len(lines)
        told = _told(chain, [one.article for one in read if isinstance(one, _Line)])
        yield from (_answer(one, next(told)) if isinstance(one, _Line) else one for one in read)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the input that holds an article."""

    number: int
    key: object
    article: Article


def _read(line: bytes, number: int, default_day: date | None) -> "_Line | dict[str, Any]":
    """Return what a line holds, or the answer that says why it cannot be read."""
    try:
        return _Line(number, *_article(line, number, default_day))
    except BadLine as error:
        return {"id": error.key, "error": f"line {number}: {error}"}


def _told(chain: Chain, articles: Sequence[Article]) -> Iterator[tuple[EventMention, ...] | ExtractionError]:
    """Yield what each article tells, read many at a time; one by one where one of them cannot be read."""
    for first in range(0, len(articles), TOGETHER):
        batch = articles[first : first + TOGETHER]
        try:
            yield from chain.tag_all(batch)
        except ExtractionError:
            yield from (_told_alone(chain, article) for article in batch)


def _told_alone(chain: Chain, article: Article) -> tuple[EventMention, ...] | ExtractionError:
    try:
        return chain.tag(article)
    except ExtractionError as error:
        return error


def _answer(line: _Line, told: tuple[EventMention, ...] | ExtractionError) -> dict[str, Any]:
    if isinstance(told, ExtractionError):
        return {"id": line.key, "error": f"line {line.number}: {told}"}
    return {"id": line.key, "events": [event_of(mention) for mention in told]}


def _article(line: bytes, number: int, default_day: date | None) -> tuple[object, Article]:
    try:
        fields = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadLine(None, "not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise BadLine(None, f"not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise BadLine(None, 'expected an object {"id", "date", "text"}')
    key = fields.get("id", number)
    text, title = fields.get("text"), fields.get("title") or ""
    if not isinstance(text, str) or not isinstance(title, str):
        raise BadLine(key, '"text" (and "title", where there is one) must be text')
    return key, Article(key=str(key), text=text, title=title, published_on=_day(key, fields.get("date"), default_day))


def _day(key: object, value: object, default_day: date | None) -> date:
    if value is None and default_day is not None:
        return default_day
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise BadLine(key, f'"date" must be a day as YYYY-MM-DD, not {value!r} (or give --date)') from error


def _default_day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is not a day as YYYY-MM-DD", param_hint="--date") from error


def _chain(settings: ChainSettings) -> Chain:
    try:
        return build_chain(settings)
    except ExtractionError as error:
        fail(str(error))


# ---------------------------------------------------------------- the public form of a mention


def event_of(mention: EventMention) -> dict[str, Any]:
    """Return a mention in the public form: the fields of the event model (docs/reference/events.md)."""
    return {
        "type": mention.type.value,
        "kind": mention.kind.value,
        "actors": [_party(actor) for actor in mention.actors],
        "recipients": [_party(actor) for actor in mention.recipients],
        "place": _place(mention.place) if mention.place else None,
        "date": {"start": str(mention.date.start), "end": str(mention.date.end)} if mention.date else None,
        "status": mention.status.value,
        "attribution": mention.attribution,
        "evidence": mention.evidence.text,
        "evidence_start": mention.evidence.start,
        "evidence_end": mention.evidence.end,
        "counts": dict(mention.counts),
        "confidence": round(mention.confidence, 3),
        "background": mention.background,
        "passages": [_passage(span) for span in mention.passages],
    }


def _place(place: Place) -> dict[str, Any]:
    """Return a place; latitude and longitude only where they are known."""
    point = {"latitude": place.latitude, "longitude": place.longitude} if place.latitude is not None else {}
    return {"country": place.country, "name": place.name, **point}


def _party(actor: Actor) -> dict[str, str]:
    return {"code": actor.code, "name": actor.name}


def _passage(span: Span) -> dict[str, Any]:
    return {"text": span.text, "start": span.start, "end": span.end}
