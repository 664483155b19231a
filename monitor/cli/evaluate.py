"""`demarche evaluate`: scores of the chain, of event identity and of developments on gold data, with floors."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import Progress

from extractors.chain import ChainSettings, build_chain
from extractors.errors import ExtractionError
from extractors.gate import event_gate
from extractors.judge import load_judge
from extractors.types import EventMention
from monitor.cli.common import FAILED, WRONG_USAGE, config_options, console, fail, read_config
from monitor.cli.rehearsal import rehearse
from monitor.config import Config
from monitor.evaluation import gate, gold
from monitor.evaluation.clusters import read_clusters
from monitor.evaluation.figures import Half
from monitor.evaluation.gold import Gold
from monitor.evaluation.reading import Readable, TaggerFor, one_for_all, read
from monitor.evaluation.report import (
    Column,
    cluster_columns,
    coded_columns,
    detect_columns,
    mention_columns,
    plain,
    story_column,
)
from monitor.evaluation.stories import read_stories, score_stories
from monitor.evaluation.tables import tables

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared"
FLOORS = ROOT / "tests" / "evaluation" / "floors.json"

Read = TypeVar("Read", bound=Readable)


@click.command()
@click.option("--data", type=click.Path(path_type=Path), metavar="DIR", default=DATA, help="The folder of gold data.")
@click.option(
    "--only", multiple=True, type=click.Choice([one.value for one in Gold]), help="This set alone; repeatable."
)
@click.option("--half", type=click.Choice([one.value for one in Half]), default="all", help="This half of it alone.")
@click.option(
    "--judge",
    "judge_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Measure with this judge instead of the one that is shipped, which has learned from all of `sentences`.",
)
@click.option("--json", "as_json", is_flag=True, help="All scores as one JSON object.")
@click.option("--floors", type=click.Path(path_type=Path), metavar="FILE", default=FLOORS, help="The file of floors.")
@click.option("--pin", is_flag=True, help="Raise the floors to the scores of this run.")
@click.option("--lower", is_flag=True, help="With --pin: lower them as well, where a score has fallen.")
@config_options
def evaluate(
    data: Path,
    only: tuple[str, ...],
    half: str,
    judge_file: Path | None,
    as_json: bool,
    floors: Path,
    pin: bool,
    lower: bool,
    config: str,
    database: str | None,
) -> None:
    """Score the extractor chain on gold data, and hold it to its floors.

    DIR holds gold/, seed/, stories/ and dedup/; docs/reference/evaluation.md says what is in them. Ends
    with status 1 when a score is below its floor, and names each that is.
    """
    if lower and not pin:
        raise click.UsageError("--lower says what --pin may do; give both")
    chosen = sets_to_read(data, tuple(Gold(one) for one in only))
    columns = Evaluation(data, read_config(config, database), Half(half), judge_file).columns(chosen)
    held = gate.read_floors(floors)
    digests = {one: gold.digest(data, one) for one in chosen}
    below = gate.breaches(held, columns)
    if as_json:
        click.echo(json.dumps(_answer(columns, digests, below)))
    else:
        _show(columns, console())
    if pin:
        _pin(floors, held, columns, digests, lower=lower)
    else:
        _judge(gate.outdated(held, digests), below)


def sets_to_read(data: Path, only: Sequence[Gold]) -> tuple[Gold, ...]:
    """Return the sets to read: those asked for, else all that are there. Ends the command where there is none."""
    absent = {one: gold.missing(data, one) for one in only or Gold}
    if not data.is_dir():
        fail(f"there is no folder {data}; give the folder of gold data with --data", WRONG_USAGE)
    for one in only:
        if absent[one]:
            fail(f"{data} has no {' and no '.join(absent[one])}, which `{one}` is read from", WRONG_USAGE)
    found = tuple(one for one, files in absent.items() if not files)
    if not found:
        fail(f"{data} holds no gold data: expected {', '.join(absent[Gold.SENTENCES])} or another set", WRONG_USAGE)
    left_out = [one.value for one in Gold if one in absent and one not in found]
    if left_out:
        click.echo(f"not there, and left out: {', '.join(left_out)}", err=True)
    return found


class Evaluation:
    """Reads sets of gold data with a chain, telling how far it is on standard error."""

    def __init__(self, data: Path, config: Config, half: Half, judge_file: Path | None = None) -> None:
        self._data = data
        self._config = config
        self._half = half
        self._judge_file = judge_file
        self._progress = Progress(console=Console(stderr=True), transient=True)

    def columns(self, sets: Sequence[Gold]) -> tuple[Column, ...]:
        """Return the scores of these sets, in order; raises GoldError, and ends the command where the chain fails."""
        read_set: dict[Gold, Callable[[], tuple[Column, ...]]] = {
            Gold.SENTENCES: lambda: self._mentions(Gold.SENTENCES, gold.read_sentences(self._data)),
            Gold.ARTICLES: lambda: self._mentions(Gold.ARTICLES, gold.read_articles(self._data)),
            Gold.CODED: self._coded,
            Gold.DETECT: self._detect,
            Gold.SEED: lambda: self._mentions(Gold.SEED, gold.read_seed(self._data)),
            Gold.STORIES: self._stories,
            Gold.CLUSTERS: self._clusters,
        }
        try:
            self._tagger_for = self._chain()
            with self._progress:
                return tuple(column for one in sets for column in read_set[one]())
        except ExtractionError as error:
            fail(str(error))

    def _chain(self) -> TaggerFor:
        chain = build_chain(ChainSettings(model=self._config.extractors.model))
        if self._judge_file:
            chain.judged_by(load_judge(self._judge_file))
        return one_for_all(chain.tag)

    def _mentions(self, name: Gold, passages: Sequence[gold.Passage]) -> tuple[Column, ...]:
        return mention_columns(name, self._read(name, passages), self._half)

    def _coded(self) -> tuple[Column, ...]:
        return coded_columns(self._read(Gold.CODED, gold.read_coded(self._data)), self._half)

    def _detect(self) -> tuple[Column, ...]:
        return detect_columns(self._read(Gold.DETECT, gold.read_detect(self._data)), event_gate().opens, self._half)

    def _stories(self) -> tuple[Column, ...]:
        stories = read_stories(self._data)
        stream = self._data / "stories" / "stream"
        told = {one.id: rehearse(self._config, stream / one.id) for one in self._watched("stories", stories)}
        return (story_column(score_stories(stories, told)),)

    def _clusters(self) -> tuple[Column, ...]:
        sets = self._watched("clusters", gold.CLUSTERED)
        found = ((name, read_clusters(self._data, name)) for name in sets)
        return tuple(column for name, items in found for column in cluster_columns(name, items, self._half))

    def _read(self, name: Gold, texts: Sequence[Read]) -> list[tuple[Read, tuple[EventMention, ...]]]:
        held = [one for one in texts if self._half.holds(one.id)]
        return list(read(self._watched(name, held), self._tagger_for))

    def _watched(self, name: str, texts: Sequence[Any]) -> Iterator[Any]:
        yield from self._progress.track(texts, description=name)


def _show(columns: Sequence[Column], out: Console) -> None:
    for table in tables(columns):
        out.print(table.title, style="bold")
        table.title = None  # a title is broken to the width of its table
        out.print(table)
        out.print()


def _answer(columns: Sequence[Column], digests: dict[Gold, str], below: Sequence[gate.Breach]) -> dict[str, Any]:
    return {
        "scores": plain(columns),
        "gold": {one.value: digest for one, digest in digests.items()},
        "below": [{"column": one.column, "figure": one.name, "value": one.value, "floor": one.floor} for one in below],
    }


def _pin(path: Path, held: gate.Floors, columns: Sequence[Column], digests: dict[Gold, str], *, lower: bool) -> None:
    floors, kept = gate.pinned(held, columns, digests, lower=lower)
    gate.write_floors(path, floors)
    click.echo(f"pinned in {path}", err=True)
    for one in kept:
        click.echo(f"left as it was (--lower would lower it): {one}", err=True)


def _judge(outdated: Sequence[Gold], below: Sequence[gate.Breach]) -> None:
    for one in outdated:
        click.echo(f"demarche: the floors of {one} were pinned on other data; see --pin", err=True)
    for breach in below:
        click.echo(f"demarche: below its floor: {breach}", err=True)
    if outdated or below:
        raise click.exceptions.Exit(FAILED)
