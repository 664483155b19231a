"""How good and how fast a syntax model is: attachment scores on treebanks, words per second, size."""

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from extractors.syntax import clauses
from extractors.training.corpus import to_example
from extractors.training.treebank import Sentence, to_doc

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


def clause_scores(nlp: Language, sentences: Sequence[Sentence]) -> dict[str, float]:
    """Return F1 of what `clauses` reads in the model's trees against what it reads in the treebank's, by kind of fact.

    Both have the treebank's tokens. The subjects and objects counted are those reached through relative pronouns,
    infinitives and coordination, too: what frames will get.
    """
    gold = [to_doc([sentence], nlp.vocab) for sentence in sentences]
    bare = [Doc(nlp.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc]) for doc in gold]
    for doc in bare:
        for token in doc:
            token.is_sent_start = token.i == 0
    wanted, found, right = Counter[str](), Counter[str](), Counter[str]()
    for ours, theirs in zip(nlp.pipe(bare), gold, strict=True):
        told, true = set(_facts(ours)), set(_facts(theirs))
        for counter, facts in ((wanted, true), (found, told), (right, told & true)):
            counter.update(kind for kind, *_ in facts)
    return {kind: 2 * right[kind] / (wanted[kind] + found[kind]) for kind in sorted(wanted)}


def words_per_second(nlp: Language, docs: Iterable[Doc], *, clock: Callable[[], float], rounds: int = 3) -> float:
    """Return the median speed over some rounds; a `clock` of CPU time does not see what else the machine does."""
    return statistics.median(_round(nlp, [doc.copy() for doc in docs], clock) for _ in range(rounds))


def disk_size(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _facts(doc: Doc) -> Iterator[tuple[str, *tuple[object, ...]]]:
    """Yield what the clauses of a sentence say, each fact as its kind, the predicate's place and the rest."""
    for clause in clauses(doc[:]):
        at = clause.predicate.i
        yield "predicate", at
        yield "tense", at, clause.modality
        yield "negation", at, clause.negated
        yield from (("subject", at, subject.i) for subject in clause.subjects)
        yield from (("object", at, word.i) for word in clause.objects)
        yield from (("oblique", at, by, word.i) for by, words in clause.obliques.items() for word in words)
        if clause.embedded_under is not None:
            yield "embedding", at, clause.embedded_under.i


def _round(nlp: Language, docs: Sequence[Doc], clock: Callable[[], float]) -> float:
    started = clock()
    words = sum(len(doc) for doc in nlp.pipe(docs))
    return words / (clock() - started)
