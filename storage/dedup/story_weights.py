"""What each comparison of an item and a story counts for; written by `python -m storage.training`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weight:
    """What one comparison counts for, and the value from which on it speaks for the story rather than against it."""

    weight: float
    typical: float

    def of(self, value: float) -> float:
        """Return what a value adds, compared with the typical one."""
        return self.weight * (value - self.typical)


BIAS = -2.9107
WEIGHTS: dict[str, Weight] = {
    "whole": Weight(8.582, 0.1329),
    "names": Weight(0.7729, 0.2145),
    "rare": Weight(0.2039, 1.0781),
    "gained": Weight(-0.9807, -0.0721),
    "gap": Weight(1.6746, 1.6412),
    "burst": Weight(2.4532, 0.4624),
    "length": Weight(-0.1711, 2.9018),
    "covered": Weight(-3.6549, 0.1885),
    "short": Weight(-0.2306, 0.4809),
    "short whole": Weight(-0.7946, 0.0712),
    "short best": Weight(1.33, 0.1126),
    "short titles": Weight(-2.388, 0.1151),
    "short gained": Weight(1.8539, 0.0348),
    "gap names": Weight(-2.6299, 0.1432),
    "gap rare": Weight(0.1562, 1.1999),
    "gap gained": Weight(1.6101, -0.6172),
    "gap short": Weight(-18.1548, 0.3326),
    "burst whole": Weight(5.2667, 0.0862),
}
