"""The training itself: a network from the recipe, a fixed number of steps, weights rounded to what is stored."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.training import Example
from spacy.training.batchers import minibatch_by_words
from spacy.util import load_config, load_model_from_config, registry
from thinc.api import Config, Optimizer, fix_random_seed, use_ops

from extractors.syntax.model import models
from extractors.training.corpus import to_example, training_stream
from extractors.training.treebank import Sentence
from extractors.training.variants import SHARES, Rewriter

RECIPE = Path(__file__).with_name("recipe.cfg")
# Measured on the dev files, spaCy 3.8, November 2026 (docs/design/syntax.md has the other settings that were tried).
STEPS = 4200
BATCH_WORDS = 1000
DROPOUT = 0.1
STEPS_BETWEEN_REPORTS = 200


@dataclass(frozen=True, slots=True)
class Progress:
    """Mean loss per step of tagger and parser since the last report."""

    step: int
    tagger: float
    parser: float


def train(
    sentences: Sequence[Sentence], *, steps: int = STEPS, tell: Callable[[Progress], None] = lambda progress: None
) -> Language:
    """Return a pipeline trained from scratch on these sentences; the same sentences and steps give the same weights.

    (On one thread and one kind of processor: sums of floats depend on their order.)
    """
    config = recipe(steps)
    seed = config["training"]["seed"]
    fix_random_seed(seed)
    dice = random.Random(seed)
    with use_ops("numpy", use_blis=False):  # numpy's own BLAS trains nearly twice as fast
        nlp = load_model_from_config(config, auto_fill=True)
        nlp.initialize(lambda: (to_example([sentence], nlp, starts_given=True) for sentence in sentences))
        stream = training_stream(sentences, nlp, rewrite=Rewriter(dice, SHARES), dice=dice)
        _run(nlp, islice(_batches(stream), steps), _optimizer(config), tell)
    return nlp


def recipe(steps: int) -> Config:
    """Return the configuration, with the learning rate falling to nought over so many steps."""
    decay = {"training.optimizer.learn_rate.total_steps": steps}
    warmup = {"training.optimizer.learn_rate.warmup_steps": min(150, steps // 2)}
    return load_config(RECIPE, overrides=decay | warmup)


def slimmed(nlp: Language) -> Language:
    """Return a pipeline with the same weights at half precision, and without the words of the treebanks.

    The network knows words by their hashes, so it loses nothing; half precision changed no score (shared figures of
    the recipe this one goes back to, and our own in docs/design/syntax.md) and halves what a wheel or git store.
    """
    _round_to_half_precision(nlp)
    slim = load_model_from_config(nlp.config, auto_fill=True)
    for labels in nlp.pipe_labels.values():
        for label in labels:
            slim.vocab.strings.add(label)
    slim.from_bytes(nlp.to_bytes(exclude=["vocab", "tokenizer"]), exclude=["vocab", "tokenizer"])
    return slim


def _round_to_half_precision(nlp: Language) -> None:
    for model in models(nlp):
        for node in model.walk():
            for name in node.param_names:
                if node.has_param(name):
                    half: Any = node.get_param(name).astype("float16")
                    node.set_param(name, half.astype("float32"))


def _optimizer(config: Config) -> Optimizer:
    optimizer: Optimizer = registry.resolve(config["training"])["optimizer"]
    return optimizer


def _batches(stream: Iterator[Example]) -> Iterator[list[Example]]:
    return iter(minibatch_by_words(stream, size=BATCH_WORDS, tolerance=0.2))


def _run(
    nlp: Language, batches: Iterator[list[Example]], optimizer: Optimizer, tell: Callable[[Progress], None]
) -> None:
    losses = {"tagger": 0.0, "parser": 0.0}
    for step, batch in enumerate(batches, start=1):
        nlp.update(batch, drop=DROPOUT, sgd=optimizer, losses=losses)
        optimizer.step_schedules()  # type: ignore[no-untyped-call]  # thinc states no types here
        if step % STEPS_BETWEEN_REPORTS == 0:
            tell(Progress(step, *(losses[name] / STEPS_BETWEEN_REPORTS for name in ("tagger", "parser"))))
            losses = {"tagger": 0.0, "parser": 0.0}
