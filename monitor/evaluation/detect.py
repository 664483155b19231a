"""Lines that editors filed: does the gate keep those about international relations, and the chain drop the others?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.evaluation.figures import Figure, Share, tally
from monitor.evaluation.gold import DetectLine


@dataclass(frozen=True, slots=True)
class Detection:
    """What became of a line: whether the gate opened on it, and whether the chain told an event."""

    line: DetectLine
    opened: bool
    told: bool


@dataclass(frozen=True, slots=True)
class DetectScores:
    """Shares of the international lines (`gate_kept`, `told`) and of the others (`gate_opened`, `false_alarms`)."""

    gate_kept: Share
    told: Share
    gate_opened: Share
    false_alarms: Share

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Yield what has a floor, by name; all of them the higher the better."""
        yield "gate recall", self.gate_kept.figure
        yield "events in international lines", self.told.figure
        yield "gate closed on others", self.gate_opened.rest
        yield "no event in others", self.false_alarms.rest


def score_lines(lines: Sequence[Detection]) -> DetectScores:
    """Return the shares of some lines."""
    inside = [one for one in lines if one.line.international]
    others = [one for one in lines if not one.line.international]
    return DetectScores(
        gate_kept=tally([one.opened for one in inside]),
        told=tally([one.told for one in inside]),
        gate_opened=tally([one.opened for one in others]),
        false_alarms=tally([one.told for one in others]),
    )
