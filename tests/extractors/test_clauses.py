"""Subject and objects in a row of chunks: the seam that a parser may fill later."""

import pytest

from extractors.components import _clauses as c
from extractors.components._chunks import Clause, prepare
from extractors.components._doc import ActorSpan, Part
from extractors.lexicon import load

STATES = {"kenya": "KEN", "uganda": "UGA", "chad": "TCD", "mali": "MLI"}


def clause(text: str) -> Clause:
    """Return a sentence as chunks, in which only four states are known."""
    words = text.lower().replace(",", " ,").replace("'s", " 's").split()
    spans = [
        ActorSpan(i, i + 1 + owned, STATES[word], word, Part.MODIFIER if owned else Part.ACTING)
        for i, word in enumerate(words)
        if word in STATES
        for owned in [words[i + 1 : i + 2] == ["'s"]]
    ]
    return prepare(words, 0, len(words), spans, frozenset(), load().governors, {})


def at(sentence: Clause, word: str) -> int:
    return sentence.chunk_at(list(sentence.words).index(word))


SUBJECTS = [
    ("Kenya attacked Uganda", "attacked", ["KEN"]),
    ("Kenya and Uganda attacked Chad", "attacked", ["KEN", "UGA"]),
    ("Kenya , Uganda and Mali attacked Chad", "attacked", ["KEN", "UGA", "MLI"]),
    ("Kenya said Uganda attacked Chad", "attacked", ["UGA"]),
    ("Kenya said that it attacked Chad", "attacked", ["KEN"]),
    ("the army of Kenya , backed by Mali , attacked Chad", "attacked", []),
    ("Kenya , backed by Mali , attacked Chad", "attacked", ["KEN"]),
    ("Kenya visited Mali and attacked Chad", "attacked", ["KEN"]),
    ("Kenya plans to attack Chad", "attack", ["KEN"]),
    ("Kenya , which attacked Chad , left", "attacked", ["KEN"]),
    ("after attacking Chad Kenya left", "attacking", []),
    ("a storm attacked Chad", "attacked", []),
    ("the road from Kenya attacked Chad", "attacked", []),
    ("Kenya left after attacking Chad", "attacking", ["KEN"]),
]


@pytest.mark.parametrize(("text", "verb", "expected"), SUBJECTS, ids=[row[0] for row in SUBJECTS])
def test_subject(text: str, verb: str, expected: list[str]) -> None:
    sentence = clause(text)
    assert [span.code for span in c.subject(sentence, at(sentence, verb)).actors] == expected


def test_passive_is_seen_by_its_auxiliary_or_agent() -> None:
    passive, headline, active = (
        clause(text) for text in ("Kenya was attacked", "Kenya attacked by Chad", "Kenya attacked Chad")
    )
    assert c.subject(passive, at(passive, "attacked")).passive
    assert c.subject(headline, at(headline, "attacked")).passive
    assert not c.subject(active, at(active, "attacked")).passive


def test_governing_verbs_are_told_nearest_first() -> None:
    sentence = clause("Kenya has refused to attack Chad")
    assert c.subject(sentence, at(sentence, "attack")).words == ("to", "refused", "has")


def test_complements_end_where_the_next_clause_begins() -> None:
    sentence = clause("Kenya attacked Chad with Mali , and Uganda left")
    found = c.complements(sentence, at(sentence, "attacked"))
    assert found.direct is not None
    assert [span.code for span in found.direct.heads] == ["TCD"]
    assert [(word, [span.code for span in group.heads]) for word, group in found.by_preposition] == [("with", ["MLI"])]


def test_verb_of_saying_has_a_clause_as_its_object() -> None:
    sentence = clause("Kenya says Mali and Chad attacked Uganda")
    assert [span.code for span in c.subject(sentence, at(sentence, "attacked")).actors] == ["MLI", "TCD"]
