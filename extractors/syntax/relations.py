"""What a word is to its head, in one vocabulary for two sets of labels.

Universal Dependencies, version 2 (https://universaldependencies.org/en/dep/), is what our own model speaks; ClearNLP
(https://github.com/clir/clearnlp-guidelines) is what spaCy's en_core_web pipelines speak. They differ in names, and in
one shape: for UD a preposition hangs on its noun (in → Moscow → visit), for ClearNLP it stands between
the noun and what that belongs to (Moscow → in → visit).
"""

from collections.abc import Iterator
from enum import StrEnum

from spacy.tokens import Token


class Relation(StrEnum):
    """What a word is to its head."""

    ROOT = "root"
    SUBJECT = "subject"
    PASSIVE_SUBJECT = "passive subject"
    CLAUSAL_SUBJECT = "clausal subject"
    OBJECT = "object"
    INDIRECT_OBJECT = "indirect object"
    OBLIQUE = "oblique"  # of a verb or adjective, by a preposition: see `preposition`
    AGENT = "agent"  # "by" whom, in a passive
    MEASURE = "measure"  # "on" nothing: "met Tuesday", "two days later"
    NOUN_MODIFIER = "noun modifier"  # of a noun, by a preposition
    POSSESSIVE = "possessive"
    NAME = "name"  # part of a name: "Vladimir" Putin
    TITLE = "title"  # "President" Putin
    COMPOUND = "compound"
    ADJECTIVE = "adjective"
    DETERMINER = "determiner"
    NUMBER = "number"
    APPOSITION = "apposition"
    ATTRIBUTE = "attribute"  # ClearNLP alone: what somebody is; UD makes it the clause's head
    CLAUSAL_COMPLEMENT = "clausal complement"  # said "that …": has a subject of its own
    OPEN_COMPLEMENT = "open complement"  # wants "to …": the subject comes from above
    ADVERBIAL_CLAUSE = "adverbial clause"
    RELATIVE_CLAUSE = "relative clause"
    NOUN_CLAUSE = "noun clause"  # a plan "to visit", a man "sitting there"
    CONJUNCT = "conjunct"
    PARATAXIS = "parataxis"  # …, "a spokeswoman said"
    CASE = "case"  # prepositions, and the possessive 's
    MARK = "mark"  # that, if, because; the "to" of an infinitive
    AUXILIARY = "auxiliary"
    PASSIVE_AUXILIARY = "passive auxiliary"
    COPULA = "copula"
    NEGATION = "negation"
    ADVERB = "adverb"
    PARTICLE = "particle"  # called "off"
    EXPLETIVE = "expletive"
    COORDINATOR = "coordinator"
    PUNCTUATION = "punctuation"
    OTHER = "other"


# Labels of both sets; where both have one, it means the same. What depends on the neighbours is in `_SPECIAL`.
LABELS: dict[str, Relation] = {
    "ROOT": Relation.ROOT,
    "root": Relation.ROOT,
    "nsubj": Relation.SUBJECT,
    "nsubj:outer": Relation.SUBJECT,
    "nsubj:pass": Relation.PASSIVE_SUBJECT,
    "nsubjpass": Relation.PASSIVE_SUBJECT,
    "csubj": Relation.CLAUSAL_SUBJECT,
    "csubj:outer": Relation.CLAUSAL_SUBJECT,
    "csubj:pass": Relation.CLAUSAL_SUBJECT,
    "csubjpass": Relation.CLAUSAL_SUBJECT,
    "obj": Relation.OBJECT,
    "dobj": Relation.OBJECT,
    "iobj": Relation.INDIRECT_OBJECT,
    "obl": Relation.OBLIQUE,
    "obl:agent": Relation.AGENT,
    "obl:unmarked": Relation.MEASURE,
    "nmod:unmarked": Relation.MEASURE,
    "npadvmod": Relation.MEASURE,
    "nmod": Relation.NOUN_MODIFIER,
    "nmod:desc": Relation.TITLE,
    "nmod:poss": Relation.POSSESSIVE,
    "poss": Relation.POSSESSIVE,
    "flat": Relation.NAME,
    "amod": Relation.ADJECTIVE,
    "det": Relation.DETERMINER,
    "det:predet": Relation.DETERMINER,
    "predet": Relation.DETERMINER,
    "nummod": Relation.NUMBER,
    "quantmod": Relation.NUMBER,
    "appos": Relation.APPOSITION,
    "attr": Relation.ATTRIBUTE,
    "acomp": Relation.ATTRIBUTE,
    "oprd": Relation.ATTRIBUTE,
    "ccomp": Relation.CLAUSAL_COMPLEMENT,
    "xcomp": Relation.OPEN_COMPLEMENT,
    "advcl": Relation.ADVERBIAL_CLAUSE,
    "pcomp": Relation.ADVERBIAL_CLAUSE,  # "accused of violating": UD's advcl with a mark
    "advcl:relcl": Relation.RELATIVE_CLAUSE,
    "acl:relcl": Relation.RELATIVE_CLAUSE,
    "relcl": Relation.RELATIVE_CLAUSE,
    "acl": Relation.NOUN_CLAUSE,
    "conj": Relation.CONJUNCT,
    "parataxis": Relation.PARATAXIS,
    "case": Relation.CASE,
    "prep": Relation.CASE,
    "agent": Relation.CASE,  # ClearNLP: the word "by" itself
    "mark": Relation.MARK,
    "aux:pass": Relation.PASSIVE_AUXILIARY,
    "auxpass": Relation.PASSIVE_AUXILIARY,
    "cop": Relation.COPULA,
    "neg": Relation.NEGATION,
    "compound:prt": Relation.PARTICLE,
    "prt": Relation.PARTICLE,
    "expl": Relation.EXPLETIVE,
    "cc": Relation.COORDINATOR,
    "cc:preconj": Relation.COORDINATOR,
    "preconj": Relation.COORDINATOR,
    "punct": Relation.PUNCTUATION,
}

NEGATIONS = frozenset("not n't n’t never".split())
PREPOSITION_TAGS = frozenset({"IN", "TO"})
PREPOSITION_LABELS = frozenset({"prep", "agent", "dative"})  # ClearNLP's, on the preposition


def relation(token: Token) -> Relation:
    """Return what a word is to its head."""
    special = _SPECIAL.get(token.dep_)
    return special(token) if special else LABELS.get(token.dep_, Relation.OTHER)


def preposition(token: Token) -> str:
    """Return the preposition that a noun, or a clause such as "of breaking the truce", comes with; in small letters.

    Empty when there is none. One of several words is told in full: "because of", "according to", "out of".
    """
    above = tuple(_prepositions_above(token))
    words = above[::-1] or tuple(_prepositions_below(token))
    return " ".join(word.lower_ for word in words)


def is_preposition_above(token: Token) -> bool:
    """Tell whether this is a preposition that stands between its head and a noun, as ClearNLP has it."""
    return token.dep_ in PREPOSITION_LABELS and any(child.dep_ in {"pobj", "pcomp", "prep"} for child in token.children)


def is_proper(token: Token) -> bool:
    """Tell whether the tagger takes a word for a name."""
    return token.tag_ in {"NNP", "NNPS"}


def _prepositions_above(token: Token) -> Iterator[Token]:
    if token.dep_ not in {"pobj", "pcomp"}:
        return
    above = token.head
    yield above
    while above.dep_ == "prep" and above.head.dep_ in PREPOSITION_LABELS:
        above = above.head
        yield above


def _prepositions_below(token: Token) -> Iterator[Token]:
    for child in token.lefts:
        if _introduces(child, token):
            yield child
            yield from (word for word in child.children if word.dep_ == "fixed")


def _introduces(child: Token, token: Token) -> bool:
    """Tell a preposition from a possessive 's and from "that", "to"; "of" is a mark before a gerund."""
    if child.dep_ == "case":
        return child.tag_ != "POS"
    return child.dep_ == "mark" and child.tag_ in PREPOSITION_TAGS and token.tag_ == "VBG"


def _governor(preposition_: Token) -> Token:
    """Return what a ClearNLP preposition belongs to, past others ("according" ← "to")."""
    governor = preposition_.head
    while governor.dep_ in PREPOSITION_LABELS and governor.head != governor:
        governor = governor.head
    return governor


def _prepositional_object(token: Token) -> Relation:
    if token.head.dep_ == "agent":
        return Relation.AGENT
    nominal = _governor(token.head).tag_.startswith(("NN", "PRP", "CD", "DT", "W"))
    return Relation.NOUN_MODIFIER if nominal else Relation.OBLIQUE


def _dative(token: Token) -> Relation:
    """Tell "gave [him] a letter" from "gave a letter [to] him"."""
    return Relation.CASE if is_preposition_above(token) else Relation.INDIRECT_OBJECT


def _auxiliary(token: Token) -> Relation:
    return Relation.MARK if token.tag_ == "TO" else Relation.AUXILIARY


def _adverb(token: Token) -> Relation:
    return Relation.NEGATION if token.lower_ in NEGATIONS else Relation.ADVERB


def _compound(token: Token) -> Relation:
    return Relation.NAME if is_proper(token) and is_proper(token.head) else Relation.COMPOUND


_SPECIAL = {
    "pobj": _prepositional_object,
    "dative": _dative,
    "aux": _auxiliary,
    "advmod": _adverb,
    "compound": _compound,
}
