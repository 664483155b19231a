"""One document: conditional, redirected, refused."""

from datetime import timedelta

import pytest

from monitor.poller.types import NotModified
from tests.monitor.poller.fetching import NOW, document, fetch, open_with, refused
from tests.webserver import Answer, Asked, WebServer


def test_document_comes_with_its_address_and_lower_cased_headers(server: WebServer) -> None:
    url = server.answer("/feed", Answer(b"<rss/>", headers={"Content-Type": "text/xml"}))

    fetched = document(url)

    assert (fetched.url, fetched.status, fetched.body) == (url, 200, b"<rss/>")
    assert fetched.headers["content-type"] == "text/xml"
    assert fetched.permanent_url is None


def test_request_names_us(server: WebServer) -> None:
    url = server.answer("/feed", Answer(b"x"))

    document(url, open_with(user_agent="watcher/1 (desk@example.org)"))

    assert server.asked[0].headers["user-agent"] == "watcher/1 (desk@example.org)"


def test_validators_of_the_last_answer_bring_not_modified(server: WebServer) -> None:
    changed = "Wed, 04 Mar 2026 10:00:00 GMT"

    def unless_known(asked: Asked) -> Answer:
        known = asked.headers.get("if-none-match") == '"v1"' and asked.headers.get("if-modified-since") == changed
        return Answer(status=304) if known else Answer(b"news", headers={"ETag": '"v1"', "Last-Modified": changed})

    url = server.answer("/feed", unless_known)
    first = document(url)

    again = fetch(url, etag=first.headers["etag"], last_modified=first.headers["last-modified"])

    assert isinstance(again, NotModified)


def test_validator_that_would_break_the_request_is_not_sent(server: WebServer) -> None:
    url = server.answer("/feed", Answer(b"news"))

    fetch(url, etag='"v1"\r\nX-Injected: yes', last_modified="März")

    assert not {"if-none-match", "if-modified-since", "x-injected"} & server.asked[0].headers.keys()


def test_redirect_is_followed_and_a_permanent_one_remembered(server: WebServer) -> None:
    server.answer("/old", Answer(status=301, headers={"Location": "/new"}))
    target = server.answer("/new", Answer(b"news"))

    fetched = document(server.url("/old"))

    assert (fetched.body, fetched.url, fetched.permanent_url) == (b"news", target, target)


def test_only_the_permanent_beginning_of_a_chain_is_remembered(server: WebServer) -> None:
    server.answer("/a", Answer(status=308, headers={"Location": "/b"}))
    server.answer("/b", Answer(status=302, headers={"Location": "/c"}))
    server.answer("/c", Answer(status=301, headers={"Location": "/d"}))
    server.answer("/d", Answer(b"news"))

    assert document(server.url("/a")).permanent_url == server.url("/b")


def test_redirect_loop_ends_after_the_allowed_hops(server: WebServer) -> None:
    url = server.answer("/round", Answer(status=302, headers={"Location": "/round"}))

    assert refused(url, open_with(max_redirects=5)).reason == "too-many-redirects"
    assert server.count("/round") == 6


@pytest.mark.parametrize("target", ["file:///etc/hosts", "ftp://example.org/feed", "javascript:alert(1)"])
def test_redirect_away_from_the_web_is_refused(server: WebServer, target: str) -> None:
    url = server.answer("/feed", Answer(status=302, headers={"Location": target}))

    assert refused(url).reason == "bad-url"


def test_redirect_to_nowhere_is_named(server: WebServer) -> None:
    url = server.answer("/feed", Answer(status=302))

    assert refused(url).reason == "bad-redirect"


@pytest.mark.parametrize(
    "url", ["", "example.org/feed", "file:///etc/hosts", "http://:80/", "http://example.org:port/"]
)
def test_address_outside_the_web_is_refused_for_good(url: str) -> None:
    error = refused(url)

    assert (error.reason, error.permanent) == ("bad-url", True)


@pytest.mark.parametrize(
    ("status", "permanent"), [(404, True), (410, True), (403, True), (429, False), (500, False), (503, False)]
)
def test_refusing_status_is_named_and_says_whether_it_lasts(server: WebServer, status: int, permanent: bool) -> None:
    url = server.answer("/feed", Answer(status=status))

    error = refused(url)

    assert (error.reason, error.permanent, error.retry_at) == (f"http-{status}", permanent, None)


@pytest.mark.parametrize(
    ("retry_after", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("Wed, 04 Mar 2026 13:00:00 GMT", timedelta(hours=1)),
        ("99999999999999999999", timedelta(days=1)),
        ("Wed, 04 Mar 2026 11:00:00 GMT", None),
        ("0", None),
        ("soon", None),
    ],
)
def test_server_that_asks_for_a_pause_is_given_it(server: WebServer, retry_after: str, wait: timedelta | None) -> None:
    url = server.answer("/feed", Answer(status=429, headers={"Retry-After": retry_after}))

    assert refused(url).retry_at == (NOW + wait if wait else None)


def test_closed_port_is_a_failed_connection(server: WebServer) -> None:
    url = server.url("/feed")
    server.stop()

    error = refused(url)

    assert (error.reason, error.permanent) == ("connect", False)


def test_name_without_an_address_is_named() -> None:
    assert refused("http://no-such-host.invalid/feed").reason == "dns"


def test_plain_server_behind_https_is_a_fault_of_tls(server: WebServer) -> None:
    assert refused(server.url("/feed").replace("http:", "https:")).reason == "tls"


def test_error_never_shows_the_password(server: WebServer) -> None:
    server.answer("/feed", Answer(status=500))

    error = refused(f"http://reader:hunter2@127.0.0.1:{server.port}/feed")

    assert "hunter2" not in str(error)
    assert "hunter2" not in error.url
