"""Messages through Apprise, to a real web server on loopback; and that no secret of a URL shows anywhere."""

import io
import json
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from pathlib import Path

import pytest

from monitor.alerts.channels import Channel, channel_problem, open_channels
from monitor.alerts.secret import Secret
from monitor.errors import DeliveryError
from storage.types import Delivery
from tests.builders import NOW
from tests.webserver import Answer, WebServer, serving

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
CANARY = "s3cr3t-canary"


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
    return open_channels({"desk": Secret(url)}, folder=Path(), allow_networks=LOOPBACK)["desk"]


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


@pytest.mark.parametrize("status", [401, 403, 408, 429, 500, 502, 503])
def test_what_may_pass_is_tried_again(web: WebServer, status: int) -> None:
    web.answer("/hook", Answer(status=status))
    error = refused(a_hook(web, "/hook"))

    assert not error.permanent
    assert f"error={status}" in str(error)


@pytest.mark.parametrize("status", [400, 404, 410, 413, 422])
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


# ---------------------------------------------------------------- private networks


def test_a_webhook_stays_out_of_private_networks_unless_they_are_listed(web: WebServer) -> None:
    web.answer("/hook", Answer())
    url = Secret(f"json://localhost:{web.port}/hook")
    error = refused(open_channels({"desk": url}, folder=Path())["desk"])

    assert "poller.allow_networks" in str(error)
    assert web.asked == []


def test_a_webhook_that_redirects_is_not_followed(web: WebServer) -> None:
    web.answer("/inside", Answer())
    web.answer("/hook", Answer(status=307, headers={"Location": web.url("/inside")}))

    assert "error=307" in str(refused(a_hook(web, "/hook")))
    assert web.count("/inside") == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "10.1.2.3", "169.254.169.254", "0.0.0.0"])
def test_every_spelling_of_a_private_address_is_noticed(host: str) -> None:
    error = refused(open_channels({"desk": Secret(f"json://{host}/")}, folder=Path())["desk"])

    assert "poller.allow_networks" in str(error)


# ---------------------------------------------------------------- URLs


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("jsn://localhost", "Apprise knows no service jsn:// (did you mean json://?)"),
        ("wholly-unknown://localhost", "Apprise knows no service wholly-unknown://"),
        (f"tgram://{CANARY}", "Apprise cannot use this tgram:// URL: a part is missing or malformed"),
        (CANARY, "wants `console:`, `file:PATH` or an Apprise URL such as mailto://… or slack://…"),
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
    url = Secret(f"json://{CANARY}.invalid/{CANARY}")
    channel = open_channels({"desk": url}, folder=Path())["desk"]

    assert CANARY not in str(refused(channel))


def told_by(channel: Channel) -> str:
    """Return all that a channel says when it is given a message: its error with causes, or nothing."""
    try:
        channel.send(a_delivery())
    except DeliveryError as error:
        return f"{error} {error!r} {error.__cause__!r} {error.__context__!r}"
    return ""
