"""How well items are kept together, beside the best that was measured of other methods.

    python benchmarks/cluster_scores.py [--shared ../shared]

One pass in time order, decisions final, one setting for all sets; seen on 24 November 2026 (F1 over pairs / B³ F1):

    syndication_synth  100.0 / 100.0    best other 97.8 (MinHash verified by containment)
    allsides_full       69.3 /  88.1    71 / 90
    allsides2021        85.3 /  93.1    79 / 89
    gva                 65.6 /  89.2    63 / 89
    uci_news_sample     76.6 /  76.6    81 / 79
    wikinews_sources    89.1 /  93.0    58 / 84
    diplomacy_lifecycle 86.2 /  88.1    51 / 75 (as affairs)

What is compared with is the best of TF-IDF, MinHash, SimHash, single-pass clustering and sentence embeddings, each with
its best setting for all sets, on other parts of the same data.
"""

import argparse
from pathlib import Path

from rich.console import Console

from monitor.evaluation.clusters import read_clusters, score_clusters
from monitor.evaluation.figures import Half

say = Console(highlight=False, soft_wrap=True).print

OTHERS = {
    "syndication_synth": "97.8",
    "allsides_full": "71 / 90",
    "allsides2021": "79 / 89",
    "gva": "63 / 89",
    "uci_news_sample": "81 / 79",
    "wikinews_sources": "58 / 84",
    "diplomacy_lifecycle": "51 / 75",
}


def main() -> None:
    """Print a line a set: all of it, the half that was learned from, the half kept aside, and the best other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    options = parser.parse_args()
    say(f"{'':20} {'all':>14} {'learned from':>14} {'kept aside':>14}   best other")
    for name, other in OTHERS.items():
        items = read_clusters(options.shared, name)
        cells = [score_clusters(items, half) for half in (Half.ALL, Half.EVEN, Half.ODD)]
        shown = "".join(f" {100 * one.pairs.f1:6.1f} / {100 * one.b3:5.1f}" for one in cells)
        say(f"{name:20}{shown}   {other}")


if __name__ == "__main__":
    main()
