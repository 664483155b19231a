"""The chain, built once per process: it holds no state between articles."""

from collections.abc import Callable
from datetime import date

import pytest

from extractors import Article, EventMention
from extractors.chain import Chain, ChainSettings, build_chain

Tag = Callable[..., tuple[EventMention, ...]]


@pytest.fixture(scope="session")
def chain() -> Chain:
    """The components by rule: what frames propose is told as it is, so that a rule's test says nothing of the judge."""
    return build_chain(ChainSettings(frames_alone=True, gate=False))


@pytest.fixture(scope="session")
def whole_chain() -> Chain:
    return build_chain(ChainSettings())


@pytest.fixture
def tag(chain: Chain) -> Tag:
    """Return a function from text to mentions; the text is published on Wednesday 2024-05-15 unless said otherwise."""

    def tag_text(text: str, *, on: str = "2024-05-15", title: str = "") -> tuple[EventMention, ...]:
        return chain.tag(Article(key="a", text=text, title=title, published_on=date.fromisoformat(on)))

    return tag_text
