"""When a predicate is told to be, and how firmly: from auxiliaries and the forms of verbs."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from spacy.tokens import Token

from extractors.syntax.arguments import auxiliaries, host
from extractors.syntax.relations import Relation, relation

FUTURE = frozenset("will 'll ’ll shall wo sha".split())
HAVE = frozenset("have has had having 've ’ve 's ’s 'd ’d".split())
BE = frozenset("be is are was were been being am 's ’s 're ’re 'm ’m".split())

# In a passive these keep an object: "given the floor", "called Camp David".
KEEPS_OBJECT = frozenset("given awarded called named sent granted offered handed paid told shown denied".split())


class Tense(StrEnum):
    """The tense of a predicate's first verb."""

    PAST = "past"
    PRESENT = "present"
    FUTURE = "future"
    INFINITIVE = "infinitive"  # "to visit", also as in a headline; or the bare form
    NONE = "none"  # a participle or gerund by itself


@dataclass(frozen=True, slots=True)
class Modality:
    """How a predicate is told. `modal` is the word (would, may, must, …; small letters), empty without one.

    `will` and `shall` make the tense future and are no `modal`.
    """

    tense: Tense
    modal: str = ""
    perfect: bool = False
    progressive: bool = False
    passive: bool = False


_OF_TAG = {
    "VBD": Tense.PAST,
    "VBZ": Tense.PRESENT,
    "VBP": Tense.PRESENT,
    "VB": Tense.INFINITIVE,
    "VBN": Tense.NONE,
    "VBG": Tense.NONE,
}


def tense_and_modality(predicate: Token) -> Modality:
    """Return when and how a predicate is told; a verb coordinated with another may share its auxiliaries."""
    verb = host(predicate)
    helpers = _helpers(verb)
    modal = next((word.lower_ for word in helpers if word.tag_ == "MD"), "")
    perfect = any(_is_have(word, verb, helpers) for word in helpers)
    return Modality(
        tense=_tense(verb, helpers, modal),
        modal="" if modal in FUTURE else _spelled_out(modal),
        perfect=perfect,
        progressive=verb.tag_ == "VBG" and any(word.lower_ in BE for word in helpers),
        passive=_is_passive(verb, helpers, perfect=perfect),
    )


def _helpers(verb: Token) -> tuple[Token, ...]:
    """Return a verb's auxiliaries, or those of the verb it is coordinated with ("will visit … and meet")."""
    own = auxiliaries(verb)
    if own or relation(verb) is not Relation.CONJUNCT or _is_finite(verb) or _marks(verb):
        return own
    return _helpers(verb.head) if verb.head.tag_ == verb.tag_ else ()


def _tense(verb: Token, helpers: tuple[Token, ...], modal: str) -> Tense:
    if modal:
        return Tense.FUTURE if modal in FUTURE else Tense.PRESENT
    if any(word.tag_ == "TO" for word in _marks(verb)):
        return Tense.INFINITIVE
    if not helpers and _is_past_after_all(verb):
        return Tense.PAST
    return _OF_TAG.get((helpers or (verb,))[0].tag_, Tense.NONE)


def _is_past_after_all(verb: Token) -> bool:
    """Tell a past tense that was tagged as a participle: it has an object, which a passive has no more.

    Measured on the dev files of the treebanks in November 2026: of 23 such words 13 are past tenses, 6 participles.
    """
    has_object = any(relation(child) is Relation.OBJECT for child in verb.children)
    return verb.tag_ == "VBN" and has_object and verb.lower_ not in KEEPS_OBJECT


def _marks(verb: Token) -> tuple[Token, ...]:
    return tuple(child for child in verb.children if relation(child) is Relation.MARK and child.tag_ == "TO")


def _is_finite(verb: Token) -> bool:
    return verb.tag_ in {"VBD", "VBZ", "VBP"}


def _is_have(word: Token, verb: Token, helpers: tuple[Token, ...]) -> bool:
    """Tell "has met" from "’s meeting": what follows have is a past participle."""
    follower = next(_after(word, helpers), verb)
    return relation(word) is Relation.AUXILIARY and word.lower_ in HAVE and follower.tag_ in {"VBN", "VBD"}


def _after(word: Token, helpers: tuple[Token, ...]) -> Iterator[Token]:
    return (other for other in helpers if other.i > word.i)


def _is_passive(verb: Token, helpers: tuple[Token, ...], *, perfect: bool) -> bool:
    if any(relation(word) is Relation.PASSIVE_AUXILIARY for word in helpers):
        return True
    if not helpers and _is_past_after_all(verb):
        return False
    return verb.tag_ == "VBN" and not perfect and not any(relation(word) is Relation.AUXILIARY for word in helpers)


def _spelled_out(modal: str) -> str:
    return {"'d": "would", "’d": "would", "ca": "can"}.get(modal, modal)
