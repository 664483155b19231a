"""The first look: plain words weigh, names count only by their number."""

from extractors.judge.opening import BIAS, opening_features, opens

WEIGHTS = {BIAS: -1.0, "urged": 1.5, "goal": -2.0, "^2": 0.2}


def test_telling_word_opens_a_sentence() -> None:
    assert opens("Togo urged Benin to wait".split(), WEIGHTS)


def test_word_of_other_news_closes_it_again() -> None:
    assert not opens("Togo urged Benin for a goal".split(), WEIGHTS)


def test_each_word_counts_once_and_names_by_their_number() -> None:
    assert sorted(opening_features("Togo and Benin and Togo".split())) == sorted([BIAS, "and", "^2"])
