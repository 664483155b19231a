"""Whether a feed's permanent redirects (301, 308) are believed. Pure.

A redirect may be a mistake of a day, or lead to a page that is no feed. So its target is asked in place of the feed's
own address only after it gave a feed several times in a row, and no longer once it fails as often.
"""

from dataclasses import dataclass

from storage.types import Feed

BELIEVED_AFTER = 3
DOUBTED_AFTER = 3


@dataclass(frozen=True, slots=True)
class Move:
    """Where the feed is asked from now on (empty: at its own address), and a target on trial with its good polls."""

    moved_to: str = ""
    moving_to: str = ""
    moving_polls: int = 0


def move(feed: Feed, target: str | None, *, good: bool) -> Move:
    """Return how it goes on after a poll that permanent redirects led to `target`; `good` when that gave a feed."""
    if not good:
        return Move("" if feed.failures + 1 >= DOUBTED_AFTER else feed.moved_to)
    if not target or target in (feed.address, feed.url):
        return Move(feed.moved_to if target != feed.url else "")
    polls = feed.moving_polls + 1 if target == feed.moving_to else 1
    if polls >= BELIEVED_AFTER:
        return Move(moved_to=target)
    return Move(feed.moved_to, target, polls)
