"""One poll of one feed against a real server: what is written down afterwards."""

import re
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.config.sections import PollerConfig
from monitor.poller.fetch import Fetcher
from monitor.poller.poll import ADVICE, PollSettings, poll_feed
from storage.types import Feed, FeedState, PolledFeed, PollOutcome
from tests.builders import a_feed
from tests.monitor.poller.fetching import NOW, OPEN, open_with, with_fetcher
from tests.webserver import Answer, Asked, WebServer

SETTINGS = PollSettings()
RSS = b"""<rss version="2.0"><channel><title>Courier</title><ttl>60</ttl>
<item><title>Ministers meet</title><link>/world/1?utm_source=rss</link><description>For an hour.</description></item>
<item><title>From the future</title><link>/world/2</link><pubDate>Tue, 03 Mar 2099 10:30:00 +0100</pubDate></item>
<item></item></channel></rss>"""


def poll(feed: Feed, settings: PollSettings = SETTINGS, fetching: Any = OPEN) -> PolledFeed:
    return with_fetcher(lambda fetcher: poll_feed(feed, fetcher, now=lambda: NOW, settings=settings), fetching)


def again(feed: Feed, polled: PolledFeed) -> Feed:
    """Return the feed as storage has it after a poll."""
    kept = ("etag", "last_modified", "body_hash", "unmodified", "document_failure", "moved_to", "moving_to")
    return replace(feed, **{name: getattr(polled, name) for name in kept}, moving_polls=polled.moving_polls)


def test_new_document_gives_items_validators_and_the_next_time(server: WebServer) -> None:
    url = server.answer("/feed", Answer(RSS, headers={"ETag": '"1"', "Last-Modified": "Wed, 04 Mar 2026 10:00:00 GMT"}))

    polled = poll(a_feed(url=url, interval=timedelta(minutes=10)))

    assert (polled.outcome, polled.title, polled.failure) == (PollOutcome.READ, "Courier", "")
    assert (polled.etag, polled.last_modified) == ('"1"', "Wed, 04 Mar 2026 10:00:00 GMT")
    assert [item.title for item in polled.items] == ["Ministers meet", "From the future"]
    assert polled.skipped == ("entry 3: no title, address, id or text",)
    assert NOW + timedelta(minutes=60) <= polled.next_poll_at <= NOW + timedelta(minutes=66)


def test_items_carry_absolute_and_canonical_addresses_and_credible_dates(server: WebServer) -> None:
    first, second = poll(a_feed(url=server.answer("/feed", Answer(RSS)))).items

    assert first.url == server.url("/world/1?utm_source=rss")
    assert first.canonical_url == server.url("/world/1").replace("http:", "https:")
    assert second.published_at is None


def test_publishers_wish_puts_off_one_poll_and_leaves_the_interval_alone(server: WebServer) -> None:
    url = server.answer("/feed", Answer(RSS))

    assert poll(a_feed(url=url, interval=timedelta(minutes=10))).interval == timedelta(minutes=10)


def test_second_poll_of_an_unchanged_feed_is_not_modified(server: WebServer) -> None:
    def conditional(asked: Asked) -> Answer:
        return (
            Answer(status=304) if asked.headers.get("if-none-match") == '"1"' else Answer(RSS, headers={"ETag": '"1"'})
        )

    feed = a_feed(url=server.answer("/feed", conditional))

    first = poll(feed)
    second = poll(again(feed, first))

    assert (second.outcome, second.items) == (PollOutcome.NOT_MODIFIED, ())
    assert (second.etag, second.body_hash) == ('"1"', first.body_hash)


def test_same_body_is_not_parsed_again(server: WebServer) -> None:
    feed = a_feed(url=server.answer("/feed", Answer(RSS)))

    second = poll(again(feed, poll(feed)))

    assert (second.outcome, second.items) == (PollOutcome.SAME_BODY, ())


def test_one_changed_byte_is_a_new_document(server: WebServer) -> None:
    feed = a_feed(url=server.answer("/feed", Answer(RSS), Answer(RSS.replace(b"an hour", b"two hours"))))

    second = poll(again(feed, poll(feed)))

    assert second.outcome is PollOutcome.READ
    assert second.items[0].summary == "For two hours."


def test_unreadable_document_is_neither_sent_nor_parsed_again_until_it_changes(server: WebServer) -> None:
    broken = Answer(b"<html>moved</html>", headers={"ETag": '"bad"'})
    feed = a_feed(url=server.answer("/feed", broken, Answer(status=304), broken, Answer(RSS)))

    polls = [first := poll(feed)]
    for _ in range(3):
        polls.append(poll(replace(again(feed, polls[-1]), failures=len(polls))))

    assert [polled.outcome for polled in polls] == [PollOutcome.FAILED] * 3 + [PollOutcome.READ]
    assert {polled.failure for polled in polls[:3]} == {first.failure}
    assert polls[1].next_poll_at < polls[2].next_poll_at
    assert [asked.headers.get("if-none-match") for asked in server.asked] == [None, '"bad"', '"bad"', '"bad"']
    assert polls[3].document_failure == ""


def test_after_many_answers_of_not_modified_the_whole_document_is_asked_for(server: WebServer) -> None:
    def stale(asked: Asked) -> Answer:
        return Answer(status=304) if "if-none-match" in asked.headers else Answer(RSS, headers={"ETag": '"1"'})

    feed = a_feed(url=server.answer("/feed", stale), etag='"1"', unmodified=60)

    assert poll(feed).unmodified == 61
    polled = poll(replace(feed, unmodified=125))

    assert (polled.outcome, polled.unmodified) == (PollOutcome.READ, 0)


def test_permanent_redirect_is_believed_after_three_good_polls_in_a_row(server: WebServer) -> None:
    server.answer("/new", Answer(RSS, headers={"ETag": '"1"'}), Answer(status=304))
    feed = a_feed(url=server.answer("/old", Answer(status=301, headers={"Location": "/new"})))

    for _ in range(3):
        assert feed.moved_to == ""
        feed = again(feed, poll(feed))

    assert feed.address == server.url("/new")
    poll(feed)
    assert (server.count("/old"), server.count("/new")) == (3, 4)


@pytest.mark.parametrize("answer", [Answer(b"<html></html>"), Answer(status=404)])
def test_permanent_redirect_to_what_is_no_feed_is_never_believed(server: WebServer, answer: Answer) -> None:
    server.answer("/new", answer)
    feed = a_feed(url=server.answer("/old", Answer(status=308, headers={"Location": "/new"})))

    for _ in range(4):
        feed = again(feed, poll(feed))

    assert (feed.moved_to, feed.moving_polls) == ("", 0)


def test_temporary_redirect_is_followed_and_forgotten(server: WebServer) -> None:
    server.answer("/new", Answer(RSS))
    feed = a_feed(url=server.answer("/old", Answer(status=302, headers={"Location": "/new"})))

    for _ in range(4):
        feed = again(feed, poll(feed))

    assert (feed.moved_to, server.count("/old")) == ("", 4)


def test_feed_that_fails_where_it_moved_to_is_asked_at_its_own_address_again(server: WebServer) -> None:
    feed = a_feed(url=server.answer("/old", Answer(RSS)), moved_to=server.answer("/new", Answer(status=404)))

    for failures in range(3):
        assert feed.address == server.url("/new")
        feed = replace(again(feed, poll(feed)), failures=failures + 1)

    assert feed.address == server.url("/old")


def test_feed_of_a_host_that_asked_to_be_left_alone_is_put_off_without_a_failure(server: WebServer) -> None:
    server.answer("/one", Answer(status=503, headers={"Retry-After": "600"}))
    one, other = a_feed(url=server.url("/one")), a_feed(id=2, url=server.url("/two"), failures=2)

    async def both(fetcher: Fetcher) -> tuple[PolledFeed, PolledFeed]:
        first = await poll_feed(one, fetcher, now=lambda: NOW, settings=SETTINGS)
        return first, await poll_feed(other, fetcher, now=lambda: NOW, settings=SETTINGS)

    first, second = with_fetcher(both)

    assert (first.outcome, second.outcome) == (PollOutcome.FAILED, PollOutcome.PUT_OFF)
    assert second.next_poll_at == NOW + timedelta(minutes=10)
    assert server.count("/two") == 0


@pytest.mark.parametrize(
    ("answer", "reason", "advice"),
    [
        (Answer(status=404), "http-404", "look up the feed's present address"),
        (Answer(status=503), "http-503", "nothing to do unless it lasts"),
        (Answer(b"<html></html>"), "html-page", "look on that page"),
        (Answer(b""), "empty", "check that it is a feed"),
    ],
)
def test_failure_gives_the_reason_and_what_to_do_to_stand_beside_the_feed(
    server: WebServer, answer: Answer, reason: str, advice: str
) -> None:
    url = server.answer("/feed", answer)

    polled = poll(a_feed(url=url, title="Courier"))

    assert polled.outcome is PollOutcome.FAILED
    assert polled.feed_id == 1
    assert polled.failure.startswith(reason)
    assert url not in polled.failure
    assert advice in polled.failure


def test_advice_names_settings_that_there_are() -> None:
    named = {name for _, advice in ADVICE for name in re.findall(r"poller\.(\w+)", advice)}

    assert named
    assert named <= {field.name for field in fields(PollerConfig)}


def test_failure_never_shows_the_password(server: WebServer) -> None:
    server.answer("/feed", Answer(b"<html></html>"))

    polled = poll(a_feed(url=f"http://ann:hunter2@127.0.0.1:{server.port}/feed"))

    assert polled.failure
    assert "hunter2" not in polled.failure
    assert server.asked[0].headers["authorization"].startswith("Basic ")


def test_server_that_asks_for_a_pause_is_left_alone_for_it(server: WebServer) -> None:
    url = server.answer("/feed", Answer(status=429, headers={"Retry-After": "7200"}))

    assert poll(a_feed(url=url, interval=timedelta(minutes=5))).next_poll_at == NOW + timedelta(hours=2)


@pytest.mark.parametrize(
    ("failures", "last_error", "state"),
    [
        (0, "", FeedState.ACTIVE),
        (1, "Courier: http-410 (Gone)", FeedState.ACTIVE),
        (2, "Courier: http-410 (Gone)", FeedState.GONE),
        (7, "Courier: timeout", FeedState.ACTIVE),
    ],
)
def test_feed_is_gone_when_its_server_says_so_three_times_in_a_row(
    server: WebServer, failures: int, last_error: str, state: FeedState
) -> None:
    url = server.answer("/feed", Answer(status=410))

    assert poll(a_feed(url=url, failures=failures, last_error=last_error)).state is state


def test_private_address_is_told_with_the_setting_that_allows_it(server: WebServer) -> None:
    polled = poll(a_feed(url=server.url("/feed")), fetching=open_with(allow_networks=()))

    assert "refused-address" in polled.failure
    assert "poller.allow_networks" in polled.failure
