"""The training, with few steps on a dozen sentences of our own."""

import io
import shutil
from pathlib import Path

import pytest
from rich.console import Console
from spacy.language import Language

from extractors.syntax.model import load_syntax, models
from extractors.training.__main__ import main, parts, read_treebanks
from extractors.training.measure import clause_scores, score
from extractors.training.train import Progress, recipe, slimmed, train
from extractors.training.treebank import read_treebank

TINY = Path(__file__).with_name("data") / "tiny.conllu"
# A relation has to be met twenty times to be learnt (recipe.cfg), so each sentence is there as often.
OFTEN = 20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as the training wants it."""
    conllu = tmp_path / "nlp" / "conllu"
    conllu.mkdir(parents=True)
    for name in ("ewt-train", "gum-train", "ewt-dev", "gum-dev"):
        shutil.copy(TINY, conllu / f"{name}.conllu")
    return tmp_path / "nlp"


def weights(nlp: Language) -> list[bytes]:
    return [
        node.get_param(name).tobytes()
        for model in models(nlp)
        for node in model.walk()
        for name in node.param_names
        if node.has_param(name)
    ]


def test_training_learns_the_trees_that_it_is_shown() -> None:
    sentences = read_treebank(TINY)

    nlp = train(sentences * OFTEN, steps=60, batch_words=100)

    assert score(nlp, "tiny", sentences).las > 0.8  # 1.0 when measured; 0.11 after one step


def test_the_same_sentences_and_steps_give_the_same_weights() -> None:
    sentences = read_treebank(TINY) * 2

    assert weights(train(sentences, steps=2, batch_words=100)) == weights(train(sentences, steps=2, batch_words=100))


def test_slimming_drops_the_words_and_keeps_what_was_learnt() -> None:
    sentences = read_treebank(TINY)
    nlp = train(sentences * OFTEN, steps=20, batch_words=100)
    before = score(nlp, "tiny", sentences)

    slim = slimmed(nlp)

    assert score(slim, "tiny", sentences).las == pytest.approx(before.las, abs=0.03)
    assert "Ankara" in nlp.vocab.strings
    assert "Ankara" not in slimmed(nlp).vocab.strings


def test_the_command_writes_a_model_and_says_how_good_it_is(folder: Path, tmp_path: Path) -> None:
    said = io.StringIO()

    main(["--nlp", str(folder), "--output", str(tmp_path / "model"), "--steps", "2"], console=Console(file=said))

    assert load_syntax(path=tmp_path / "model").pipe_names == ["tok2vec", "tagger", "parser"]
    told = said.getvalue()
    assert all(words in told for words in ("ewt-dev", "gum-dev", "UAS", "words per CPU-second", "MB in"))


def test_progress_is_told_with_the_mean_loss() -> None:
    told = list[Progress]()

    train(read_treebank(TINY), steps=5, tell=told.append, tell_every=2)

    assert [progress.step for progress in told] == [2, 4]
    assert all(progress.tagger > 0 and progress.parser > 0 for progress in told)


def test_the_learning_rate_falls_to_nought_at_the_last_step() -> None:
    rate = recipe(40)["training"]["optimizer"]["learn_rate"]

    assert (rate["warmup_steps"], rate["total_steps"]) == (20, 40)


def test_what_is_held_out_is_measured_and_not_trained_on(folder: Path) -> None:
    train_file = folder / "conllu" / "gum-train.conllu"
    train_file.write_text(train_file.read_text().replace("newdoc id = second", "newdoc id = GUM_news_korea"))

    treebanks = read_treebanks(folder / "conllu")

    assert len(treebanks.held_out) == 6
    assert {sentence.document for sentence in treebanks.train} == {"first", "second"}
    assert len(treebanks.train) == 18
    assert parts(treebanks)["held out, foreign news"] == list(treebanks.held_out)


def test_clauses_are_scored_against_the_treebank() -> None:
    sentences = read_treebank(TINY)
    nlp = train(sentences * OFTEN, steps=1)

    scores = clause_scores(nlp, sentences)

    assert set(scores) == {"predicate", "subject", "object", "oblique", "tense", "negation", "embedding"}
    assert all(0 <= share < 1 for share in scores.values())
