"""An annotated Doc → the event mentions of an article, each event once."""

from spacy.tokens import Doc

from extractors.assemble.mentions import told
from extractors.assemble.merge import merged
from extractors.types import Article, EventMention


def assemble(doc: Doc, article: Article) -> tuple[EventMention, ...]:
    """Return the events of an article in the order of its text; passages that tell the same event are one mention."""
    headline_end = article.full_text.find("\n") + 1
    return merged(told(doc, article), headline_end=headline_end)
