"""The chain as a whole: what it needs, how it fails, and what its version depends on."""

import shutil
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from extractors import Article
from extractors.chain import FACTORIES, Chain, ChainSettings, build_chain
from extractors.components._doc import register
from extractors.errors import ChainError
from extractors.lexicon import DATA, load
from tests.extractors.conftest import Tag

HEADLINE = "Kenyan president to visit Uganda on Friday"


def test_missing_model_is_named_with_what_to_do() -> None:
    with pytest.raises(ChainError, match=r"'no_such_pipeline' is not installed.*pip install"):
        build_chain(ChainSettings(model="no_such_pipeline"))


def test_model_is_loaded_and_our_components_follow_its_own(tmp_path: Path) -> None:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    pipeline.to_disk(tmp_path / "pipeline")
    built = build_chain(ChainSettings(model=str(tmp_path / "pipeline")))
    mentions = built.tag(Article(key="a", text=HEADLINE, published_on=date(2024, 5, 15)))
    assert [mention.kind for mention in mentions] == ["visit"]
    assert built.version != build_chain(ChainSettings()).version


def test_broken_article_fails_alone_and_is_named(chain: Chain) -> None:
    broken = Article(key="item-7", text=HEADLINE, published_on=None)  # type: ignore[arg-type]  # what a bug would give
    with pytest.raises(ChainError, match="item-7"):
        chain.tag(broken)
    assert chain.tag(Article(key="item-8", text=HEADLINE, published_on=date(2024, 5, 15)))


def test_each_component_gets_what_it_requires() -> None:
    register()
    nlp = spacy.blank("en")
    for factory in FACTORIES:
        nlp.add_pipe(factory)
    analysis = nlp.analyze_pipes(keys=["requires", "assigns"])
    assert analysis is not None
    assert not any(analysis["problems"].values())


def test_each_component_states_what_it_assigns() -> None:
    assert all(Language.get_factory_meta(factory).assigns for factory in FACTORIES)


def test_version_is_stable(chain: Chain) -> None:
    assert build_chain(ChainSettings()).version == chain.version


def test_version_contains_the_digest_of_the_data(chain: Chain) -> None:
    assert load().digest in chain.version


def test_digest_changes_with_the_data(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    (folder / "parties.csv").write_text((folder / "parties.csv").read_text() + "ZZZ,Nobody's Front\n")
    assert load(folder).digest != load().digest


def test_evidence_is_the_text_at_its_offsets(chain: Chain) -> None:
    article = Article(
        key="a", title=HEADLINE, text="The Kenyan president visits Uganda.", published_on=date(2024, 5, 15)
    )
    for mention in chain.tag(article):
        for span in (mention.evidence, *mention.passages):
            assert article.full_text[span.start : span.end] == span.text


def test_text_without_capitals_or_triggers_is_passed_by(tag: Tag) -> None:
    assert tag("kenya visits uganda.\nThe Weather In Oslo Is Fine.") == ()


SMALL = "to visit visits talks with in that , said the on Tuesday attacked by . who of if not impose 's will ( ) and"
NAMES = "Russia Ukraine's Putin UN-led President US-Russia sanctions Sergei Lavrov April 31 2022"
WORDS = (*SMALL.split(), *NAMES.split(), '"', "\n")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_no_order_of_words_makes_the_chain_fail(words: list[str]) -> None:
    article = Article(key="a", text=" ".join(words), published_on=date(2022, 4, 22))
    for mention in build_once().tag(article):
        assert mention.parties
        assert article.full_text[mention.evidence.start : mention.evidence.end] == mention.evidence.text
        assert 0 <= mention.confidence <= 1


@cache
def build_once() -> Chain:
    """Return a chain for the test above, which cannot take a fixture (hypothesis)."""
    return build_chain(ChainSettings())
