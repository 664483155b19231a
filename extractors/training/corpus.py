"""The stream of training examples: treebank sentences, rewritten, shuffled and grouped into short texts."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence

from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.training import Example
from spacy.vocab import Vocab

from extractors.training.treebank import Sentence, to_doc

# The chain hands over whole articles with sentence starts set; lone headlines and unsplit text come up as well.
LONGEST_TEXT = 8
SHARE_WITH_STARTS = 0.75


def training_stream(
    sentences: Sequence[Sentence], tokenizer: Tokenizer, *, rewrite: Callable[[Sentence], Sentence], dice: random.Random
) -> Iterator[Example]:
    """Yield examples without end, each pass over the sentences with new variants and in a new order."""
    while True:
        for text in shuffled(grouped(sentences, dice), dice):
            starts_given = dice.random() < SHARE_WITH_STARTS
            yield to_example([rewrite(sentence) for sentence in text], tokenizer, starts_given=starts_given)


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


def to_example(text: Sequence[Sentence], tokenizer: Tokenizer, *, starts_given: bool) -> Example:
    """Return a text as the chain would hand it over, beside its trees."""
    return Example(tokenized(text, tokenizer, starts_given=starts_given), to_doc(text, tokenizer.vocab))


def tokenized(text: Sequence[Sentence], tokenizer: Tokenizer, *, starts_given: bool) -> Doc:
    """Return the text split into tokens by our tokenizer rather than by the treebank; starts if they are to be given."""
    pieces = [tokenizer(sentence.text) for sentence in text]
    starts = [token.i == 0 for piece in pieces for token in piece]
    return _joined(pieces, text, tokenizer.vocab, starts if starts_given else None)


def _joined(pieces: Sequence[Doc], text: Sequence[Sentence], vocab: Vocab, starts: list[bool] | None) -> Doc:
    words, spaces = list[str](), list[bool]()
    for piece, sentence in zip(pieces, text, strict=True):
        words.extend(token.text for token in piece)
        spaces.extend(bool(token.whitespace_) for token in piece)
        spaces[-1] = sentence.words[-1].space
    return Doc(vocab, words=words, spaces=spaces, sent_starts=starts)
