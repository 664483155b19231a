"""Features of a sentence as a whole, without grammar: its words, its pairs of words, and the headline above it."""

from collections.abc import Iterator

from extractors.judge.text import Text


def gist_features(text: Text, sentence: int) -> list[str]:
    """Return the features of a sentence."""
    return [*sentence_words(text, sentence), *headline_words(text, sentence)]


def sentence_words(text: Text, sentence: int) -> Iterator[str]:
    """Yield words, pairs and classes; parties stand as their sort."""
    start, end, headline = text.sentences[sentence]
    before = "^"
    yield "bias"
    yield "headline" if headline else "body"
    yield f"parties={min(len(text.codes(sentence)), 4)}"
    for position in range(start, end):
        word = text.shown[position]
        if word == before and word.startswith("PARTY"):
            continue  # the later words of one name
        yield f"w={word}"
        yield f"{before} {word}"
        for group in text.classes.get(position, ()):
            yield f"c={group}"
            yield f"c={group}|{before}"
        before = word


def headline_words(text: Text, sentence: int) -> Iterator[str]:
    """Yield the words of the headline that a sentence stands under."""
    start, end, headline = text.sentences[0]
    if not headline or sentence == 0:
        return
    for position in range(start, end):
        if position not in text.party_at:
            yield f"h={text.stems[position]}"
        yield from (f"hc={group}" for group in text.classes.get(position, ()))
