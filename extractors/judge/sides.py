"""Which side each party of an act is on: the numbers by which the codes of all parties are decided together."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from extractors.judge.classifier import Floats
from extractors.judge.roles import MODIFIERS
from extractors.judge.text import Party, Text
from extractors.ontology import SYMMETRIC_KINDS, TYPE_OF, EventType, Kind

SIDES = ("none", "actor", "recipient")
TYPES, KINDS = tuple(EventType), tuple(Kind)
LINKS = frozenset({",", "and", "&", "the", "or"})
MOST_LINKS = 3  # words between two names of one enumeration
ABSENT = -1.0  # a chance of others, where there are none


def ranks(parties: Iterable[Party]) -> dict[str, int]:
    """Return the rank of each code by first appearance."""
    order: dict[str, int] = {}
    for party in sorted(parties, key=lambda party: party.start):
        order.setdefault(party.code, len(order))
    return order


def nearest(parties: Sequence[Party], token: int) -> Party:
    """Return the party's name that stands nearest to the act."""
    return min(parties, key=lambda party: abs(party.start - token))


Grouped = dict[str, tuple[list[Party], Floats]]


def by_code(parties: Sequence[Party], chances: Floats) -> Grouped:
    """Return parties and their chances by code."""
    places: dict[str, list[int]] = {}
    for place, party in enumerate(parties):
        places.setdefault(party.code, []).append(place)
    return {code: ([parties[n] for n in found], chances[found]) for code, found in places.items()}


def side_numbers(text: Text, token: int, kind: Kind, grouped: Grouped) -> list[list[float]]:
    """Return the numbers by which a code's side is decided, a row for each code; all codes are looked at together."""
    best = {code: chances_of(found) for code, (_, found) in grouped.items()}
    beside = coordinated([party for group, _ in grouped.values() for party in group], text)
    return [
        [
            *best[code],
            *rivals([other for name, other in best.items() if name != code], best[code]),
            len(grouped),
            len(group),
            kind in SYMMETRIC_KINDS,
            float(TYPES.index(TYPE_OF[kind])),
            min(min(abs(party.start - token) for party in group), 30),
            nearest(group, token).start < token,
            *proposed_sides(text, token, code),
            all(text.sentence_at[party.start] != text.sentence_at[token] for party in group),
            text.tags[token].startswith("V"),
            any(party.part == "acting" for party in group),
            group[0].sort == "S",
            *fellows([best[other] for other in beside[code] if other != code]),
            float(KINDS.index(kind)),
        ]
        for code, (group, _) in grouped.items()
    ]


def chances_of(found: Floats) -> tuple[float, float, float, float, float]:
    """Return a code's least chance of none, its greatest of either side, and both of its most telling name."""
    telling = found[int(found[:, 0].argmin())]
    return (
        float(found[:, 0].min()),
        float(found[:, 1].max()),
        float(found[:, 2].max()),
        float(telling[1]),
        float(telling[2]),
    )


def rivals(others: Sequence[tuple[float, ...]], own: tuple[float, ...]) -> list[float]:
    """Return the two best chances of other codes on either side, and how many are better than this code."""
    actors = sorted((other[1] for other in others), reverse=True)
    recipients = sorted((other[2] for other in others), reverse=True)
    ahead = (sum(chance > own[1] for chance in actors), sum(chance > own[2] for chance in recipients))
    return [*[*actors, 0.0, 0.0][:2], *[*recipients, 0.0, 0.0][:2], *ahead]


def proposed_sides(text: Text, token: int, code: str) -> tuple[bool, bool, bool]:
    """Return whether frames propose anything at a word, and a code as actor or as recipient."""
    proposals = text.proposals.get(token, ())
    return bool(proposals), any(code in p.actors for p in proposals), any(code in p.recipients for p in proposals)


def coordinated(parties: Sequence[Party], text: Text) -> dict[str, frozenset[str]]:
    """Return for each code those of its enumeration ("France, Spain and Portugal"), itself among them."""
    groups = {party.code: frozenset({party.code}) for party in parties}
    for one, other in pairwise(sorted(parties, key=lambda party: party.start)):
        if is_enumerated(one, other, text):
            joined = groups[one.code] | groups[other.code]
            groups.update(dict.fromkeys(joined, joined))
    return groups


def is_enumerated(one: Party, other: Party, text: Text) -> bool:
    """Say whether two names that follow each other are members of one enumeration, by the words between or the tree."""
    if text.sentence_at[one.start] != text.sentence_at[other.start]:
        return False
    between = text.words[one.end : other.start]
    if between and len(between) <= MOST_LINKS and LINKS.issuperset(between):
        return True
    return any(
        is_conjoined(first, second, text) for first, second in zip(tops(one, text), tops(other, text), strict=False)
    )


def tops(party: Party, text: Text) -> Iterator[int]:
    """Yield the head of a name, and that of the phrase which the name describes ("the minister of Ghana")."""
    head = party.head
    yield head
    while text.relations[head] in MODIFIERS and text.heads[head] != head:
        head = text.heads[head]
    yield head


def is_conjoined(one: int, other: int, text: Text) -> bool:
    """Say whether the second of two words is conjoined with the first, or both with a third."""
    if one == other or text.relations[other] != "conj":
        return False
    return text.heads[other] == one or (text.relations[one] == "conj" and text.heads[one] == text.heads[other])


def fellows(others: Sequence[tuple[float, ...]]) -> list[float]:
    """Return how many other codes are in the same enumeration, and their best chances of either side and of none."""
    return [
        float(len(others)),
        max((other[1] for other in others), default=ABSENT),
        max((other[2] for other in others), default=ABSENT),
        min((other[0] for other in others), default=1 - ABSENT),
    ]
