"""What the chain did with a text, sentence by sentence, for people: `demarche tag --explain`."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Span

from extractors.chain import Chain
from extractors.components._doc import ActorSpan, EventSpan, Extension, Sentence, get
from extractors.components.judge import Judging, text_of
from extractors.judge import Judge, Text, look, threshold, type_scores
from extractors.types import Article, EventMention

# Scores below this are not worth a line.
NOTED = 0.1


@dataclass(frozen=True, slots=True)
class Account:
    """A sentence: whether the gate let it pass, and what each step after that found, in words, one line an item."""

    text: str
    headline: bool
    open: bool
    parse: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    places_and_dates: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    judge: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def explain(chain: Chain, article: Article) -> tuple[tuple[Account, ...], tuple[EventMention, ...]]:
    """Return an account of each sentence, and the mentions that come out of all."""
    doc = chain.annotated(article)
    scores = _scores(doc, chain.judging)
    accounts = tuple(_account(doc, n, sentence, scores.get(n, ())) for n, sentence in enumerate(_sentences(doc)))
    return accounts, chain.tag(article)


def _sentences(doc: Doc) -> tuple[Sentence, ...]:
    return get(doc, Extension.SENTENCES)


def _account(doc: Doc, index: int, sentence: Sentence, judged: tuple[str, ...]) -> Account:
    span = doc[sentence.start : sentence.end]
    if not sentence.open:
        return Account(span.text, sentence.headline, open=False)
    proposals = zip(get(doc, Extension.PROPOSALS), get(doc, Extension.PROPOSED_STATUSES), strict=True)
    events = zip(get(doc, Extension.EVENTS), get(doc, Extension.STATUSES), strict=True)
    return Account(
        text=span.text,
        headline=sentence.headline,
        open=True,
        parse=tuple(_parse(span)),
        actors=tuple(_actor(doc, one) for one in get(doc, Extension.ACTORS) if _inside(one.start, sentence)),
        places_and_dates=tuple(_places_and_dates(doc, sentence)),
        frames=tuple(f"{_event(doc, e)}, {status}" for e, status in proposals if e.sentence == index),
        judge=judged,
        told=tuple(f"{_event(doc, e)}, {status}" for e, status in events if e.sentence == index),
    )


def _inside(token: int, sentence: Sentence) -> bool:
    return sentence.start <= token < sentence.end


def _parse(span: Span) -> Iterator[str]:
    """Yield each predicate and noun that something depends on, with what does."""
    for token in span:
        below = [child for child in token.children if child.dep_ not in {"punct", "det", "case"}]
        if below:
            yield f"{token.text} ({token.tag_}): " + ", ".join(f"{child.dep_} {child.text}" for child in below)


def _actor(doc: Doc, actor: ActorSpan) -> str:
    return f"{doc[actor.start : actor.end].text} = {actor.code} ({actor.name}; {actor.part})"


def _places_and_dates(doc: Doc, sentence: Sentence) -> Iterator[str]:
    for place in get(doc, Extension.PLACES):
        if _inside(place.start, sentence):
            yield f"{doc[place.start : place.end].text} = {place.name}, {place.country or 'no country'}"
    for when in get(doc, Extension.DATES):
        if _inside(when.start, sentence):
            past, future = (" to ".join(map(str, dict.fromkeys(days))) for days in (when.past, when.future))
            days = past if past == future else f"{past} (past), {future} (future)"
            yield f"{doc[when.start : when.end].text} = {days}"


def _event(doc: Doc, event: EventSpan) -> str:
    word = doc[event.trigger[0] : event.trigger[1]].text
    if event.refers:
        return f"{event.frame}: {word} takes up what was told"
    actors, recipients = ("+".join(span.code for span in side) for side in (event.actors, event.recipients))
    toward = f" > {recipients}" if recipients else ""
    return f"{event.frame}: {word} is {event.type} {event.kind}, {actors or 'nobody'}{toward}, {event.confidence:.2f}"


def _scores(doc: Doc, judging: Judging) -> dict[int, tuple[str, ...]]:
    """Return what the judge makes of each open sentence, by its index in the Doc."""
    if judging.judge is None:
        return {}
    text = text_of(doc)
    opened = [n for n, sentence in enumerate(_sentences(doc)) if sentence.open]
    lines: dict[int, list[str]] = {}
    for sentence, line in _judged(text, judging.judge):
        lines.setdefault(opened[sentence], []).append(line)
    return {sentence: tuple(found) for sentence, found in lines.items()}


def _judged(text: Text, judge: Judge) -> Iterator[tuple[int, str]]:
    (scores,) = type_scores([text], look([text], judge), judge)
    least = threshold(scores.values(), judge)
    for (sentence, type_of), score in scores.items():
        if score >= NOTED:
            outcome = "told" if score >= least else f"dropped, below {least:.2f}"
            yield sentence, f"{type_of} {score:.2f}: {outcome}"
