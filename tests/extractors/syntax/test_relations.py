"""The table of labels, and the small questions about single words."""

import pytest

from extractors.syntax import Relation, antecedent, conjuncts, governing_clause, noun_modifiers, preposition, relation
from extractors.syntax.relations import LABELS
from tests.extractors.syntax.trees import tree, word

SPEECH = {
    "ud": "Gaza:NNP:nmod:2 talks:NNS:nsubj:3 failed:VBD:ROOT:3 ,:,:punct:3 Doha:NNP:nsubj:6 said:VBD:parataxis:3",
    "clearnlp": "Gaza:NNP:nmod:2 talks:NNS:nsubj:3 failed:VBD:ccomp:6 ,:,:punct:6 Doha:NNP:nsubj:6 said:VBD:ROOT:6",
}
LETTER = {
    "ud": "She:PRP:nsubj:2 sent:VBD:ROOT:2 letters:NNS:obj:2 to:IN:case:5 Kim:NNP:obl:2 about:IN:case:7 rice:NN:nmod:3",
    "clearnlp": "She:PRP:nsubj:2 sent:VBD:ROOT:2 letters:NNS:dobj:2 to:IN:dative:2 Kim:NNP:pobj:4 "
    "about:IN:prep:3 rice:NN:pobj:6",
}
MINISTER = {
    "ud": "Iraq:NNP:nmod:poss:5 's:POS:case:1 new:JJ:amod:5 oil:NN:compound:5 minister:NN:nsubj:9 ,:,:punct:8 "
    "Hayyan:NNP:appos:5 Ghani:NNP:flat:7 left:VBD:ROOT:9",
    "clearnlp": "Iraq:NNP:poss:5 's:POS:case:1 new:JJ:amod:5 oil:NN:compound:5 minister:NN:nsubj:9 ,:,:punct:5 "
    "Hayyan:NNP:compound:8 Ghani:NNP:appos:5 left:VBD:ROOT:9",
}
BOTH = pytest.mark.parametrize("labels", ["ud", "clearnlp"])


@BOTH
def test_words_have_the_same_relation_in_both_sets_of_labels(labels: str) -> None:
    found = {token.text: relation(token) for token in tree(LETTER[labels])}

    assert found == {
        "She": Relation.SUBJECT,
        "sent": Relation.ROOT,
        "letters": Relation.OBJECT,
        "to": Relation.CASE,
        "Kim": Relation.OBLIQUE,
        "about": Relation.CASE,
        "rice": Relation.NOUN_MODIFIER,
    }


@BOTH
def test_a_noun_says_its_preposition(labels: str) -> None:
    doc = tree(LETTER[labels])

    assert [preposition(word(doc, noun)) for noun in ("letters", "Kim", "rice")] == ["", "to", "about"]


@BOTH
def test_a_noun_has_its_modifiers_by_kind(labels: str) -> None:
    found = noun_modifiers(word(tree(MINISTER[labels]), "minister"))

    assert [token.text for token in found.possessors] == ["Iraq"]
    assert [token.text for token in found.adjectives] == ["new"]
    assert [token.text for token in found.compounds] == ["oil"]
    assert len(found.appositions) == 1
    assert (found.names, found.titles, found.numbers, found.clauses) == ((), (), (), ())


@BOTH
def test_a_possessive_is_no_preposition(labels: str) -> None:
    assert preposition(word(tree(MINISTER[labels]), "Iraq")) == ""


@BOTH
def test_the_parts_of_a_name_are_names(labels: str) -> None:
    doc = tree(MINISTER[labels])
    (head,) = noun_modifiers(word(doc, "minister")).appositions
    (part,) = noun_modifiers(head).names

    assert {head.text, part.text} == {"Hayyan", "Ghani"}


@BOTH
def test_prepositions_of_a_noun_are_its_own(labels: str) -> None:
    found = noun_modifiers(word(tree(LETTER[labels]), "letters")).by_preposition

    assert {name: [token.text for token in tokens] for name, tokens in found.items()} == {"about": ["rice"]}


@BOTH
def test_a_clause_before_its_verb_of_saying_is_governed_by_it(labels: str) -> None:
    doc = tree(SPEECH[labels])

    above = governing_clause(word(doc, "talks"))

    assert above is not None
    assert above.text == "said"
    assert governing_clause(word(doc, "Doha")) is None


def test_a_remark_that_is_no_speech_governs_nothing() -> None:
    doc = tree("Talks:NNS:nsubj:2 failed:VBD:ROOT:2 ,:,:punct:2 nobody:NN:nsubj:5 cared:VBD:parataxis:2")

    assert governing_clause(word(doc, "failed")) is None


def test_conjuncts_are_listed_without_the_word_itself() -> None:
    doc = tree("Fiji:NNP:ROOT:1 ,:,:punct:3 Tonga:NNP:conj:1 and:CC:cc:5 Samoa:NNP:conj:1")

    assert [token.text for token in conjuncts(word(doc, "Tonga"))] == ["Fiji", "Samoa"]


def test_a_word_that_is_no_relative_pronoun_stands_for_itself_only() -> None:
    doc = tree("He:PRP:nsubj:2 knows:VBZ:ROOT:2 who:WP:nsubj:4 left:VBD:ccomp:2")

    assert [antecedent(token) for token in doc] == [None, None, None, None]


@pytest.mark.parametrize(
    ("written", "text", "expected"),
    [
        ("by:IN:case:2 Oslo:NNP:obl:agent:3 led:VBN:ROOT:3", "Oslo", Relation.AGENT),
        ("led:VBN:ROOT:1 by:IN:agent:1 Oslo:NNP:pobj:2", "Oslo", Relation.AGENT),
        ("led:VBN:ROOT:1 by:IN:agent:1 Oslo:NNP:pobj:2", "by", Relation.CASE),
        ("to:TO:aux:2 go:VB:ROOT:2", "to", Relation.MARK),
        ("to:TO:mark:2 go:VB:ROOT:2", "to", Relation.MARK),
        ("n't:RB:advmod:2 go:VB:ROOT:2", "n't", Relation.NEGATION),
        ("soon:RB:advmod:2 go:VB:ROOT:2", "soon", Relation.ADVERB),
        ("President:NNP:nmod:desc:2 Biden:NNP:ROOT:2", "President", Relation.TITLE),
        ("Joe:NNP:compound:2 Biden:NNP:ROOT:2", "Joe", Relation.NAME),
        ("gas:NN:compound:2 talks:NNS:ROOT:2", "gas", Relation.COMPOUND),
        ("go:VB:ROOT:1 somehow:XX:invented:1", "somehow", Relation.OTHER),
    ],
)
def test_some_labels_depend_on_the_word(written: str, text: str, expected: Relation) -> None:
    assert relation(word(tree(written), text)) is expected


def test_no_label_stands_for_what_is_unknown() -> None:
    assert Relation.OTHER not in LABELS.values()


def test_each_relation_can_be_found_by_some_label() -> None:
    by_word = {Relation.ADVERB, Relation.AUXILIARY, Relation.COMPOUND, Relation.OTHER}

    assert set(Relation) - set(LABELS.values()) == by_word
