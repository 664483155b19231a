"""Trees written by hand: `word:TAG:label:head`, words parted by blanks, heads counted from 1, a root its own head."""

from spacy import blank
from spacy.tokens import Doc, Token

VOCAB = blank("en").vocab


def tree(written: str) -> Doc:
    """Return a sentence with its tree."""
    rows = [row.rsplit(":", 3) if row.count(":") == 3 else _with_subtype(row) for row in written.split()]
    return Doc(
        VOCAB,
        words=[word for word, *_ in rows],
        tags=[tag for _, tag, *_ in rows],
        deps=[label for _, _, label, _ in rows],
        heads=[int(head) - 1 for *_, head in rows],
    )


def word(doc: Doc, text: str) -> Token:
    """Return the one token of that text."""
    (found,) = (token for token in doc if token.text == text)
    return found


def _with_subtype(row: str) -> list[str]:
    """Return the four parts of a row whose label has a colon in itself ("nsubj:pass")."""
    word, tag, *label, head = row.split(":")
    return [word, tag, ":".join(label), head]
