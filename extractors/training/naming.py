"""Sentences about somebody else: names that the treebanks have not, in the places of names and pronouns.

Treebanks name few people and states, over and over; feeds name many. What is learnt has to be how a name behaves.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extractors.lexicon.names import library_capitals, library_cities, library_states
from extractors.training.treebank import Sentence, Word

PLACES_OF_NAMES = frozenset("nsubj nsubj:pass obj iobj obl obl:agent nmod nmod:poss conj appos flat".split())
PRONOUNS = frozenset("he she him".split())
# What has a capital and is still no name to exchange; titles stay before names.
FIXED = frozenset(
    """january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday""".split()
)


@dataclass(frozen=True, slots=True)
class Renamer:
    """Gives a share of sentences other names; in these, most names and some pronouns are exchanged."""

    dice: random.Random
    names: Sequence[str]
    share: float = 0.3
    share_of_names: float = 0.6

    def __call__(self, sentence: Sentence) -> Sentence:
        """Return the sentence with some of its names exchanged, mostly itself."""
        if not self.names or self.dice.random() >= self.share:
            return sentence
        return replace(sentence, words=tuple(self._renamed(word) for word in sentence.words))

    def _renamed(self, word: Word) -> Word:
        if not is_exchangeable(word) or self.dice.random() >= self.share_of_names:
            return word
        name = self.dice.choice(self.names)
        return replace(word, form=name, tag="NNP", lemma=name)


def is_exchangeable(word: Word) -> bool:
    """Tell whether a name could stand here: a name of one word, or a pronoun for one person."""
    if word.relation not in PLACES_OF_NAMES:
        return False
    name = word.tag == "NNP" and word.form.isalpha() and word.form.istitle() and word.form.lower() not in FIXED
    return name or (word.tag == "PRP" and word.form.lower() in PRONOUNS)


def names_of_places() -> tuple[str, ...]:
    """Return names of one word: states, capitals and cities of the libraries that the gazetteers use, in order."""
    return tuple(
        sorted(_single_words(name.text for name in (*library_states(), *library_capitals(), *library_cities())))
    )


def _single_words(names: Iterable[str]) -> set[str]:
    return {name for name in names if name.isalpha() and name.istitle() and len(name) > 2}
