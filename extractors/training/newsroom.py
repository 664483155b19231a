"""Sentences as a newsroom would put them, with their trees: as headlines, or with "…, she said" at the end.

Treebanks hold few headlines (UD English-EWT has next to none) and few reports with the source put last, and those are
what feeds are made of.
"""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace

from extractors.lexicon.inflection import third_person
from extractors.training.treebank import Sentence, Word

# What headlines leave out: "[The] UN chief [is] to visit Moscow".
ARTICLES = frozenset("a an the".split())
AUXILIARIES = frozenset("is are was were".split())
FINAL_MARKS = frozenset(". ! ? …".split())
FUTURE = frozenset("will shall".split())
SPEECH = frozenset("say tell announce report claim state warn insist confirm add declare note explain believe".split())
SUBJECTS = frozenset("nsubj nsubj:pass csubj".split())


def headline(sentence: Sentence) -> Sentence:
    """Return it as a headline: no articles, "is" or final mark, "to visit" for "will visit", the past as present."""
    told = replace(sentence, words=tuple(_in_headline(sentence.words, place) for place in range(len(sentence.words))))
    return without_final_mark(_without(told, _left_out(told)))


def without_final_mark(sentence: Sentence) -> Sentence:
    """Return it without the full stop, as headlines and captions are."""
    last = len(sentence.words) - 1
    return _without(sentence, {last} if sentence.words[last].form in FINAL_MARKS else set())


def said_last(sentence: Sentence) -> Sentence:
    """Return "It failed, she said on Monday." for "She said on Monday that it failed."; any other sentence as it is."""
    report = _report(sentence)
    plain = report and _without(sentence, report.dropped)
    parts = plain and _report(plain)
    return _turned(plain, parts) if plain and parts and not parts.dropped else sentence


@dataclass(frozen=True, slots=True)
class _Report:
    """Where in a sentence the verb of saying is, and what is said, from `start` to `end` (excluded) with its `top`.

    `dropped` are the places of what is left out when it is turned: "that", a comma or colon before.
    """

    said: int
    top: int
    start: int
    end: int
    dropped: frozenset[int]


def _report(sentence: Sentence) -> _Report | None:
    """Return the parts of a sentence whose source comes first and whose claim is all that follows; None for others."""
    words = sentence.words
    said = next(place for place, word in enumerate(words) if word.head == place)
    top = next((place for place, word in enumerate(words) if word.head == said and word.relation == "ccomp"), None)
    if top is None or words[said].lemma not in SPEECH or not _has_subject_before(words, said):
        return None
    inside = [place for place in range(len(words)) if _is_below(words, place, top)]
    if not (said < inside[0] and words[inside[0]].relation != "punct" and _reaches_the_end(words, inside)):
        return None
    marks = {place for place in range(said, inside[0]) if words[place].form in {",", ":"}}
    that = {inside[0]} if words[inside[0]].form.lower() == "that" and words[inside[0]].relation == "mark" else set()
    return _Report(said, top, inside[0], inside[-1] + 1, frozenset(marks | that))


def _turned(sentence: Sentence, report: _Report) -> Sentence:
    """Return what is said, a comma, the rest, and the final mark."""
    claim, source, final = _cut(sentence.words, report.start, report.end)
    claim, source = _reopened(claim, str.upper), _reopened(source, str.lower)
    shift = len(claim) + 1
    moved = {place: place + shift for place in range(report.start)}
    moved |= {place: place - report.start for place in range(report.start, report.end)}
    moved |= {place: place + 1 for place in range(report.end, len(sentence.words))}
    top, said = moved[report.top], moved[report.said]
    comma = Word(",", ",", said, "punct", lemma=",")
    words = [*(_led(word, moved) for word in claim), comma, *(_led(word, moved) for word in source)]
    words += [replace(word, head=top) for word in final]
    words[len(claim) - 1] = replace(words[len(claim) - 1], space=False)
    words[shift + len(source) - 1] = replace(words[shift + len(source) - 1], space=not final)
    words[top] = replace(words[top], head=top, relation="ROOT")
    words[said] = replace(words[said], head=top, relation="parataxis")
    return replace(sentence, words=tuple(words))


def _cut(words: tuple[Word, ...], start: int, end: int) -> tuple[list[Word], list[Word], list[Word]]:
    return list(words[start:end]), list(words[:start]), list(words[end:])


def _led(word: Word, moved: dict[int, int]) -> Word:
    return replace(word, head=moved[word.head])


def _reopened(words: list[Word], case: Callable[[str], str]) -> list[Word]:
    """Return the words, the first with its first letter in another case, unless it is a name or "I"."""
    opener, *others = words
    if opener.tag in {"NNP", "NNPS"} or opener.form == "I":
        return words
    return [replace(opener, form=case(opener.form[:1]) + opener.form[1:]), *others]


def _has_subject_before(words: Sequence[Word], verb: int) -> bool:
    return any(word.head == verb and word.relation == "nsubj" for word in words[:verb])


def _is_below(words: Sequence[Word], place: int, top: int) -> bool:
    while place != top and words[place].head != place:
        place = words[place].head
    return place == top


def _reaches_the_end(words: Sequence[Word], places: Sequence[int]) -> bool:
    """Tell whether places are one run of words, up to the end or the final mark."""
    end = len(words) - (words[-1].form in FINAL_MARKS)
    return places[-1] + 1 == end and places[-1] - places[0] == len(places) - 1


def _in_headline(words: Sequence[Word], place: int) -> Word:
    """Return a word in the form that it has in a headline."""
    word = words[place]
    if word.tag == "MD" and word.form.lower() in FUTURE and not _is_negated(words, place):
        return replace(word, form="to", tag="TO", relation="mark", lemma="to")
    if word.tag == "VBD" and word.lemma and word.lemma not in {"be", "have", "do"}:
        return _in_the_present(words, place)
    return word


def _is_negated(words: Sequence[Word], place: int) -> bool:
    return place + 1 < len(words) and words[place + 1].form.lower() in {"not", "n't"}


def _in_the_present(words: Sequence[Word], place: int) -> Word:
    subject = next((i for i, word in enumerate(words) if word.head == place and word.relation in SUBJECTS), None)
    several = subject is not None and _is_plural(words, subject)
    lemma = words[place].lemma
    return replace(words[place], form=lemma if several else third_person(lemma), tag="VBP" if several else "VBZ")


def _is_plural(words: Sequence[Word], subject: int) -> bool:
    joined = any(word.head == subject and word.relation == "conj" for word in words)
    return joined or words[subject].tag in {"NNS", "NNPS"} or words[subject].form.lower() in {"i", "we", "you", "they"}


def _left_out(sentence: Sentence) -> set[int]:
    """Return the places of articles and of auxiliaries that nothing hangs on."""
    governors = {word.head for place, word in enumerate(sentence.words) if word.head != place}
    return {place for place, word in enumerate(sentence.words) if _dispensable(word) and place not in governors}


def _dispensable(word: Word) -> bool:
    article = word.relation == "det" and word.form.lower() in ARTICLES
    auxiliary = word.relation.startswith("aux") and word.form.lower() in AUXILIARIES
    return article or auxiliary


def _without(sentence: Sentence, places: Set[int]) -> Sentence:
    """Return the sentence less some words; unchanged if something hangs on one of them, or nothing would remain."""
    words = sentence.words
    kept = [place for place in range(len(words)) if place not in places]
    if not kept or any(words[place].head in places for place in kept):
        return sentence
    now_at = {place: new for new, place in enumerate(kept)}
    return replace(sentence, words=tuple(replace(words[place], head=now_at[words[place].head]) for place in kept))
