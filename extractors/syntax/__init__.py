"""What a sentence's grammar says: who does what to whom, when, and under whose word. No gazetteer, no frame.

`load_syntax` gives the pipeline that parses; everything else reads trees, in the labels of Universal Dependencies (our
own model) as well as in those of the en_core_web pipelines (ClearNLP), and never needs to be told which.
"""

from extractors.syntax.arguments import (
    NounModifiers,
    Obliques,
    antecedent,
    conjuncts,
    is_negated,
    noun_modifiers,
    objects_of,
    obliques_of,
    subject_of,
)
from extractors.syntax.clauses import Clause, clauses, governing_clause
from extractors.syntax.model import load_syntax, parse
from extractors.syntax.relations import Relation, preposition, relation
from extractors.syntax.tense import Modality, Tense, tense_and_modality

__all__ = [
    "Clause",
    "Modality",
    "NounModifiers",
    "Obliques",
    "Relation",
    "Tense",
    "antecedent",
    "clauses",
    "conjuncts",
    "governing_clause",
    "is_negated",
    "load_syntax",
    "noun_modifiers",
    "objects_of",
    "obliques_of",
    "parse",
    "preposition",
    "relation",
    "subject_of",
    "tense_and_modality",
]
