"""What the judge looks at: whether an act is real, which words it does not ask about, and whose act it may be."""

from dataclasses import replace
from datetime import date

import pytest

from extractors import Article
from extractors.chain import Chain
from extractors.components.judge import text_of
from extractors.judge import Text, load_judge
from extractors.judge.acts import unreal_features
from extractors.judge.roles import parties_near


def read(chain: Chain, text: str) -> Text:
    return text_of(chain.annotated(Article("a", text, date(2024, 5, 15))))


@pytest.mark.parametrize(
    ("text", "word", "sign"),
    [
        ("Canada does not plan to send troops to Haiti.", "send", "unreal=1not"),
        ("The president may visit Ankara.", "visit", "unreal=0may"),
        ("If Iran strikes, Israel would attack.", "attack", "unreal=0would"),
    ],
)
def test_small_words_on_an_act_or_above_it_say_how_real_it_is(chain: Chain, text: str, word: str, sign: str) -> None:
    seen = read(chain, text)
    assert sign in set(unreal_features(seen, seen.words.index(word), word))


def test_plain_act_has_no_such_sign(chain: Chain) -> None:
    seen = read(chain, "Canada sends troops to Haiti.")
    assert list(unreal_features(seen, seen.words.index("sends"), "send")) == []


def test_word_that_never_tells_anything_is_not_asked_about(chain: Chain) -> None:
    seen = read(chain, "Canada bought umbrellas.")
    judge = replace(load_judge(), idle=frozenset({"Numbrella"}))
    asked = {seen.words[token] for token in judge.candidates(seen, 0)}
    assert "umbrellas" in {seen.words[token] for token in seen.candidates(0)}
    assert "umbrellas" not in asked


def test_party_of_the_headline_may_be_one_of_an_act_far_below(chain: Chain) -> None:
    far = "It rained. It snowed. It rained again. It snowed again. The minister condemned the attack."
    seen = read(chain, f"Kenya in a hard week\n{far}")
    assert [party.code for party in parties_near(seen, seen.words.index("condemned"))] == ["KEN"]
