"""What the chain did with a text can be read step by step."""

from datetime import date

import pytest

from extractors import Article
from extractors.chain import Chain
from extractors.explain import Account, explain

TEXT = "Rain fell all day.\nKenya condemned the raid on Somalia on Monday."


@pytest.fixture
def accounts(whole_chain: Chain) -> tuple[Account, ...]:
    return explain(whole_chain, Article("a", TEXT, date(2024, 5, 15)))[0]


def test_closed_sentence_has_no_more_than_its_text(accounts: tuple[Account, ...]) -> None:
    assert accounts[0] == Account("Rain fell all day.", headline=True, open=False)


def test_open_sentence_shows_each_step(accounts: tuple[Account, ...]) -> None:
    told = accounts[1]
    assert any(line.startswith("condemned (VBD): nsubj Kenya") for line in told.parse)
    assert any("= KEN" in line for line in told.actors)
    assert any("2024-05-13" in line for line in told.places_and_dates)
    assert any("ACCUSE condemnation, KEN > SOM" in line for line in told.frames)


def test_what_the_judge_made_of_it_is_shown_with_its_score(accounts: tuple[Account, ...]) -> None:
    assert any(line.startswith("ACCUSE") and line.endswith("told") for line in accounts[1].judge)
    assert len(accounts[1].told) == 1
