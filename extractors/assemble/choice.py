"""Which of several options is taken: the one whose features weigh most, by weights learned from annotated passages.

Here only the weighing; `when` and `where` say what the options are, `extractors.training.settings` learns the weights.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from extractors.lexicon.reading import read_rows

DATA = Path(__file__).parents[1] / "data"
Value = TypeVar("Value")
Weights = Mapping[str, float]
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Option(Generic[Value]):
    """A value that may be meant, None for that the text tells none; `why` says where it is from, for people.

    Options of one `group` say the same: a country by its town and as a party, a day told twice.
    """

    value: Value | None
    why: str
    features: frozenset[str]
    group: str = ""


def best(options: Sequence[Option[Value]], weights: Weights) -> Option[Value]:
    """Return the likeliest option of the likeliest group; of several the first.

    What an option weighs is the logarithm of its odds, so a group is as likely as its options together. The sums are
    exact, so that they do not depend on the order of a set.
    """
    likely = [math.exp(math.fsum(weights.get(feature, 0.0) for feature in option.features)) for option in options]
    groups: dict[str, float] = {}
    for option, share in zip(options, likely, strict=True):
        groups[option.group] = groups.get(option.group, 0.0) + share
    return options[max(range(len(options)), key=lambda n: (groups[options[n].group], likely[n], -n))]


@cache
def read_weights(path: Path) -> Weights:
    """Return the weights of a table; raises LexiconError naming the line of one that is no number."""
    found = {}
    for row in read_rows(path, ("feature", "weight")):
        if not _NUMBER.fullmatch(row["weight"]):
            row.fault(f"expected a weight such as -0.25, not {row['weight']!r}")
        found[row["feature"]] = float(row["weight"])
    return found
