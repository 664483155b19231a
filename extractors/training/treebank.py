"""Treebanks in CoNLL-U (https://universaldependencies.org/format.html) as values, and as spaCy Docs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.tokens import Doc
from spacy.vocab import Vocab


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a tree. `head` is its head's place in the sentence, counted from 0; the root is its own head."""

    form: str
    tag: str
    head: int
    relation: str
    space: bool = True
    lemma: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A tree, and the name of the document it comes from (empty where the file names none)."""

    words: tuple[Word, ...]
    document: str = ""

    @property
    def text(self) -> str:
        """The sentence as it is written, without blanks around it."""
        return "".join(word.form + " " * word.space for word in self.words).strip()


def read_treebank(path: Path) -> tuple[Sentence, ...]:
    """Return the sentences of a CoNLL-U file in order; raises ValueError naming file and line for a broken row."""
    with path.open(encoding="utf-8") as lines:
        return tuple(parse(lines, name=path.name))


def parse(lines: Iterable[str], *, name: str = "text") -> Iterator[Sentence]:
    """Yield the sentences of CoNLL-U text; rows of multi-word tokens and empty nodes are passed over."""
    document, words = "", list[Word]()
    for number, line in enumerate(lines, start=1):
        row = line.rstrip("\n")
        if row.startswith("# newdoc id = "):
            document = row.partition(" = ")[2]
        elif row and not row.startswith("#"):
            words.extend(_words(row, place=len(words), where=f"{name}:{number}"))
        elif not row and words:
            yield Sentence(tuple(words), document)
            words = []
    if words:
        yield Sentence(tuple(words), document)


def _words(row: str, *, place: int, where: str) -> Iterator[Word]:
    fields = row.split("\t")
    if len(fields) != 10:
        raise ValueError(f"{where}: a word has 10 columns, this row has {len(fields)}")
    number, form, lemma, upos, xpos, _, head, relation, _, misc = fields
    if not number.isdecimal():
        return
    if int(number) != place + 1 or not head.isdecimal():
        raise ValueError(f"{where}: words are counted 1, 2, 3, … and have a number for a head")
    root = head == "0"
    yield Word(
        form=form,
        tag=upos if xpos == "_" else xpos,
        head=place if root else int(head) - 1,
        relation="ROOT" if root else relation,  # as spaCy writes it
        space="SpaceAfter=No" not in misc,
        lemma="" if lemma == "_" else lemma,
    )


def to_doc(sentences: Iterable[Sentence], vocab: Vocab) -> Doc:
    """Return sentences one after the other as a Doc with their trees."""
    words, heads = list[Word](), list[int]()
    for sentence in sentences:
        heads.extend(len(words) + word.head for word in sentence.words)
        words.extend(sentence.words)
    return Doc(
        vocab,
        words=[word.form for word in words],
        spaces=[word.space for word in words],
        tags=[word.tag for word in words],
        heads=heads,
        deps=[word.relation for word in words],
    )
