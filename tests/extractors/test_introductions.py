"""Whom a text introduces, and whom of those known from elsewhere it may mean."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from extractors import Acquaintance, Article, Introduction, Kind
from extractors.chain import Chain
from extractors.components._acquaintances import acquainted
from extractors.components._phrases import split

CASES = YAML(typ="safe").load(Path(__file__).parents[1] / "data" / "mentions" / "introductions.yaml")
DAY = date(2024, 5, 15)
AASEN = Acquaintance("Liv Aasen", "Aasen", "NOR", "foreign minister", DAY)
OTHER_AASEN = Acquaintance("Siri Aasen", "Aasen", "ISL", "envoy", DAY)
LIN = Acquaintance("Lin Qiang", "Lin", "CHN", "foreign minister", DAY)


def introduced(chain: Chain, text: str) -> tuple[Introduction, ...]:
    return chain.read(Article("a", text, DAY)).introductions


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_office_state_and_full_name_together_introduce_a_person(chain: Chain, case: dict[str, object]) -> None:
    found = introduced(chain, str(case["text"]))

    assert [f"{one.name} ({one.surname}), {one.code}, {one.office}" for one in found] == case["people"]


def test_passage_is_the_whole_expression_in_the_articles_full_text(chain: Chain) -> None:
    article = Article("a", "He met the president of Ghana, Kofi Sarpong.", DAY, title="A visit to Accra")

    (found,) = chain.read(article).introductions

    passage = found.passage
    assert passage.text == "president of Ghana, Kofi Sarpong"
    assert article.full_text[passage.start : passage.end] == passage.text


def test_a_reading_has_the_events_that_tagging_gives(whole_chain: Chain) -> None:
    article = Article("a", "Norwegian Foreign Minister Liv Aasen will visit Poland on Friday.", DAY)

    reading = whole_chain.read(article)

    assert reading.mentions == whole_chain.tag(article)
    assert [one.name for one in reading.introductions] == ["Liv Aasen"]


def test_a_text_that_the_gate_drops_introduces_nobody(whole_chain: Chain) -> None:
    text = "It rained, and the wind was strong in most of the north."

    assert whole_chain.read(Article("a", text, DAY)).introductions == ()


# ---------------------------------------------------------------- acquaintances


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("Aasen will visit Warsaw.", True),
        ("On Friday Aasen's visit ended, and Foreign Minister Aasen left.", True),
        ("Ms. Aasen left. Yesterday Aasen came. Norway and Aasen agreed.", True),
        ("Liv Aasen left.", True),
        ("Erik Aasen scored twice.", False),
        ("Aasen won; Erik Aasen scored twice.", False),
        ("Nobody of that name came.", False),
    ],
)
def test_surname_stands_for_an_acquaintance_unless_the_text_gives_it_to_another(text: str, known: bool) -> None:
    assert acquainted(split(text), [AASEN]) == ({"Aasen": ("NOR", "Liv Aasen")} if known else {})


@pytest.mark.parametrize(
    ("text", "known"), [("Lin agreed.", True), ("Lin Qiang agreed.", True), ("Lin Wei ran.", False)]
)
def test_given_name_behind_the_surname_tells_people_apart_too(text: str, known: bool) -> None:
    assert bool(acquainted(split(text), [LIN])) is known


@pytest.mark.parametrize(
    ("name", "text"),
    [("Anna May", "It will end by mid May."), ("Ida Will", "Will it end?"), ("Jan Pledge", "Pledge to end it.")],
)
def test_surname_that_is_a_word_as_well_stands_for_nobody(name: str, text: str) -> None:
    one = replace(AASEN, name=name, surname=name.split()[-1])

    assert acquainted(split(text), [one]) == {}


def test_surname_of_two_acquaintances_stands_for_neither() -> None:
    assert acquainted(split("Aasen agreed."), [AASEN, OTHER_AASEN]) == {}


# ---------------------------------------------------------------- which source is trusted

# Of the surname of a minister whom the curated roster knows as Russian.
LAVROV = Acquaintance("Ana Lavrov", "Lavrov", "SRB", "foreign minister", DAY)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("Lavrov visited Spain.", {"SRB"}, id="what was learned goes before the roster"),
        pytest.param("Foreign Minister Lavrov visited Spain.", {"SRB"}, id="the same behind an office"),
        pytest.param("Polish envoy Jan Lavrov left. Lavrov visited Spain.", {"POL"}, id="the text itself before both"),
        pytest.param("Sergei Lavrov visited Spain.", {"RUS"}, id="a full name of the roster is nobody else's"),
    ],
)
def test_the_text_is_trusted_before_what_was_learned_and_that_before_the_roster(
    chain: Chain, text: str, codes: set[str]
) -> None:
    mentions = chain.tag(Article("a", text, date(2019, 5, 15), acquaintances=(LAVROV,)))

    assert {actor.code for one in mentions if one.kind is Kind.VISIT for actor in one.actors} == codes
