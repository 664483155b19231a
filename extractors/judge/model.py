"""The judge's classifiers: what each decides, and how they are read from the file they are shipped in."""

import json
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from extractors.errors import ChainError
from extractors.judge.acts import word_and_sort
from extractors.judge.classifier import Classifier
from extractors.judge.text import Text
from extractors.judge.trees import Trees

MODEL = Path(__file__).parents[1] / "models" / "judge" / "judge.npz"
NO_ACT = "none"
ARRAYS = ("table", "bias", "out", "offset")  # of a classifier


@dataclass(frozen=True)
class Judge:
    """`acts` and `gists` give a type or "none" (a word; a sentence), `types` says whether a sentence tells one.

    `kinds` names the kind, `roles` and `sides` say what a party does (none, actor, recipient), `statuses` where an act
    stands. `least` is the score from which on a sentence tells an event of a type, `right` the weights that turn the
    sureness of sides into a share of right ones. `idle` are words (`word_and_sort`) that never told anything.
    """

    acts: Classifier
    gists: Classifier
    types: Trees
    kinds: Classifier
    roles: Classifier
    sides: Trees
    statuses: Classifier
    least: float
    right: tuple[float, ...]
    idle: frozenset[str] = frozenset()

    def candidates(self, text: Text, sentence: int) -> tuple[int, ...]:
        """Return the tokens of a sentence that may tell an act; a word that never does is not asked about."""
        return tuple(
            token
            for token in text.candidates(sentence)
            if token in text.frames or word_and_sort(text, token) not in self.idle
        )


@lru_cache(maxsize=2)
def load_judge(path: Path = MODEL) -> Judge:
    """Return the judge of a file; raises ChainError when it is not there."""
    if not path.exists():
        raise ChainError(f"there is no judge in {path}; `make model` trains one")
    with np.load(path, allow_pickle=False) as arrays:
        parts = {name: arrays[name] for name in arrays.files}
    texts = json.loads(bytes(parts["texts"]).decode())
    return Judge(
        acts=classifier_from("acts", parts, texts),
        gists=classifier_from("gists", parts, texts),
        types=trees_from("types", parts),
        kinds=classifier_from("kinds", parts, texts),
        roles=classifier_from("roles", parts, texts),
        sides=trees_from("sides", parts),
        statuses=classifier_from("statuses", parts, texts),
        least=texts["least"],
        right=tuple(texts["right"]),
        idle=frozenset(texts["idle"]),
    )


def save_judge(judge: Judge, path: Path) -> None:
    """Write a judge as one file: weights in half precision, which changed no decision when measured (2026-11)."""
    arrays: dict[str, Any] = {}
    texts: dict[str, Any] = {"least": judge.least, "right": judge.right, "idle": sorted(judge.idle)}
    for name in ("acts", "gists", "kinds", "roles", "statuses"):
        part: Classifier = getattr(judge, name)
        arrays.update({f"{name}.{array}": getattr(part, array) for array in ARRAYS})
        texts[name] = {"labels": part.labels, "features": list(part.rows)}
    for name in ("types", "sides"):
        trees: Trees = getattr(judge, name)
        arrays.update({f"{name}.{field.name}": np.asarray(getattr(trees, field.name)) for field in fields(trees)})
    arrays["texts"] = np.frombuffer(json.dumps(texts).encode(), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **arrays)


def classifier_from(name: str, parts: dict[str, Any], texts: dict[str, Any]) -> Classifier:
    """Return a classifier from its arrays."""
    names = texts[name]["features"]
    rows = {feature: row for row, feature in enumerate(names)}
    return Classifier(tuple(texts[name]["labels"]), rows, **{array: parts[f"{name}.{array}"] for array in ARRAYS})


def trees_from(name: str, parts: dict[str, Any]) -> Trees:
    """Return trees from their arrays."""
    found = {field.name: parts[f"{name}.{field.name}"] for field in fields(Trees)}
    return Trees(**{**found, "depth": int(found["depth"])})
