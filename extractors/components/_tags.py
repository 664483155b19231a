"""What each token of a sentence does, by closed word classes, known verb forms and what stands around it."""

from collections.abc import Sequence
from enum import Enum, auto

from extractors.components import _words as w
from extractors.components._doc import ActorSpan, Part
from extractors.lexicon import Governors
from extractors.lexicon.inflection import Form

# Tokens at which a frame's word begins: its form, and where the frame's words end.
Triggers = dict[int, tuple[Form, int]]


class Tag(Enum):
    """What a token does in its sentence."""

    DETERMINER = auto()
    NOUN = auto()
    ACTOR = auto()
    PRONOUN = auto()
    VERB = auto()
    AUXILIARY = auto()
    ADVERB = auto()
    PREPOSITION = auto()
    SUBORDINATOR = auto()
    RELATIVE = auto()
    THAT = auto()
    CONJUNCTION = auto()
    COMMA = auto()
    STOP = auto()
    SKIP = auto()


NOMINAL = frozenset({Tag.DETERMINER, Tag.NOUN, Tag.ACTOR, Tag.PRONOUN})


CLOSED: dict[str, Tag] = {
    **dict.fromkeys(w.DETERMINERS, Tag.DETERMINER),
    **dict.fromkeys(w.PREPOSITIONS, Tag.PREPOSITION),
    **dict.fromkeys(w.SUBORDINATORS, Tag.SUBORDINATOR),
    **dict.fromkeys(w.PRONOUNS, Tag.PRONOUN),
    **dict.fromkeys(w.RELATIVES, Tag.RELATIVE),
    **dict.fromkeys(w.CONJUNCTIONS, Tag.CONJUNCTION),
    **dict.fromkeys(w.AUXILIARIES, Tag.AUXILIARY),
    **dict.fromkeys(w.ADVERBS, Tag.ADVERB),
    **dict.fromkeys(w.POSSESSIVES, Tag.NOUN),
    **dict.fromkeys(w.QUOTES - {"'"}, Tag.SKIP),
    **dict.fromkeys(w.HARD_STOPS, Tag.STOP),
    "-": Tag.NOUN,
    ",": Tag.COMMA,
    "that": Tag.THAT,
    "to": Tag.PREPOSITION,
}


BEFORE_NOUN = frozenset({Tag.DETERMINER, Tag.PREPOSITION})


def tag(
    words: Sequence[str],
    start: int,
    end: int,
    spans: Sequence[ActorSpan],
    adverbial: frozenset[int],
    verbs: Governors,
    triggers: Triggers,
    named: frozenset[int],
) -> list[Tag]:
    """Return a tag for each token of a sentence."""
    tags: list[Tag] = []
    parts = {token: span.part for span in spans for token in range(span.start, span.end)}
    in_brackets = False
    for token in range(start, end):
        word = words[token]
        in_brackets = in_brackets or word in {"(", "["}
        if (token in parts or token in named) and not in_brackets:
            tags.append(Tag.ACTOR)
        elif is_hyphenated(words, token, triggers):
            tags.append(Tag.ADVERB)
        elif in_brackets or word.isspace():
            tags.append(Tag.SKIP)
        elif token in adverbial:
            # "the April 26 talks": a date inside a noun group is part of it.
            tags.append(
                Tag.NOUN if (tags and tags[-1] is Tag.DETERMINER) or is_dated(words, token, start, tags) else Tag.ADVERB
            )
        else:
            tags.append(tag_word(words, token, end, tags, verbs, triggers, parts))
        in_brackets = in_brackets and word not in {")", "]"}
    return tags


def is_hyphenated(words: Sequence[str], token: int, triggers: Triggers) -> bool:
    """Say whether a token is the hyphen or the second half of a verb such as "test-fires"."""
    first = token - 1 if words[token] == "-" else token - 2
    is_joined = words[first + 1] == "-" if first >= 0 else False
    return is_joined and first in triggers and triggers[first][1] > token and triggers[first][0] is not Form.NOUN


def is_dated(words: Sequence[str], token: int, start: int, tags: Sequence[Tag]) -> bool:
    """Say whether a token goes on with a date inside a noun group."""
    return token - start >= 2 and tags[-1] is Tag.NOUN and tags[-2] is Tag.DETERMINER and words[token].isdigit()


# "Norway and Sweden both sign": these may stand behind what they count.
FLOATING = frozenset({"both", "all", "each", "jointly", "together"})


def tag_word(
    words: Sequence[str],
    token: int,
    end: int,
    tags: Sequence[Tag],
    verbs: Governors,
    triggers: Triggers,
    parts: dict[int, Part],
) -> Tag:
    """Return the tag of a token that is part of no name; `tags` are those of the tokens before it."""
    word = words[token]
    known = verbs.forms.get(word)
    form, stop = triggers.get(token) or ((known[1] if known else None), token + 1)
    after = words[token + 1] if token + 1 < end else ""
    following = after if stop == token + 1 else ""
    if word in w.HAVE and (CLOSED.get(after) is Tag.DETERMINER or is_noun_trigger(triggers, token + 1)):
        return Tag.VERB
    if (
        word in w.BE
        and after == "in"
        and is_noun_trigger(triggers, token + 2)
        and not (tags and tags[-1] is Tag.ACTOR and word in w.POSSESSIVES)
    ):
        return Tag.VERB
    if word in FLOATING and tags and tags[-1] is Tag.ACTOR:
        return Tag.ADVERB
    if (after == "-" or words[token - 1] == "-") and token not in triggers:
        return Tag.NOUN
    if word in AMBIGUOUS:
        return AMBIGUOUS[word](tags, after, verbs)
    closed = CLOSED.get(word)
    if closed is not None and (form is None or closed is not Tag.NOUN):
        return closed
    if form is Form.NOUN and known is not None and word not in NOUN_FIRST:
        form = known[1]
    if form is None or form is Form.NOUN:
        return Tag.ADVERB if w.is_adverb(word) else Tag.NOUN
    is_modified = parts.get(token - 1) is Part.MODIFIER
    opens_object = token + 1 in parts or CLOSED.get(following) is Tag.DETERMINER
    is_verb = is_verb_here(
        form, word, tags, following, is_modified=is_modified, opens_object=opens_object
    ) and not precedes_verb(form, word, following, verbs)
    return Tag.VERB if is_verb else Tag.NOUN


def is_noun_trigger(triggers: Triggers, token: int) -> bool:
    """Say whether a noun of a frame begins at a token ("has talks with")."""
    return token in triggers and triggers[token][0] is Form.NOUN


def precedes_verb(form: Form, word: str, following: str, verbs: Governors) -> bool:
    """Say whether a finite verb comes right after a word that may be a noun, so that the noun is its subject."""
    known = verbs.forms.get(following)
    is_finite = known is not None and known[1] in {Form.PRESENT, Form.PAST} and following not in NOUN_FIRST
    return word in NOUN_FIRST and form in {Form.BASE, Form.PRESENT} and is_finite


def tag_to(tags: Sequence[Tag], following: str, verbs: Governors) -> Tag:
    """Return whether "to" begins an infinitive."""
    known = verbs.forms.get(following)
    return Tag.AUXILIARY if known is not None and known[1] is Form.BASE else Tag.PREPOSITION


def tag_that(tags: Sequence[Tag], following: str, verbs: Governors) -> Tag:
    """Return whether "that" begins a clause."""
    return Tag.DETERMINER if tags and tags[-1] in BEFORE_NOUN else Tag.THAT


def tag_s(tags: Sequence[Tag], following: str, verbs: Governors) -> Tag:
    """Return whether "'s" is the possessive."""
    return Tag.NOUN if tags and tags[-1] in {Tag.ACTOR, Tag.NOUN} else Tag.AUXILIARY


def tag_at(tags: Sequence[Tag], following: str, verbs: Governors) -> Tag:
    """Return whether "at" or "up" begins "at least", "up to", which only count."""
    return Tag.DETERMINER if following in {"least", "most"} else Tag.PREPOSITION


def tag_quantity(tags: Sequence[Tag], following: str, verbs: Governors) -> Tag:
    """Return whether "about" or "over" only counts ("about 40 countries")."""
    return Tag.DETERMINER if following[:1].isdigit() else Tag.PREPOSITION


AMBIGUOUS = {
    **dict.fromkeys(("about", "around", "over"), tag_quantity),
    "at": tag_at,
    "to": tag_to,
    "that": tag_that,
    "'s": tag_s,
    "’s": tag_s,
}


# Forms of these are nouns far more often than verbs; as a verb they need a party right before and no preposition after.
NOUN_FIRST = frozenset(
    "talks sanctions strikes attacks protests demands plans threats claims forces ties exercises deals tests"
    " raids reports troops trips"
    " visits calls drills ships arms charges backing support plan visit attack strike protest demand threat"
    " claim force exercise deal test"
    " raid report ship trip tour call drill blast release blockade boycott bomb export exports import imports"
    " trade offer offers request"
    " requests appeal appeals dispute need needs fire exit target targets shell shells aid base bases head"
    " heads lead back use work name"
    " sentence approach defeat pressure spy train trains march condemnation veto escape deploy pact rocket swap"
    " ban bans cut cuts move moves"
    " meeting meetings hearing bombing shelling ruling warning training opening building fighting killing".split()
)


AFTER_NOUNS = frozenset("on by between with of against in from over at".split())


BEFORE_VERB = frozenset({Tag.RELATIVE, Tag.PRONOUN, Tag.AUXILIARY})


def is_verb_here(
    form: Form, word: str, tags: Sequence[Tag], following: str, *, is_modified: bool, opens_object: bool
) -> bool:
    """Say whether a form that could be a verb is one, by the tags before it and the word after it.

    `is_modified`: an adjective of nationality or a possessive stands right before, which only a noun follows;
    `opens_object`: a party or a determiner comes next.
    """
    before = next((t for t in reversed(tags) if t not in {Tag.SKIP, Tag.ADVERB}), None)
    if before in BEFORE_VERB:
        return True
    if form in {Form.PAST, Form.PARTICIPLE, Form.PAST_OR_PARTICIPLE}:
        is_adjective = is_modified or (form is Form.PARTICIPLE and before is Tag.NOUN and in_object(tags))
        return before is not Tag.DETERMINER and not (is_adjective and following != "by")
    if before in BEFORE_NOUN or is_modified:
        return form is Form.GERUND and before is Tag.PREPOSITION and word not in NOUN_FIRST
    if word in NOUN_FIRST and following:
        return before in {Tag.ACTOR, Tag.CONJUNCTION, Tag.COMMA} and following not in AFTER_NOUNS
    if form is Form.GERUND:
        return True
    if before is Tag.NOUN and not starts_as_subject(tags) and not opens_object:
        return False
    if form is Form.BASE:
        return before in {Tag.ACTOR, Tag.CONJUNCTION, Tag.NOUN, Tag.THAT}
    return before is not Tag.VERB


def in_object(tags: Sequence[Tag]) -> bool:
    """Say whether the run of nouns that ends the tags is a verb's object ("submitted a new written …")."""
    position = len(tags) - 1
    while position >= 0 and tags[position] in NOMINAL:
        position -= 1
    return position >= 0 and tags[position] is Tag.VERB and tags[position + 1] is Tag.DETERMINER


def starts_as_subject(tags: Sequence[Tag]) -> bool:
    """Say whether the run of nouns that ends the tags can be a subject: no verb or preposition leads to it."""
    position = len(tags) - 1
    while position >= 0 and tags[position] in NOMINAL | {Tag.ADVERB, Tag.SKIP}:
        if tags[position] is Tag.ACTOR:
            return True
        position -= 1
    return position < 0 or tags[position] not in {Tag.VERB, Tag.PREPOSITION}
