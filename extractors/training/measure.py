"""How good and how fast a syntax model is: attachment scores on treebanks, words per second, size."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from extractors.training.corpus import to_example
from extractors.training.treebank import Sentence

TEXT_LENGTH = 10  # sentences in a text that is measured
# The relations that frames ask for, in the order in which they are printed.
TOLD = (
    "nsubj",
    "nsubj:pass",
    "obj",
    "obl",
    "obl:agent",
    "ccomp",
    "xcomp",
    "advcl",
    "conj",
    "nmod",
    "acl:relcl",
    "case",
)


@dataclass(frozen=True, slots=True)
class Score:
    """Shares 0..1: heads right (UAS), heads and relations right (LAS), tags right; punctuation counts for tags only.

    `relations` are F1 by relation. `words` is the size of what was measured.
    """

    name: str
    words: int
    uas: float
    las: float
    tags: float
    sentences: float
    relations: tuple[tuple[str, float], ...]

    def __str__(self) -> str:
        told = " ".join(f"{name} {100 * value:.0f}" for name, value in self.relations)
        figures = f"UAS {100 * self.uas:.1f}  LAS {100 * self.las:.1f}  tags {100 * self.tags:.1f}"
        return f"{self.name:34} {self.words:6} words  {figures}  ({told})"


def score(nlp: Language, name: str, sentences: Sequence[Sentence], *, starts_given: bool = True) -> Score:
    """Return how well a model reads these sentences, from their text; `starts_given` as the chain does."""
    texts = [sentences[start : start + TEXT_LENGTH] for start in range(0, len(sentences), TEXT_LENGTH)]
    examples = [to_example(text, nlp, starts_given=starts_given) for text in texts]
    found = nlp.evaluate(examples)
    relations = found["dep_las_per_type"] or {}
    return Score(
        name=name,
        words=sum(len(example.reference) for example in examples),
        uas=found["dep_uas"],
        las=found["dep_las"],
        tags=found["tag_acc"],
        sentences=found["sents_f"],
        relations=tuple((relation, relations[relation]["f"]) for relation in TOLD if relation in relations),
    )


def words_per_second(nlp: Language, docs: Iterable[Doc], *, clock: Callable[[], float], rounds: int = 3) -> float:
    """Return the median speed over some rounds; a `clock` of CPU time does not see what else the machine does."""
    return statistics.median(_round(nlp, [doc.copy() for doc in docs], clock) for _ in range(rounds))


def disk_size(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _round(nlp: Language, docs: Sequence[Doc], clock: Callable[[], float]) -> float:
    started = clock()
    words = sum(len(doc) for doc in nlp.pipe(docs))
    return words / (clock() - started)
