"""What clauses say, read from trees written by hand; each case in both sets of labels (data/clauses.yaml)."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from spacy.tokens import Token

from extractors.syntax import Clause, clauses
from tests.extractors.syntax.trees import tree

CASES = YAML(typ="safe").load(Path(__file__).with_name("data") / "clauses.yaml")
LABELS = ("ud", "clearnlp")


def told(clause: Clause) -> dict[str, Any]:
    """Return a clause in the words of the case file."""
    return {
        "predicate": clause.predicate.text,
        "subject": _text(clause.subject),
        "subjects": [token.text for token in clause.subjects],
        "agents": [token.text for token in clause.agents],
        "objects": [token.text for token in clause.objects],
        "obliques": {word: [token.text for token in tokens] for word, tokens in clause.obliques.items()},
        "tense": clause.modality.tense.value,
        "modal": clause.modality.modal,
        "perfect": clause.modality.perfect,
        "progressive": clause.modality.progressive,
        "passive": clause.passive,
        "negated": clause.negated,
        "under": _text(clause.embedded_under),
        "as": clause.embedded_as.value,
    }


def _text(token: Token | None) -> str | None:
    return token.text if token is not None else None


@pytest.mark.parametrize("labels", LABELS)
@pytest.mark.parametrize("case", CASES, ids=[case["rule"] for case in CASES])
def test_a_tree_is_read_as_the_case_says(case: dict[str, Any], labels: str) -> None:
    found = [told(clause) for clause in clauses(tree(case[labels])[:])]

    expected = case["clauses"]
    assert [clause["predicate"] for clause in found] == [clause["predicate"] for clause in expected]
    asked = [{name: clause[name] for name in wanted} for clause, wanted in zip(found, expected, strict=True)]
    assert asked == expected
