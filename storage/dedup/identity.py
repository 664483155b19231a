"""Whether an entry of a feed is an item that we have: guid, canonical URL and title are looked at together.

None of the three can be trusted alone. There are feeds that number their guids anew on each edit or each poll, that
give one guid or one link to all their entries, and columns that carry the same title every day. So two that agree
decide, or one that nothing else in the same document shares.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from storage.dedup.fingerprint import canonical_text, fingerprint
from storage.types import NewItem

# BBC feeds append `#0`, `#1`, … to the guid and count up with each edit of the same story.
_REVISION_MARK = re.compile(r"#\d+$")
_WORD = re.compile(r"\w+")

# Words that two titles under one guid must share (share of the shorter title's words) when the URL has changed as
# well: below it the guid is taken for a constant of the feed.
RELATED_TITLES = 0.3


class Facet(StrEnum):
    """What an entry can be recognised by."""

    GUID = "guid"
    URL = "url"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class KnownItem:
    """What identity needs of a stored item. `content_hashes` are those of all its versions so far."""

    item_id: int
    guid: str
    canonical_url: str
    title_key: str
    content_hashes: frozenset[str]


@dataclass(frozen=True, slots=True)
class SameItem:
    """The entry is the item; `revised` when its content is none of the versions that we have."""

    item_id: int
    revised: bool
    reason: str


@dataclass(frozen=True, slots=True)
class UnknownItem:
    """The entry is none of the known items."""

    reason: str


Identity = SameItem | UnknownItem


def title_key(title: str) -> str:
    """Return the title as it counts for comparison: words only, in lower case."""
    return " ".join(_WORD.findall(canonical_text(title)))


def guid_stem(guid: str) -> str:
    """Return the guid without the mark that counts its revisions (`…/article-1#2`)."""
    return _REVISION_MARK.sub("", guid.strip())


def content_hash(new: NewItem) -> str:
    """Return the fingerprint of what a reader sees: title, summary and text."""
    return fingerprint(new.title, new.summary, new.text)


def identity_keys(new: NewItem) -> tuple[tuple[str, str], ...]:
    """Return (kind, digest) pairs to look stored items up by; kind is `guid`, `url` or `title`.

    A stored item that shares a pair is worth giving to `identify`, one that shares none need not be.
    """
    values = _facets(new.guid, new.canonical_url, title_key(new.title))
    return tuple((facet.value, fingerprint(value)) for facet, value in values.items() if value)


def identify(new: NewItem, known: Sequence[KnownItem], document: Sequence[NewItem]) -> Identity:
    """Tell which known item the entry is, if any.

    `known` are the feed's items that share an identity key with the entry, `document` all entries of the document
    the entry came in: what several different entries there share identifies none of them. The answer does not
    depend on the order of either.
    """
    shared = _shared(new, known, document)
    verdicts = [(_verdict(new, item, shared), item) for item in known]
    found = [(verdict.rank, -item.item_id, verdict, item) for verdict, item in verdicts if verdict.rank]
    if not found:
        return UnknownItem(_why_unknown(verdict for verdict, _ in verdicts))
    _, _, verdict, item = max(found, key=lambda entry: entry[:2])
    return _same(new, item, verdict.reason)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """How firmly an entry is an item: 0 is not at all."""

    rank: int
    reason: str


def _facets(guid: str, canonical_url: str, title: str) -> dict[Facet, str]:
    return {Facet.GUID: guid_stem(guid), Facet.URL: canonical_url, Facet.TITLE: title}


def _facets_of(new: NewItem) -> dict[Facet, str]:
    return _facets(new.guid, new.canonical_url, title_key(new.title))


def _agreeing(one: dict[Facet, str], other: dict[Facet, str]) -> frozenset[Facet]:
    return frozenset(facet for facet in Facet if one[facet] and one[facet] == other[facet])


def _shared(new: NewItem, known: Sequence[KnownItem], document: Sequence[NewItem]) -> frozenset[Facet]:
    """The facets that do not identify the entry by themselves, because other things carry the same."""
    mine = _facets_of(new)
    others = [_facets_of(entry) for entry in document]
    stored = [_facets(item.guid, item.canonical_url, item.title_key) for item in known]
    lone = [facets for facets in others if _agreeing(mine, facets) and _differs(mine, facets)]
    in_document = frozenset().union(*(_agreeing(mine, facets) for facets in lone))
    return in_document | frozenset(facet for facet in Facet if _carriers(facet, mine, stored) > 1)


def _differs(one: dict[Facet, str], other: dict[Facet, str]) -> bool:
    """Whether two entries of one document are two things: they agree in no more than one facet."""
    return len(_agreeing(one, other)) == 1


def _carriers(facet: Facet, mine: dict[Facet, str], stored: Iterable[dict[Facet, str]]) -> int:
    return sum(facets[facet] == mine[facet] for facets in stored)


def _verdict(new: NewItem, item: KnownItem, shared: frozenset[Facet]) -> _Verdict:
    mine, theirs = _facets_of(new), _facets(item.guid, item.canonical_url, item.title_key)
    agreeing = _agreeing(mine, theirs)
    if len(agreeing) >= 2:
        return _Verdict(3 + len(agreeing), f"same {' and '.join(sorted(agreeing))}")
    if not agreeing:
        return _Verdict(0, "nothing in common")
    return _lone_verdict(new, item, next(iter(agreeing)), shared)


def _lone_verdict(new: NewItem, item: KnownItem, facet: Facet, shared: frozenset[Facet]) -> _Verdict:
    if facet is Facet.TITLE:
        return _title_verdict(new, item)
    if facet in shared:
        return _Verdict(0, f"the {facet} is shared by other entries, and nothing else agrees")
    if facet is Facet.URL:
        return _Verdict(2, "same url, rewritten under a new guid")
    if related_titles(title_key(new.title), item.title_key):
        return _Verdict(3, "same guid, moved and retitled")
    return _Verdict(0, "the guid is the same, but neither the url nor any of the title")


def _title_verdict(new: NewItem, item: KnownItem) -> _Verdict:
    """A title alone is no identity ("News in brief"), the same words under it are: nobody writes those twice."""
    if _has_body(new) and content_hash(new) in item.content_hashes:
        return _Verdict(1, "same title and text under a new guid and url")
    return _Verdict(0, "only the title is the same, as with a regular column")


def _has_body(new: NewItem) -> bool:
    return bool(canonical_text(new.summary) or canonical_text(new.text))


def related_titles(one: str, other: str) -> bool:
    """Whether two title keys share enough words to be versions of one headline."""
    words, others = set(one.split()), set(other.split())
    smaller = min(len(words), len(others))
    return smaller > 0 and len(words & others) / smaller >= RELATED_TITLES


def _same(new: NewItem, item: KnownItem, reason: str) -> SameItem:
    revised = content_hash(new) not in item.content_hashes
    return SameItem(item.item_id, revised, f"{reason}; {'its words changed' if revised else 'nothing changed'}")


def _why_unknown(verdicts: Iterable[_Verdict]) -> str:
    reasons = sorted({verdict.reason for verdict in verdicts})
    return "; ".join(reasons) if reasons else "no known item shares its guid, url or title"
