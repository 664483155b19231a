"""Who says so: "X said", ", a spokeswoman said", "according to X", "X: …"; none for the publisher's own voice."""

from collections.abc import Callable, Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc, Token

from extractors.components._doc import ActorSpan, Attribution, EventSpan, Extension, Sentence, get, put
from extractors.lexicon import words as w
from extractors.syntax import Relation, relation, subject_of

FACTORY = "demarche_attribution"
NO_ONE = Attribution("")
# Words of a speaker's description: "a senior US official", "the foreign ministry spokeswoman".
LONGEST_SPEAKER = 8
LONGEST_LABEL = 5  # tokens before a headline's colon
REPORTERS = frozenset(
    """said says told tells tell added adds announced announces confirmed confirms reported reports stated states claims
    claimed insists insisted notes noted declares declared""".split()
)
# What a headline's label ends with where it names nobody known ("Envoys expelled: ministry").
SPEAKERS = frozenset(
    """ministry minister official officials source sources media report reports spokesman spokeswoman spokesperson
    police agency army military statement envoy president government commander leader""".split()
)
BEFORE_SPEAKER = frozenset({",", "“", "”", '"', ";", ":", "but", "and", "that"})
AFTER_SPEAKER = frozenset({",", ".", ";", "(", "—", "–"})


def read(doc: Doc, sentence: Sentence, spans: Sequence[ActorSpan], event: EventSpan) -> Attribution:
    """Return who tells an event in its sentence; an empty name when nobody is named."""
    inside = [span for span in spans if sentence.start <= span.start < sentence.end]
    for find in (according_to, by_the_tree if doc.has_annotation("DEP") else by_order, by_label):
        found = find(doc, sentence, inside, event)
        if found.name:
            return found
    return NO_ONE


def according_to(doc: Doc, sentence: Sentence, spans: Sequence[ActorSpan], event: EventSpan) -> Attribution:
    """Return whom "according to" names."""
    for at in range(sentence.start, sentence.end - 2):
        if doc[at].lower_ == "according" and doc[at + 1].lower_ == "to":
            return named(doc, at + 2, forward_end(doc, at + 2, sentence.end), spans)
    return NO_ONE


# ---------------------------------------------------------------- by the tree


def by_the_tree(doc: Doc, sentence: Sentence, spans: Sequence[ActorSpan], event: EventSpan) -> Attribution:
    """Return the subject of the nearest verb of saying that an event is told under, or whose remark it is."""
    for verb in reporters_above(doc[event.trigger[0]], event):
        subject = subject_of(verb)
        if subject is not None and sentence.start <= subject.i < sentence.end:
            found = named(doc, *stretch(subject, verb), spans)
            if found.name:
                return found
    return by_order(doc, sentence, spans, event)


def reporters_above(word: Token, event: EventSpan) -> Iterator[Token]:
    """Yield the verbs of saying above a word, and those put into or after what they report, the nearest first."""
    for above in (word, *word.ancestors):
        if is_reporter(above, event):
            yield above
        remarks = (child for child in above.children if relation(child) is Relation.PARATAXIS)
        yield from (remark for remark in remarks if is_reporter(remark, event))


def is_reporter(word: Token, event: EventSpan) -> bool:
    """Say whether a word reports, and is not itself what tells the event."""
    return word.lower_ in REPORTERS and not event.trigger[0] <= word.i < event.trigger[1]


def stretch(subject: Token, verb: Token) -> tuple[int, int]:
    """Return the tokens of a subject without the clauses about it and without its verb."""
    inside = [word.i for word in subject.subtree if not is_aside(word, subject)]
    first = min(inside)
    last = first
    while last + 1 in inside and last + 1 != verb.i:
        last += 1
    return first, last + 1


def is_aside(word: Token, subject: Token) -> bool:
    """Say whether a word is part of what is told about a subject besides ("X, who …")."""
    kinds = {Relation.RELATIVE_CLAUSE, Relation.NOUN_CLAUSE, Relation.PARATAXIS, Relation.PUNCTUATION}
    while word != subject:
        if relation(word) in kinds:
            return True
        word = word.head
    return False


# ---------------------------------------------------------------- by the order of words


def by_order(doc: Doc, sentence: Sentence, spans: Sequence[ActorSpan], event: EventSpan) -> Attribution:
    """Return who stands before the first verb of saying."""
    for at in range(sentence.start, sentence.end):
        if is_reporter(doc[at], event):
            speaker = named(doc, speaker_start(doc, at, sentence.start), at, spans)
            if speaker.name:
                return speaker
    return NO_ONE


def speaker_start(doc: Doc, verb: int, start: int) -> int:
    """Return where the speaker that stands before a verb of saying begins."""
    begin = verb
    while begin > start and verb - begin < LONGEST_SPEAKER and doc[begin - 1].text not in BEFORE_SPEAKER:
        begin -= 1
    return begin


def forward_end(doc: Doc, start: int, end: int) -> int:
    """Return where a speaker's description after "according to" ends."""
    stop = start
    while stop < end and stop - start < LONGEST_SPEAKER and doc[stop].text not in AFTER_SPEAKER:
        stop += 1
    return stop


def by_label(doc: Doc, sentence: Sentence, spans: Sequence[ActorSpan], event: EventSpan) -> Attribution:
    """Return whom a headline names before its colon, or behind its last ("Kremlin: talks go on", "Talks go on: UN")."""
    if not sentence.headline:
        return NO_ONE
    colons = [n for n in range(sentence.start + 1, sentence.end - 1) if doc[n].text == ":"]
    for first, last in [(sentence.start, n) for n in colons[:1]] + [(n + 1, sentence.end) for n in colons[-1:]]:
        is_apart = last <= event.trigger[0] or first >= event.trigger[1]
        if is_apart and last - first <= LONGEST_LABEL and is_label(doc, first, last, spans):
            return named(doc, first, last, spans)
    return NO_ONE


def is_label(doc: Doc, first: int, last: int, spans: Sequence[ActorSpan]) -> bool:
    """Say whether words name somebody who can speak."""
    return doc[last - 1].lower_ in SPEAKERS or any(first <= span.start and span.end <= last for span in spans)


# ---------------------------------------------------------------- the name


def named(doc: Doc, start: int, end: int, spans: Sequence[ActorSpan]) -> Attribution:
    """Return the speaker between two tokens: a known person or party by name, else the text's own words."""
    inside = [span for span in spans if start <= span.start and span.end <= end + 1]
    if inside and is_whole(doc, inside[-1], end):
        return Attribution(inside[-1].name, inside[-1].code)
    text = " ".join(doc[start:end].text.split())
    is_description = bool(text) and doc[start].lower_ not in w.PRONOUNS | w.PREPOSITIONS
    return Attribution(text, inside[-1].code if inside else "") if is_description else NO_ONE


def is_whole(doc: Doc, span: ActorSpan, end: int) -> bool:
    """Say whether a known name is all of a speaker's description; "Moscow" in "Moscow's delegation" is not."""
    return span.end >= end or doc[span.end].text not in {"'s", "’s", "'", "’"}


@Language.factory(
    FACTORY,
    requires=[Extension.SENTENCES.path, Extension.ACTORS.path, Extension.EVENTS.path],
    assigns=[Extension.ATTRIBUTIONS.path],
)
def make(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Return the component that finds who says so."""

    def component(doc: Doc) -> Doc:
        sentences, actors = get(doc, Extension.SENTENCES), get(doc, Extension.ACTORS)
        found = [read(doc, sentences[event.sentence], actors, event) for event in get(doc, Extension.EVENTS)]
        return put(doc, Extension.ATTRIBUTIONS, tuple(found))

    return component
