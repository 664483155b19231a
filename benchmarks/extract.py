"""How fast texts are read on one core, beside the tokenizer alone and the same parser run on every sentence.

    python benchmarks/extract.py [--shared ../shared] [--words 60000]

Mixed news are the English items of collected feed documents (title, and text or summary); diplomatic news the
annotated passages that tell an event, and annotated articles. Rates count words of the text between white space, and
seconds of the processor; libraries for matrices have one thread. The gate is timed on the texts that it closes.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import spacy
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from extractors.chain import Chain, ChainSettings, build_chain
from extractors.gate import event_gate
from extractors.language import is_english
from extractors.syntax import load_syntax, parse
from extractors.types import Article
from monitor.errors import FeedParseError
from monitor.evaluation.gold import read_articles, read_sentences
from monitor.poller.parse import parse_feed

DEFAULT_SHARED = Path(__file__).parents[2] / "shared"
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1")
PUBLISHED_ON = date(2024, 5, 22)
BASE = "https://feeds.example/feed"
WARM_UP = 20  # texts that are read before the clock runs
GATE_ROUNDS = 10  # the gate is too quick for one

LOADED = """
import resource
from datetime import date
from extractors.chain import ChainSettings, build_chain
from extractors.types import Article
build_chain(ChainSettings()).tag(Article("1", "Guterres will visit Putin in Moscow on Tuesday.", date(2022, 4, 22)))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@dataclass(frozen=True, slots=True)
class Rates:
    """Words a second of some texts, how much of them the gate closes (texts, words), and how many events were told."""

    texts: int
    words: int
    closed_texts: float
    open_words: float
    events: int
    tokenizer: float
    chain: float
    parser: float
    gate: float | None


def mixed(shared: Path) -> Iterator[str]:
    """Yield the English items of collected feed documents, each once: one of every document, then their seconds, …."""
    documents = [list(items(path)) for path in sorted((shared / "feeds" / "single").iterdir())]
    seen = set[str]()
    for turn in range(max(map(len, documents))):
        for text in (document[turn] for document in documents if turn < len(document)):
            if text not in seen and is_english(text):
                seen.add(text)
                yield text


def items(path: Path) -> Iterator[str]:
    """Yield the items of a document as an article has them; none of one that cannot be read."""
    try:
        feed = parse_feed(path.read_bytes(), {}, BASE)
    except FeedParseError:
        return
    yield from (f"{entry.title}\n{entry.text or entry.summary}".strip() for entry in feed.entries)


def diplomatic(shared: Path) -> Iterator[str]:
    """Yield the annotated articles, and the passages that tell an event."""
    yield from (one.text for one in read_articles(shared))
    yield from (one.text for one in read_sentences(shared) if one.events)


def some(texts: Iterator[str], words: int) -> list[str]:
    """Return the first texts that have so many words together."""
    found, count = [], 0
    for text in texts:
        if count >= words:
            break
        found.append(text)
        count += len(text.split())
    return found


def measure(chain: Chain, texts: Sequence[str]) -> Rates:
    """Return the rates of some texts."""
    gate, blank, syntax = event_gate(), spacy.blank("en"), load_syntax()
    words = count(texts)
    closed = [text for text in texts if not gate.opens(text)]
    open_words = sum(len(text[one.start : one.end].split()) for text in texts for one in gate.open_stretches(text))
    events = 0

    def tag(part: Sequence[str]) -> None:
        nonlocal events
        articles = [Article(str(n), text, PUBLISHED_ON) for n, text in enumerate(part)]
        events = sum(map(len, chain.tag_all(articles)))

    return Rates(
        texts=len(texts),
        words=words,
        closed_texts=len(closed) / len(texts),
        open_words=open_words / words,
        tokenizer=rate(texts, lambda part: [blank.make_doc(text) for text in part]),
        chain=rate(texts, tag),
        parser=rate(texts, lambda part: list(parse(syntax, [syntax.make_doc(text) for text in part]))),
        gate=rate(closed * GATE_ROUNDS, lambda part: [gate.opens(text) for text in part]) if closed else None,
        events=events,
    )


def rate(texts: Sequence[str], work: Callable[[Sequence[str]], object]) -> float:
    """Return how many words of the texts are worked on in a second of the processor."""
    work(texts[:WARM_UP])
    started = time.process_time()
    work(texts)
    return count(texts) / (time.process_time() - started)


def count(texts: Sequence[str]) -> int:
    """Return how many words the texts have together."""
    return sum(len(text.split()) for text in texts)


def memory() -> float:
    """Return the peak resident memory, in MB, of a process that builds the chain and reads a sentence.

    To be asked before this process has grown: Linux counts for a new program what its parent had when it forked.
    """
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True
    )
    return int(done.stdout) / 1024


def report(rates: dict[str, Rates]) -> Table:
    """Return the rates as a table."""
    table = Table("words a second on one core", *rates)
    rows: list[tuple[str, Callable[[Rates], str]]] = [
        ("texts", lambda one: f"{one.texts:,}"),
        ("words", lambda one: f"{one.words:,}"),
        ("closed by the gate, of texts", lambda one: f"{one.closed_texts:.1%}"),
        ("left open, of words", lambda one: f"{one.open_words:.1%}"),
        ("events told", lambda one: f"{one.events:,}"),
        ("the chain", lambda one: f"{one.chain:,.0f}"),
        ("the tokenizer alone", lambda one: f"{one.tokenizer:,.0f}"),
        ("the parser on every sentence", lambda one: f"{one.parser:,.0f}"),
        ("the gate on what it closes", lambda one: f"{one.gate:,.0f}" if one.gate else "–"),
        ("chain : tokenizer", lambda one: f"{one.chain / one.tokenizer:.2f}"),
        ("chain : parser", lambda one: f"{one.chain / one.parser:.2f}"),
    ]
    for name, cell in rows:
        table.add_row(name, *(cell(one) for one in rates.values()))
    return table


def main() -> None:
    """Print the rates and the memory."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, default=DEFAULT_SHARED)
    parser.add_argument("--words", type=int, default=60_000, help="how many words of each kind to read")
    options = parser.parse_args()
    resident = memory()
    chain = build_chain(ChainSettings())
    kinds = {"mixed news": mixed(options.shared), "diplomatic news": diplomatic(options.shared)}
    console = Console(highlight=False)
    console.print(report({name: measure(chain, some(texts, options.words)) for name, texts in kinds.items()}))
    console.print(f"resident memory of a process with the chain: {resident:.0f} MB at most")


if __name__ == "__main__":
    if any(os.environ.get(name) != number for name, number in ONE_THREAD.items()):
        # Read while the libraries are loaded, which is why the program starts itself again.
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **ONE_THREAD})
    main()
