"""The tree of each sentence that passed the gate, by the model that is shipped with the package.

A pipeline of the user's that has parsed already is left as it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import cast

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from thinc.types import Ints2d

from extractors.components._dateline import dateline
from extractors.components._doc import Extension, Sentence, open_sentences
from extractors.components._sentences import words_of
from extractors.syntax import load_syntax, parse

FACTORY = "demarche_syntax"
# Texts parsed together: with 64 it is no faster than with 32, 1 has 0.4 of the speed (2026-11).
BATCH = 32
ATTRIBUTES: list[int | str] = ["HEAD", "TAG", "DEP"]


def excerpt(doc: Doc, stretches: Iterable[Sentence]) -> Doc:
    """Return a Doc of the sentences alone, each beginning where it begins, in words as a reader sees them.

    A dateline has a tree of its own: read as the beginning of its sentence, it would pass for the subject.
    """
    seen = words_of(doc)
    words: list[str] = []
    spaces: list[bool] = []
    starts: list[bool | int | None] = []
    for stretch in stretches:
        tokens = doc[stretch.start : stretch.end]
        words.extend(seen[stretch.start : stretch.end])
        spaces.extend(bool(token.whitespace_) for token in tokens)
        proper = tokens.start_char + len(dateline(tokens.text))
        starts.extend(position == 0 or token.idx == proper for position, token in enumerate(tokens))
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


class Parsing:
    """The component; many texts at a time are parsed more than twice as fast as one by one."""

    def __init__(self, syntax: Language) -> None:
        self._syntax = syntax

    def __call__(self, doc: Doc) -> Doc:
        """Return a Doc with the trees of what is worth reading."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH) -> Iterator[Doc]:
        """Yield Docs with the trees of what is worth reading, in order."""
        texts = iter(stream)
        while docs := list(islice(texts, batch_size)):
            open_ones = [
                doc for doc in docs if not doc.has_annotation("DEP") and any(True for _ in open_sentences(doc))
            ]
            stretches = [[sentence for _, sentence in open_sentences(doc)] for doc in open_ones]
            parsed = parse(self._syntax, map(excerpt, open_ones, stretches))
            for doc, tree, parts in zip(open_ones, parsed, stretches, strict=True):
                doc.from_array(ATTRIBUTES, spread(tree, parts, len(doc)))
            yield from docs


@Language.factory(FACTORY, requires=[Extension.SENTENCES.path], assigns=["token.tag", "token.dep", "token.head"])
def make(nlp: Language, name: str) -> Parsing:
    """Return the component that parses what is worth reading."""
    return Parsing(load_syntax(nlp.vocab))
