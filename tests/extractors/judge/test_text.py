"""A Doc as the judge sees it: who is a party, which words may tell an act, how one leads to the other."""

from datetime import date

import pytest

from extractors import Article
from extractors.chain import Chain
from extractors.components.judge import text_of
from extractors.judge import Text
from extractors.judge.roles import parties_near, path
from extractors.judge.sides import coordinated
from extractors.judge.text import sort_of, stem


def read(chain: Chain, text: str) -> Text:
    return text_of(chain.annotated(Article("a", text, date(2024, 5, 15))))


@pytest.mark.parametrize(("code", "sort"), [("KEN", "S"), ("NATO", "O"), ("ICC", "O"), ("G20", "O")])
def test_sort_tells_states_from_organisations(code: str, sort: str) -> None:
    assert sort_of(code) == sort


def test_forms_of_a_word_have_one_stem() -> None:
    assert len({stem(word) for word in ("visit", "visits", "visited", "visiting")}) == 1


def test_verbs_and_nouns_may_tell_an_act_and_names_and_auxiliaries_may_not(chain: Chain) -> None:
    text = read(chain, "Kenya has condemned the raid on Somalia.")
    assert [text.words[token] for token in text.candidates(0)] == ["condemned", "raid"]


def test_path_leads_from_the_act_to_its_parties(chain: Chain) -> None:
    text = read(chain, "Kenya condemned the raid on Somalia.")
    act = text.words.index("condemned")
    paths = {party.code: path(text, act, party.head) for party in text.parties}
    assert paths["KEN"] == ("", "nsubj")
    assert paths["SOM"] == ("", "obj>nmod:on")


def test_party_of_the_next_sentence_is_near_where_the_own_sentence_does_not_name_it(chain: Chain) -> None:
    text = read(chain, "Kenya condemned the raid.\nSomalia denied that Kenya was right.")
    near = parties_near(text, text.words.index("condemned"))
    assert [party.code for party in near] == ["KEN", "SOM"]


@pytest.mark.parametrize(
    ("sentence", "together"),
    [
        ("Kenya summoned the ambassadors of Somalia, Uganda and Rwanda.", {"SOM", "UGA", "RWA"}),
        ("Somalia told Kenya that Uganda would not come.", {"SOM"}),
    ],
)
def test_names_of_one_enumeration_are_looked_at_together(chain: Chain, sentence: str, together: set[str]) -> None:
    text = read(chain, sentence)
    assert coordinated(text.parties, text)["SOM"] == together
