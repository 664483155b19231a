"""What the judge looks at: a text's words with their grammar, the parties named in it, and what frames propose."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from extractors.ontology import EventType, Kind, Status

# Organisations whose codes look like a state's.
ORGANISATIONS_OF_THREE = frozenset(
    "OAS WTO IMF WBK WHO ICC ICJ GCC SCO IOC PKK YPG RSF DPR LPR ELN PIJ M23 IEA MSF ETA".split()
)
NOT_ACTS = frozenset({"aux", "aux:pass", "auxpass", "cop"})
CONTENT = frozenset({"VB", "NN", "JJ"})  # how the tags of content words begin
# Endings that forms of one word differ in; what replaces them.
ENDINGS = (("ies", "y"), ("sses", "ss"), ("ied", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""))


@dataclass(frozen=True, slots=True)
class Party:
    """Tokens from start to end (excluded) that name a party; `head` is the one the others depend on."""

    start: int
    end: int
    code: str
    part: str
    head: int

    @property
    def sort(self) -> str:
        """S for a state, O for an organisation or an armed party."""
        return sort_of(self.code)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a frame makes of a word: its event, the codes of its parties, the status that grammar gives it,
    and how often the frame has been right (0..1).
    """

    frame: str
    type: EventType
    kind: Kind
    actors: frozenset[str]
    recipients: frozenset[str]
    status: Status
    refers: bool
    reliability: float


@dataclass(frozen=True)
class Text:
    """A text, token by token. `sentences` are (start, end, is headline) of those that are worth reading.

    `frames` gives the (id, kind) of each frame whose trigger begins at a token, `proposals` those whose roles were
    found, by the same token. What many features ask of each token is found once and kept, so it has no slots.
    """

    words: tuple[str, ...]  # in lower case
    tags: Sequence[str]
    relations: Sequence[str]
    heads: Sequence[int]
    children: Sequence[Sequence[int]]
    sentences: tuple[tuple[int, int, bool], ...]
    sentence_at: Sequence[int]
    parties: tuple[Party, ...]
    party_at: Mapping[int, Party]
    frames: Mapping[int, tuple[tuple[str, Kind], ...]]
    proposals: Mapping[int, tuple[Proposal, ...]]
    classes: Mapping[int, tuple[str, ...]]

    @cached_property
    def stems(self) -> list[str]:
        """The stem of each token."""
        return [stem(word) for word in self.words]

    @cached_property
    def shown(self) -> list[str]:
        """The stem of each token, or the sort of party it belongs to."""
        shown = self.stems.copy()
        for token, party in self.party_at.items():
            shown[token] = f"PARTY{party.sort}"
        return shown

    @cached_property
    def sorts(self) -> dict[int, str]:
        """What sort of party a token belongs to, or "m" and the sort that it is described by, where there is any."""
        described = {
            self.heads[token]: f"m{party.sort}"
            for token, party in sorted(self.party_at.items(), reverse=True)
            if self.relations[token] in DESCRIPTIONS and self.heads[token] != token
        }
        return described | {token: party.sort for token, party in self.party_at.items()}

    @cached_property
    def prepositions(self) -> dict[int, str]:
        """The prepositions that lead a phrase, by its token."""
        found: dict[int, str] = {}
        for token, relation in enumerate(self.relations):
            head = self.heads[token]
            if relation == "case" and head != token:
                found[head] = found.get(head, "") + self.words[token]
        return found

    @cached_property
    def bags(self) -> list[list[str]]:
        """The content words of each sentence, with their classes, as features."""
        return [list(self._bag(start, end)) for start, end, _ in self.sentences]

    def _bag(self, start: int, end: int) -> Iterator[str]:
        for position in range(start, end):
            if position not in self.party_at and self.tags[position][:2] in CONTENT:
                yield f"bow={self.stems[position]}"
                for group in self.classes.get(position, ()):
                    yield f"bow-class={group}"

    @cached_property
    def named(self) -> list[list[str]]:
        """The codes of the parties that each sentence names, in order."""
        return [
            list(dict.fromkeys(party.code for party in self.parties if start <= party.start < end))
            for start, end, _ in self.sentences
        ]

    def word(self, token: int) -> str:
        """Return a token's stem, or the sort of party it belongs to."""
        return self.shown[token]

    def sort(self, token: int) -> str:
        """Return the sort of party that a noun phrase is, "m" and the sort that it is described by, or "-"."""
        return self.sorts.get(token, "-")

    def preposition(self, token: int) -> str:
        """Return the preposition that a phrase is led by, or an empty string."""
        return self.prepositions.get(token, "")

    def candidates(self, sentence: int) -> list[int]:
        """Return the tokens of a sentence that may tell an act: verbs, nouns and the triggers of frames."""
        start, end, _ = self.sentences[sentence]
        return [token for token in range(start, end) if self.is_candidate(token)]

    def is_candidate(self, token: int) -> bool:
        """Say whether a token may tell an act."""
        if token in self.party_at:
            return False
        tag = self.tags[token]
        if tag.startswith("VB"):
            return self.relations[token] not in NOT_ACTS
        return tag in {"NN", "NNS"} or token in self.frames

    def codes(self, sentence: int) -> list[str]:
        """Return the codes of the parties that a sentence names, in order."""
        return self.named[sentence]


DESCRIPTIONS = frozenset({"compound", "amod", "nmod:poss", "flat", "appos", "nmod:desc", "nmod", "conj"})


@lru_cache(maxsize=2_000)
def sort_of(code: str) -> str:
    """Return S for the code of a state, O for any other."""
    is_state = len(code) == len("ISO") and code.isalpha() and code not in ORGANISATIONS_OF_THREE
    return "S" if is_state else "O"


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return what forms of a word have in common, roughly: "visits", "visiting" and "visited" are one."""
    for ending, instead in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)] + instead
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word.removesuffix("e")
