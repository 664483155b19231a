"""Who publishes a feed, where nobody named it. Pure.

Corroboration counts publishers: two feeds of one outlet must not look like two outlets. So the host decides, as feeds
of one outlet share it and titles differ ("BBC News - World", "BBC News - Europe"). On hosts that carry other people's
feeds it is the other way round, and there the title decides.
"""

from urllib.parse import urlsplit

# First parts of a host's name that say what the machine does, and not whose it is. With fewer than two parts left
# (`rss.example`), they are the name.
_SERVICES = frozenset({"www", "feeds", "feed", "rss", "xml", "newsrss"})

# Hosts that carry the feeds of many publishers, with the hosts below them where the name there is no publisher's.
CARRIERS = frozenset(
    {
        "feedburner.com",  # feeds.feedburner.com, feeds2.feedburner.com
        "feedproxy.google.com",
        "news.google.com",
        "feedblitz.com",
        "rss.app",
        "fetchrss.com",
        "politepol.com",
        "morss.it",
        "rsshub.app",
        "kill-the-newsletter.com",
        "medium.com",
        "youtube.com",
        "reddit.com",
        "github.com",
        "bsky.app",
        "feedly.com",
        "inoreader.com",
    }
)


def publisher_of(url: str, title: str = "") -> str:
    """Return the publisher of a feed that nobody named: its host without `www.` and the like.

    On a host that carries other people's feeds it is the feed's title, as soon as that is known.
    """
    host = (urlsplit(url).hostname or url).rstrip(".")
    if title and is_carrier(host):
        return title
    first, _, rest = host.partition(".")
    return rest if first in _SERVICES and "." in rest else host


def is_carrier(host: str) -> bool:
    """Return whether a host carries the feeds of many publishers."""
    return any(host == carrier or host.endswith(f".{carrier}") for carrier in CARRIERS)
