"""`python -m extractors.training --nlp FOLDER`: trains the syntax model, measures and writes it (`make model`)."""

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from spacy.language import Language

from extractors.syntax.model import MODEL, load_syntax
from extractors.training.corpus import tokenized
from extractors.training.measure import TEXT_LENGTH, Score, clause_scores, disk_size, score, words_per_second
from extractors.training.newsroom import headline, said_last
from extractors.training.train import STEPS, Progress, slimmed, train
from extractors.training.treebank import Sentence, read_treebank
from extractors.training.variants import terse_title_case, typographic

TREEBANKS = ("ewt", "gum")
# News of foreign affairs, never trained on: the two news texts of GUM's dev file are about iodine and homeopathy.
HELD_OUT = frozenset({"GUM_news_afghan", "GUM_news_asylum", "GUM_news_imprisoned", "GUM_news_korea"})


@dataclass(frozen=True, slots=True)
class Treebanks:
    """What is trained on, and what is only measured."""

    train: tuple[Sentence, ...]
    held_out: tuple[Sentence, ...]
    dev: dict[str, tuple[Sentence, ...]]


def main(arguments: Sequence[str] | None = None, *, console: Console | None = None) -> None:
    """Train, write and measure a model as the command line says."""
    options = _options(arguments)
    out = console or Console(highlight=False, soft_wrap=True)
    treebanks = read_treebanks(options.nlp / "conllu")
    if not options.only_measure:
        _train(treebanks, options, out)
    for line in report(load_syntax(path=options.output), treebanks):
        out.print(str(line))
    out.print(f"{disk_size(options.output) / 1e6:.1f} MB in {options.output}")


def _train(treebanks: Treebanks, options: argparse.Namespace, out: Console) -> None:
    started = time.process_time()
    nlp = train(treebanks.train, steps=options.steps, tell=lambda progress: out.print(_line(progress)))
    out.print(f"trained in {(time.process_time() - started) / 60:.1f} CPU-minutes")
    write(slimmed(nlp), options.output)


def read_treebanks(folder: Path) -> Treebanks:
    """Return the treebanks of a folder with `ewt-train.conllu`, `ewt-dev.conllu`, `gum-train.conllu`, …."""
    everything = [sentence for name in TREEBANKS for sentence in read_treebank(folder / f"{name}-train.conllu")]
    return Treebanks(
        train=tuple(sentence for sentence in everything if sentence.document not in HELD_OUT),
        held_out=tuple(sentence for sentence in everything if sentence.document in HELD_OUT),
        dev={name: read_treebank(folder / f"{name}-dev.conllu") for name in TREEBANKS},
    )


def write(nlp: Language, folder: Path) -> None:
    """Write a pipeline; what makes it one of ours goes into its meta data."""
    nlp.meta.update(
        name="syntax",
        description="Tags and dependency trees of English, for news",
        license="CC-BY-SA-4.0",
        author="The Démarche authors, from the treebanks named in ATTRIBUTION.md",
    )
    nlp.to_disk(folder)


def report(nlp: Language, treebanks: Treebanks) -> Iterator[Score | str]:
    """Yield scores, each by itself: the dev files, news alone, news rewritten as headlines; then the speed."""
    for name, sentences in parts(treebanks).items():
        if sentences:
            yield score(nlp, name, sentences)
    for name, dev in treebanks.dev.items():
        yield score(nlp, f"{name}-dev, sentences not given", dev, starts_given=False)
    for name, sentences in parts(treebanks).items():
        yield f"clauses of {name}: {_percent(clause_scores(nlp, sentences))}"
    everything = [sentence for dev in treebanks.dev.values() for sentence in dev]
    texts = (everything[start : start + TEXT_LENGTH] for start in range(0, len(everything), TEXT_LENGTH))
    docs = [tokenized(text, nlp, starts_given=True) for text in texts]
    yield f"{words_per_second(nlp, docs, clock=time.process_time):,.0f} words per CPU-second"


def parts(treebanks: Treebanks) -> dict[str, list[Sentence]]:
    """Return what is measured, by name."""
    gum_news = [sentence for sentence in treebanks.dev["gum"] if sentence.document.startswith("GUM_news")]
    news = [*gum_news, *treebanks.held_out]
    everything = [*treebanks.dev["ewt"], *treebanks.dev["gum"], *treebanks.held_out]
    known = set(everything)
    return {
        "ewt-dev": list(treebanks.dev["ewt"]),
        "gum-dev": list(treebanks.dev["gum"]),
        "gum-dev, news": gum_news,
        "held out, foreign news": list(treebanks.held_out),
        "news as headlines": [headline(sentence) for sentence in news],
        "news as Headlines With Capitals": [terse_title_case(sentence) for sentence in news],
        "news with curly quotes": [typographic(sentence) for sentence in news],
        "reports with their source last": [turned for turned in map(said_last, everything) if turned not in known],
    }


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m extractors.training", description=__doc__)
    parser.add_argument("--nlp", type=Path, required=True, help="folder with conllu/{ewt,gum}-{train,dev}.conllu")
    parser.add_argument("--output", type=Path, default=MODEL, help="where the pipeline is written")
    parser.add_argument("--steps", type=int, default=STEPS, help="batches of about 1000 words")
    parser.add_argument("--only-measure", action="store_true", help="measure the model that is there")
    return parser.parse_args(arguments)


def _line(progress: Progress) -> str:
    return f"step {progress.step:5}  loss of tagger {progress.tagger:7.1f}  of parser {progress.parser:7.1f}"


def _percent(shares: dict[str, float]) -> str:
    return "  ".join(f"{name} {100 * share:.0f}" for name, share in shares.items())


if __name__ == "__main__":
    main()
