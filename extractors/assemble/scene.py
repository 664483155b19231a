"""An event in its sentence, as features of its date and place look at it; and features that both have."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from spacy.tokens import Doc, Token

from extractors.assemble.attachment import (
    APART,
    SAYING,
    SCHEDULING,
    governor,
    head_of,
    is_noun,
    is_verb,
    plain,
    way_between,
)
from extractors.assemble.days import SPOKEN
from extractors.assemble.sites import PHYSICAL
from extractors.components._doc import EventSpan, Extension, Sentence, get
from extractors.ontology import Status
from extractors.syntax import relation

STEPS = (2, 5, 10, 20)  # tokens: the ends of what is close, near, far and farther
LONGEST_WAY = 3


@dataclass(frozen=True, slots=True)
class Scene:
    """`own` is the word that tells the event, `busy` are the tokens that tell others; `alone`: none in its sentence."""

    doc: Doc
    event: EventSpan
    status: Status
    sentences: tuple[Sentence, ...]
    others: tuple[EventSpan, ...]
    own: Token
    busy: frozenset[int]
    alone: bool

    @property
    def sentence(self) -> Sentence:
        """The event's sentence."""
        return self.sentences[self.event.sentence]

    @property
    def today(self) -> date:
        """The day of publication."""
        day: date = self.doc._.get(Extension.PUBLISHED_ON)
        return day

    @property
    def sort(self) -> str:
        """What sort of act it is, for features that need no more."""
        if self.event.kind in SPOKEN:
            return "spoken"
        return "physical" if self.event.kind in PHYSICAL else "other"

    def beside(self, reach: tuple[int, ...]) -> Iterator[tuple[str, int, Sentence]]:
        """Yield the sentences so many before or behind the event's: how they stand to it, their index, and they."""
        for step in reach:
            index = self.event.sentence + step
            if 0 <= index < len(self.sentences) and self.sentences[index].open:
                other = self.sentences[index]
                below = "below" if self.sentence.headline else "step"
                yield "headline" if other.headline else f"{below}{step:+d}", index, other


def scene(doc: Doc, event: EventSpan, status: Status) -> Scene:
    """Return the scene of an event."""
    others = tuple(other for other in get(doc, Extension.EVENTS) if other is not event and not other.refers)
    return Scene(
        doc=doc,
        event=event,
        status=status,
        sentences=get(doc, Extension.SENTENCES),
        others=others,
        own=head_of(doc, *event.trigger),
        busy=frozenset(n for other in others for n in range(*other.trigger)) - set(range(*event.trigger)),
        alone=not any(other.sentence == event.sentence for other in others),
    )


def hanging(view: Scene, word: Token) -> Iterator[str]:
    """Yield how a word hangs together with the one that tells the event."""
    above = governor(word)
    kind, way = governor_kind(view, above), way_kind(view, above)
    yield f"above={kind}"
    yield f"above={kind}|{way}"
    yield f"above={kind}|{view.sort}"
    yield f"above={kind}|{view.status}"
    yield f"way={way}"
    yield f"way={way}|{view.sort}"
    yield f"relation={relation(word).name}"
    yield f"governor={plain(above)}" if above is not None and kind in {"verb", "noun"} else "governor="
    yield from (f"on={step}|{way[:2]}" for step in steps(view, above))


def governor_kind(view: Scene, above: Token | None) -> str:
    """Return what the word is that a date or place hangs on."""
    if above is None:
        return "nothing"
    if view.event.trigger[0] <= above.i < view.event.trigger[1]:
        return "trigger"
    if above.i in view.busy:
        return "other event"
    known = (("saying", SAYING), ("scheduling", SCHEDULING), ("apart", APART))
    named = next((name for name, words in known if plain(above) in words), "")
    return named or ("verb" if is_verb(above) else "noun" if is_noun(above) else "else")


def way_kind(view: Scene, above: Token | None) -> str:
    """Return whether the event hangs on a word or the other way round, and how far."""
    if above is None:
        return "none"
    up = way_between(view.own, above)
    if up is not None:
        return f"up{min(len(up), LONGEST_WAY)}"
    down = way_between(above, view.own)
    return "apart" if down is None else f"down{min(len(down), LONGEST_WAY)}"


def steps(view: Scene, above: Token | None) -> frozenset[str]:
    """Return the relations on the way between a word and the event's."""
    if above is None:
        return frozenset()
    way = way_between(view.own, above) or way_between(above, view.own) or ()
    return frozenset(relation(word).name for word in way)


def standing(view: Scene, start: int) -> Iterator[str]:
    """Yield where a token stands in the order of words."""
    first, last = sorted((start, view.event.trigger[0]))
    far = distance(last - first)
    yield f"before={start < view.event.trigger[0]}|{far}"
    yield f"between={any(n in view.busy for n in range(first, last))}|{far}"
    yield f"inside={view.event.start <= start < view.event.end}"
    yield f"alone={view.alone}"


def distance(tokens: int) -> int:
    """Return a distance as one of five steps."""
    return sum(tokens > step for step in STEPS)
