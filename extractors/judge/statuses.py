"""Features that tell where an act stands: its form, the words that govern it, and when it is said to be."""

from collections.abc import Iterator

from extractors.judge.roles import ancestors
from extractors.judge.text import Text
from extractors.ontology import TYPE_OF, Kind

TOLD_BY = frozenset({"aux", "aux:pass", "advmod", "mark", "cop", "case", "det", "amod", "compound", "neg"})
LEVELS = 3  # how far up the tree a word's governors are read
TIMES = frozenset(
    """tomorrow next later upcoming soon yesterday last ago earlier previous previously today tonight now currently
    will would since after until ahead before monday tuesday wednesday thursday friday saturday sunday week month year
    weekend planned scheduled set due expected""".split()
)


def status_features(text: Text, token: int, kind: Kind) -> list[str]:
    """Return the features of an act's status."""
    start, end, headline = text.sentences[text.sentence_at[token]]
    times = {text.words[position] for position in range(start, end)} & TIMES
    return [
        "bias",
        f"kind={kind}",
        f"type={TYPE_OF[kind]}",
        "headline" if headline else "body",
        *(f"time={word}" for word in times),
        *(f"time={word}|{text.tags[token]}" for word in times),
        *proposed(text, token, kind),
        *(
            feature
            for level, node in enumerate(ancestors(text, token, most=LEVELS))
            for feature in at(text, level, node)
        ),
        *around(text, token, start, end),
        *form(text, token, kind),
    ]


def proposed(text: Text, token: int, kind: Kind) -> Iterator[str]:
    """Yield what the grammar of a frame says of the status."""
    for proposal in text.proposals.get(token, ()):
        if not proposal.refers:
            yield f"frame={proposal.status}"
            yield f"frame={proposal.status}|{TYPE_OF[kind]}"


def at(text: Text, level: int, node: int) -> Iterator[str]:
    """Yield an act or one of its governors, with the small words that depend on it."""
    yield f"{level}={text.stems[node]}"
    yield f"{level}tag={text.tags[node]}"
    yield f"{level}rel={text.relations[node]}"
    yield from (f"{level}class={group}" for group in text.classes.get(node, ()))
    for child in text.children[node]:
        relation = text.relations[child]
        if relation in TOLD_BY:
            yield f"{level}{relation}={text.words[child]}"
        elif relation in {"xcomp", "obj", "nsubj", "ccomp"}:
            yield f"{level}{relation}={text.word(child)}"
            yield f"{level}{relation}tag={text.tags[child]}"


def around(text: Text, token: int, start: int, end: int) -> Iterator[str]:
    """Yield the words close to the act."""
    for position in range(max(start, token - 4), min(end, token + 4)):
        if position != token and position not in text.party_at:
            yield f"near={'<' if position < token else '>'}{text.words[position]}"


def form(text: Text, token: int, kind: Kind) -> Iterator[str]:
    """Yield the form of the act with its auxiliaries."""
    auxiliaries = "+".join(text.words[c] for c in text.children[token] if text.relations[c] in {"aux", "aux:pass"})
    yield f"form={text.tags[token]}|{auxiliaries}"
    yield f"form={text.tags[token]}|{auxiliaries}|{kind}"
    yield f"form={text.tags[token]}|{TYPE_OF[kind]}|{text.relations[token]}"
