"""The chain: a spaCy pipeline with our components behind it; articles in, mentions out."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from extractors.assemble import assemble
from extractors.components import _sentences, _syntax, actors, attribution, dates, events, judge, places, status
from extractors.components._doc import Extension, register
from extractors.components._introductions import introductions
from extractors.errors import ChainError
from extractors.gate import Gate, event_gate
from extractors.judge import Judge
from extractors.lexicon import load
from extractors.types import Article, EventMention, Reading

# In this order: each needs what those before it assign (`nlp.analyze_pipes()` shows it).
FACTORIES = (
    _sentences.FACTORY,
    _syntax.FACTORY,
    actors.FACTORY,
    places.FACTORY,
    dates.FACTORY,
    events.FACTORY,
    status.FACTORY,
    judge.FACTORY,
    attribution.FACTORY,
)


@dataclass(frozen=True, slots=True)
class ChainSettings:
    """How to build a chain.

    `model`: name or path of an installed spaCy pipeline that parses; empty for the model that is shipped.
    `frames_alone`: what frames propose is told as it is, unjudged; without `gate` every sentence is read. Both are for
    training, and to see what judge and gate do.
    """

    model: str = ""
    frames_alone: bool = False
    gate: bool = True


class Chain:
    """A built pipeline. Not shared between threads at once; one per worker process."""

    def __init__(self, nlp: Language, version: str, gate: Gate | None = None) -> None:
        self._nlp = nlp
        self.version = version
        self._gate = gate

    def tag(self, article: Article) -> tuple[EventMention, ...]:
        """Return the events of an article, each once, in order of its text; raises ChainError naming the article."""
        return self.read(article).mentions

    def read(self, article: Article) -> Reading:
        """Return the events of an article and whom it introduces; raises ChainError naming the article.

        A text in which nothing may tell an event is not read, so it introduces nobody.
        """
        try:
            if self._gate and not self._gate.opens(article.full_text):
                return Reading()
            doc = self.annotated(article)
            return Reading(assemble(doc, article), introductions(doc))
        except Exception as error:
            raise ChainError(f"article {article.key}: the chain failed ({type(error).__name__}: {error})") from error

    def tag_all(self, articles: Sequence[Article]) -> list[tuple[EventMention, ...]]:
        """Return the events of each article, read together, which is faster; raises ChainError when it fails on any."""
        try:
            worth = [article for article in articles if not self._gate or self._gate.opens(article.full_text)]
            docs = self._nlp.pipe([self._begun(article) for article in worth], batch_size=_syntax.BATCH)
            told = {id(article): assemble(doc, article) for article, doc in zip(worth, docs, strict=True)}
        except Exception as error:
            raise ChainError(f"the chain failed on one of {len(articles)} articles ({error})") from error
        return [told.get(id(article), ()) for article in articles]

    def annotated(self, article: Article) -> Doc:
        """Return an article's Doc with all that the components found in it."""
        return self._nlp(self._begun(article))

    def _begun(self, article: Article) -> Doc:
        doc = self._nlp.make_doc(article.full_text)
        doc._.set(Extension.PUBLISHED_ON, article.published_on)
        doc._.set(Extension.ACQUAINTANCES, article.acquaintances)
        return doc

    @property
    def judging(self) -> judge.Judging:
        """The component that decides what is told."""
        component = self._nlp.get_pipe(judge.FACTORY)
        assert isinstance(component, judge.Judging)  # the factory of that name makes nothing else
        return component

    def judged_by(self, another: Judge) -> None:
        """Let another judge decide from now on: one that has learned from other passages."""
        self.judging.judge = another


def build_chain(settings: ChainSettings) -> Chain:
    """Return a chain; raises ChainError for a model that is not installed and LexiconError for faulty data."""
    register()
    nlp = base_pipeline(settings.model)
    for factory in FACTORIES:
        nlp.add_pipe(factory, last=True, config=config_of(factory, settings))
    return Chain(nlp, version_of(nlp, settings), event_gate() if settings.gate else None)


def config_of(factory: str, settings: ChainSettings) -> dict[str, bool]:
    """Return how a component is set up."""
    if factory == judge.FACTORY:
        return {"frames_alone": settings.frames_alone}
    return {"gate": settings.gate} if factory == _sentences.FACTORY else {}


def base_pipeline(model: str) -> Language:
    """Return the pipeline that our components are added to."""
    if not model:
        return spacy.blank("en")
    try:
        return spacy.load(model)
    except OSError as error:
        raise ChainError(
            f"the spaCy pipeline {model!r} is not installed; install its wheel with `python -m pip install WHEEL`, "
            "give the path of a pipeline folder, or leave `model` empty for the built-in rules"
        ) from error


def version_of(nlp: Language, settings: ChainSettings) -> str:
    """Return a digest that changes with our code, the data, the weights that are shipped and the model."""
    code = hashlib.sha256()
    own = Path(__file__).parent
    for path in sorted((*own.rglob("*.py"), *(path for path in (own / "models").rglob("*") if path.is_file()))):
        code.update(path.read_bytes())
    model = f"-{nlp.meta['name']}-{nlp.meta['version']}" if settings.model else ""
    return f"{code.hexdigest()[:12]}-{load().digest}{model}"
