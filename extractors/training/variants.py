"""How the press spells: capitals, typographic quotes; and how often training shows each way of writing."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from extractors.training.newsroom import headline, said_last, without_final_mark
from extractors.training.treebank import Sentence

# Written small within a headline in Title Case (Associated Press and Chicago style agree on these).
SMALL = frozenset("a an the and but or nor for of in on at by to as from with vs via".split())
TYPOGRAPHIC = {"'": "’", "`": "‘", "``": "“", "''": "”", "...": "…", "--": "–", "---": "—", " - ": " – "}

Variant = Callable[[Sentence], Sentence]


def title_case(sentence: Sentence) -> Sentence:
    """Return it as a headline With Capitals and without a final mark."""
    return without_final_mark(_spelled(sentence, _capital))


def terse_title_case(sentence: Sentence) -> Sentence:
    """Return it as a headline with capitals that leaves out articles and "is"."""
    return title_case(headline(sentence))


def lower_case(sentence: Sentence) -> Sentence:
    """Return it all in small letters."""
    return _spelled(sentence, lambda place, form: form.lower())


def upper_case(sentence: Sentence) -> Sentence:
    """Return it all in capitals."""
    return _spelled(sentence, lambda place, form: form.upper())


def typographic(sentence: Sentence) -> Sentence:
    """Return it with curly quotes, apostrophes, dashes and ellipses; straight quotes open and close in turn."""
    opened = False
    words = []
    for word in sentence.words:
        form = TYPOGRAPHIC.get(word.form, word.form.replace("'", "’"))
        if form == '"':
            form, opened = ("”", False) if opened else ("“", True)
        words.append(replace(word, form=form))
    return replace(sentence, words=tuple(words))


# Shares of sentences in each pass over the treebanks; what is left stays as it is.
SHARES: Mapping[Variant, float] = {
    said_last: 0.4,  # few sentences can be told so: the others stay as they are
    title_case: 0.04,
    terse_title_case: 0.06,
    headline: 0.08,
    without_final_mark: 0.03,
    typographic: 0.10,
    lower_case: 0.02,
    upper_case: 0.02,
}


@dataclass(frozen=True, slots=True)
class Rewriter:
    """Rewrites sentences at random, in the given shares; the same `dice` give the same choices."""

    dice: random.Random
    shares: Mapping[Variant, float]

    def __call__(self, sentence: Sentence) -> Sentence:
        """Return one variant of a sentence, most often itself; never an empty one."""
        lot = self.dice.random()
        for variant, share in self.shares.items():
            if lot < share:
                changed = variant(sentence)
                return changed if changed.words else sentence
            lot -= share
        return sentence


def _spelled(sentence: Sentence, spell: Callable[[int, str], str]) -> Sentence:
    words = (replace(word, form=spell(place, word.form)) for place, word in enumerate(sentence.words))
    return replace(sentence, words=tuple(words))


def _capital(place: int, form: str) -> str:
    small = (place and form.lower() in SMALL) or "'" in form or "’" in form
    return form if small else form[:1].upper() + form[1:]
