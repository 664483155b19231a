"""The first look at a sentence: its plain words alone say whether anything in it may be told.

So that the world's sport and weather cost nothing, this looks at nothing but the words as printed: those in small
letters each add their weight, and so does how many have a capital. It runs before any grammar.
"""

from collections.abc import Iterable, Iterator, Mapping

BIAS = "^"  # no word of a text: holds what every sentence starts with, the threshold taken off
MOST_CAPITALS = 4


def opens(words: Iterable[str], weights: Mapping[str, float]) -> bool:
    """Say whether a sentence is worth reading."""
    return sum(weights.get(feature, 0.0) for feature in opening_features(words)) >= 0


def opening_features(words: Iterable[str]) -> Iterator[str]:
    """Yield the features of a sentence: each plain word once, and how many words have a capital."""
    yield BIAS
    seen = set(words)
    capitals = 0
    for word in seen:
        if word.islower():
            yield word
        elif word[:1].isupper():
            capitals += 1
    yield f"^{min(capitals, MOST_CAPITALS)}"
