"""Ways in which the press writes a sentence that treebanks seldom show: headlines, typographic quotes, capitals."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from extractors.training.treebank import Sentence, Word

# Written small within a headline in Title Case (Associated Press and Chicago style agree on these).
SMALL = frozenset("a an the and but or nor for of in on at by to as from with vs via".split())
# What headlines leave out: "[The] UN chief [is] to visit Moscow".
ARTICLES = frozenset("a an the".split())
AUXILIARIES = frozenset("is are was were".split())
FINAL_MARKS = frozenset(". ! ? …".split())
TYPOGRAPHIC = {"'": "’", "`": "‘", "``": "“", "''": "”", "...": "…", "--": "–", "---": "—", " - ": " – "}

Variant = Callable[[Sentence], Sentence]


def headline(sentence: Sentence) -> Sentence:
    """Return it as a headline in sentence case: no articles, no "is", no final mark."""
    return without_final_mark(_without(sentence, _left_out(sentence)))


def title_case(sentence: Sentence) -> Sentence:
    """Return it as a headline With Capitals and without a final mark."""
    return without_final_mark(_spelled(sentence, _capital))


def terse_title_case(sentence: Sentence) -> Sentence:
    """Return it as a headline with capitals that leaves out articles and "is"."""
    return title_case(headline(sentence))


def without_final_mark(sentence: Sentence) -> Sentence:
    """Return it without the full stop, as headlines and captions are."""
    last = len(sentence.words) - 1
    return _without(sentence, {last} if sentence.words[last].form in FINAL_MARKS else set())


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
    title_case: 0.05,
    terse_title_case: 0.05,
    headline: 0.06,
    without_final_mark: 0.03,
    typographic: 0.12,
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


def _left_out(sentence: Sentence) -> set[int]:
    """Return the places of articles and of auxiliaries that nothing hangs on."""
    governors = {word.head for place, word in enumerate(sentence.words) if word.head != place}
    return {place for place, word in enumerate(sentence.words) if _dispensable(word) and place not in governors}


def _dispensable(word: Word) -> bool:
    article = word.relation == "det" and word.form.lower() in ARTICLES
    auxiliary = word.relation.startswith("aux") and word.form.lower() in AUXILIARIES
    return article or auxiliary


def _without(sentence: Sentence, places: set[int]) -> Sentence:
    """Return the sentence less some words; unchanged if something hangs on one of them, or nothing would remain."""
    words = sentence.words
    kept = [place for place in range(len(words)) if place not in places]
    if not kept or any(words[place].head in places for place in kept):
        return sentence
    now_at = {place: new for new, place in enumerate(kept)}
    return replace(sentence, words=tuple(replace(words[place], head=now_at[words[place].head]) for place in kept))
