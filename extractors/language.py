"""Is a text in a language that the chain reads? A cheap look at letters and function words, no model."""

import re

# Closed classes of English (articles, prepositions, conjunctions, pronouns, auxiliaries). Words that are common in
# another large language of news as well (de "die", "in", "an", "was"; fr "on", "or"; es "a", "me") are left out.
FUNCTION_WORDS = frozenset(
    "the of and to for with by from at as is are were been has have had will would could should may might can "
    "that this these those which who whom whose it its he she they their his her we our you not but after "
    "before over under between against into about than then when while where how what says said".split()
)
WORD = re.compile(r"[^\W\d_]+")

# Below this many words a text is too short to tell (a headline may do without any function word).
SHORTEST_WORDS = 20
# Measured 2026-11 on title and summary of the entries of 497 real feed documents, by the language the feed declares:
# English items have a median share of 0.26 such words, 95 % at least 0.10; German, French, Dutch, Swedish, Russian,
# Chinese and Portuguese ones a median of at most 0.02, 95 % at most 0.06.
LEAST_SHARE = 0.07


def is_english(text: str) -> bool:
    """Say whether the text reads as English; a text too short to tell counts as English if its letters are Latin."""
    words = WORD.findall(text[:2000].lower())
    if not words:
        return False
    if sum(word.isascii() for word in words) < len(words) / 2:
        return False
    if len(words) < SHORTEST_WORDS:
        return True
    return sum(word in FUNCTION_WORDS for word in words) / len(words) >= LEAST_SHARE
