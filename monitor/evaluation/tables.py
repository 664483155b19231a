"""Scores as tables for people: a table a set, its halves side by side; then types, kinds and confidences."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from rich.table import Table

from monitor.evaluation.clusters import ClusterScores
from monitor.evaluation.coded import CodedScores
from monitor.evaluation.detect import DetectScores
from monitor.evaluation.figures import Counts, Half, Share
from monitor.evaluation.report import Column
from monitor.evaluation.scores import LEAST_CASES, MentionScores
from monitor.evaluation.stories import StoryScores

HALVES = {Half.ALL: "all", Half.EVEN: "development", Half.ODD: "held out"}
NOTHING = "–"
PRF = ("P", "R", "F1")


def tables(columns: Sequence[Column]) -> Iterator[Table]:
    """Yield the tables of an evaluation, in order."""
    for part in _parts(columns):
        yield from KINDS_OF_TABLES[type(part[0].scores)](part)


def _parts(columns: Sequence[Column]) -> list[list[Column]]:
    """Return the columns of each part of a set together."""
    found: dict[tuple[str, str], list[Column]] = {}
    for column in columns:
        found.setdefault((column.gold, column.name), []).append(column)
    return list(found.values())


def mention_tables(part: Sequence[Column]) -> Iterator[Table]:
    """Yield levels and accuracies of annotated passages; of a large whole set also types, kinds and confidences."""
    scored = [column.scores for column in part if isinstance(column.scores, MentionScores)]
    first = scored[0]
    table = _table(
        f"{part[0].name}: {first.passages:,} passages, {first.gold:,} events, {first.told:,} told", part, PRF
    )
    for level in first.levels:
        table.add_row(level, *_flat(_prf(one.levels[level]) for one in scored))
    yield table
    yield _shares(part, scored)
    if part[0].name != part[0].gold or first.gold < LEAST_CASES:  # told by the whole set, or hardly worth a table
        return
    yield by_word("type", first.types)
    yield by_word("kind", first.kinds)
    yield reliability(first)


def _shares(part: Sequence[Column], scored: Sequence[MentionScores]) -> Table:
    table = _table("on pairs, and where there is no event", part, ("share", "of"))
    for field in scored[0].accuracy:
        table.add_row(field, *_flat(_share(one.accuracy[field]) for one in scored))
    table.add_row("false alarms", *_flat(_share(one.false_alarms) for one in scored))
    table.add_row("calibration error", *_flat((number(one.calibration_error), str(one.told)) for one in scored))
    return table


def by_word(name: str, counts: Mapping[str, Counts]) -> Table:
    """Return precision, recall and F1 by type or kind."""
    table = _plain(f"by {name}", name, "gold", "told", *PRF)
    for word, one in counts.items():
        table.add_row(word, str(one.gold), str(one.told), *_prf(one))
    return table


def reliability(scores: MentionScores) -> Table:
    """Return how many mentions of each range of confidence were right: type and parties."""
    table = _plain("confidence", "from", "to", "mentions", "confidence", "right")
    for one in scores.bins:
        share = number(one.right.value)
        table.add_row(f"{one.low:.1f}", f"{one.high:.1f}", str(one.right.of), number(one.confidence), share)
    return table


def coded_tables(part: Sequence[Column]) -> Iterator[Table]:
    """Yield the figures of coded records."""
    scored = [column.scores for column in part if isinstance(column.scores, CodedScores)]
    table = _table(f"coded: {part[0].name}, {scored[0].records}", part, PRF)
    table.add_row("type", *_flat(_prf(one.type) for one in scored))
    table.add_row("type and actor", *_flat(_prf(one.actor) for one in scored))
    table.add_row("type and dyad", *_flat(_prf(one.dyad) for one in scored))
    table.add_row("a type was found", *_flat(("", *_share(one.hit)) for one in scored))
    table.add_row("false alarms", *_flat(("", *_share(one.false_alarms)) for one in scored))
    yield table
    if part[0].name == "all records":
        yield by_word("type", scored[0].types)


def detect_tables(part: Sequence[Column]) -> Iterator[Table]:
    """Yield what became of the lines to detect."""
    scored = [column.scores for column in part if isinstance(column.scores, DetectScores)]
    table = _table("lines to detect", part, ("share", "of"))
    table.add_row("international: gate open", *_flat(_share(one.gate_kept) for one in scored))
    table.add_row("international: an event", *_flat(_share(one.told) for one in scored))
    table.add_row("others: gate open", *_flat(_share(one.gate_opened) for one in scored))
    table.add_row("others: an event", *_flat(_share(one.false_alarms) for one in scored))
    yield table


def story_tables(part: Sequence[Column]) -> Iterator[Table]:
    """Yield how replayed stories were followed."""
    for scores in (column.scores for column in part if isinstance(column.scores, StoryScores)):
        counts = _plain(f"stories: {scores.checkpoints} checkpoints", "", *PRF)
        counts.add_row("one event is one event", *_prf(scores.identity))
        counts.add_row("news is alerted", *_prf(scores.development))
        yield counts
        shares = _plain("of checkpoints", "", "share", "of")
        for name, share in _story_shares(scores):
            shares.add_row(name, *_share(share))
        shares.add_row("participants (F1)", number(scores.participants), str(scores.checkpoints))
        yield shares


def _story_shares(scores: StoryScores) -> Iterator[tuple[str, Share]]:
    yield "right type told", scores.found
    yield "kind", scores.kind
    yield "status", scores.status
    yield "days", scores.days
    yield "place", scores.country
    yield "repeats kept silent", scores.silence
    yield "look-alikes taken for one", scores.merged
    for change, share in scores.changes.items():
        yield f"alerted: {change}", share


def cluster_tables(part: Sequence[Column]) -> Iterator[Table]:
    """Yield how well the clusters of a set were found."""
    scored = [column.scores for column in part if isinstance(column.scores, ClusterScores)]
    first = scored[0]
    table = _table(f"{part[0].name}: {first.items:,} items, {first.clusters:,} clusters", part, PRF)
    table.add_row("pairs", *_flat(_prf(one.pairs) for one in scored))
    b3 = [(number(one.b3_precision), number(one.b3_recall), number(one.b3)) for one in scored]
    table.add_row("B³", *_flat(b3))
    yield table


KINDS_OF_TABLES: Mapping[type, Callable[[Sequence[Column]], Iterator[Table]]] = {
    MentionScores: mention_tables,
    CodedScores: coded_tables,
    DetectScores: detect_tables,
    StoryScores: story_tables,
    ClusterScores: cluster_tables,
}


# ---------------------------------------------------------------- cells


def _table(title: str, part: Sequence[Column], names: Sequence[str]) -> Table:
    """Return a table with columns of these names for each half; the half is named above the first of them."""
    heads = [f"{HALVES[column.half]}\n{name}" if name == names[0] else f"\n{name}" for column in part for name in names]
    return _plain(title, "", *heads)


def _plain(title: str, first: str, *heads: str) -> Table:
    table = Table(box=None, title=title, header_style="dim", pad_edge=False)
    table.add_column(first)
    for head in heads:
        table.add_column(head, justify="right")
    return table


def _prf(counts: Counts) -> tuple[str, str, str]:
    precision = number(counts.precision) if counts.told else NOTHING
    recall = number(counts.recall) if counts.gold else NOTHING
    return precision, recall, number(counts.f1) if counts.told or counts.gold else NOTHING


def _share(share: Share) -> tuple[str, str]:
    return number(share.value), str(share.of)


def number(value: float | None) -> str:
    """Return a share with three places, without its leading nought."""
    if value is None:
        return NOTHING
    return f"{value:.3f}".removeprefix("0") if value < 1 else "1.00"


def _flat(cells: Iterable[Sequence[str]]) -> list[str]:
    return [cell for row in cells for cell in row]
