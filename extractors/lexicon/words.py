"""Closed word classes of English: the small words that show how a sentence is built."""

DETERMINERS = frozenset(
    "a an the this these those its his her their our my your some any all both several many most each every no"
    " another other few".split()
    + "one two three four five six seven eight nine ten eleven twelve dozens hundreds thousands tens scores more"
    " least than about".split()
    + ["half", "such", "same", "own", "certain", "various", "numerous", "around", "nearly", "almost"]
)
PREPOSITIONS = frozenset(
    "of in on at with to from against by for over into onto near between under through across during about"
    " within without toward towards".split()
    + "upon off around among amid despite via per beyond behind beside besides alongside inside outside"
    " concerning regarding including".split()
    + "following throughout below above along versus like unlike except aboard en".split()
)
SUBORDINATORS = frozenset(
    "after before as while because although though if when since until unless whereas where once whether so"
    " lest but".split()
)
RELATIVES = frozenset({"who", "which", "whom", "whose"})
CONJUNCTIONS = frozenset({"and", "or", "nor", "&"})
BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "am", "'s", "’s", "'re", "get", "gets", "got"})
FUTURE = frozenset({"will", "shall", "'ll", "’ll"})
MODALS = frozenset({"would", "could", "should", "may", "might", "can", "must", "cannot", "ca", "'d", "’d", "ought"})
HAVE = frozenset({"has", "have", "had", "having", "'ve", "’ve"})
DO = frozenset({"do", "does", "did"})
AUXILIARIES = (BE - {"'s", "’s"}) | FUTURE | MODALS | HAVE | DO | {"to", "wo"}
NEGATIONS = frozenset({"not", "n't", "n’t", "never", "no", "neither", "nor", "without"})
ADVERBS = frozenset(
    "also again now already not never still yet today yesterday tomorrow tonight earlier later just soon even"
    " only further instead thus".split()
    + "then here there meanwhile once twice ever often always n't n’t together neither back abroad away up out"
    " forward apart overnight recently too".split()
)
QUOTES = frozenset({'"', "“", "”", "''", "``", "‘", "'", "„", "«", "»"})
HARD_STOPS = frozenset({";", ":", "—", "–", "--", ".", "?", "!", "|", "…", "...", "-"})
POSSESSIVES = frozenset({"'s", "’s", "'", "’"})
PRONOUNS = frozenset("he she it they him her them we us i you himself herself itself themselves who".split())
CONDITIONS = frozenset({"if", "unless", "whether", "lest"})


def is_adverb(word: str) -> bool:
    """Say whether a lower-case word only adds how or when."""
    return word in ADVERBS or (
        word.endswith("ly")
        and len(word) > 4
        and word not in {"ally", "july", "italy", "family", "supply", "reply", "assembly"}
    )
