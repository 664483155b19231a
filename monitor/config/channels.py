"""How config.yaml words a channel: as a URL, as a URL with its parts beside it, or as a list of these. Pure.

Nothing here quotes what it looks at, which may be a secret. Parts beside the URL need not be percent-encoded.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urldefrag

from monitor.alerts.channels import channel_problem, destinations
from monitor.alerts.secret import Secret

WANTED = "wants a URL as text, lines of `url: …` with its parts, or a list of these"


def channel_urls(value: object) -> tuple[Secret, ...]:
    """Return a URL for each destination of a channel, from now on secret; raises ValueError for what cannot be one."""
    entries = value if isinstance(value, list) else [value]
    urls = [url for entry in entries for url in destinations(_url(entry))]
    if not urls:
        raise ValueError("wants at least one URL")
    if problem := next(filter(None, map(channel_problem, urls)), ""):
        raise ValueError(problem)
    return tuple(Secret(url) for url in dict.fromkeys(urls))


def _url(entry: object) -> str:
    match entry:
        case str():
            return entry
        case {"url": str() as url, **parts}:
            return _composed(url, {str(name): part for name, part in parts.items()})
        case {**parts} if parts:
            raise ValueError("`url` is missing")
    raise ValueError(WANTED)


def _composed(url: str, parts: Mapping[str, Any]) -> str:
    scheme = url.partition(":")[0].strip().lower()
    known = PARTS.get(scheme, {})
    for name, value in parts.items():
        if name not in known:
            raise ValueError(_unknown(name, known))
        url = known[name](url, [_text(one, name) for one in (value if isinstance(value, list) else [value])])
    return url


def _unknown(name: str, known: Mapping[str, Any]) -> str:
    words = f"beside `url` it knows {', '.join(known)}" if known else "has nothing beside its `url`"
    return f"{words}, not `{name}`" if name.isidentifier() else words


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"`{name}` wants a text")
    return value


# ---------------------------------------------------------------- parts of a URL

Put = Callable[[str, list[str]], str]


def _one(name: str, values: list[str]) -> str:
    if len(values) != 1:
        raise ValueError(f"`{name}` wants one text")
    return values[0]


def _user(url: str, values: list[str]) -> str:
    scheme, login, rest = _split(url)
    _, colon, password = login.partition(":")
    return f"{scheme}{quote(_one('user', values), safe='')}{colon}{password}@{rest}"


def _password(url: str, values: list[str]) -> str:
    scheme, login, rest = _split(url)
    return f"{scheme}{login.partition(':')[0]}:{quote(_one('password', values), safe='')}@{rest}"


def _split(url: str) -> tuple[str, str, str]:
    """Return a URL in three: up to its `//`, what stands before an `@` of its host, and the rest."""
    scheme, separator, rest = url.partition("://")
    place = re.split(r"[/?#]", rest, maxsplit=1)[0]
    login, _, _ = place.rpartition("@")
    return scheme + separator, login, rest.removeprefix(f"{login}@") if login else rest.removeprefix("@")


def _query(name: str) -> Put:
    def put(url: str, values: list[str]) -> str:
        pairs = "&".join(f"{name}={quote(value, safe='@')}" for value in values)
        return f"{url}{'&' if '?' in url else '?'}{pairs}"

    return put


def _secret(url: str, values: list[str]) -> str:
    address, there = urldefrag(url)
    if there:
        raise ValueError("has two secrets: `secret` and what stands behind `#`")
    return f"{address}#{quote(_one('secret', values), safe='')}"


_MAIL: Mapping[str, Put] = {"user": _user, "password": _password, "from": _query("from"), "to": _query("to")}
PARTS: Mapping[str, Mapping[str, Put]] = {
    "smtp": _MAIL,
    "smtps": _MAIL,
    "http": {"secret": _secret},
    "https": {"secret": _secret},
}
