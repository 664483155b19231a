"""Names → actors: the grammar of names, and what a text teaches about the names that follow."""

from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from extractors.chain import base_pipeline
from extractors.components import _sentences, actors
from extractors.components._doc import ActorSpan, Extension, Part, get, register

CASES = YAML(typ="safe").load(Path(__file__).parents[1] / "data" / "mentions" / "actors.yaml")


@pytest.fixture(scope="module")
def read():  # type: ignore[no-untyped-def]  # a function of the tests below
    register()
    nlp = base_pipeline("")
    nlp.add_pipe(_sentences.FACTORY)
    nlp.add_pipe(actors.FACTORY)

    def read_text(text: str, on: str = "2024-05-15") -> tuple[ActorSpan, ...]:
        doc = nlp.make_doc(text)
        doc._.set(Extension.PUBLISHED_ON, date.fromisoformat(on))
        return get(nlp(doc), Extension.ACTORS)

    return read_text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_names_stand_for_actors(case: dict[str, object], read) -> None:  # type: ignore[no-untyped-def]
    found = read(case["text"], case.get("on", "2024-05-15"))
    assert [f"{span.code} {span.name}" for span in found] == case["actors"]


def test_surname_stands_for_the_person_who_was_introduced(read) -> None:  # type: ignore[no-untyped-def]
    found = read("Danish envoy Karin Holm arrived. Holm said little.")
    assert [(span.code, span.person) for span in found] == [("DNK", "Holm"), ("DNK", "Holm")]


def test_office_stands_for_the_state_it_was_introduced_with(read) -> None:  # type: ignore[no-untyped-def]
    found = read("The president of Ghana left. The president will return.")
    assert [span.code for span in found] == ["GHA", "GHA"]


def test_two_sides_are_the_last_two_that_were_named(read) -> None:  # type: ignore[no-untyped-def]
    found = read("Peru met Chile. The two sides agreed.")
    assert [span.code for span in found] == ["PER", "CHL", "PER", "CHL"]


def test_pronoun_stands_for_the_first_person_of_its_sentence(read) -> None:  # type: ignore[no-untyped-def]
    found = read("Danish envoy Karin Holm told Swedish envoy Per Lind that she was ill.")
    assert [span.code for span in found] == ["DNK", "SWE", "DNK"]


def test_nationals_of_a_state_do_not_act_for_it(read) -> None:  # type: ignore[no-untyped-def]
    (tourists,) = read("Two Irish tourists left.")
    assert tourists.part is Part.NATIONAL


def test_capital_after_a_preposition_of_place_is_a_place(read) -> None:  # type: ignore[no-untyped-def]
    first, second = read("In Vienna it rained. Vienna protested.")
    assert (first.part, second.part) == (Part.LOCATED, Part.ACTING)


def test_family_name_of_a_chinese_official_comes_first(read) -> None:  # type: ignore[no-untyped-def]
    found = read("Chinese envoy Zhao Wenli arrived. Zhao smiled.")
    assert [(span.code, span.person) for span in found] == [("CHN", "Zhao"), ("CHN", "Zhao")]


def test_former_president_does_not_act_for_the_state(read) -> None:  # type: ignore[no-untyped-def]
    (former,) = read("Former President Joe Biden spoke.", "2025-05-01")
    assert former.part is Part.NATIONAL


def test_leader_counts_for_a_year_after_the_term_and_no_longer(read) -> None:  # type: ignore[no-untyped-def]
    assert [span.code for span in read("Angela Merkel spoke.", "2022-11-30")] == ["DEU"]
    assert read("Angela Merkel spoke.", "2023-01-15") == ()


def test_common_name_needs_an_office_before_it(read) -> None:  # type: ignore[no-untyped-def]
    assert read("Stephen Smith ran well.", "2012-05-01") == ()
    (minister,) = read("Defence Minister Stephen Smith ran well.", "2012-05-01")
    assert minister.code == "AUS"
