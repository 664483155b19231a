"""What frames propose → what is told: each sentence is put before the judge, who learned from annotated passages.

A verdict takes over what the frame of its word knows (its clause, how it stands); what no frame proposed is read from
the tree alone. What only refers ("the talks") passes by unjudged, as it tells no event of its own.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from extractors.components._doc import ActorSpan, EventSpan, Extension, Standing, get, open_sentences, put
from extractors.components._sentences import words_of
from extractors.components._syntax import BATCH
from extractors.judge import Judge, Party, Proposal, Text, Verdict, load_judge, verdicts
from extractors.lexicon.classes import word_classes
from extractors.lexicon.inflection import Form
from extractors.ontology import Kind, Status

FACTORY = "demarche_judge"

# Events, and where each stands.
Decided = tuple[tuple[EventSpan, ...], tuple[Status, ...]]


def text_of(doc: Doc) -> Text:
    """Return a Doc that carries proposals as the judge sees it."""
    sentences = tuple((s.start, s.end, s.headline) for _, s in open_sentences(doc))
    words = tuple(word.lower() for word in words_of(doc))
    heads, tags, relations = grammar_of(doc)
    parties = tuple(party_of(span, heads) for span in get(doc, Extension.ACTORS))
    return Text(
        words=words,
        tags=tags,
        relations=relations,
        heads=heads,
        children=children_of(heads),
        sentences=sentences,
        sentence_at=sentence_at(sentences, len(doc)),
        parties=parties,
        party_at={place: party for party in parties for place in range(party.start, party.end)},
        frames=frames_at(get(doc, Extension.TRIGGERS)),
        proposals=proposals_of(get(doc, Extension.PROPOSALS), get(doc, Extension.PROPOSED_STATUSES)),
        classes=classes_at(words, tags, parties, sentences),
    )


def grammar_of(doc: Doc) -> tuple[list[int], list[str], list[str]]:
    """Return for each token its head, its tag and its relation. At once, which takes half the time."""
    steps, tags, relations = doc.to_array(["HEAD", "TAG", "DEP"]).T
    heads = np.arange(len(doc)) + steps.astype(np.int64)
    names = {key: doc.vocab.strings[key] for key in {*tags.tolist(), *relations.tolist()}}
    return heads.tolist(), [names[key] for key in tags.tolist()], [names[key] for key in relations.tolist()]


def classes_at(
    words: Sequence[str], tags: Sequence[str], parties: Iterable[Party], sentences: Iterable[tuple[int, int, bool]]
) -> dict[int, tuple[str, ...]]:
    """Return the classes of the words of sentences that have any and are no part of a party's name.

    Those of a phrase stand at its verb, or at its last word where it has none.
    """
    table = word_classes()
    named = {place for party in parties for place in range(party.start, party.end)}
    found: dict[int, tuple[str, ...]] = {}
    for first, last, _ in sentences:
        found |= {n: table.of_word(words[n], tags[n]) for n in range(first, last) if tags[n] and n not in named}
        for start, end, classes in table.in_tokens(words, first, last):
            place = start if tags[start].startswith("VB") else end - 1
            if place in found:
                found[place] = tuple(dict.fromkeys((*classes, *found[place])))
    return {n: classes for n, classes in found.items() if classes}


def frames_at(triggers: Iterable[tuple[int, tuple[tuple[str, Kind], ...]]]) -> dict[int, tuple[tuple[str, Kind], ...]]:
    """Return the frames that are triggered at each token, by shorter and longer phrases alike."""
    found: dict[int, tuple[tuple[str, Kind], ...]] = {}
    for place, frames in triggers:
        found[place] = tuple(dict.fromkeys((*found.get(place, ()), *frames)))
    return found


def party_of(span: ActorSpan, heads: Sequence[int]) -> Party:
    """Return an actor's tokens with the one that the others depend on."""
    outside = (n for n in range(span.start, span.end) if heads[n] == n or not span.start <= heads[n] < span.end)
    return Party(span.start, span.end, span.code, span.part, next(outside, span.end - 1))


def children_of(heads: Sequence[int]) -> list[list[int]]:
    """Return what depends on each token."""
    children: list[list[int]] = [[] for _ in heads]
    for place, head in enumerate(heads):
        if head != place:
            children[head].append(place)
    return children


def sentence_at(sentences: Iterable[tuple[int, int, bool]], length: int) -> list[int]:
    """Return for each token which of the sentences it is in; -1 for none."""
    found = [-1] * length
    for index, (start, end, _) in enumerate(sentences):
        found[start:end] = [index] * (end - start)
    return found


def proposals_of(events: Sequence[EventSpan], statuses: Sequence[Status]) -> dict[int, tuple[Proposal, ...]]:
    """Return what frames propose, by the token that their trigger begins with."""
    found: dict[int, tuple[Proposal, ...]] = {}
    for event, status in zip(events, statuses, strict=True):
        proposal = Proposal(
            event.frame,
            event.type,
            event.kind,
            frozenset(span.code for span in event.actors),
            frozenset(span.code for span in event.recipients),
            status,
            event.refers,
            event.confidence,
        )
        found[event.trigger[0]] = (*found.get(event.trigger[0], ()), proposal)
    return found


def judged(docs: Sequence[Doc], judge: Judge) -> Iterator[Decided]:
    """Yield for each Doc the events that it tells, in order of their words."""
    texts = [text_of(doc) for doc in docs]
    for doc, text, found in zip(docs, texts, verdicts(texts, judge), strict=True):
        yield decided(doc, text, found)


def decided(doc: Doc, text: Text, found: Sequence[Verdict]) -> Decided:
    """Return verdicts as events of a Doc, with what only refers to an event."""
    proposals = get(doc, Extension.PROPOSALS)
    passing = [
        (event, status)
        for event, status in zip(proposals, get(doc, Extension.PROPOSED_STATUSES), strict=True)
        if event.refers
    ]
    told = [(event_of(doc, text, one, proposals), one.status) for one in found]
    words = {event.trigger[0] for event, _ in told}
    both = [*told, *(pair for pair in passing if pair[0].trigger[0] not in words)]
    both.sort(key=lambda pair: pair[0].trigger)
    return tuple(event for event, _ in both), tuple(status for _, status in both)


# Below this share of right mentions a frame alone does more harm than good (development half of the annotated passages,
# 2026-11).
LEAST_CONFIDENCE = 0.3


def unjudged(doc: Doc) -> Decided:
    """Return what frames propose as what is told."""
    both = zip(get(doc, Extension.PROPOSALS), get(doc, Extension.PROPOSED_STATUSES), strict=True)
    kept = [pair for pair in both if pair[0].refers or pair[0].confidence >= LEAST_CONFIDENCE]
    return tuple(event for event, _ in kept), tuple(status for _, status in kept)


def event_of(doc: Doc, text: Text, verdict: Verdict, proposals: Sequence[EventSpan]) -> EventSpan:
    """Return a verdict as an event: with the clause of the frame that proposed it, or that of the tree."""
    token = verdict.act.token
    own = next((p for p in proposals if p.trigger[0] == token and p.type is verdict.act.type and not p.refers), None)
    spans = {(span.start, span.end): span for span in get(doc, Extension.ACTORS)}
    actors, recipients = (
        tuple(spans[party.start, party.end] for party in side) for side in (verdict.actors, verdict.recipients)
    )
    start, end = (own.start, own.end) if own else stretch(text, verdict, (*actors, *recipients))
    return EventSpan(
        sentence=index_of(doc, token),
        start=start,
        end=end,
        trigger=own.trigger if own else (token, token + 1),
        frame=own.frame if own else "judge",
        type=verdict.act.type,
        kind=verdict.kind,
        actors=actors,
        recipients=recipients,
        standing=own.standing if own else Standing(Form.NOUN if text.tags[token].startswith("N") else Form.BASE),
        fixed=own.fixed if own else None,
        confidence=verdict.confidence,
        why=verdict.why,
    )


def index_of(doc: Doc, token: int) -> int:
    """Return which sentence of the Doc a token is in."""
    return next(n for n, s in enumerate(get(doc, Extension.SENTENCES)) if s.start <= token < s.end)


def stretch(text: Text, verdict: Verdict, parties: Sequence[ActorSpan]) -> tuple[int, int]:
    """Return the tokens of a sentence that tell an act: its subtree, and its parties."""
    token = verdict.act.token
    first, last, _ = text.sentences[verdict.act.sentence]
    subtree, grown = {token}, True
    while grown:
        below = {child for place in subtree for child in text.children[place] if first <= child < last}
        grown = not below <= subtree
        subtree |= below
    inside = [place for span in parties if first <= span.start < last for place in (span.start, span.end - 1)]
    return min((*subtree, *inside)), max((*subtree, *inside)) + 1


class Judging:
    """The component; `judge` may be replaced by one that has learned from other passages, or None for frames alone."""

    def __init__(self, judge: Judge | None) -> None:
        self.judge = judge

    def __call__(self, doc: Doc) -> Doc:
        """Set the events of a Doc and their statuses."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH) -> Iterator[Doc]:
        """Yield Docs with their events and statuses, in order; many at a time are judged faster than one by one."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            found = map(unjudged, batch) if self.judge is None else judged(batch, self.judge)
            for doc, (events, statuses) in zip(batch, found, strict=True):
                yield put(put(doc, Extension.EVENTS, events), Extension.STATUSES, statuses)


@Language.factory(
    FACTORY,
    default_config={"frames_alone": False},
    requires=[Extension.PROPOSALS.path, Extension.PROPOSED_STATUSES.path, Extension.TRIGGERS.path],
    assigns=[Extension.EVENTS.path, Extension.STATUSES.path],
)
def make(nlp: Language, name: str, *, frames_alone: bool) -> Judging:
    """Return the component that decides what is told; raises ChainError without a judge."""
    word_classes()  # read now, so that the first text does not wait for it
    return Judging(None if frames_alone else load_judge())
