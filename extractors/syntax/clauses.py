"""A sentence as clauses: what is said, of whom, how firmly, and under what."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from spacy.tokens import Span, Token

from extractors.syntax.arguments import (
    SUBJECTS,
    Obliques,
    conjuncts,
    dependents,
    host,
    is_headline_infinitive,
    is_negated,
    objects_of,
    obliques_of,
    subject_of,
)
from extractors.syntax.relations import Relation, relation
from extractors.syntax.tense import BE, Modality, tense_and_modality

# A verb in one of these places heads no clause of its own ("the *elected* president", "*including* Russia").
NOT_PREDICATES = frozenset(
    {
        Relation.AUXILIARY,
        Relation.PASSIVE_AUXILIARY,
        Relation.COPULA,
        Relation.ADJECTIVE,
        Relation.COMPOUND,
        Relation.NAME,
        Relation.CASE,
        Relation.MARK,
        Relation.ADVERB,
    }
)
EMBEDDINGS = frozenset(
    {
        Relation.CLAUSAL_COMPLEMENT,
        Relation.OPEN_COMPLEMENT,
        Relation.ADVERBIAL_CLAUSE,
        Relation.RELATIVE_CLAUSE,
        Relation.NOUN_CLAUSE,
        Relation.CLAUSAL_SUBJECT,
    }
)
# Put after or into what somebody says ("…, a spokeswoman said"): not just any remark does govern it.
SPEECH = frozenset(
    """say says said saying tell tells told add adds added report reports reported announce announces announced
    claim claims claimed state states stated write writes wrote warn warns warned insist insists insisted note notes
    noted explain explains explained
    confirm confirms confirmed believe believes believed think thinks thought""".split()
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A predicate with all that belongs to it; tokens belong to the Doc that the clause was read from.

    `subject` is the first of coordinated ones (`subjects` are all), None where the sentence names none. With `passive`
    the subject is whom it is done to, and `obliques["by"]` has who does it. `embedded_under` is the predicate of the
    clause that this one is part of (None below a mere noun, too), `embedded_as` says in what way (`Relation.ROOT`: it
    stands by itself).
    """

    predicate: Token
    subject: Token | None
    objects: tuple[Token, ...]
    obliques: Obliques
    modality: Modality
    negated: bool
    embedded_under: Token | None
    embedded_as: Relation

    @property
    def passive(self) -> bool:
        """Whether it is told from the side of whom it is done to."""
        return self.modality.passive

    @property
    def subjects(self) -> tuple[Token, ...]:
        """All who are the subject together, in order of the text."""
        return (self.subject, *conjuncts(self.subject)) if self.subject is not None else ()

    @property
    def agents(self) -> tuple[Token, ...]:
        """Who does it: the subjects, or in a passive those named with "by"."""
        return self.obliques.get("by", ()) if self.passive else self.subjects


def clauses(span: Span) -> tuple[Clause, ...]:
    """Return the clauses of a parsed sentence, or of any stretch of a parsed Doc, in order of their predicates."""
    return tuple(_clause(token) for token in span if is_predicate(token))


def governing_clause(token: Token) -> Token | None:
    """Return the predicate of the clause that the clause of this word is part of; None when it stands by itself.

    What somebody is told to have said is under the verb of saying in both orders: "Kaneko said that he will visit" and
    "He will visit, Kaneko said".
    """
    return _embedding(predicate_of(token))[0]


def predicate_of(token: Token) -> Token:
    """Return the predicate of the clause that a word is in; the sentence's root where it is in none."""
    for word in chain((token,), token.ancestors):
        if is_predicate(word):
            return word
        attribute = _attribute(word)
        if attribute is not None:
            return attribute
    return token.sent.root


def is_predicate(token: Token) -> bool:
    """Tell whether a word heads a clause: a full verb, or what "be" says of somebody."""
    role = relation(token)
    if role is Relation.ATTRIBUTE:
        return _is_be(token.head)
    if role in NOT_PREDICATES or _attribute(token) is not None:
        return False
    return token.tag_.startswith("VB") or any(relation(child) is Relation.COPULA for child in token.children)


def _clause(predicate: Token) -> Clause:
    above, way = _embedding(predicate)
    return Clause(
        predicate=predicate,
        subject=subject_of(predicate),
        objects=objects_of(predicate),
        obliques=obliques_of(predicate),
        modality=tense_and_modality(predicate),
        negated=is_negated(predicate),
        embedded_under=above,
        embedded_as=way,
    )


def _embedding(predicate: Token) -> tuple[Token | None, Relation]:
    word = host(predicate)
    while relation(word) is Relation.CONJUNCT and relation(word.head) is not Relation.ROOT and _said(word) is None:
        word = word.head
    said = _said(word)
    if said is not None:
        return said, Relation.CLAUSAL_COMPLEMENT
    if relation(word) in EMBEDDINGS and not is_headline_infinitive(word):
        return _predicate_above(word), relation(word)
    return None, Relation.ROOT


def _predicate_above(word: Token) -> Token | None:
    """Return the predicate that a clause is part of; None below a sentence that is a mere noun."""
    above = predicate_of(word.head)
    return above if is_predicate(above) else None


def _said(word: Token) -> Token | None:
    """Return the verb of saying that is put after this clause or into it."""
    remarks = (child for child in word.children if relation(child) is Relation.PARATAXIS)
    return next((remark for remark in remarks if _is_speech(remark)), None)


def _is_speech(remark: Token) -> bool:
    parts = [relation(part) for part in dependents(remark)]
    return remark.lower_ in SPEECH and not SUBJECTS.isdisjoint(parts) and Relation.CLAUSAL_COMPLEMENT not in parts


def _attribute(token: Token) -> Token | None:
    """Return what ClearNLP's "be" says of its subject."""
    if not _is_be(token):
        return None
    return next(_attributes(token), None)


def _attributes(token: Token) -> Iterator[Token]:
    return (child for child in token.children if relation(child) is Relation.ATTRIBUTE)


def _is_be(token: Token) -> bool:
    return token.tag_.startswith("VB") and token.lower_ in BE
