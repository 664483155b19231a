"""What identifies an address, what politeness counts by, and what may be shown of it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from monitor.poller.urls import canonical_url, host_key, is_web_url, redacted, without_user

CASES = YAML(typ="safe", pure=True).load(Path(__file__).with_name("urls.yaml").read_text("utf-8"))


@pytest.mark.parametrize(("url", "canonical"), [pytest.param(*pair, id=pair[0][:60]) for pair in CASES["canonical"]])
def test_address_loses_what_does_not_identify(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(("one", "other"), CASES["different"])
def test_addresses_of_different_pages_stay_different(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize("text", CASES["no_address"])
def test_what_is_no_web_address_has_neither_canonical_form_nor_host(text: str) -> None:
    assert (canonical_url(text), host_key(text), is_web_url(text)) == ("", "", False)


@pytest.mark.parametrize(("url", "host"), CASES["host"])
def test_politeness_counts_by_the_machine(url: str, host: str) -> None:
    assert host_key(url) == host


@pytest.mark.parametrize(("url", "shown", "bare"), CASES["password"])
def test_password_is_neither_shown_nor_handed_on(url: str, shown: str, bare: str) -> None:
    assert (redacted(url), without_user(url)) == (shown, bare)


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert canonical_url(f"http://example.org/{text}") != ""
    assert isinstance(canonical_url(text), str)


@given(st.text(alphabet="abcÄé/?&=%#+ utm_ref:@.[]", max_size=40))
def test_canonical_form_is_its_own(path: str) -> None:
    once = canonical_url(f"https://example.org/{path}")

    assert canonical_url(once) == once
