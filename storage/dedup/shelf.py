"""The items that a new one may repeat or continue, and the decision where it belongs: which report, which story.

A shelf holds what its caller knows of the last weeks, or as much of it as the new items can meet; `storage.texts` fills
one from the tables. Items are placed one after another, and each is on the shelf for the next.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.dedup import stories
from storage.dedup.copies import SAME_REPORT, SharedText, Signature, containment, signature
from storage.dedup.stories import Bearing, Commonness, Profile, StoryProfile
from storage.dedup.words import Wording, wording

# How long a text is known again: agencies' texts are reprinted within days.
COPIED_WITHIN = timedelta(days=14)
# How many of the items that share most words are compared as texts too: a copy whose opening was cut shares no band.
_COMPARED_TEXTS = 3


@dataclass(frozen=True, slots=True)
class Unplaced:
    """An item that is to be placed: its words, and when its publisher wrote it (never after we saw it)."""

    item_id: int
    title: str
    at: datetime
    signature: Signature
    wording: Wording

    @classmethod
    def of(cls, item_id: int, title: str, text: str, at: datetime) -> "Unplaced":
        """Return an item with its text read."""
        return cls(item_id, title, at, signature(text), wording(title, text))

    def without_text(self) -> "Unplaced":
        """Return the item with its headline alone, for a text that is boilerplate."""
        return Unplaced(self.item_id, self.title, self.at, signature(""), wording(self.title, ""))


@dataclass(frozen=True, slots=True)
class Placed:
    """An item in its place. `copy_of` is the item whose words it repeats; `report_id` the first one of that report.

    A story is what is told within days of one turn of events, an affair all stories that continue each other.
    """

    item_id: int
    report_id: int
    copy_of: int | None
    story_id: int
    affair_id: int
    signature: Signature
    profile: Profile
    reason: str


@dataclass(slots=True)
class Shelf:
    """What is known of items placed before. Numbers of stories that are new count down from -1.

    A band and a term lead to so many items, each new one in place of an older one; to all of them where that is 0.
    """

    band_slots: int = 0
    term_slots: int = 0
    common: Commonness = field(default_factory=Commonness)
    commons: dict[int, Commonness] = field(default_factory=dict)
    profiles: dict[int, Profile] = field(default_factory=dict)
    items: dict[int, Placed] = field(default_factory=dict)
    stories: dict[int, StoryProfile] = field(default_factory=dict)
    shared: dict[str, SharedText] = field(default_factory=dict)
    by_band: dict[int, set[int]] = field(default_factory=dict)
    by_term: dict[int, set[int]] = field(default_factory=dict)
    opened: int = 0

    def place(self, new: Unplaced, *, story_id: int | None = None) -> Placed:
        """Return where an item belongs, and put it there. With a `story_id` (a revised item's) it stays in that story.

        Raises nothing; what it answers depends on the items placed before and on no order within the shelf.
        """
        read = new
        new = self._without_boilerplate(read)
        profile = self.profile(new) if new is read else self._compared_by(new)
        near = self._near(new, profile)
        source, how = self._source(new, near)
        place = self._place(new, profile, near, source, story_id)
        known = self.stories.get(place.story_id)
        story = known.joined_by(profile) if known else StoryProfile.of(profile, place.affair_id)
        self.stories[place.story_id] = story
        placed = Placed(
            item_id=new.item_id,
            report_id=source.report_id if source else new.item_id,
            copy_of=source.item_id if source else None,
            story_id=place.story_id,
            affair_id=story.affair_id,
            signature=new.signature,
            profile=profile,
            reason=f"{how}; {place.reason}",
        )
        self.add(placed)
        return placed

    def _place(
        self, new: Unplaced, profile: Profile, near: Sequence[Placed], source: Placed | None, story_id: int | None
    ) -> "_Place":
        if story_id is not None:
            return _Place(story_id, story_id, "it was of this story before")
        if source is not None:
            story = self.stories.get(source.story_id)
            return _Place(source.story_id, story.affair_id if story else source.story_id, "as that report")
        return self._story(profile, near)

    def take(self, fresh: Sequence[Unplaced]) -> list[Placed]:
        """Place items that came together on a shelf that is kept in memory, and remember their words."""
        self.count([fresh])
        placed = [self.place(one) for one in fresh]
        self.profiles.clear()
        self.commons.clear()
        return placed

    def profile(self, new: Unplaced) -> Profile:
        """Return what an item is compared by; computed once."""
        if new.item_id not in self.profiles:
            self.profiles[new.item_id] = self._compared_by(new)
        return self.profiles[new.item_id]

    def _compared_by(self, new: Unplaced) -> Profile:
        return stories.profile(new.wording, self.commons.get(new.item_id, self.common), new.at)

    def count(self, polls: Sequence[Sequence[Unplaced]]) -> frozenset[int]:
        """Count the words of items that are to be placed, poll after poll, and return those that are worth remembering.

        All items of a poll are compared by how common words are with that poll, so that their order makes no
        difference; the next one knows only of words that an item was compared by.
        """
        remembered: Counter[int] = Counter()
        for poll in polls:
            before = self.common
            with_all = before.seen_in(len(poll), Counter(word for one in poll for word in one.wording.words))
            self.commons |= {one.item_id: with_all for one in poll}
            kept = Counter(word for one in poll for word in self.profile(one).weights)
            self.common = before.seen_in(len(poll), kept)
            remembered.update(kept)
        return frozenset(remembered)

    def add(self, placed: Placed) -> None:
        """Put an item on the shelf that has its place already."""
        self.items[placed.item_id] = placed
        for band in placed.signature.bands:
            _lead_to(placed.item_id, self.by_band.setdefault(band, set()), self.band_slots)
        for term in placed.profile.looked_up:
            _lead_to(placed.item_id, self.by_term.setdefault(term, set()), self.term_slots)

    # ------------------------------------------------------------ same report

    def _without_boilerplate(self, new: Unplaced) -> Unplaced:
        """Note under which headline a text ran; a text that is boilerplate by now is none of the item."""
        if not new.signature.text_hash:
            return new
        known = self.shared.get(new.signature.text_hash) or SharedText(new.item_id, ())
        self.shared[new.signature.text_hash] = shared = known.under(new.title)
        return new.without_text() if shared.is_boilerplate else new

    def _source(self, new: Unplaced, near: Sequence[Placed]) -> tuple[Placed | None, str]:
        """Return the item whose words the new one repeats, and why it is one."""
        if not new.signature.text_hash:
            return None, "a text too short to compare, or boilerplate"
        equal = self.items.get(self.shared[new.signature.text_hash].report_id)
        if equal and equal.item_id != new.item_id and self._is_recent(equal, new):
            return equal, f"the text of item {equal.item_id}"
        candidates = self._comparable(new, near)
        shares = {one.item_id: containment(new.signature, one.signature) for one in candidates}
        best = max(candidates, key=lambda one: (shares[one.item_id], -one.item_id), default=None)
        if best is None or shares[best.item_id] < SAME_REPORT:
            return None, "no text like it"
        return best, f"{shares[best.item_id]:.0%} of the opening is that of item {best.item_id}"

    def _comparable(self, new: Unplaced, near: Sequence[Placed]) -> list[Placed]:
        numbers = {number for band in new.signature.bands for number in self.by_band.get(band, ())}
        known = {number: self.items[number] for number in numbers if number in self.items}
        known |= {one.item_id: one for one in near[:_COMPARED_TEXTS]}
        return [one for one in known.values() if one.item_id != new.item_id and self._is_recent(one, new)]

    def _is_recent(self, known: Placed, new: Unplaced) -> bool:
        return abs(new.at - known.profile.at) <= COPIED_WITHIN and not self._is_boilerplate(known)

    def _is_boilerplate(self, known: Placed) -> bool:
        shared = self.shared.get(known.signature.text_hash)
        return shared is not None and shared.is_boilerplate

    # ------------------------------------------------------------ same story

    def _near(self, new: Unplaced, profile: Profile) -> list[Placed]:
        """Return the items that share the weightiest words, the likest first."""
        ranked = self.neighbours(profile)
        known = [self.items[number] for number in ranked if number in self.items and number != new.item_id]
        return sorted(known, key=lambda one: (-stories.likeness(profile, one.profile), one.item_id))

    def neighbours(self, profile: Profile) -> list[int]:
        """Return the numbers of the items worth comparing: those that share most of an item's weightiest words."""
        shares: Counter[int] = Counter()
        for term in profile.looked_up:
            weight = profile.weights[term] ** 2
            for number in self.by_term.get(term, ()):
                shares[number] += weight  # type: ignore[assignment]  # a counter of shares counts as well
        return sorted(shares, key=lambda number: (-shares[number], -number))[: stories.NEAR_ITEMS]

    def _story(self, profile: Profile, near: Sequence[Placed]) -> "_Place":
        best = stories.best_of(self.bearings(profile, near))
        if best is not None and best.joins:
            because = f"of story {best.story_id} ({best.probability:.2f}): {'; '.join(best.reasons_for)}"
            return _Place(best.story_id, self.stories[best.story_id].affair_id, because)
        self.opened += 1
        number = -self.opened
        if best is None:
            return _Place(number, number, "no story shares its words")
        against = "; ".join(best.reasons_against)
        if best.continues:
            affair = self.stories[best.story_id].affair_id
            return _Place(number, affair, f"continues story {best.story_id} ({best.probability:.2f}): {against}")
        return _Place(number, number, f"story {best.story_id} is another ({best.probability:.2f}): {against}")

    def bearings(self, profile: Profile, near: Sequence[Placed]) -> list[Bearing]:
        """Return how far an item bears on each living story of the items near it."""
        by_story: dict[int, list[Profile]] = {}
        for one in near:
            if one.story_id in by_story or len(by_story) < stories.NEAR_STORIES:
                by_story.setdefault(one.story_id, []).append(one.profile)
        return [
            stories.bearing(profile, number, self.stories[number], members)
            for number, members in by_story.items()
            if number in self.stories and profile.at - self.stories[number].last_at <= stories.ALIVE
        ]


@dataclass(frozen=True, slots=True)
class _Place:
    """The story and affair of an item, and why."""

    story_id: int
    affair_id: int
    reason: str


def _lead_to(item_id: int, known: set[int], slots: int) -> None:
    """Add an item to those that a band or term leads to, in place of the one that has its slot."""
    if slots:
        known -= {one for one in known if one % slots == item_id % slots}
    known.add(item_id)
