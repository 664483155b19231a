"""What each token of a sentence does, by closed word classes, known verb forms and what stands around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, auto

from extractors.components._doc import ActorSpan, Part
from extractors.lexicon import Governors
from extractors.lexicon import words as w
from extractors.lexicon.inflection import Form

# Tokens at which a frame's word begins: its form, and where the frame's words end.
Triggers = dict[int, tuple[Form, int]]


class Tag(IntEnum):
    """What a token does in its sentence; a number, which is the quickest to look up in sets."""

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
            tags.append(tag_word(Here(words, token, end, tags, verbs, triggers, parts)))
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


@dataclass(frozen=True, slots=True)
class Here:
    """A token that is part of no name, with what it is judged by; `tags` are those of the tokens before it."""

    words: Sequence[str]
    token: int
    end: int
    tags: Sequence[Tag]
    verbs: Governors
    triggers: Triggers
    parts: Mapping[int, Part]

    @property
    def word(self) -> str:
        """Return the token."""
        return self.words[self.token]

    @property
    def after(self) -> str:
        """Return the next token of the sentence, or nothing."""
        return self.words[self.token + 1] if self.token + 1 < self.end else ""

    @property
    def following(self) -> str:
        """Return the next token, or nothing when the words of a frame go on with it ("calls for")."""
        has_more = self.token in self.triggers and self.triggers[self.token][1] > self.token + 1
        return "" if has_more else self.after

    @property
    def before(self) -> Tag | None:
        """Return the last tag that is no adverb."""
        return next((tag for tag in reversed(self.tags) if tag not in {Tag.SKIP, Tag.ADVERB}), None)

    @property
    def follows_party(self) -> bool:
        """Say whether a name stands right before."""
        return bool(self.tags) and self.tags[-1] is Tag.ACTOR

    @property
    def is_modified(self) -> bool:
        """Say whether a nationality or possessive stands right before, which only a noun follows."""
        return self.parts.get(self.token - 1) is Part.MODIFIER

    @property
    def opens_object(self) -> bool:
        """Say whether a party or a determiner comes next."""
        return self.token + 1 in self.parts or CLOSED.get(self.following) is Tag.DETERMINER

    def form(self) -> Form | None:
        """Return the form that the word would have as a verb or as a frame's noun, or None."""
        known = self.verbs.forms.get(self.word)
        form = self.triggers[self.token][0] if self.token in self.triggers else known and known[1]
        is_rather_verb = form is Form.NOUN and known is not None and self.word not in NOUN_FIRST
        return known[1] if is_rather_verb and known else form


def tag_word(here: Here) -> Tag:
    """Return the tag of a token: by its neighbours, else by its closed class, else as verb or noun."""
    return by_neighbours(here) or by_closed_class(here) or by_form(here)


def by_neighbours(here: Here) -> Tag | None:
    """Return the tag of small words and parts of compounds that their neighbours decide."""
    if has_object(here) or is_in_state(here):
        return Tag.VERB
    if here.word in FLOATING and here.follows_party:
        return Tag.ADVERB
    if "-" in {here.after, here.words[here.token - 1]} and here.token not in here.triggers:
        return Tag.NOUN
    return AMBIGUOUS[here.word](here.tags, here.after, here.verbs) if here.word in AMBIGUOUS else None


def has_object(here: Here) -> bool:
    """Say whether "have" is the verb of its clause ("has talks", "had a meeting")."""
    is_led = CLOSED.get(here.after) is Tag.DETERMINER or is_noun_trigger(here.triggers, here.token + 1)
    return here.word in w.HAVE and is_led


def is_in_state(here: Here) -> bool:
    """Say whether "be" is the verb of its clause ("are in talks")."""
    is_possessive = here.follows_party and here.word in w.POSSESSIVES
    leads = here.after == "in" and is_noun_trigger(here.triggers, here.token + 2)
    return here.word in w.BE and leads and not is_possessive


def by_closed_class(here: Here) -> Tag | None:
    """Return the tag of a word of a closed class."""
    closed = CLOSED.get(here.word)
    return closed if closed is not Tag.NOUN or here.form() is None else None


def by_form(here: Here) -> Tag:
    """Return whether a word is a verb here, or a noun or adverb."""
    form = here.form()
    if form is None or form is Form.NOUN:
        return Tag.ADVERB if w.is_adverb(here.word) else Tag.NOUN
    is_verb = is_verb_here(form, here) and not precedes_verb(form, here)
    return Tag.VERB if is_verb else Tag.NOUN


def is_noun_trigger(triggers: Triggers, token: int) -> bool:
    """Say whether a noun of a frame begins at a token ("has talks with")."""
    return token in triggers and triggers[token][0] is Form.NOUN


def precedes_verb(form: Form, here: Here) -> bool:
    """Say whether a finite verb comes right after a word that may be a noun, so that the noun is its subject."""
    known = here.verbs.forms.get(here.following)
    is_finite = known is not None and known[1] in {Form.PRESENT, Form.PAST} and here.following not in NOUN_FIRST
    return here.word in NOUN_FIRST and form in {Form.BASE, Form.PRESENT} and is_finite


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


PASTS = frozenset({Form.PAST, Form.PARTICIPLE, Form.PAST_OR_PARTICIPLE})


def is_verb_here(form: Form, here: Here) -> bool:
    """Say whether a form that could be a verb is one, by the tags before it and the word after it."""
    before = here.before
    if before in BEFORE_VERB:
        return True
    if form in PASTS:
        return is_past_verb(form, here)
    if before in BEFORE_NOUN or here.is_modified:
        return form is Form.GERUND and before is Tag.PREPOSITION and here.word not in NOUN_FIRST
    if here.word in NOUN_FIRST and here.following:
        return before in {Tag.ACTOR, Tag.CONJUNCTION, Tag.COMMA} and here.following not in AFTER_NOUNS
    return form is Form.GERUND or is_present_verb(form, here)


def is_past_verb(form: Form, here: Here) -> bool:
    """Say whether a past form is a verb and no adjective ("a written proposal", "Turkey-backed")."""
    before = here.before
    is_adjective = here.is_modified or (form is Form.PARTICIPLE and before is Tag.NOUN and in_object(here.tags))
    return before is not Tag.DETERMINER and not (is_adjective and here.following != "by")


def is_present_verb(form: Form, here: Here) -> bool:
    """Say whether a present form has a subject before it."""
    before = here.before
    if before is Tag.NOUN and not starts_as_subject(here.tags) and not here.opens_object:
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
