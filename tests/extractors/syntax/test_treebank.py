"""Reading treebanks, and the texts that training makes of them."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from spacy import blank

from extractors.training.corpus import grouped, tokenized, training_stream
from extractors.training.naming import Renamer, names_of_places
from extractors.training.newsroom import headline, said_last, without_final_mark
from extractors.training.treebank import Sentence, Word, parse, read_treebank, to_doc
from extractors.training.variants import (
    SHARES,
    Rewriter,
    Variant,
    lower_case,
    terse_title_case,
    title_case,
    typographic,
    upper_case,
)

TINY = Path(__file__).with_name("data") / "tiny.conllu"
NLP = blank("en")

ROWS = """\
# newdoc id = a
1-2\tdon't\t_\t_\t_\t_\t_\t_\t_\t_
1\tdo\t_\tAUX\tVB\t_\t3\taux\t_\tSpaceAfter=No
2\tn't\t_\tPART\tRB\t_\t3\tadvmod\t_\t_
2.1\tever\t_\t_\t_\t_\t_\t_\t_\t_
3\tgo\t_\tVERB\t_\t_\t0\troot\t_\tSpaceAfter=No
"""


def sentence(number: int) -> Sentence:
    return read_treebank(TINY)[number - 1]


def replace_form(sentence: Sentence, form: str, word: Word) -> Sentence:
    return replace(sentence, words=tuple(word if old.form == form else old for old in sentence.words))


def test_a_treebank_is_read_with_tags_heads_and_spaces() -> None:
    (read,) = parse(ROWS.splitlines())

    assert read.text == "don't go"
    assert read.words[0] == Word("do", "VB", head=2, relation="aux", space=False)
    assert read.words[2] == Word("go", "VERB", head=2, relation="ROOT", space=False)
    assert read.document == "a"


def test_a_sentence_knows_the_document_it_is_from() -> None:
    assert [read.document for read in read_treebank(TINY)] == ["first"] * 6 + ["second"] * 6


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("1\tword", "bad:1: a word has 10 columns, this row has 2"),
        ("2\tgo\t_\tVERB\tVB\t_\t0\troot\t_\t_", "bad:1: words are counted"),
        ("1\tgo\t_\tVERB\tVB\t_\tx\troot\t_\t_", "bad:1: words are counted"),
    ],
)
def test_a_broken_row_is_named(row: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        tuple(parse([row], name="bad"))


def test_a_doc_of_two_sentences_has_both_trees() -> None:
    doc = to_doc([sentence(1), sentence(2)], NLP.vocab)

    assert [sent.root.text for sent in doc.sents] == ["visited", "meet"]
    assert doc[7].head.text == "envoys"


def test_tokens_of_a_text_are_those_of_our_tokenizer_with_starts_given() -> None:
    text = [sentence(8), sentence(1)]

    doc = tokenized(text, NLP, starts_given=True)

    assert doc.text == "Its foreign minister didn't answer. The president visited Ankara on Monday. "
    assert [token.text for token in doc if token.is_sent_start] == ["Its", "The"]
    assert not tokenized(text, NLP, starts_given=False).has_annotation("SENT_START")


def test_grouping_loses_no_sentence_and_keeps_their_order() -> None:
    sentences = read_treebank(TINY)

    texts = grouped(sentences, random.Random(7))

    assert tuple(sentence for text in texts for sentence in text) == sentences


def test_the_stream_goes_on_after_all_sentences_were_seen() -> None:
    dice = random.Random(3)
    stream = training_stream(read_treebank(TINY), NLP, rewrite=Rewriter(dice, {}), dice=dice)

    seen = [next(stream).reference.text for _ in range(40)]

    assert sum("visited Ankara" in text for text in seen) > 1


@pytest.mark.parametrize(
    ("number", "variant", "expected"),
    [
        (1, headline, "president visits Ankara on Monday"),
        (2, headline, "Two envoys to meet in Geneva"),
        (7, headline, "ships leave because port closes"),
        (3, headline, "accord signed by Jordan"),
        (1, title_case, "The President Visited Ankara on Monday"),
        (8, title_case, "Its Foreign Minister Didn't Answer"),
        (3, terse_title_case, "Accord Signed by Jordan"),
        (1, without_final_mark, "The president visited Ankara on Monday"),
        (1, upper_case, "THE PRESIDENT VISITED ANKARA ON MONDAY."),
        (1, lower_case, "the president visited ankara on monday."),
        (8, typographic, "Its foreign minister didn’t answer."),
        (4, said_last, "Ministers agreed, it says."),
        (5, said_last, "The king wants to open the border."),
    ],
)
def test_a_sentence_is_written_as_the_press_would(number: int, variant: Variant, expected: str) -> None:
    assert variant(sentence(number)).text == expected


def test_what_is_left_out_of_a_headline_leaves_the_tree_whole() -> None:
    doc = to_doc([headline(sentence(3))], NLP.vocab)

    assert [(token.text, token.dep_, token.head.text) for token in doc] == [
        ("accord", "nsubj:pass", "signed"),
        ("signed", "ROOT", "signed"),
        ("by", "case", "Jordan"),
        ("Jordan", "obl:agent", "signed"),
    ]


def test_a_source_that_is_put_last_becomes_a_remark() -> None:
    doc = to_doc([said_last(sentence(4))], NLP.vocab)

    assert [(token.text, token.dep_, token.head.text) for token in doc] == [
        ("Ministers", "nsubj", "agreed"),
        ("agreed", "ROOT", "agreed"),
        (",", "punct", "says"),
        ("it", "nsubj", "says"),
        ("says", "parataxis", "agreed"),
        (".", "punct", "agreed"),
    ]


def test_a_headline_says_to_for_will_and_keeps_a_refusal() -> None:
    will, wont = sentence(2), replace_form(sentence(8), "did", Word("wo", "MD", 5, "aux", space=False))

    assert [(word.form, word.tag, word.relation) for word in headline(will).words][2] == ("to", "TO", "mark")
    assert headline(wont).text == "Its foreign minister won't answer"


def test_straight_quotes_open_and_close_in_turn() -> None:
    words = tuple(Word(form, "UH", 1, "dep", space=False) for form in ('"', "no", '"'))

    assert typographic(Sentence(words)).text == "“no”"


def test_nothing_is_left_out_that_something_hangs_on() -> None:
    words = (Word("all", "PDT", 1, "det:predet"), Word("the", "DT", 2, "det"), Word("kings", "NNS", 2, "ROOT"))

    assert headline(Sentence(words)).text == "all the kings"


def test_the_same_dice_rewrite_alike_and_in_the_given_shares() -> None:
    always = Rewriter(random.Random(1), {upper_case: 1.0})
    never = Rewriter(random.Random(1), {})
    twice = [[Rewriter(random.Random(5), SHARES)(sentence(n)) for n in range(1, 13)] for _ in range(2)]

    assert always(sentence(2)) == upper_case(sentence(2))
    assert never(sentence(2)) == sentence(2)
    assert twice[0] == twice[1]


def test_names_and_pronouns_are_exchanged_and_the_tree_stays() -> None:
    renamed = Renamer(random.Random(1), ["Samoa"], share=1.0, share_of_names=1.0)

    assert renamed(sentence(1)).text == "The president visited Samoa on Monday."
    assert renamed(sentence(11)).text == "Talks are now possible, Samoa said."
    assert [word.head for word in renamed(sentence(11)).words] == [word.head for word in sentence(11).words]
    assert renamed(sentence(11)).words[5].tag == "NNP"


def test_without_names_or_luck_a_sentence_stays_as_it_is() -> None:
    assert Renamer(random.Random(1), [], share=1.0)(sentence(1)) == sentence(1)
    assert Renamer(random.Random(1), ["Samoa"], share=0.0)(sentence(1)) == sentence(1)


def test_the_names_are_single_words_in_a_fixed_order() -> None:
    names = names_of_places()

    assert {"Samoa", "Cairo"} < set(names)
    assert list(names) == sorted(names)
    assert all(name.isalpha() for name in names)
