"""All figures of one evaluation, by set and half: what the tables show, the floors guard and `--json` prints."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from extractors.types import EventMention
from monitor.evaluation import clusters, coded, detect, scores, stories
from monitor.evaluation.figures import Counts, Figure, Half, Share
from monitor.evaluation.gold import CodedRecord, DetectLine, Gold, Passage

Scores = scores.MentionScores | coded.CodedScores | detect.DetectScores | stories.StoryScores | clusters.ClusterScores
Read = TypeVar("Read")
S = TypeVar("S", bound=Scores)

# The projects' records that their own scorer is read by: written by hand and checked.
CHECKED_TIER = "A"


@dataclass(frozen=True, slots=True)
class Column:
    """The scores of one part of one set."""

    gold: Gold
    name: str
    half: Half
    scores: Scores

    @property
    def title(self) -> str:
        """The name that its floors go by."""
        return f"{self.name}, {self.half}"

    def figures(self) -> dict[str, Figure]:
        """Return what has a floor, by name."""
        return dict(self.scores.figures())


def halves(half: Half) -> tuple[Half, ...]:
    """Return the halves to show: all of them side by side, or the one that was asked for."""
    return (Half.ALL, Half.EVEN, Half.ODD) if half is Half.ALL else (half,)


def mention_columns(
    gold: Gold, read: Sequence[tuple[Passage, Sequence[EventMention]]], half: Half
) -> tuple[Column, ...]:
    """Return the scores of annotated passages: of each set among them, and of all where there are several."""
    outcomes = [scores.compare(passage, mentions) for passage, mentions in read]
    names = sorted({one.passage.set for one in outcomes}, reverse=True)
    shown = halves(half) if len(outcomes) > 1 else (Half.ALL,)  # one text has no halves
    parts = {name: [one for one in outcomes if one.passage.set == name] for name in names}
    whole = {gold.value: outcomes} if len(names) > 1 else {}
    return tuple(
        column
        for name, part in {**parts, **whole}.items()
        for column in _columns(gold, name, part, lambda one: one.passage.id, scores.score, shown)
    )


def coded_columns(read: Sequence[tuple[CodedRecord, Sequence[EventMention]]], half: Half) -> tuple[Column, ...]:
    """Return the scores of coded records: the checked ones, those where every event is marked, and all."""
    judged = [coded.score_record(record, mentions) for record, mentions in read]
    parts = {
        "checked records": [one for one in judged if one.record.tier == CHECKED_TIER],
        "exhaustive records": [one for one in judged if one.record.exhaustive],
        "all records": judged,
    }
    return tuple(
        column
        for name, part in parts.items()
        for column in _columns(Gold.CODED, name, part, lambda one: one.record.id, coded.score_records, halves(half))
    )


def detect_columns(
    read: Sequence[tuple[DetectLine, Sequence[EventMention]]], opens: Callable[[str], bool], half: Half
) -> tuple[Column, ...]:
    """Return the scores of lines to detect; `opens` is the gate."""
    lines = [detect.Detection(line, opens(line.text), bool(mentions)) for line, mentions in read]
    return _columns(Gold.DETECT, "lines to detect", lines, lambda one: one.line.id, detect.score_lines, halves(half))


def story_column(scored: stories.StoryScores) -> Column:
    """Return the scores of replayed stories, which have no halves."""
    return Column(Gold.STORIES, "stories", Half.ALL, scored)


def cluster_columns(name: str, items: Sequence[clusters.Clustered], half: Half) -> tuple[Column, ...]:
    """Return the scores of a set of clusters; half of the clusters were learned from, the other half was kept aside."""
    return tuple(Column(Gold.CLUSTERS, name, one, clusters.score_clusters(items, one)) for one in halves(half))


def _columns(
    gold: Gold,
    name: str,
    part: Sequence[Read],
    key: Callable[[Read], str],
    score: Callable[[Sequence[Read]], S],
    shown: Sequence[Half],
) -> tuple[Column, ...]:
    return tuple(Column(gold, name, one, score([each for each in part if one.holds(key(each))])) for one in shown)


# ---------------------------------------------------------------- for programs


def plain(columns: Sequence[Column]) -> dict[str, Any]:
    """Return all scores as JSON can say them: set → part → half → figures."""
    found: dict[str, Any] = {}
    for column in columns:
        found.setdefault(column.gold.value, {}).setdefault(column.name, {})[column.half.value] = _plain(column.scores)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Counts):
        return {"precision": _round(value.precision), "recall": _round(value.recall), "f1": _round(value.f1)} | asdict(
            value
        )
    if isinstance(value, Share):
        return {"share": _round(value.value), "right": value.right, "of": value.of}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return _round(value)


def _round(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value


def figures_of(columns: Sequence[Column]) -> Iterator[tuple[Column, str, Figure]]:
    """Yield every figure that has a floor, with its column and name."""
    for column in columns:
        for name, figure in column.figures().items():
            yield column, name, figure
