"""A feed's items as identity sees them: documents in, what each entry was taken for out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from storage.dedup.identity import (
    Identity,
    KnownItem,
    SameItem,
    content_hash,
    identify,
    identity_keys,
    title_key,
)
from storage.types import NewItem


@dataclass
class KnownFeed:
    """What is stored of one feed, with the lookup by identity keys that a store does."""

    items: dict[int, KnownItem] = field(default_factory=dict)
    index: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))

    def read(self, document: Iterable[NewItem]) -> list[tuple[int, Identity]]:
        """Take in a document; returns per entry the item's number and what was decided."""
        entries = list(document)
        return [self._read_entry(entry, entries) for entry in entries]

    def _read_entry(self, entry: NewItem, document: list[NewItem]) -> tuple[int, Identity]:
        found = {item_id for key in identity_keys(entry) for item_id in self.index[key]}
        identity = identify(entry, [self.items[item_id] for item_id in found], document)
        number = identity.item_id if isinstance(identity, SameItem) else len(self.items) + 1
        self._keep(number, entry)
        return number, identity

    def _keep(self, number: int, entry: NewItem) -> None:
        known = self.items.get(number)
        hashes = (known.content_hashes if known else frozenset()) | {content_hash(entry)}
        guid = known.guid if known else entry.guid
        self.items[number] = KnownItem(
            number, guid, entry.canonical_url, title_key(entry.title), hashes, entry.published_at
        )
        for key in identity_keys(entry):
            self.index[key].add(number)
