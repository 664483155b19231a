"""The judge: light classifiers that learned from annotated passages what is an event, of which type, and whose.

Frames propose and grammar says who stands where; what is told, the judge decides. It reads plain values (`Text`), so
that training and the chain look at the very same features.
"""

from extractors.judge.model import Judge, load_judge
from extractors.judge.sights import look, type_scores
from extractors.judge.text import Party, Proposal, Text
from extractors.judge.verdict import Verdict, threshold, verdicts

__all__ = [
    "Judge",
    "Party",
    "Proposal",
    "Text",
    "Verdict",
    "load_judge",
    "look",
    "threshold",
    "type_scores",
    "verdicts",
]
