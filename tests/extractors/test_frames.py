"""The examples that each frame file carries: sentences that must give an event, and sentences that must not."""

from pathlib import Path

import pytest

from extractors import EventMention
from extractors.lexicon import DATA, Example, read_examples
from extractors.ontology import EventType, Kind
from tests.extractors.conftest import Tag

FILES = sorted((DATA / "frames").glob("*.yaml"))
EXAMPLES = [example for path in FILES for example in read_examples(path)]


def name(example: Example) -> str:
    return f"{example.file}.yaml:{example.line}"


def brief(mention: EventMention) -> str:
    """Return a mention as the frame files write it: kind, actors, recipients, status."""
    actors = "+".join(actor.code for actor in mention.actors)
    recipients = "+".join(actor.code for actor in mention.recipients)
    return " ".join(filter(None, (mention.kind, actors, f"> {recipients}" if recipients else "", mention.status)))


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.events], ids=name)
def test_example_gives_its_events(example: Example, tag: Tag) -> None:
    assert [brief(mention) for mention in tag(example.text, on=example.published_on)] == list(example.events)


@pytest.mark.parametrize("example", [one for one in EXAMPLES if not one.events], ids=name)
def test_counter_example_gives_nothing(example: Example, tag: Tag) -> None:
    assert [brief(mention) for mention in tag(example.text, on=example.published_on)] == []


def test_each_type_has_its_own_file() -> None:
    assert {path.stem for path in FILES} == {str(type_).lower() for type_ in EventType}


def test_each_kind_is_told_by_an_example() -> None:
    shown = {event.split()[0] for example in EXAMPLES for event in example.events}
    assert shown == {str(kind) for kind in Kind}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_has_a_counter_example(path: Path) -> None:
    assert any(not example.events for example in read_examples(path))
