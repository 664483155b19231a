"""The tree of each sentence that passed the gate, by the model that is shipped with the package.

A pipeline of the user's that has parsed already is left as it is.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import cast

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from thinc.types import Ints2d

from extractors.components._doc import Extension, Sentence, open_sentences
from extractors.components._sentences import words_of
from extractors.syntax import load_syntax, parse

FACTORY = "demarche_syntax"
ATTRIBUTES: list[int | str] = ["HEAD", "TAG", "DEP"]


def excerpt(doc: Doc, stretches: Iterable[Sentence]) -> Doc:
    """Return a Doc of the sentences alone, each beginning where it begins, in words as a reader sees them."""
    seen = words_of(doc)
    words: list[str] = []
    spaces: list[bool] = []
    starts: list[bool | int | None] = []
    for stretch in stretches:
        tokens = doc[stretch.start : stretch.end]
        words.extend(seen[stretch.start : stretch.end])
        spaces.extend(bool(token.whitespace_) for token in tokens)
        starts.extend(position == 0 for position in range(len(tokens)))
    return Doc(doc.vocab, words=words, spaces=spaces, sent_starts=starts)


def spread(parsed: Doc, stretches: Sequence[Sentence], length: int) -> Ints2d:
    """Return the parsed attributes at the places that the sentences have in the whole text; nothing elsewhere."""
    values = np.zeros((length, len(ATTRIBUTES)), dtype=np.uint64)
    found = parsed.to_array(ATTRIBUTES)
    done = 0
    for stretch in stretches:
        size = stretch.end - stretch.start
        values[stretch.start : stretch.end] = found[done : done + size]
        done += size
    return cast(Ints2d, values)


@Language.factory(FACTORY, requires=[Extension.SENTENCES.path], assigns=["token.tag", "token.dep", "token.head"])
def make(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Return the component that parses what is worth reading."""
    syntax = load_syntax(nlp.vocab)

    def component(doc: Doc) -> Doc:
        stretches = [sentence for _, sentence in open_sentences(doc)]
        if not stretches or doc.has_annotation("DEP"):
            return doc
        parsed = next(iter(parse(syntax, [excerpt(doc, stretches)])))
        return doc.from_array(ATTRIBUTES, spread(parsed, stretches, len(doc)))

    return component
