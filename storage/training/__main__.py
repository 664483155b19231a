"""`python -m storage.training --shared FOLDER`: learns what tells stories apart and writes it into `storage/dedup`.

Half of the stories of each stream are learned from; `demarche evaluate --only clusters` shows both halves.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

import storage.dedup
from storage.dedup import commonness
from storage.training.learn import Learned, common_words, learn
from storage.training.streams import COUNTED, LEARNED, is_for_learning, read_stream

# Roundups are told apart by development and not by affair: less common a mistake when they weigh more. Headlines are
# one stream of five, and half of all that a feed may bring.
IMPORTANCE = {"allsides_full": 2.0, "uci_news_sample": 3.0, "gva": 2.0}

_HERE = Path(storage.dedup.__file__).parent


def main(arguments: Sequence[str] | None = None) -> None:
    """Count words, learn the weights, and write both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="the folder that has dedup/SET/dev.jsonl")
    parser.add_argument("--output", type=Path, default=_HERE, help="the folder to write to")
    options = parser.parse_args(arguments)
    streams = {name: read_stream(options.shared / "dedup" / name / "dev.jsonl") for name in (*LEARNED, *COUNTED)}
    common = common_words([[one for one in told if is_for_learning(one.story)] for told in streams.values()])
    (options.output / "commonness.py").write_text(commonness_text(common), encoding="utf-8")
    commonness.COMMON.clear()
    commonness.COMMON.update(common)
    learned = learn({name: streams[name] for name in LEARNED}, IMPORTANCE)
    (options.output / "story_weights.py").write_text(weights_text(learned), encoding="utf-8")
    Console().print(f"{len(common)} common words, {len(learned.weights)} weights in {options.output}")


def commonness_text(common: Mapping[int, float]) -> str:
    """Return the module that says how common words are."""
    told = " ".join(f"{word:08x}{round(share * 10_000):04x}" for word, share in sorted(common.items()))
    quoted = "\n".join(f"    {line.strip()}" for line in _wrapped(told))
    return _COMMONNESS.format(items=commonness.BACKGROUND_ITEMS, words=quoted)


def _wrapped(told: str) -> list[str]:
    words = told.split()
    return [" ".join(words[start : start + 8]) for start in range(0, len(words), 8)]


_COMMONNESS = '''"""How common words are in news at large; written by `python -m storage.training`, not by hand.

Counted in half of the stories of eight sets of news of 2005 to 2021, each set alike. A word is a CRC-32 of its plain
form (`storage.dedup.words`).
"""

# As many items as the counts here are worth beside those that the monitor has seen itself.
BACKGROUND_ITEMS = {items}

# By word: the share of items that have it. Kept as eight hexadecimal digits and four of a share in ten thousand.
COMMON: dict[int, float] = {{
    int(entry[:8], 16): int(entry[8:], 16) / 10_000
    for entry in """
{words}
    """.split()
}}
'''


def weights_text(learned: Learned) -> str:
    """Return the module that holds the weights."""
    lines = [f'    "{name}": Weight({one.weight}, {one.typical}),' for name, one in learned.weights.items()]
    return _WEIGHTS.format(bias=learned.bias, weights="\n".join(lines))


_WEIGHTS = '''"""What each comparison of an item and a story counts for; written by `python -m storage.training`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weight:
    """What one comparison counts for, and the value from which on it speaks for the story rather than against it."""

    weight: float
    typical: float

    def of(self, value: float) -> float:
        """Return what a value adds, compared with the typical one."""
        return self.weight * (value - self.typical)


BIAS = {bias}
WEIGHTS: dict[str, Weight] = {{
{weights}
}}
'''


if __name__ == "__main__":
    main()
