"""Trains the gate: which words say that a stretch of text may tell an event (`python -m extractors.training.gate`).

A logistic regression on the words of rough sentences, with the threshold where the wanted share of events is kept. It
learns from the annotated passages of the development half, lines that are about something else, passages of ours, and
our labels for texts that are at hand. What it does to the other half is printed, so that the figure is of texts that it
has not seen. Pairs of words were tried as well: where as many events are kept, they leave as many words open (2026-11).
"""

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from rich.console import Console
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, cross_val_predict

from extractors.gate import ALWAYS, PARTIES, PARTY, WEIGHTS, Gate, bounds, leader_words, party_words, words_of
from extractors.lexicon import load
from extractors.training.learn import LABELS, beginning
from extractors.training.lessons import Passage, read_gold, read_labels, read_own, read_texts

# Share of events in a stretch that stays open, our labels for long articles among them, which are hardest to keep: of
# the held-out half of the annotated passages it is 0.981.
KEPT = 0.97
PENALTY = 20.0  # with 8 a third more words of mixed news stay open where as many events are kept
FEWEST = 4  # a word that fewer stretches have says nothing
FOLDS = KFold(5)
LIGHT = 0.1  # nor does one with a smaller weight
CLASSES = frozenset({PARTY, PARTIES})
HEADER = """\
# What: weights of words; a stretch of text whose weights add up to less than nought tells no event and is not read.
# Columns: word (in small letters; ALWAYS is added to every stretch, PARTY and PARTIES where one is named); weight.
# Source: learned from annotated passages by `python -m extractors.training.gate`.
# Licence: Apache-2.0, as the project. Date: 2026-11.
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """A stretch of text: its plain words, PARTY and PARTIES, and which events of which passage it tells."""

    signs: frozenset[str]
    text: str
    events: frozenset[tuple[str, int]]


def samples(passages: Iterable[Passage], parties: frozenset[str]) -> Iterator[Sample]:
    """Yield the stretches of passages; `parties` are words that name one."""
    for passage in passages:
        spans = [_span(passage.text, mark.evidence) for mark in passage.marks]
        for first, last in bounds(passage.text):
            told = {(passage.key, n) for n, (start, end) in enumerate(spans) if first < end and start < last}
            text = passage.text[first:last]
            yield Sample(signs_of(text, parties), text, frozenset(told))


def signs_of(text: str, parties: frozenset[str]) -> frozenset[str]:
    """Return the plain words of a stretch, and what it says of parties."""
    words = set(words_of(text))
    named = len(words & parties)
    return frozenset({word for word in words if word.islower() and word.isalpha()} | set((PARTY, PARTIES)[:named]))


def _span(text: str, evidence: str) -> tuple[int, int]:
    at = text.find(evidence) if evidence else -1
    return (at, at + len(evidence)) if at >= 0 else (0, len(text))


def learn(found: Sequence[Sample]) -> dict[str, float]:
    """Return the weights, with ALWAYS so that the share KEPT of the events is in an open stretch.

    Where that is, is asked of regressions that have not seen the passage: what a word weighs is learned by heart.
    """
    vocabulary = {word: column for column, word in enumerate(sorted(telling_words(found)))}
    labels, signs = np.array([bool(one.events) for one in found]), matrix(found, vocabulary)
    model = LogisticRegression(C=1 / PENALTY, max_iter=1000)
    unseen = cross_val_predict(model, signs, labels, cv=FOLDS, method="decision_function")
    model.fit(signs, labels)
    weights = {word: round(float(model.coef_[0][column]), 3) for word, column in vocabulary.items()}
    kept = {word: weight for word, weight in weights.items() if abs(weight) >= LIGHT or word in CLASSES}
    return {ALWAYS: round(float(model.intercept_[0]) - threshold(found, unseen), 3), **kept}


def telling_words(found: Sequence[Sample]) -> set[str]:
    """Return the signs that are common enough to have learned their weight."""
    counts = Counter(sign for one in found for sign in one.signs)
    return {word for word, count in counts.items() if count >= FEWEST} | CLASSES


def matrix(found: Sequence[Sample], vocabulary: Mapping[str, int]) -> csr_matrix:
    """Return which sample has which word."""
    cells = [(row, vocabulary[sign]) for row, one in enumerate(found) for sign in one.signs if sign in vocabulary]
    rows, columns = zip(*cells, strict=True)
    return csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(found), len(vocabulary)))


def threshold(found: Sequence[Sample], sums: Iterable[float]) -> float:
    """Return the sum that the best stretch of all but 1 - KEPT of the events reaches."""
    best: dict[tuple[str, int], float] = {}
    for one, total in zip(found, sums, strict=True):
        for event in one.events:
            best[event] = max(best.get(event, total), total)
    return sorted(best.values())[int(len(best) * (1 - KEPT))]


def is_held_out(key: str) -> bool:
    """Say whether a passage is in the half that is only measured: an odd SHA-256 of its id."""
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % 2 == 1


def other_lines(path: Path) -> tuple[Passage, ...]:
    """Return the lines of a file that editors filed under something else than international relations."""
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return tuple(
        Passage(one["id"], date.fromisoformat(one["date"][:10]), one["text"], (), path.name)
        for one in records
        if one["stratum"] == "neg"
    )


def labelled_but(measured: Iterable[Passage], paths: Sequence[Path]) -> list[Passage]:
    """Return the texts that our labels are for, none of those that are measured on under whatever key."""
    annotated = {beginning(one.text) for one in measured}
    texts = {key: text for path in paths for key, text in read_texts(path).items()}
    found = (passage for path in sorted(LABELS.glob("*.tsv")) for passage in read_labels(path, texts))
    return [passage for passage in found if beginning(passage.text) not in annotated]


def write(weights: Mapping[str, float], path: Path) -> None:
    """Write the weights as a table."""
    rows = "".join(f"{word},{weight:g}\n" for word, weight in sorted(weights.items()))
    path.write_text(f"{HEADER}word,weight\n{rows}", encoding="utf-8")


def kept(found: Sequence[Sample], gate: Gate) -> tuple[float, float]:
    """Return the share of events in an open stretch, and the share of words in closed ones."""
    opened = [gate.weight(words_of(one.text)) >= 0 for one in found]
    events = {event for one in found for event in one.events}
    told = {event for one, is_open in zip(found, opened, strict=True) for event in one.events if is_open}
    words = [len(one.text.split()) for one in found]
    closed = sum(count for count, is_open in zip(words, opened, strict=True) if not is_open)
    return len(told) / max(len(events), 1), closed / sum(words)


def main(arguments: Sequence[str] | None = None, *, console: Console | None = None) -> None:
    """Train, write and measure the gate as the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m extractors.training.gate", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--gold", type=Path, required=True, help="folder with sentences.jsonl and detect.jsonl")
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    parser.add_argument("--texts", type=Path, nargs="*", default=[], help="JSON lines of texts that our labels are for")
    options = parser.parse_args(arguments)
    out = console or Console(highlight=False, soft_wrap=True)
    passages, others = read_gold(options.gold / "sentences.jsonl"), other_lines(options.gold / "detect.jsonl")
    parties, leaders = party_words(load()), leader_words(load())
    seen = [one for one in (*passages, *others) if not is_held_out(one.key)]
    labelled = labelled_but((*passages, *others), options.texts)
    weights = learn([*samples((*seen, *read_own(), *labelled), parties)])
    write(weights, options.output)
    gate = Gate(weights, parties, leaders)
    for name, texts in (("passages", passages), ("lines of something else", others)):
        for half, held in (("learned from", False), ("held out", True)):
            events, closed = kept([*samples((one for one in texts if is_held_out(one.key) is held), parties)], gate)
            out.print(f"{name}, {half}: {events:.3f} of events kept, {closed:.3f} of words closed")


if __name__ == "__main__":
    main()
