"""Which chain reads a passage: one for all, or the one of the passage's fold."""

from datetime import date

from extractors.types import Article, EventMention
from monitor.evaluation.figures import fold_of
from monitor.evaluation.gold import DetectLine
from monitor.evaluation.reading import Tagger, by_fold, one_for_all, read
from tests.builders import a_mention

LINES = [DetectLine(f"line-{n}", date(2022, 4, 22), "A text.", international=True) for n in range(20)]


def naming(name: str) -> Tagger:
    """Return a chain that tells its own name and the article's key."""

    def tag(article: Article) -> tuple[EventMention, ...]:
        return (a_mention(reason=f"{name} read {article.key}"),)

    return tag


def reasons(taggers: dict[int, Tagger]) -> dict[str, str]:
    return {line.id: mention.reason for line, (mention,) in read(LINES, by_fold(taggers))}


def test_one_chain_reads_everything() -> None:
    told = {line.id: mention.reason for line, (mention,) in read(LINES, one_for_all(naming("chain")))}

    assert told == {line.id: f"chain read {line.id}" for line in LINES}


def test_each_passage_is_read_by_the_chain_of_its_fold() -> None:
    told = reasons({fold: naming(f"chain {fold}") for fold in range(3)})

    assert told == {line.id: f"chain {fold_of(line.id, 3)} read {line.id}" for line in LINES}
    assert len({reason.split(" read")[0] for reason in told.values()}) == 3
