"""What a text has told completes what follows, within reach and only where the frame asks for it."""

from tests.extractors.conftest import Tag


def told(tag: Tag, text: str) -> list[tuple[str, list[str], list[str]]]:
    return [(m.kind, [a.code for a in m.actors], [a.code for a in m.recipients]) for m in tag(text)]


def test_talks_that_collapse_are_those_of_the_parties_before(tag: Tag) -> None:
    events = told(tag, "Kenya and Uganda held talks in Geneva. The peace talks have collapsed.")
    assert events[1] == ("breakdown", ["KEN", "UGA"], [])


def test_denial_is_addressed_to_who_accused(tag: Tag) -> None:
    events = told(tag, "Kenya accused Uganda of spying. Uganda denied the accusations.")
    assert events[1] == ("denial", ["UGA"], ["KEN"])


def test_appeal_for_a_truce_concerns_both_sides(tag: Tag) -> None:
    events = told(tag, "Kenya attacked Uganda. The United Nations called for a truce in Uganda.")
    assert events[1] == ("appeal", ["UN"], ["KEN", "UGA"])


def test_nothing_is_taken_over_from_far_away(tag: Tag) -> None:
    events = told(tag, "Kenya accused Uganda of spying. " + "It rained. " * 12 + "Uganda denied the accusations.")
    assert events[1] == ("denial", ["UGA"], [])
