"""HTML to the text that a reader would see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.poller.plain import one_line, plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Ministers meet", "Ministers meet"),
        ("", ""),
        ("<p>One.</p><p>Two.</p>", "One.\nTwo."),
        ("One.<br/>Two.<div>Three.</div>Four.", "One.\nTwo.\nThree.\nFour."),
        ("<ul><li>One<li>Two</ul>", "One\nTwo"),
        ("<p>a\n  line\twrapped</p>", "a line wrapped"),
        ("the <b>for</b>eign <a href='/x'>minister</a>", "the foreign minister"),
        ("Q&amp;A &lt;live&gt; &#8217; &eacute;", "Q&A <live> ’ é"),
        ("<i>Q&amp;A &lt;live&gt;</i>", "Q&A <live>"),
        ("growth < 5% & rising", "growth < 5% & rising"),
        ("I <3 diplomacy", "I <3 diplomacy"),
        ("a<script>alert('<p>')</script> b<style>p{}</style> c", "a b c"),
        ("said<!-- tracker --> so", "said so"),
        ("<figure><img src='x' alt='y'><figcaption>The envoy</figcaption></figure>Text", "The envoy\nText"),
        ("<table><tr><td>yes</td><td>no</td></tr></table>", "yes no"),
        ("<![CDATA[<p>wrapped twice</p>]]>", "wrapped twice"),
        ("unclosed <b>bold", "unclosed bold"),
        ("a&nbsp;&nbsp;b", "a b"),
        ("bell\x07 and null\x00", "bell and null"),
    ],
)
def test_markup_becomes_what_a_reader_sees(markup: str, text: str) -> None:
    assert plain_text(markup) == text


def test_title_is_one_line() -> None:
    assert one_line("Envoy<br>arrives\n<p>today") == "Envoy arrives today"


@pytest.mark.parametrize("piece", ["<a", "<!--", "<div>", "&", "<p ", "<script", "]]>", "<![CDATA["])
@pytest.mark.timeout(5)
def test_hostile_markup_takes_no_longer_than_its_length(piece: str) -> None:
    assert len(plain_text(piece * 100_000)) <= len(piece) * 100_000


@given(st.text(alphabet="<>&;/!-[]ab \n\x00\ud800'\"=#", max_size=80))
def test_any_markup_gives_clean_single_spaced_lines(markup: str) -> None:
    text = plain_text(markup)

    text.encode()
    assert all(line and line == " ".join(line.split()) for line in text.split("\n")) or text == ""
