"""Signed webhooks, to a real web server on loopback."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from monitor.alerts.channels import Channel, Post, channel_problem
from monitor.errors import DeliveryError
from tests.builders import NOW
from tests.receivers import SECRET, a_channel, posting
from tests.telling import a_delivery
from tests.webserver import Answer, WebServer, serving

CANARY = "s3cr3t-canary"
HASH = SECRET.replace(" ", "%20")


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A web server on loopback that knows no path yet."""
    with serving() as server:
        yield server


@pytest.fixture
def post() -> Iterator[Post]:
    """What posts to loopback."""
    with posting() as opened:
        yield opened


def a_hook(web: WebServer, post: Post, *answers: Answer, path: str = "/hook") -> Channel:
    """Return a webhook to a path of the server that gives these answers."""
    return a_channel(f"{web.answer(path, *answers)}#{HASH}", post=post)


def refused(channel: Channel) -> DeliveryError:
    """Return the error of a channel that does not take a message."""
    with pytest.raises(DeliveryError) as caught:
        channel.send(a_delivery())
    return caught.value


# ---------------------------------------------------------------- sent


def test_a_webhook_says_all_in_parts(web: WebServer, post: Post) -> None:
    a_hook(web, post, Answer(status=204)).send(a_delivery())

    (asked,) = web.asked
    told = json.loads(asked.body)
    assert (asked.method, asked.headers["content-type"]) == ("POST", "application/json")
    assert (told["key"], told["rule"], told["reason"]) == ("0123456789abcdef", "visits", "kind visit")
    (event,) = told["events"]
    (change,) = event["changes"]
    assert (change["change"], change["old"], change["new"]) == ("date", "2022-04-26", "2022-05-03")
    assert event["evidence"][0]["publisher"] == "example.org"


def test_a_receiver_can_check_who_sent_it_and_when(web: WebServer, post: Post) -> None:
    a_hook(web, post, Answer()).send(a_delivery())

    (asked,) = web.asked
    signed = f"{asked.headers['webhook-id']}.{asked.headers['webhook-timestamp']}.".encode() + asked.body
    proof = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
    assert asked.headers["webhook-signature"] == f"v1,{proof}"
    assert asked.headers["webhook-timestamp"] == str(int(NOW.timestamp()))


def test_a_secret_may_be_written_as_the_standard_does(web: WebServer, post: Post) -> None:
    encoded = base64.b64encode(SECRET.encode()).decode().replace("=", "%3D")
    for secret in (HASH, f"whsec_{encoded}"):
        a_channel(f"{web.answer('/hook', Answer())}#{secret}", post=post).send(a_delivery())

    first, second = web.asked
    assert first.headers["webhook-signature"] == second.headers["webhook-signature"]


def test_the_key_is_the_one_to_tell_a_resend_by(web: WebServer, post: Post) -> None:
    hook = a_hook(web, post, Answer())
    hook.send(a_delivery())
    hook.send(a_delivery())

    assert [asked.headers["idempotency-key"] for asked in web.asked] == ["0123456789abcdef"] * 2
    assert web.asked[0].body == web.asked[1].body


def test_the_secret_is_not_sent(web: WebServer, post: Post) -> None:
    a_channel(f"{web.answer('/hook', Answer())}#{CANARY}", post=post).send(a_delivery())

    (asked,) = web.asked
    assert CANARY not in f"{asked.path} {asked.headers} {asked.body!r}"


# ---------------------------------------------------------------- not sent


@pytest.mark.parametrize("status", [301, 307, 408, 429, 500, 502, 503])
def test_what_may_pass_is_tried_again(web: WebServer, post: Post, status: int) -> None:
    error = refused(a_hook(web, post, Answer(status=status, headers={"Location": "/other"})))

    assert (error.permanent, str(error)) == (False, f"channel desk: HTTP {status}")
    assert len(web.asked) == 1  # a redirect is not followed


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422])
def test_what_will_never_be_taken_is_permanent(web: WebServer, post: Post, status: int) -> None:
    assert refused(a_hook(web, post, Answer(status=status))).permanent


@pytest.mark.parametrize(
    ("retry_after", "seconds"), [("120", 120), ("Fri, 22 Apr 2022 09:30:00 GMT", 1800), ("soon", None), ("-1", None)]
)
def test_a_receiver_says_when_it_may_be_asked_again(
    web: WebServer, post: Post, retry_after: str, seconds: int | None
) -> None:
    error = refused(a_hook(web, post, Answer(status=429, headers={"Retry-After": retry_after})))

    assert error.retry_at == (None if seconds is None else NOW + timedelta(seconds=seconds))


def test_a_receiver_that_does_not_answer_is_left_after_its_time(web: WebServer) -> None:
    hung_up = threading.Event()
    with posting(deadline_seconds=0.3) as impatient:
        error = refused(a_hook(web, impatient, Answer(before=hung_up.wait)))
        hung_up.set()

    assert (error.permanent, str(error)) == (False, "channel desk: it did not answer in time")


def test_a_receiver_that_is_not_there_is_tried_again(post: Post) -> None:
    with serving() as gone:
        url = gone.url("/hook")
    error = refused(a_channel(f"{url}#{HASH}", post=post))

    assert not error.permanent
    assert "cannot be reached" in str(error)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "10.1.2.3", "0.0.0.0"])
def test_a_webhook_stays_out_of_private_networks_unless_they_are_listed(host: str) -> None:
    with posting(allow=()) as guarded:
        error = refused(a_channel(f"http://{host}:9/hook#{HASH}", post=guarded))

    assert "poller.allow_networks" in str(error)


def test_no_part_of_the_address_is_told(post: Post) -> None:
    with serving() as gone:
        url = f"http://{CANARY}:{CANARY}@127.0.0.1:{gone.port}/{CANARY}?token={CANARY}#{CANARY}"
    channel = a_channel(url, post=post)
    error = refused(channel)

    assert CANARY not in f"{error} {error!r} {channel!r}"


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://hooks.example/x#secret", ""),
        ("https://#secret", "a host is missing"),
        ("https://hooks.example/x", "wants a secret to sign with"),
        ("https://hooks.example/x#whsec_no-base64", "is not Base64"),
        ("jsons://hooks.example/x", "write https://HOST/PATH#SECRET"),
    ],
)
def test_a_url_is_checked_before_anything_is_sent(url: str, problem: str) -> None:
    told = channel_problem(url)

    assert problem in told
    assert bool(problem) == bool(told)
