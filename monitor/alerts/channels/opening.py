"""From a channel's URL to the channel, or to what is wrong with the URL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.alerts.channels.atom import AtomChannel
from monitor.alerts.channels.files import FileChannel
from monitor.alerts.channels.mail import mail_problem, one_recipient_each, open_mail
from monitor.alerts.channels.parts import Channel, Post
from monitor.alerts.channels.services import open_service, service_problem
from monitor.alerts.channels.terminal import ConsoleChannel, Terminal
from monitor.alerts.channels.webhook import open_webhook, webhook_problem
from monitor.alerts.secret import Secret
from monitor.clock import Clock
from monitor.errors import DeliveryError


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What channels are opened with: the folder of relative paths, the terminal, the web, the clock."""

    folder: Path
    console: Terminal
    post: Post
    now: Clock


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of channel: what is wrong with a URL of it, and how one is opened (name, URL, rest of it, around)."""

    problem: Callable[[str, str], str]
    open: Callable[[str, str, str, Surroundings], Channel]


def _webhook_problem(url: str, rest: str) -> str:
    return webhook_problem(url)


def _mail_problem(url: str, rest: str) -> str:
    return mail_problem(url)


_MAIL = Kind(_mail_problem, lambda name, url, rest, around: open_mail(name, url))
_WEBHOOK = Kind(_webhook_problem, lambda name, url, rest, around: open_webhook(name, url, around.post, around.now))

KINDS: Mapping[str, Kind] = {
    "console": Kind(
        lambda url, rest: "write `console:` alone" if rest else "",
        lambda name, url, rest, around: ConsoleChannel(name, around.console),
    ),
    "file": Kind(
        lambda url, rest: "" if rest else "a path is missing after `file:`",
        lambda name, url, rest, around: FileChannel(name, around.folder / rest),
    ),
    "atom": Kind(
        lambda url, rest: "" if rest else "the path of a folder is missing after `atom:`",
        lambda name, url, rest, around: AtomChannel(name, around.folder / rest),
    ),
    "smtp": _MAIL,
    "smtps": _MAIL,
    "http": _WEBHOOK,
    "https": _WEBHOOK,
}

# What Apprise knows as well, and what is written instead.
_INSTEAD = dict.fromkeys(("mailto", "mailtos"), "write smtps://USER:PASSWORD@HOST?to=ADDRESS for mail") | dict.fromkeys(
    ("json", "jsons", "xml", "xmls", "form", "forms"), "write https://HOST/PATH#SECRET for a signed webhook"
)


def open_channels(
    urls: Mapping[str, Secret], *, folder: Path, post: Post, now: Clock, console: Terminal | None = None
) -> Mapping[str, Channel]:
    """Return a channel for each name. Nothing is sent or connected yet.

    Relative paths are below `folder`; webhooks go out through `post`. Raises DeliveryError for a URL that
    `channel_problem` finds fault with.
    """
    around = Surroundings(folder, console or Terminal(), post, now)
    return {name: _open(name, url.reveal(), around) for name, url in urls.items()}


def _open(name: str, url: str, around: Surroundings) -> Channel:
    if problem := channel_problem(url):
        raise DeliveryError(name, problem, permanent=True)
    scheme, rest = _split(url)
    kind = KINDS.get(scheme)
    return kind.open(name, url, rest, around) if kind else open_service(name, url)


def channel_problem(url: str) -> str:
    """Return what is wrong with a channel's URL, empty if nothing; never quotes more of it than the scheme."""
    scheme, rest = _split(url)
    if kind := KINDS.get(scheme):
        return kind.problem(url, rest)
    if instead := _INSTEAD.get(scheme):
        return instead
    if "://" not in url:
        return "wants `console:`, `file:PATH`, `atom:FOLDER`, smtps://…, https://… or an Apprise URL such as slack://…"
    return service_problem(scheme, url, ours=(*KINDS, *_INSTEAD))


def destinations(url: str) -> list[str]:
    """Return a URL once for each destination that it names: mail to several addresses is several."""
    return one_recipient_each(url) if _split(url)[0] in ("smtp", "smtps") else [url]


def _split(url: str) -> tuple[str, str]:
    scheme, _, rest = url.partition(":")
    return scheme.strip().lower(), rest.strip()
