"""What identifies an address: its canonical form, its host, and a form that may be shown. Pure."""

import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

WEB_SCHEMES = frozenset({"http", "https"})
SCHEME_PORTS = {"http": 80, "https": 443}
DEFAULT_PORTS = frozenset({None, 80, 443})

# Parameters that say how a reader came, never what is read, each with who adds it. Collected from the news feeds we
# know and from the publishers' own pages; a name that identifies pages anywhere does not belong here.
TRACKING_PREFIXES = (
    "utm_",  # Google Analytics and everybody who follows it
    "at_",  # AT Internet (BBC, France Médias Monde)
    "ns_",  # Comscore (BBC, until 2020)
    "mc_",  # Mailchimp
    "pk_",  # Matomo, once Piwik
    "mtm_",  # Matomo
    "hsa_",  # HubSpot advertising
    "wt.",  # Webtrends
    "maca",  # Deutsche Welle's campaign mark
)
TRACKING_NAMES = frozenset(
    {
        "fbclid",  # Facebook
        "gclid",  # Google Ads
        "dclid",  # Google Display
        "msclkid",  # Microsoft Advertising
        "yclid",  # Yandex
        "twclid",  # X
        "igshid",  # Instagram
        "_hsenc",  # HubSpot mail
        "_hsmi",  # HubSpot mail
        "ocid",  # BBC and Microsoft
        "cmp",  # Guardian and others: campaign
        "cmpid",  # CNBC, Bloomberg: campaign
        "smid",  # New York Times: shared by
        "partner",  # New York Times: `partner=rss`
        "emc",  # New York Times: mail campaign
        "xtor",  # Le Monde, AFP: AT Internet's older form
        "ftag",  # CBS
        "ito",  # Daily Mail
        "traffic_source",  # Al Jazeera
        "feedtype",  # Reuters
        "feedname",  # Reuters
        "rpc",  # Reuters
        "ncid",  # HuffPost
        "oc",  # Google News
        "srnd",  # Bloomberg: section that was read before
        "eref",  # CNN: the edition that was read
        "wt_mc",  # Webtrends, as heise writes it
        "mwrsm",  # New York Times: shared by mail
        "postshare",  # Washington Post
        "ref_src",  # X
    }
)
# Names that tell of the way here under such values alone, `?ref=rss`, and that identify a page under others.
AMBIGUOUS_NAMES = frozenset(
    {"campaign", "cid", "from", "medium", "mod", "output", "ref", "referrer", "source", "src", "via", "_location"}
)
TRACKING_VALUES = frozenset({"feed", "facebook", "newsletter", "twitter"})
TRACKING_VALUE_PREFIX = "rss"

_SAFE = "%/:=&?~#+!$,;'@()*[]-._|"
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_SPACES = re.compile(r"[\t\r\n]+")
# An address without user, port, escapes and anything else that would have to be looked at twice: nine in ten of those
# that feeds give, at an eighth of the cost of taking them apart. The last part of the host has a letter: no number.
_USUAL = re.compile(
    r"https?://([a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?\.[a-zA-Z]+)"
    r"(/[a-zA-Z0-9._~/:@=,!$'()*+-]*)?(\?[a-zA-Z0-9._~/:@=,!$'()*+&-]+)?(?:#[a-zA-Z0-9._~/:@=,!$'()*+&-]+)?"
)


def canonical_url(url: str) -> str:
    """Return the address without what does not identify it; empty for what is no web address.

    Scheme and host lose their case, `http` counts as `https`, default ports, user names, fragments, tracking
    parameters and dangling `?` and `&` go, escapes are upper case. Two addresses of one page come out the same as far
    as that can be known without asking; paths and the order of parameters are left alone, since servers may mean it.
    """
    if usual := _USUAL.fullmatch(url):
        host, path, query = usual.groups()
        kept = _identifying(query[1:]) if query else ""
        return f"https://{host.lower()}{path or '/'}{'?' if kept else ''}{kept}"
    parts = _split(url)
    if parts is None:
        return ""
    path = _normal(parts.path) or "/"
    return urlunsplit(("https", _authority(parts), path, _identifying(parts.query), ""))


@lru_cache(maxsize=1024)
def host_key(url: str) -> str:
    """Return what politeness counts by: the host in lower case, without port; empty for what is no web address.

    A port is no other machine, so all ports of a host share one turn.
    """
    parts = _split(url)
    return _host(parts) if parts else ""


@lru_cache(maxsize=1024)
def authority(url: str) -> str:
    """Return what a request's Host header says: the host in ASCII, with its port unless that is the scheme's own."""
    parts = _split(url)
    if parts is None:
        return ""
    host = _host(parts)
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in (None, SCHEME_PORTS[parts.scheme]) else f"{host}:{parts.port}"


@lru_cache(maxsize=1024)
def request_target(url: str) -> str:
    """Return what a request asks its host for: path and query, with what may not stand there escaped."""
    parts = _split(url)
    if parts is None:
        return "/"
    query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    return f"{quote(parts.path, safe=_SAFE) or '/'}{query}"


def redacted(url: str) -> str:
    """Return the address as it may be logged and shown: user name and password are three asterisks."""
    return _with_user(url, "***@")


def without_user(url: str) -> str:
    """Return the address without user name and password, for links to be resolved against."""
    return _with_user(url, "")


def _with_user(url: str, user: str) -> str:
    head, separator, tail = url.partition("://")
    authority = re.split(r"[/?#]", tail, maxsplit=1)[0]
    if not separator or "@" not in authority:
        return url
    return f"{head}://{user}{authority.rpartition('@')[2]}{tail[len(authority) :]}"


def is_web_url(url: str) -> bool:
    """Return whether this is an http or https address with a host."""
    return _USUAL.fullmatch(url) is not None or _split(url) is not None


def absolute(url: str, base: str) -> str:
    """Return where a link in the document at `base` leads, as `urljoin` does; raises ValueError for a broken one."""
    return url if _USUAL.fullmatch(url) else urljoin(base, url)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(_SPACES.sub("", url.strip()))
        usable = parts.scheme in WEB_SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, a broken IPv6 address
        return None
    return parts if usable else None


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    try:
        return host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return host


def _authority(parts: SplitResult) -> str:
    host = _host(parts)
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in DEFAULT_PORTS else f"{host}:{parts.port}"


def _normal(text: str) -> str:
    quoted = quote(text, safe=_SAFE)
    return _ESCAPE.sub(lambda escape: escape[0].upper(), quoted)


def _identifying(query: str) -> str:
    kept = [_normal(pair) for pair in query.split("&") if pair and not _is_tracking(pair)]
    return "&".join(kept)


def _is_tracking(pair: str) -> bool:
    name, _, value = pair.partition("=")
    name, value = name.lower(), value.lower()
    if name in AMBIGUOUS_NAMES:
        return value in TRACKING_VALUES or value.startswith(TRACKING_VALUE_PREFIX)
    return name in TRACKING_NAMES or name.startswith(TRACKING_PREFIXES)
