"""How a text of config.yaml becomes a value: lengths of time, sizes, networks, URLs, party codes. Pure.

Each function raises ValueError with a plain sentence that fits behind the setting's path. None quotes its input, which
may be a secret that stands in the wrong place.
"""

import re
from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated

import pycountry
from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from monitor.alerts.cron import Cron, Hours, parse_cron, parse_hours
from monitor.alerts.rules import Throttle, pattern_problem
from monitor.poller.urls import is_web_url

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_BYTES = {"": 1, "B": 1, "KB": 1000, "MB": 1000**2, "GB": 1000**3, "KIB": 1024, "MIB": 1024**2, "GIB": 1024**3}
LONGEST = timedelta(days=3650)


def parse_duration(text: object) -> timedelta:
    """Return a length of time from `90s`, `30m`, `48h`, `2d` or several in a row (`1h30m`).

    It is longer than nothing, and ten years at most.
    """
    length = parse_pause(text)
    if not length:
        raise ValueError("wants a length of time longer than nothing and of at most ten years")
    return length


def parse_pause(text: object) -> timedelta:
    """Return a length of time as `parse_duration` does, or none at all (`0s`)."""
    if isinstance(text, timedelta):
        return text
    if not isinstance(text, str) or not re.fullmatch(r"\s*(\d{1,9}\s*[smhd]\s*)+", text):
        raise ValueError("wants a length of time with its unit, such as 90s, 30m, 48h or 2d")
    length = sum(
        (timedelta(**{_UNITS[unit]: int(n)}) for n, unit in re.findall(r"(\d+)\s*([smhd])", text)), timedelta()
    )
    if length > LONGEST:
        raise ValueError("wants a length of time longer than nothing and of at most ten years")
    return length


def parse_size(text: object) -> int:
    """Return a number of bytes from `500kB`, `10MB` (decimal) or `1MiB` (binary); more than 0."""
    if isinstance(text, int):
        return text
    found = re.fullmatch(r"\s*(\d{1,9})\s*([kKMG]?i?B|)\s*", text) if isinstance(text, str) else None
    if not found or found[2].upper() not in _BYTES or not int(found[1]):
        raise ValueError("wants a size with its unit, such as 500kB or 10MB")
    return int(found[1]) * _BYTES[found[2].upper()]


def parse_network(text: object) -> IPv4Network | IPv6Network:
    """Return a network from CIDR notation; a single address is a network of one."""
    if isinstance(text, IPv4Network | IPv6Network):
        return text
    if not isinstance(text, str):
        raise ValueError(NETWORK_WANTED)
    try:
        return ip_network(text)
    except ValueError:
        raise ValueError(_network_problem(text)) from None


NETWORK_WANTED = "wants a network such as 10.0.0.0/8 or fd00::/8"


def _network_problem(text: str) -> str:
    try:
        return f"{NETWORK_WANTED}: did you mean {ip_network(text, strict=False)}?"
    except ValueError:
        return NETWORK_WANTED


def check_feed_url(url: str) -> str:
    """Return a feed's URL; it must be an http or https address with a host."""
    if not is_web_url(url) or re.search(r"\s", url):
        raise ValueError("wants a whole address that begins with https:// or http://")
    return url


def check_public_url(url: str) -> str:
    """Return the address under which others reach us, or nothing; a path is kept, a query has no place in it."""
    if url and (not is_web_url(url) or re.search(r"[\s?#@]", url)):
        raise ValueError("wants a whole address that begins with https:// or http://, without user, `?` and `#`")
    return url


def check_listen(text: str) -> str:
    """Return where to listen; host and port are both named."""
    host_and_port(text)
    return text


def host_and_port(text: str) -> tuple[str, int]:
    """Return the two parts of `127.0.0.1:8021` or `[::1]:8021`; port 0 is one of the system's choice."""
    found = re.fullmatch(r"(?:\[([0-9a-fA-F:.]+)\]|([^\s:\[\]/]+)):(\d{1,5})", text)
    if not found or int(found[3]) > 65535:
        raise ValueError("wants HOST:PORT, such as 127.0.0.1:8021 or [::1]:8021")
    return found[1] or found[2], int(found[3])


DATABASE_WANTED = "wants sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"


def check_database_url(url: str) -> str:
    """Return a database's URL; SQLite and PostgreSQL are known, the latter also with the driver named."""
    scheme, separator, _ = url.partition("://")
    if not separator or scheme.partition("+")[0] not in ("sqlite", "postgresql"):
        raise ValueError(DATABASE_WANTED)
    return url


def absolute_database(url: str, folder: Path) -> str:
    """Return the URL with a relative SQLite file (`sqlite:///demarche.db`) taken from a folder."""
    scheme, _, rest = url.partition("://")
    file = rest.removeprefix("/")
    relative = scheme.startswith("sqlite") and rest.startswith("/") and not file.startswith(("/", ":", "file:"))
    return f"{scheme}:///{folder.absolute() / file}" if relative and file else url


# ---------------------------------------------------------------- party codes

_CODE = re.compile(r"(?=.*[A-Z])[A-Z0-9+&-]{2,16}")

# Names people use for a state which ISO 3166-1 (and so pycountry) does not list, and the codes of the event model for
# states that ISO 3166-1 has no code for.
_EVERYDAY_NAMES = {
    "america": "USA",
    "britain": "GBR",
    "cape verde": "CPV",
    "czech republic": "CZE",
    "east timor": "TLS",
    "england": "GBR",
    "great britain": "GBR",
    "holland": "NLD",
    "holy see": "VAT",
    "ivory coast": "CIV",
    "kosovo": "XKX",
    "palestine": "PSE",
    "russia": "RUS",
    "swaziland": "SWZ",
    "turkey": "TUR",
    "uae": "ARE",
    "uk": "GBR",
    "us": "USA",
    "vatican": "VAT",
}

# Two-letter codes of the event model that are also ISO 3166-1 alpha-2 codes: the African Union, not Australia.
_ORGANISATIONS = frozenset({"AU"})


def check_code(code: str) -> str:
    """Return a party's code; a country's name or two-letter code is a fault that names the code to write."""
    country = country_code(code)
    if country and code not in (country, *_ORGANISATIONS):
        raise ValueError(f"looks like a country: did you mean the code {country}?")
    if _CODE.fullmatch(code):
        return code
    meant = f" (did you mean {code.upper()}?)" if _CODE.fullmatch(code.upper()) else ""
    raise ValueError(f"wants a party's code in capitals, such as RUS, UN or HAMAS{meant}")


def check_party(code: str, info: ValidationInfo) -> str:
    """Return a party's code, or the name of a group that is known (`info.context["groups"]`)."""
    groups = (info.context or {}).get("groups", {})
    if code in groups:
        return code
    by_lower = {name.lower(): name for name in groups}
    if code.lower() in by_lower:
        raise ValueError(f"wants the group as it is written: did you mean {by_lower[code.lower()]}?")
    return check_code(code)


def check_place(place: str) -> str:
    """Return a country's three-letter code or a place's name; a two-letter country code is a fault."""
    country = country_code(place) if len(place) <= 2 else None
    if country:
        raise ValueError(f"looks like a country's two-letter code: did you mean {country}?")
    return place


@lru_cache(maxsize=4096)
def country_code(text: str) -> str | None:
    """Return the ISO 3166-1 alpha-3 code of a country's name or code, however written; None if it is none.

    Numeric codes are left out: they are not what anybody calls a country.
    """
    everyday = _EVERYDAY_NAMES.get(text.strip().lower())
    if everyday or text.strip().isdigit():
        return everyday
    try:
        return str(pycountry.countries.lookup(text).alpha_3)
    except LookupError:
        return None


# ---------------------------------------------------------------- annotated types


def check_phrase(text: str) -> str:
    """Return a word or phrase that is not empty."""
    if not text.strip():
        raise ValueError("wants a word or phrase, found an empty text")
    return text


def check_pattern(text: str) -> str:
    """Return a pattern in the syntax of RE2, not empty."""
    if problem := pattern_problem(check_phrase(text)):
        raise ValueError(problem)
    return text


THROTTLE_WANTED = "wants `NUMBER per LENGTH`, such as `5 per 1h`"


def parse_throttle(text: object) -> Throttle:
    """Return what `5 per 1h` means: at most five messages in any hour."""
    if isinstance(text, Throttle):
        return text
    found = re.fullmatch(r"\s*(\d{1,6})\s+per\s+(.+)", text) if isinstance(text, str) else None
    if not found or not int(found[1]):
        raise ValueError(THROTTLE_WANTED)
    return Throttle(int(found[1]), parse_duration(found[2]))


def parse_digest(text: object) -> Cron:
    """Return the times that a cron line with a time zone means."""
    return text if isinstance(text, Cron) else parse_cron(str(text))


def parse_quiet_hours(text: object) -> Hours:
    """Return the hours of each day that `22:00-07:00 Europe/Berlin` means."""
    return text if isinstance(text, Hours) else parse_hours(str(text))


Pause = Annotated[timedelta, BeforeValidator(parse_pause)]
Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
Size = Annotated[int, BeforeValidator(parse_size)]
Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(parse_network)]
Code = Annotated[str, AfterValidator(check_code)]
PartyName = Annotated[str, AfterValidator(check_party)]
PlaceName = Annotated[str, AfterValidator(check_place), AfterValidator(check_phrase)]
Phrase = Annotated[str, AfterValidator(check_phrase)]
Pattern = Annotated[str, AfterValidator(check_pattern)]
ThrottleText = Annotated[Throttle, BeforeValidator(parse_throttle)]
DigestText = Annotated[Cron, BeforeValidator(parse_digest)]
QuietText = Annotated[Hours, BeforeValidator(parse_quiet_hours)]
FeedUrl = Annotated[str, AfterValidator(check_feed_url)]
PublicUrl = Annotated[str, AfterValidator(check_public_url)]
Listen = Annotated[str, AfterValidator(check_listen)]
DatabaseUrl = Annotated[str, AfterValidator(check_database_url)]
