"""Headlines of comment are told from headlines of news by the marks of the trade."""

import pytest

from extractors.ontology import Status
from storage.dedup.commentary import is_commentary
from storage.dedup.lifecycle import decide
from storage.types import NewEvent, Repetition
from tests.builders import NOW, a_mention, a_report, an_event


@pytest.mark.parametrize(
    "title",
    [
        "OPINION: The accord was a mistake",
        "Analysis - Why both sides need a deal",
        "The price of the blockade, explained",
        "Fact check: Did the minister visit Oslo?",
        "Grain talks: live updates",
        "Five takeaways from the Vienna summit",
        "What to expect from the talks",
        "How the mediators saved the accord",
        "Here's why the treaty failed",
    ],
)
def test_comment_is_known_by_its_headline(title: str) -> None:
    assert is_commentary(title)


@pytest.mark.parametrize(
    "title",
    [
        "Ministers to meet in Vienna on Monday",
        "Talks on grain resume after five days",
        "Three killed in shelling of border town",
        "Envoy says opinion in the capital is divided",
        "President lives up to promise, lifts sanctions",
    ],
)
def test_news_is_no_comment(title: str) -> None:
    assert not is_commentary(title)


def test_comment_on_a_known_event_develops_nothing() -> None:
    cancelled = a_report(a_mention(status=Status.CANCELLED), title="Opinion: the visit should never have been planned")
    assert isinstance(decide(cancelled, [an_event()], NOW), Repetition)


def test_comment_on_an_unknown_event_opens_it_in_silence() -> None:
    decision = decide(a_report(title="Why the visit matters"), [], NOW)
    assert isinstance(decision, NewEvent)
    assert decision.silent
