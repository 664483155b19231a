"""How a channel may be worded, and the URLs that come of it."""

from pathlib import Path
from typing import Any

import pytest

from monitor.config import load_config
from monitor.config.channels import channel_urls

MAIL = "smtps://mail.example"
HOOK = "https://hooks.example/a"


def revealed(value: object) -> list[str]:
    return [url.reveal() for url in channel_urls(value)]


@pytest.mark.parametrize(
    ("written", "urls"),
    [
        ("console:", ["console:"]),
        (["file:a", "file:b", "file:a"], ["file:a", "file:b"]),
        ({"url": HOOK, "secret": "a b#c"}, [f"{HOOK}#a%20b%23c"]),
        ({"url": f"{MAIL}?to=a@b.example", "from": "c@d.example"}, [f"{MAIL}?to=a@b.example&from=c@d.example"]),
        (
            {"url": f"{MAIL}/?to=a@b.example&from=c@d.example", "password": "p@:/", "user": "u@v"},
            ["smtps://u%40v:p%40%3A%2F@mail.example/?to=a@b.example&from=c@d.example"],
        ),
        (
            {"url": "smtps://u:old@mail.example?from=c@d.example&to=a@b.example", "user": "new"},
            ["smtps://new:old@mail.example?to=a@b.example&from=c@d.example"],
        ),
        (
            {"url": MAIL, "from": "c@d.example", "to": ["a@b.example", "e@b.example"]},
            [f"{MAIL}?to=a@b.example&from=c@d.example", f"{MAIL}?to=e@b.example&from=c@d.example"],
        ),
        ([{"url": HOOK, "secret": "x"}, "console:"], [f"{HOOK}#x", "console:"]),
    ],
)
def test_a_channel_is_a_url_its_parts_or_a_list(written: object, urls: list[str]) -> None:
    assert [sorted(url.replace("?", "&").split("&")) for url in revealed(written)] == [
        sorted(url.replace("?", "&").split("&")) for url in urls
    ]


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ({"secret": "hunter2"}, "`url` is missing"),
        ({"url": HOOK, "secret": ["hunter2", "b"]}, "`secret` wants one text"),
        ({"url": HOOK, "secret": {}}, "`secret` wants a text"),
        ({"url": HOOK, "user": "hunter2"}, "beside `url` it knows secret, not `user`"),
        ({"url": "console:", "hunter 2": "x"}, "has nothing beside its `url`"),
        ([["console:"]], "wants a URL as text"),
        ({}, "wants a URL as text"),
        (None, "wants a URL as text"),
    ],
)
def test_what_is_no_channel_is_explained_without_quoting_it(written: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as caught:
        channel_urls(written)
    assert "hunter2" not in str(caught.value)


SEVERAL = """
alerts:
  channels:
    desk: [file:a, file:b]
    boss: "console:"
  operators: desk
  rules:
    - {name: visits, kinds: visit, channels: [boss, desk], escalate: {after: 5m, to: desk}}
    - {name: talks, kinds: talks, channels: boss, escalate: {after: 5m, to: desk}}
"""


def test_each_destination_of_a_channel_has_a_name_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(SEVERAL.replace(", escalate: {after: 5m, to: desk}}", "}", 1), encoding="utf-8")
    alerts = load_config(path, environ={}).alerts

    visits, talks = alerts.rules
    assert list(alerts.channels) == ["desk/1", "desk/2", "boss"]
    assert visits.channels == ("boss", "desk/1", "desk/2")
    assert talks.timing.escalate[0].to == alerts.operators == ("desk/1", "desk/2")


def test_a_secret_may_be_in_a_file_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "hook.secret").write_text("one line\n", encoding="utf-8")
    path = tmp_path / "config.yaml"
    path.write_text("alerts: {channels: {hook: {url: 'https://a.example/', secret: '${file:hook.secret}'}}}")

    assert load_config(path, environ={}).alerts.channels["hook"].reveal() == "https://a.example/#one%20line"
