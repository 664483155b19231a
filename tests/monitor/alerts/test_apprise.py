"""Messages through Apprise, to a real web server on loopback; and that no secret of a URL shows anywhere.

Its plainest service, `json://`, stands for all others; as a channel of ours it is refused.
"""

import io
import json
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from monitor.alerts.channels import Channel, channel_problem
from monitor.alerts.channels.services import open_service
from monitor.errors import DeliveryError
from storage.types import Delivery
from tests.builders import NOW
from tests.webserver import Answer, WebServer, serving

CANARY = "s3cr3t-canary"
SEVERAL = "names 2 destinations: give each a URL of its own, as a list"
WANTED = "wants `console:`, `file:PATH`, `atom:FOLDER`, smtps://…, https://… or an Apprise URL such as slack://…"


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A web server on loopback that knows no path yet."""
    with serving() as server:
        yield server


def a_delivery(key: str = "0123456789abcdef") -> Delivery:
    """Return a message for the desk."""
    return Delivery(1, key, "visits", "desk", 7, (2,), "Visit postponed", "a & b <c>", 0, NOW, NOW)


def a_hook(web: WebServer, path: str, *, query: str = "", login: str = "") -> Channel:
    """Return a webhook to a path of the server."""
    url = f"json://{login}127.0.0.1:{web.port}{path}?rto=0.5&cto=0.5{query}"
    return open_service("desk", url)


def refused(channel: Channel) -> DeliveryError:
    """Return the error of a channel that does not take a message."""
    with pytest.raises(DeliveryError) as caught:
        channel.send(a_delivery())
    return caught.value


# ---------------------------------------------------------------- sent and not


def test_a_webhook_gets_title_and_body_as_they_are(web: WebServer) -> None:
    web.answer("/hook", Answer())

    a_hook(web, "/hook").send(a_delivery())

    (asked,) = web.asked
    told = json.loads(asked.body)
    assert (told["title"], told["message"]) == ("Visit postponed", "a & b <c>")


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_what_may_pass_is_tried_again(web: WebServer, status: int) -> None:
    web.answer("/hook", Answer(status=status))
    error = refused(a_hook(web, "/hook"))

    assert not error.permanent
    assert f"error={status}" in str(error)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422])
def test_what_will_never_be_taken_is_permanent(web: WebServer, status: int) -> None:
    web.answer("/hook", Answer(status=status))

    assert refused(a_hook(web, "/hook")).permanent


def test_a_server_that_does_not_answer_is_left_after_its_time(web: WebServer) -> None:
    hung_up = threading.Event()
    web.answer("/hook", Answer(before=hung_up.wait))
    error = refused(a_hook(web, "/hook"))
    hung_up.set()

    assert "it did not answer in time" in str(error)
    assert not error.permanent


def test_a_server_that_is_not_there_is_told() -> None:
    with serving() as gone:
        channel = a_hook(gone, "/hook")

    assert "the connection was refused" in str(refused(channel))


def test_reasons_of_messages_sent_at_once_are_kept_apart(web: WebServer) -> None:
    statuses = {path: 500 + number for number, path in enumerate(["/a", "/b", "/c", "/d"])}
    together = threading.Barrier(len(statuses), timeout=20)
    for path, status in statuses.items():
        web.answer(path, Answer(status=status, before=together.wait))
    channels = [a_hook(web, path, query="&rto=20") for path in statuses]

    with ThreadPoolExecutor(len(channels)) as pool:
        errors = list(pool.map(refused, channels))

    assert [f"error={status}" in str(error) for error, status in zip(errors, statuses.values(), strict=True)] == [
        True
    ] * len(statuses)
    assert all(str(error).count("error=") == 1 for error in errors)


# ---------------------------------------------------------------- URLs


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("slak://localhost", "Apprise knows no service slak:// (did you mean slack://?)"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#a/#b", SEVERAL),
        ("ntfy://localhost/a, ntfy://localhost/b", SEVERAL),
        ("wholly-unknown://localhost", "Apprise knows no service wholly-unknown://"),
        (f"tgram://{CANARY}", "Apprise cannot use this tgram:// URL: a part is missing or malformed"),
        (CANARY, WANTED),
    ],
)
def test_a_url_that_apprise_cannot_use_is_explained(url: str, problem: str) -> None:
    assert channel_problem(url) == problem


# ---------------------------------------------------------------- secrets


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """All that any logger hands on, down to the last detail."""
    # Not caplog: that listens at loggers that hand nothing on, too.
    out, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(out), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize("status", [200, 404, 500])
def test_no_secret_of_a_url_is_logged_or_told(
    web: WebServer, status: int, logged: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    path = f"/{CANARY}/path"
    web.answer(f"{path}?token={CANARY}", Answer(status=status))
    channel = a_hook(web, path, query=f"&-token={CANARY}&%2BX-Key={CANARY}", login=f"desk:{CANARY}@")

    said = told_by(channel)

    assert CANARY in web.asked[0].path
    assert CANARY not in f"{said} {channel!r} {logged.getvalue()} {capfd.readouterr().err}"


def test_no_secret_is_told_of_a_server_that_is_not_there(
    logged: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    with serving() as gone:
        channel = a_hook(gone, f"/{CANARY}", login=f"desk:{CANARY}@")

    said = told_by(channel)

    assert "connection was refused" in said
    assert CANARY not in f"{said} {channel!r} {logged.getvalue()} {capfd.readouterr().err}"


def test_a_secret_in_the_place_of_the_host_is_masked() -> None:
    channel = open_service("desk", f"json://{CANARY}.invalid/{CANARY}")

    assert CANARY not in str(refused(channel))


def told_by(channel: Channel) -> str:
    """Return all that a channel says when it is given a message: its error with causes, or nothing."""
    try:
        channel.send(a_delivery())
    except DeliveryError as error:
        return f"{error} {error!r} {error.__cause__!r} {error.__context__!r}"
    return ""
