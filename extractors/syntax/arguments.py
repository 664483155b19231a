"""Who and what a verb, or a noun, has around it; through coordination, relative pronouns and infinitives.

A predicate is a verb, or the noun or adjective that "be" says of somebody ("Russia is a *threat*"): in both label sets.
Functions that return several words list those coordinated with them, too, in order of the text.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType

from spacy.tokens import Token

from extractors.syntax.relations import NEGATIONS, Relation, is_preposition_above, is_proper, preposition, relation

Obliques = Mapping[str, tuple[Token, ...]]

SUBJECTS = frozenset({Relation.SUBJECT, Relation.PASSIVE_SUBJECT, Relation.CLAUSAL_SUBJECT})
OBJECTS = frozenset({Relation.OBJECT, Relation.INDIRECT_OBJECT})
OBLIQUES = frozenset({Relation.OBLIQUE, Relation.AGENT, Relation.MEASURE})
AUXILIARIES = frozenset({Relation.AUXILIARY, Relation.PASSIVE_AUXILIARY, Relation.COPULA})

RELATIVE_PRONOUNS = frozenset("who whom which that whose".split())
# Whoever promises is the one to act, even with an object: "promised Kyiv to send tanks" (Larson 1991 on `promise`).
SUBJECT_CONTROL = frozenset("promise promises promised promising vow vows vowed vowing".split())
# "accused Russia of breaking", "thanked Qatar for mediating", "kept ships from leaving": the object does it.
OBJECT_CONTROL_PREPOSITIONS = frozenset("of for from into".split())
# "the day Putin left": what is left out of the clause is no object of it.
CIRCUMSTANCES = frozenset("day week month year time moment hour night morning way reason place".split())
NEGATIVE_WORDS = NEGATIONS | {"never", "neither", "nor", "hardly"}
NEGATIVE_DETERMINERS = frozenset({"no", "neither"})
NEGATIVE_PRONOUNS = frozenset({"nobody", "none", "nothing"})


@dataclass(frozen=True, slots=True)
class NounModifiers:
    """What stands around a noun. `names` and `titles` belong to a name, `possessors` have 's or are "his", "its"."""

    names: tuple[Token, ...]
    titles: tuple[Token, ...]
    compounds: tuple[Token, ...]
    adjectives: tuple[Token, ...]
    numbers: tuple[Token, ...]
    possessors: tuple[Token, ...]
    appositions: tuple[Token, ...]
    clauses: tuple[Token, ...]
    by_preposition: Obliques


def subject_of(predicate: Token) -> Token | None:
    """Return who does it, or to whom it is done in a passive; the first of several that are coordinated.

    A relative pronoun is followed to what it stands for, a coordinated verb to the subject it shares, and an infinitive
    or participle to whoever controls it. None where the sentence does not say.
    """
    seen = set[Token]()
    where = predicate
    while where not in seen:
        seen.add(where)
        own = _own_subject(where)
        if own is not None:
            return resolved(own)
        controller = _CONTROL.get(relation(host(where)), _nobody)(host(where))
        if controller is None:
            return None
        if not controller.same_clause:
            return controller.word
        where = controller.word
    return None


def objects_of(predicate: Token) -> tuple[Token, ...]:
    """Return direct and indirect objects."""
    return _coordinated(chain(_own_objects(predicate), _gap(predicate), _shared_objects(predicate)))


def obliques_of(predicate: Token) -> Obliques:
    """Return what prepositions add to a predicate: "in" → Moscow, "by" → the agent, "of" → breaking (a gerund's verb).

    Under the empty preposition stands what has none: "met *Tuesday*".
    """
    return _by_preposition(child for child in dependents(host(predicate)) if _is_oblique(child))


def noun_modifiers(noun: Token) -> NounModifiers:
    """Return what stands around a noun, each kind in order of the text."""
    found = defaultdict[Relation, list[Token]](list)
    for child in dependents(noun):
        found[relation(child)].append(child)
    return NounModifiers(
        names=tuple(found[Relation.NAME]),
        titles=tuple(found[Relation.TITLE]),
        compounds=tuple(found[Relation.COMPOUND]),
        adjectives=tuple(found[Relation.ADJECTIVE]),
        numbers=tuple(found[Relation.NUMBER]),
        possessors=_coordinated(found[Relation.POSSESSIVE]),
        appositions=tuple(found[Relation.APPOSITION]),
        clauses=tuple(found[Relation.RELATIVE_CLAUSE] + found[Relation.NOUN_CLAUSE]),
        by_preposition=_by_preposition(found[Relation.NOUN_MODIFIER]),
    )


def conjuncts(token: Token) -> tuple[Token, ...]:
    """Return the words coordinated with this one, without itself, in order of the text."""
    return tuple(sorted(token.conjuncts, key=lambda word: word.i))


def antecedent(pronoun: Token) -> Token | None:
    """Return what a relative pronoun stands for; None for any other word."""
    if pronoun.lower_ not in RELATIVE_PRONOUNS:
        return None
    for word in chain((pronoun,), pronoun.ancestors):
        if relation(word) is Relation.RELATIVE_CLAUSE:
            return word.head
    return None


def is_negated(predicate: Token) -> bool:
    """Tell whether it is said not to be so: not, never, no longer, neither; "no deal was signed", "nobody came".

    A verb that is joined by "or" or "nor" to a negated one is negated with it.
    """
    parts = tuple(dependents(host(predicate)))
    if any(_negates(part) for part in chain(parts, predicate.children)):
        return True
    joined = relation(host(predicate)) is Relation.CONJUNCT and _own_subject(predicate) is None
    return joined and _joined_by_or(host(predicate)) and is_negated(host(predicate).head)


def host(predicate: Token) -> Token:
    """Return the word that a predicate's subject hangs on: itself, or ClearNLP's "be" above it."""
    return predicate.head if relation(predicate) is Relation.ATTRIBUTE else predicate


def dependents(token: Token) -> Iterator[Token]:
    """Yield a word's dependents; of a preposition that stands between (ClearNLP), what it introduces."""
    for child in token.children:
        if is_preposition_above(child):
            yield from dependents(child)
        else:
            yield child


def auxiliaries(predicate: Token) -> tuple[Token, ...]:
    """Return the auxiliaries and the copula of a predicate itself, in order."""
    return tuple(child for child in host(predicate).children if relation(child) in AUXILIARIES)


def is_headline_infinitive(predicate: Token) -> bool:
    """Tell "Erdogan *to host* Aliyev" from "a plan to host Aliyev", where a parser takes the first for the second."""
    bare = relation(predicate) is Relation.NOUN_CLAUSE and predicate.tag_ == "VB"
    return bare and relation(predicate.head) is Relation.ROOT and is_proper(predicate.head)


def resolved(token: Token) -> Token:
    """Return what a relative pronoun stands for, and any other word itself."""
    return antecedent(token) or token


# ---------------------------------------------------------------- who controls a clause without a subject


@dataclass(frozen=True, slots=True)
class _Controller:
    """Where the subject is found: the `word` itself, or whatever is the subject of that word (`same_clause`)."""

    word: Token
    same_clause: bool


def _nobody(predicate: Token) -> _Controller | None:
    return None


def _above(predicate: Token) -> _Controller:
    return _Controller(predicate.head, same_clause=True)


def _of_open_complement(predicate: Token) -> _Controller:
    """Return whom somebody urges to do it, or else the one who wants to."""
    asked = _first_object(predicate.head)
    promised = predicate.head.lower_ in SUBJECT_CONTROL
    return _above(predicate) if promised or asked is None else _Controller(asked, same_clause=False)


def _of_adverbial_clause(predicate: Token) -> _Controller:
    above = predicate.head
    governor = above.head if is_preposition_above(above) else above
    accused = _first_object(governor)
    if accused is not None and preposition(predicate) in OBJECT_CONTROL_PREPOSITIONS:
        return _Controller(accused, same_clause=False)
    return _Controller(governor, same_clause=True)


def _of_noun_clause(predicate: Token) -> _Controller | None:
    """Return the noun that a participle describes; for "a plan to visit", who has or makes the plan."""
    noun = predicate.head
    if predicate.tag_ != "VB" or is_headline_infinitive(predicate):
        return _Controller(noun, same_clause=False)
    owners = [child for child in noun.children if relation(child) is Relation.POSSESSIVE]
    if owners:
        return _Controller(owners[0], same_clause=False)
    return _Controller(noun.head, same_clause=True) if relation(noun) in OBJECTS else None


def _of_clausal_complement(predicate: Token) -> _Controller | None:
    return _of_open_complement(predicate) if predicate.tag_ in {"VB", "VBG"} else None


_CONTROL = {
    Relation.CONJUNCT: _above,
    Relation.OPEN_COMPLEMENT: _of_open_complement,
    Relation.CLAUSAL_COMPLEMENT: _of_clausal_complement,
    Relation.ADVERBIAL_CLAUSE: _of_adverbial_clause,
    Relation.NOUN_CLAUSE: _of_noun_clause,
}

# ---------------------------------------------------------------- parts of the above


def _own_subject(predicate: Token) -> Token | None:
    return next((child for child in host(predicate).children if relation(child) in SUBJECTS), None)


def _own_objects(predicate: Token) -> Iterator[Token]:
    return (resolved(child) for child in host(predicate).children if relation(child) in OBJECTS)


def _first_object(predicate: Token) -> Token | None:
    return next(_own_objects(predicate), None)


def _gap(predicate: Token) -> Iterator[Token]:
    """Yield "deal" for "the deal Russia signed": an object that only the relative clause's head can be."""
    if relation(predicate) is not Relation.RELATIVE_CLAUSE or predicate.head.lower_ in CIRCUMSTANCES:
        return
    parts = tuple(predicate.subtree)
    pronoun = any(part.lower_ in RELATIVE_PRONOUNS or part.tag_ == "WRB" for part in parts if part.i < predicate.i)
    complete = any(relation(child) in OBJECTS | {Relation.CLAUSAL_COMPLEMENT} for child in predicate.children)
    stranded = any(child.dep_ in {"prep", "case", "obl"} and not list(child.children) for child in predicate.rights)
    if _own_subject(predicate) is not None and not (pronoun or complete or stranded):
        yield predicate.head


def _shared_objects(predicate: Token) -> Iterator[Token]:
    """Yield "plan" for the second verb of "condemned and rejected the plan": UD hangs it on the first."""
    if relation(predicate) is not Relation.CONJUNCT or _first_object(predicate) is not None:
        return
    yield from (found for found in _own_objects(predicate.head) if found.i > predicate.i)


def _is_oblique(child: Token) -> bool:
    return relation(child) in OBLIQUES or (relation(child) is Relation.ADVERBIAL_CLAUSE and bool(preposition(child)))


def _by_preposition(words: Iterator[Token] | list[Token]) -> Obliques:
    """Group words by preposition; one that is coordinated has its own, or shares the first's."""
    found = defaultdict[str, list[Token]](list)
    for word in words:
        first = preposition(word)
        found[first].append(resolved(word))
        for other in conjuncts(word):
            found[preposition(other) or first].append(other)
    return MappingProxyType({word: tuple(tokens) for word, tokens in found.items()})


def _coordinated(words: Iterator[Token] | list[Token]) -> tuple[Token, ...]:
    found = {other for word in words for other in (word, *word.conjuncts)}
    return tuple(sorted(found, key=lambda word: word.i))


def _negates(part: Token) -> bool:
    role = relation(part)
    if role in {Relation.NEGATION, Relation.ADVERB, Relation.COORDINATOR}:
        return part.lower_ in NEGATIVE_WORDS or any(child.lower_ in NEGATIVE_DETERMINERS for child in part.children)
    if role in SUBJECTS | OBJECTS:
        return part.lower_ in NEGATIVE_PRONOUNS or any(
            child.lower_ in NEGATIVE_DETERMINERS and relation(child) is Relation.DETERMINER for child in part.children
        )
    return False


def _joined_by_or(predicate: Token) -> bool:
    around = chain(predicate.children, predicate.head.children)
    return any(relation(word) is Relation.COORDINATOR and word.lower_ in {"or", "nor"} for word in around)
