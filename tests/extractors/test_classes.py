"""Word classes: forms of a word share its classes, phrases are found among tokens, and faults are named by line."""

from pathlib import Path

import pytest
import spacy

from extractors.errors import LexiconError
from extractors.lexicon.classes import WordClasses, tokens, word_classes
from extractors.ontology import Kind

# At least one class for each kind of event, so that no kind is told without one.
CLASS_OF_KIND = {
    Kind.VISIT: "act-visit",
    Kind.MEETING: "act-meet",
    Kind.TALKS: "act-negotiate",
    Kind.CALL: "act-call",
    Kind.SUMMIT: "act-summit",
    Kind.MEDIATION: "act-mediate",
    Kind.LETTER: "act-write",
    Kind.AGREEMENT: "act-agree",
    Kind.CEASEFIRE: "act-ceasefire",
    Kind.INTENT: "act-pledge",
    Kind.SUPPORT: "act-support",
    Kind.RECOGNITION: "act-recognise",
    Kind.APPOINTMENT: "act-appoint",
    Kind.COOPERATION: "act-cooperate",
    Kind.RELATIONS: "act-relate",
    Kind.EXCHANGE: "act-swap",
    Kind.AID_HUMANITARIAN: "act-aid-humanitarian",
    Kind.AID_MILITARY: "act-aid-military",
    Kind.AID_ECONOMIC: "act-aid-economic",
    Kind.CONCESSION: "act-concede",
    Kind.RELEASE: "act-release",
    Kind.WITHDRAWAL: "act-withdraw",
    Kind.APPEAL: "act-appeal",
    Kind.DEMAND: "act-demand",
    Kind.PROPOSAL: "act-propose",
    Kind.ACCUSATION: "act-accuse",
    Kind.CONDEMNATION: "act-condemn",
    Kind.INVESTIGATION: "act-investigate",
    Kind.REJECTION: "act-reject",
    Kind.DENIAL: "act-deny",
    Kind.BREAKDOWN: "act-break-down",
    Kind.THREAT: "act-threaten",
    Kind.WARNING: "act-warn",
    Kind.ULTIMATUM: "act-ultimatum",
    Kind.PROTEST_DIPLOMATIC: "act-summon",
    Kind.DEMONSTRATION: "act-demonstrate",
    Kind.SANCTIONS: "act-sanction",
    Kind.EXPULSION: "act-expel",
    Kind.RECALL: "act-recall",
    Kind.RUPTURE: "act-rupture",
    Kind.DEPLOYMENT: "act-deploy",
    Kind.EXERCISE: "act-exercise",
    Kind.COERCION: "act-seize",
    Kind.ATTACK: "act-attack",
}


def all_classes(table: WordClasses) -> set[str]:
    sorts = (table.verbs, table.nouns, table.adjectives, table.phrases)
    return {name for sort in sorts for names in sort.values() for name in names}


@pytest.mark.parametrize(
    ("word", "tag", "name"),
    [
        ("slammed", "VBD", "act-condemn"),
        ("slams", "VBZ", "act-condemn"),
        ("nixes", "VBZ", "act-reject"),
        ("axes", "VBZ", "act-cancel"),
        ("inks", "VBZ", "act-agree"),
        ("eyeing", "VBG", "act-consider"),
        ("embassies", "NNS", "who-embassy"),
        ("airstrikes", "NNS", "act-bomb"),
        ("crises", "NNS", "thing-conflict"),
        ("midfielders", "NNS", "other-sport-kind"),
        ("retaliatory", "JJ", "act-threaten"),
        ("displaced", "VBN", "act-flee"),
        ("lawmen", "NNS", ""),
    ],
)
def test_forms_share_the_classes_of_their_word(word: str, tag: str, name: str) -> None:
    assert (name in word_classes().of_word(word, tag)) is bool(name)


def test_every_kind_of_event_has_a_class() -> None:
    assert set(CLASS_OF_KIND) == set(Kind)
    assert set(CLASS_OF_KIND.values()) <= all_classes(word_classes())


def test_verb_and_noun_of_one_spelling_are_apart() -> None:
    assert word_classes().of_word("strikes", "VBZ") != word_classes().of_word("strikes", "NNS")


def test_word_without_a_tag_is_all_that_it_may_be() -> None:
    table = word_classes()
    assert set(table.of_word("strikes")) >= {*table.of_word("strikes", "VBZ"), *table.of_word("strikes", "NNS")}


def test_verb_that_is_taken_for_a_noun_is_still_known() -> None:
    assert "act-condemn" in word_classes().of_word("lambastes", "NNS")


def test_name_is_no_verb() -> None:
    assert word_classes().of_word("lambastes", "NNP") == ()


@pytest.mark.parametrize(
    ("text", "phrase", "name"),
    [
        ("the two sides broke off relations", "broke off relations", "act-rupture"),
        ("the envoy is calling on both to stop", "calling on", "act-appeal"),
        ("three prime ministers", "prime ministers", "who-head"),
        ("freed prisoners of war", "prisoners of war", "who-captive"),
        ("talks remain on hold", "on hold", "act-suspend"),
        ("a cease - fire holds", "cease - fire", "act-ceasefire"),
    ],
)
def test_phrase_is_found_in_its_forms(text: str, phrase: str, name: str) -> None:
    words = text.split()
    found = {" ".join(words[start:end]): names for start, end, names in word_classes().in_tokens(words)}
    assert name in found[phrase]


def test_longest_phrase_wins_and_holds_no_other(tmp_path: Path) -> None:
    (tmp_path / "classes.yaml").write_text("act-a:\n  phrases: peace talks\nact-b:\n  phrases: peace talks process\n")
    found = list(word_classes(tmp_path).in_tokens("the peace talks process".split()))
    assert found == [(1, 4, ("act-b",))]


@pytest.mark.parametrize("text", ["a cease-fire", "the leaders' summit", "people's congress", "f-16 jets", "covid-19"])
def test_phrases_are_divided_as_the_chain_divides_a_text(text: str) -> None:
    assert tokens(text).split() == [token.text for token in spacy.blank("en")(text)]


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("act-go:\n  verbs: go\n  adverbs: away\n", 3, "expected one of verbs"),
        ("act-go:\n  verbs: go\nmove:\n  verbs: move\n", 4, "expected a name such as"),
        ("act-go:\n  verbs: go, leave, go\n", 2, "expected 'go' once"),
        ("act-go:\n  verbs: set off\n", 2, "expected single words"),
        ("act-go:\n  phrases: to go\n", 2, "expected two words or more"),
        ("act-go:\n  nouns: Journey\n", 2, "expected lower case"),
        ("act-go:\n  nouns: ','\n", 2, "expected nouns"),
        ("act-go: {}\n", 1, "expected members"),
        ("act-go:\n  verbs: go\nact-go:\n  verbs: leave\n", 3, "expected the key act-go once"),
    ],
)
def test_fault_is_named_by_line(tmp_path: Path, text: str, line: int, expected: str) -> None:
    (tmp_path / "classes.yaml").write_text(text)
    with pytest.raises(LexiconError, match=rf"classes\.yaml:{line}: {expected}"):
        word_classes(tmp_path)
