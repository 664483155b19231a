"""The training itself: a network from the recipe, a fixed number of steps, weights rounded to what is stored."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import fmean
from typing import Any

from spacy.language import Language
from spacy.training import Example
from spacy.training.batchers import minibatch_by_words
from spacy.util import load_config, load_model_from_config, registry
from thinc.api import Config, Optimizer, fix_random_seed, use_ops

from extractors.syntax.model import models
from extractors.training.corpus import to_example, training_stream
from extractors.training.naming import Renamer, names_of_places
from extractors.training.treebank import Sentence
from extractors.training.variants import SHARES, Rewriter

RECIPE = Path(__file__).with_name("recipe.cfg")
# Measured on the dev files with spaCy 3.8 in November 2026; docs/design/syntax.md has what else was tried.
STEPS = 4200
BATCH_WORDS = 1000
DROPOUT = 0.1


@dataclass(frozen=True, slots=True)
class Progress:
    """Mean loss per step of tagger and parser since the last report."""

    step: int
    tagger: float
    parser: float


def train(
    sentences: Sequence[Sentence],
    *,
    steps: int = STEPS,
    tell: Callable[[Progress], None] = lambda progress: None,
    tell_every: int = 200,
    batch_words: int = BATCH_WORDS,
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
        stream = training_stream(sentences, nlp, rewrite=_rewriter(dice), dice=dice)
        _told(_run(nlp, islice(_batches(stream, batch_words), steps), _optimizer(config)), tell, tell_every)
    return nlp


def recipe(steps: int) -> Config:
    """Return the configuration, with the learning rate falling to nought over so many steps."""
    decay = {"training.optimizer.learn_rate.total_steps": steps}
    warmup = {"training.optimizer.learn_rate.warmup_steps": min(150, steps // 2)}
    return load_config(RECIPE, overrides=decay | warmup)


def _rewriter(dice: random.Random) -> Callable[[Sentence], Sentence]:
    renamed, rewritten = Renamer(dice, names_of_places()), Rewriter(dice, SHARES)
    return lambda sentence: rewritten(renamed(sentence))


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


def _batches(stream: Iterator[Example], words: int) -> Iterator[list[Example]]:
    return iter(minibatch_by_words(stream, size=words, tolerance=0.2))


def _run(nlp: Language, batches: Iterator[list[Example]], optimizer: Optimizer) -> Iterator[dict[str, float]]:
    """Yield the losses of each step."""
    for batch in batches:
        losses = nlp.update(batch, drop=DROPOUT, sgd=optimizer, losses={})
        optimizer.step_schedules()  # type: ignore[no-untyped-call]  # thinc states no types here
        yield losses


def _told(losses: Iterable[dict[str, float]], tell: Callable[[Progress], None], every: int) -> None:
    """Tell the mean losses every so many steps."""
    for number, lot in enumerate(_in_lots(losses, every), start=1):
        tagger, parser = (fmean(float(step[name]) for step in lot) for name in ("tagger", "parser"))
        tell(Progress(number * every, tagger, parser))


def _in_lots(losses: Iterable[dict[str, float]], size: int) -> Iterator[list[dict[str, float]]]:
    """Yield full lots; what is left over at the end is drawn, too."""
    steps = iter(losses)
    while lot := list(islice(steps, size)):
        if len(lot) == size:
            yield lot
