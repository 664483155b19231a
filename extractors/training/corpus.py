"""The stream of training examples: treebank sentences, rewritten, shuffled and grouped into short texts."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.vocab import Vocab

from extractors.training.treebank import Sentence, to_doc

Starts = list[bool | int | None]  # whether each token begins a sentence, as Doc wants it

# The chain hands over whole articles with sentence starts set; lone headlines and unsplit text come up as well.
LONGEST_TEXT = 8
SHARE_WITH_STARTS = 0.75


def training_stream(
    sentences: Sequence[Sentence], nlp: Language, *, rewrite: Callable[[Sentence], Sentence], dice: random.Random
) -> Iterator[Example]:
    """Yield examples without end, each pass over the sentences with new variants and in a new order."""
    while True:
        for text in shuffled(grouped(sentences, dice), dice):
            starts_given = dice.random() < SHARE_WITH_STARTS
            yield to_example([rewrite(sentence) for sentence in text], nlp, starts_given=starts_given)


def grouped(sentences: Sequence[Sentence], dice: random.Random) -> list[Sequence[Sentence]]:
    """Return the sentences in runs of one to `LONGEST_TEXT`, in their order."""
    texts, start = list[Sequence[Sentence]](), 0
    while start < len(sentences):
        size = dice.randint(1, LONGEST_TEXT)
        texts.append(sentences[start : start + size])
        start += size
    return texts


def shuffled(texts: Iterable[Sequence[Sentence]], dice: random.Random) -> list[Sequence[Sentence]]:
    """Return the texts in random order."""
    order = list(texts)
    dice.shuffle(order)
    return order


def to_example(text: Sequence[Sentence], nlp: Language, *, starts_given: bool) -> Example:
    """Return a text as the chain would hand it over, beside its trees."""
    return Example(tokenized(text, nlp, starts_given=starts_given), to_doc(text, nlp.vocab))


def tokenized(text: Sequence[Sentence], nlp: Language, *, starts_given: bool) -> Doc:
    """Return the text in tokens of our tokenizer rather than the treebank's, with sentence starts if wanted."""
    pieces = [nlp.make_doc(sentence.text) for sentence in text]
    starts: Starts = [token.i == 0 for piece in pieces for token in piece]
    return _joined(pieces, text, nlp.vocab, starts if starts_given else None)


def _joined(
    pieces: Sequence[Doc], text: Sequence[Sentence], vocab: Vocab, starts: list[bool | int | None] | None
) -> Doc:
    words, spaces = list[str](), list[bool]()
    for piece, sentence in zip(pieces, text, strict=True):
        words.extend(token.text for token in piece)
        spaces.extend(bool(token.whitespace_) for token in piece)
        spaces[-1] = sentence.words[-1].space
    return Doc(vocab, words=words, spaces=spaces, sent_starts=starts)
