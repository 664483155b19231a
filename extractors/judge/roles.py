"""Features of a party for an act: the path between them, what stands there, and what frames say of it."""

from collections.abc import Iterator

from extractors.judge.text import Party, Text
from extractors.ontology import SYMMETRIC_KINDS, TYPE_OF, EventType, Kind

REACH = 2  # sentences before or behind that may name a party which the act's own sentence does not
FAR = 7  # steps of a path above this are one
MODIFIERS = frozenset({"amod", "compound", "nmod:poss", "nmod", "nmod:desc", "flat", "appos"})
NO_PATH = "none"


def parties_near(text: Text, token: int) -> list[Party]:
    """Return the parties of an act's sentence, and from the headline and the sentences around it those it lacks."""
    sentence = text.sentence_at[token]
    own = [party for party in text.parties if text.sentence_at[party.start] == sentence]
    named = {party.code for party in own}
    return own + [party for party in text.parties if party.code not in named and is_around(text, party, sentence)]


def is_around(text: Text, party: Party, sentence: int) -> bool:
    """Say whether a party of another sentence may be one of the act's: its reader has it in mind."""
    place = text.sentence_at[party.start]
    return place >= 0 and (abs(place - sentence) <= REACH or text.sentences[place][2])


def role_features(text: Text, token: int, party: Party, kind: Kind, order: dict[str, int]) -> list[str]:
    """Return the features of a party; `order` ranks the codes of all parties by first appearance."""
    near = text.sentence_at[party.start] == text.sentence_at[token]
    up, down = path(text, token, party.head) if near else (distance(text, token, party), "")
    type_of = TYPE_OF[kind]
    symmetric = "=" if kind in SYMMETRIC_KINDS else ">"
    return [
        "bias",
        f"type={type_of}",
        f"kind={kind}",
        *path_features(text, token, (up, down), kind, symmetric),
        *proposal_features(text, token, party, type_of, symmetric),
        *place_features(text, token, party, type_of, symmetric, order),
        *word_features(text, token, party, type_of),
        *subject_features(text, party, symmetric),
        f"headline={text.sentences[text.sentence_at[party.start]][2]}{near}",
        *([] if near else beyond_features(text, token, party, symmetric)),
    ]


def beyond_features(text: Text, token: int, party: Party, symmetric: str) -> Iterator[str]:
    """Yield what speaks for a party that another sentence names: how many the act's own names, and how often."""
    sentence = text.sentence_at[token]
    own = min(len(text.codes(sentence)), 3)
    times = min(sum(other.code == party.code for other in text.parties), 4)
    headed = text.sentences[0][2] and party.code in text.codes(0)
    yield f"own={own}|{symmetric}"
    yield f"own={own}|{symmetric}|{distance(text, token, party)}|headed={headed}"
    yield f"own={own}|times={times}|headed={headed}"
    yield f"headed={headed}|{distance(text, token, party)}|{text.relations[party.head]}"


def distance(text: Text, token: int, party: Party) -> str:
    """Return how many sentences behind (negative: before) the act a party is named, three at most."""
    sentences = text.sentence_at[party.start] - text.sentence_at[token]
    return f"far{max(-3, min(3, sentences))}"


def path(text: Text, token: int, head: int) -> tuple[str, str]:
    """Return the relations up from an act, and those down to a party, each with its preposition."""
    above, below = ancestors(text, token), ancestors(text, head)
    common = next((node for node in below if node in above), None)
    if common is None:
        return NO_PATH, ""
    up = "<".join(text.relations[node] for node in above[: above.index(common)])
    down = ">".join(named_relation(text, node) for node in reversed(below[: below.index(common)]))
    return up, down


def ancestors(text: Text, token: int, *, most: int = 12) -> list[int]:
    """Return a token and what it depends on, nearest first."""
    found = [token]
    while text.heads[token] != token and len(found) < most:
        token = text.heads[token]
        found.append(token)
    return found


def named_relation(text: Text, token: int) -> str:
    """Return a relation with the preposition that leads the phrase."""
    preposition = text.preposition(token)
    return f"{text.relations[token]}:{preposition}" if preposition else text.relations[token]


def path_features(text: Text, token: int, steps: tuple[str, str], kind: Kind, symmetric: str) -> Iterator[str]:
    """Yield the path, by itself and with what it leads from."""
    up, down = steps
    whole, word = f"{up}|{down}", text.stems[token]
    yield from (f"path={whole}|{context}" for context in ("", TYPE_OF[kind], kind, word, symmetric))
    yield from (f"path={whole}|{group}" for group in text.classes.get(token, ()))
    first, last = down.split(">")[0], down.split(">")[-1]
    yield f"down={down}"
    yield f"down={down}|{TYPE_OF[kind]}"
    yield f"last={last}|{TYPE_OF[kind]}"
    yield f"first={first}|{TYPE_OF[kind]}"
    yield f"first={first}|{word}"
    yield from (f"first={first}|{group}" for group in text.classes.get(token, ()))
    yield f"up={up}|{TYPE_OF[kind]}"
    yield f"first={first}|up={up}|{symmetric}"
    yield f"steps={min(whole.count('<') + whole.count('>'), FAR)}"
    if any(text.relations[child] in {"nsubj:pass", "aux:pass"} for child in text.children[token]):
        yield f"passive|{first}|{TYPE_OF[kind]}"


def proposal_features(text: Text, token: int, party: Party, type_of: EventType, symmetric: str) -> Iterator[str]:
    """Yield the role that frames give to a party's code, here and elsewhere in the text."""
    own = text.proposals.get(token, ())
    for proposal in own:
        role = role_of(party.code, proposal.actors, proposal.recipients)
        yield f"frame={role}|"
        yield f"frame={role}|{type_of}"
        yield f"frame={role}|{proposal.frame}"
    if not own:
        yield "no-frame"
    for place, proposals in text.proposals.items():
        for proposal in proposals:
            if place != token and proposal.type is type_of:
                yield f"other={role_of(party.code, proposal.actors, proposal.recipients)}|{symmetric}"


def role_of(code: str, actors: frozenset[str], recipients: frozenset[str]) -> str:
    """Return which side a code is on, or "none"."""
    if code in actors:
        return "actor"
    return "recipient" if code in recipients else "none"


def place_features(
    text: Text, token: int, party: Party, type_of: EventType, symmetric: str, order: dict[str, int]
) -> Iterator[str]:
    """Yield where a party stands: before or behind the act, how far, and as which of how many."""
    side = "before" if party.start < token else "behind"
    yield f"{side}|{type_of}|{text.tags[token][:2]}"
    yield f"{side}|{text.stems[token]}"
    yield f"{side}{bucket(abs(party.start - token))}"
    rank, count = min(order[party.code], 3), min(len(order), 4)
    yield f"rank={rank}/{count}|{type_of}"
    yield f"rank={rank}/{count}|{symmetric}|{side}"
    yield f"count={count}|{type_of}|{side}"
    between = range(min(party.end, token), max(party.start, token))
    if any(place in text.party_at and text.party_at[place].code != party.code for place in between):
        yield f"between|{side}|{symmetric}"


def bucket(distance_in_words: int) -> int:
    """Return a distance in words as one of five."""
    return sum(distance_in_words >= limit for limit in (2, 4, 8, 16))


def word_features(text: Text, token: int, party: Party, type_of: EventType) -> Iterator[str]:
    """Yield what kind of name it is, and the words beside it."""
    yield f"part={party.part}|{type_of}"
    yield f"sort={party.sort}|{type_of}"
    if text.relations[party.head] in MODIFIERS:
        described = text.heads[party.head]
        yield f"of={text.word(described)}"
        yield f"of={text.word(described)}|{type_of}"
        yield from (f"of-class={group}|{type_of}" for group in text.classes.get(described, ()))
    before = text.words[party.start - 1] if party.start else ""
    yield f"previous={before}"
    yield f"previous={before}|{type_of}"
    if party.end < len(text.words):
        yield f"next={text.word(party.end)}"


def subject_features(text: Text, party: Party, symmetric: str) -> Iterator[str]:
    """Yield what a party is the subject of."""
    if text.relations[party.head] != "nsubj":
        return
    verb = text.heads[party.head]
    yield f"subject|{text.stems[verb]}|{symmetric}"
    yield f"subject:{'root' if text.heads[verb] == verb else text.relations[verb]}"
