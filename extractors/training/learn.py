"""`python -m extractors.training.learn --gold FILE`: trains the judge and writes it (a part of `make model`)."""

import argparse
import hashlib
import re
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from rich.console import Console

from extractors.chain import Chain, ChainSettings, build_chain
from extractors.judge.model import MODEL, save_judge
from extractors.training.judge import Lesson, train
from extractors.training.lessons import (
    lessons_of,
    read_frame_examples,
    read_gold,
    read_labels,
    read_own,
    read_seed,
    read_texts,
)

# The article that the project began with stands for what its users will do first, so it counts more.
ARTICLE = 5.0
LABELS = Path(__file__).parent / "labels"
NOT_LETTERS, LETTERS = re.compile(r"\W+"), 45


def main(arguments: Sequence[str] | None = None, *, console: Console | None = None) -> None:
    """Train a judge as the command line says."""
    options = _options(arguments)
    out = console or Console(highlight=False, soft_wrap=True)
    started = time.process_time()
    chain = proposing_chain()
    texts = texts_of(options.texts, but=[options.gold, *options.but])
    lessons = [*gold_lessons(options.gold, chain, options.half), *own_lessons(chain, texts)]
    if options.article:
        lessons.extend(lessons_of([read_seed(options.article)], chain, weight=ARTICLE, written=True))
    save_judge(train(lessons, tell=out.print), options.output)
    minutes = (time.process_time() - started) / 60
    out.print(f"{options.output.stat().st_size / 1e6:.1f} MB in {options.output} after {minutes:.1f} CPU-minutes")


def proposing_chain() -> Chain:
    """Return the chain as far as lessons need it: frames propose, nobody judges.

    What the gate closes the judge will never see, so it learns nothing of it either: of long articles that is the
    larger part.
    """
    return build_chain(ChainSettings(frames_alone=True))


def gold_lessons(path: Path, chain: Chain, half: str = "all") -> list[Lesson]:
    """Return the lessons of a file of annotated passages, or of the half whose ids have an even or odd SHA-256."""
    return list(lessons_of((one for one in read_gold(path) if half in {"all", half_of(one.key)}), chain))


def half_of(key: str) -> str:
    """Return which half a passage is in."""
    return "odd" if int(hashlib.sha256(key.encode()).hexdigest(), 16) % 2 else "even"


def own_lessons(chain: Chain, texts: Mapping[str, tuple[date, str]]) -> list[Lesson]:
    """Return the lessons that come with the project: passages of ours, and our labels for texts that are at hand."""
    labelled = [passage for path in sorted(LABELS.glob("*.tsv")) for passage in read_labels(path, texts)]
    passages = [*read_own(), *labelled, *read_frame_examples()]
    return list(lessons_of(passages, chain, written=True))


def texts_of(paths: Sequence[Path], *, but: Sequence[Path]) -> dict[str, tuple[date, str]]:
    """Return the texts that labels may be for, by key.

    None of those that are annotated in some files, under whatever key: they are to be measured on, and their halves
    must stay apart.
    """
    annotated = {beginning(passage.text) for path in but for passage in read_gold(path)}
    return {
        key: (day, text)
        for path in paths
        for key, (day, text) in read_texts(path).items()
        if beginning(text) not in annotated
    }


def beginning(text: str) -> str:
    """Return the first letters of a text, by which two copies of it know each other."""
    return NOT_LETTERS.sub("", text.lower())[:LETTERS]


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m extractors.training.learn", description=__doc__)
    parser.add_argument("--gold", type=Path, required=True, help="annotated passages, JSON lines")
    parser.add_argument("--half", choices=("all", "even", "odd"), default="all", help="learn from this half alone")
    parser.add_argument("--texts", type=Path, nargs="*", default=[], help="JSON lines of texts that our labels are for")
    parser.add_argument("--but", type=Path, nargs="*", default=[], help="annotated passages that are not learned from")
    parser.add_argument("--article", type=Path, help="folder of an annotated article that weighs as much as several")
    parser.add_argument("--output", type=Path, default=MODEL, help="where the judge is written")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
