"""Which texts are one report, and what a copy says that its source does not."""

import pytest

from storage.dedup.copies import SharedText, containment, counterpart, news_in, signature

WIRE = (
    "The foreign ministers of the two neighbours will meet in Vienna on Monday to settle the dispute over fishing "
    "rights, officials said. The talks were agreed after a week of calls between the capitals. A mediator from Oslo "
    "will chair them. Trawlers of both sides have been held in port since a collision in the strait in early spring, "
    "and insurers refuse to cover them. Fishermen on the northern coast say that the season is lost already."
)
OTHER = (
    "Negotiators said on Sunday that Vienna had offered rooms for the meeting of the ministers, which both "
    "governments confirmed late in the evening. The quarrel began when a trawler rammed a patrol boat. Since then "
    "neither fleet has left its harbour, and the price of cod has doubled on the quays of the north."
)


def likeness(one: str, other: str) -> float:
    return containment(signature(one), signature(other))


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(WIRE[:260], id="shortened"),
        pytest.param(f"Sign up for our evening letter. {WIRE} Read more on our site.", id="framed"),
        pytest.param(WIRE[WIRE.index("A mediator") :], id="its beginning cut off"),
        pytest.param(WIRE.replace("officials said", "two diplomats told us"), id="a phrase rewritten"),
    ],
)
def test_a_copy_has_most_of_its_source(copy: str) -> None:
    assert likeness(copy, WIRE) == likeness(WIRE, copy) >= 0.5


def test_another_report_on_the_same_event_is_no_copy() -> None:
    assert likeness(OTHER, WIRE) < 0.1


def test_texts_that_differ_in_marks_and_case_have_one_hash() -> None:
    assert signature(WIRE).text_hash == signature(WIRE.upper().replace(" ", "\n")).text_hash


def test_signature_is_the_same_in_every_process() -> None:
    assert signature(WIRE).bands[0] == -8199626098673505252


def test_copies_share_a_band() -> None:
    assert set(signature(WIRE).bands) & set(signature(f"Breaking news. {WIRE}").bands)


def test_short_texts_are_compared_by_hash_alone() -> None:
    short = "The ministers will meet in Vienna on Monday to settle the dispute."
    assert (signature(short).bands, bool(signature(short).text_hash)) == ((), True)
    assert likeness(short, short) == 0.0


def test_a_few_words_have_no_hash() -> None:
    assert signature("Read more").text_hash == ""


def test_signature_comes_back_from_its_bytes() -> None:
    kept = signature(WIRE)
    assert type(kept).unpacked(kept.text_hash, kept.packed()).shingles == kept.shingles


def test_a_text_under_three_unlike_headlines_is_boilerplate() -> None:
    text = SharedText(1, ())
    for title in ("Floods in the valley", "Harbour strike ends", "Museum buys a portrait"):
        assert not text.is_boilerplate
        text = text.under(title)
    assert text.is_boilerplate


def test_a_report_under_three_wordings_of_one_headline_is_none() -> None:
    text = SharedText(1, ())
    for title in ("Ministers to meet in Vienna", "Vienna: ministers meet on Monday", "Ministers meet in Vienna, again"):
        text = text.under(title)
    assert not text.is_boilerplate


def test_a_sentence_that_is_added_is_news() -> None:
    added = "On Friday evening the government in the north called the meeting off."
    assert news_in("Ministers to meet", f"{WIRE} {added}", "Ministers to meet", WIRE) == (added,)


def test_a_headline_of_the_same_words_is_no_news() -> None:
    assert news_in("Foreign ministers to settle dispute over fishing", WIRE, "Ministers to meet", WIRE) == ()


def test_a_headline_of_other_words_is() -> None:
    assert news_in("Vienna summit cancelled", WIRE, "Ministers to meet", WIRE) == ("Vienna summit cancelled",)


def test_a_rewritten_sentence_is_found_in_the_copy() -> None:
    sentence = "The talks were agreed after a week of calls between the capitals."
    copy = f"Good evening. {sentence.replace('agreed', 'arranged')} More soon."
    where = counterpart(sentence, copy)
    assert where is not None
    assert copy[slice(*where)] == sentence.replace("agreed", "arranged")


def test_a_sentence_that_was_cut_off_is_not() -> None:
    assert counterpart("A mediator from Oslo will chair them.", WIRE[:200]) is None
