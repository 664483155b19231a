"""Who says so: "X said", ", a spokeswoman said", "according to X"; none for the publisher's own voice."""

from collections.abc import Callable, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from extractors.components import _words as w
from extractors.components._doc import ActorSpan, Attribution, EventSpan, Extension, Sentence, get, put
from extractors.components._sentences import words_of

FACTORY = "demarche_attribution"
NO_ONE = Attribution("")
# Words of a speaker's description: "a senior US official", "the foreign ministry spokeswoman".
LONGEST_SPEAKER = 8
REPORTERS = frozenset(
    {
        "said",
        "says",
        "told",
        "added",
        "announced",
        "announces",
        "confirmed",
        "confirms",
        "reported",
        "stated",
        "states",
        "claims",
    }
)


def read(words: Sequence[str], sentence: Sentence, spans: Sequence[ActorSpan], event: EventSpan) -> Attribution:
    """Return who tells an event in its sentence; an empty name when nobody is named."""
    lowers = [word.lower() for word in words[sentence.start : sentence.end]]
    for offset, word in enumerate(lowers):
        at = sentence.start + offset
        if word == "according" and lowers[offset + 1 : offset + 2] == ["to"]:
            return named(words, at + 2, forward_end(words, at + 2, sentence.end), spans)
        if word in REPORTERS and not event.trigger[0] <= at < event.trigger[1]:
            speaker = before_verb(words, at, sentence.start, spans)
            if speaker.name:
                return speaker
    return NO_ONE


def before_verb(words: Sequence[str], verb: int, start: int, spans: Sequence[ActorSpan]) -> Attribution:
    """Return the speaker that stands before a verb of saying."""
    begin = verb
    while (
        begin > start
        and verb - begin < LONGEST_SPEAKER
        and words[begin - 1] not in {",", "“", "”", '"', ";", ":", "but", "and", "that"}
    ):
        begin -= 1
    return named(words, begin, verb, spans)


def forward_end(words: Sequence[str], start: int, end: int) -> int:
    """Return where a speaker's description after "according to" ends."""
    stop = start
    while stop < end and stop - start < LONGEST_SPEAKER and words[stop] not in {",", ".", ";"}:
        stop += 1
    return stop


def named(words: Sequence[str], start: int, end: int, spans: Sequence[ActorSpan]) -> Attribution:
    """Return the speaker between two tokens: a known person or party by name, else the words themselves."""
    inside = [span for span in spans if start <= span.start and span.end <= end + 1]
    if inside:
        return Attribution(inside[-1].name, inside[-1].code)
    text = " ".join(word for word in words[start:end] if not word.isspace())
    is_description = bool(text) and words[start].lower() not in w.PRONOUNS | w.PREPOSITIONS
    return Attribution(text) if is_description else NO_ONE


@Language.factory(
    FACTORY,
    requires=[Extension.SENTENCES.path, Extension.ACTORS.path, Extension.EVENTS.path],
    assigns=[Extension.ATTRIBUTIONS.path],
)
def make(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Return the component that finds who says so."""

    def component(doc: Doc) -> Doc:
        words = words_of(doc)
        sentences, actors = get(doc, Extension.SENTENCES), get(doc, Extension.ACTORS)
        found = [read(words, sentences[event.sentence], actors, event) for event in get(doc, Extension.EVENTS)]
        return put(doc, Extension.ATTRIBUTIONS, tuple(found))

    return component
