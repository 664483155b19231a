"""What a date or a place belongs to: the way from its words up the tree to the word that tells an event.

A date belongs to the predicate that it hangs on: "was cancelled on Monday" dates the cancelling, not what is cancelled.
"""

from collections.abc import Collection, Iterator
from enum import IntEnum

from spacy.tokens import Doc, Token

from extractors.components._sentences import NO_WIDTH
from extractors.syntax import Relation, preposition, relation


class Link(IntEnum):
    """How close a date or place is to an event, the closest first."""

    OWN = 0  # it hangs on the word that tells the event
    CARRIED = 1  # on the verb that the event is subject or object of, or on one that says when it begins
    ARGUMENT = 2  # on a party or thing that the event is done to
    SHARED = 3  # on a predicate coordinated with it
    OPENING = 4  # it opens the sentence
    SAID = 5  # on the verb that tells who said it
    NEAR = 6  # elsewhere, with no other event between
    LOOSE = 7  # in the words that tell it, or in a sentence that tells nothing else; for want of a better one


# The day of these is not the day of what they are about.
APART = frozenset(
    """cancel cancels cancelled canceled cancelling postpone postpones postponed postponing delay delays delayed
    call calls called announce announces announced announcing discuss discusses discussed discussing condemn condemns
    condemned criticise criticises criticised criticize criticizes criticized welcome welcomes welcomed propose proposes
    proposed reject rejects rejected approve approves approved plan plans planned mark marks marked defer deferred
    suspend suspends suspended invite invites invited demand demands demanded praise praised recall recalled
    follow follows followed following confirm confirms confirmed""".split()
)
SAYING = frozenset(
    """say says said saying tell tells told telling add adds added announce announces announced announcing confirm
    confirms confirmed report reports reported state states stated claim claims claimed declare declares declared write
    writes wrote posted warn warns warned insist insists insisted""".split()
)
# What says when something takes place, below it or above it ("talks starting on Monday", "is due on Friday").
SCHEDULING = frozenset(
    """start starts started starting begin begins began begun beginning schedule scheduled due set slated take takes
    took taking place last lasts lasting lasted open opens opened opening expect expected plan planned hold held run
    runs running effective force effect resume resumed resuming come comes came end ends ended ending conclude concludes
    concluded""".split()
)
UNSHOWN = dict.fromkeys(map(ord, NO_WIDTH))
LENGTHS = frozenset("days day weeks week hours hour months month morning afternoon evening night".split())
SEPARATE = frozenset({Relation.RELATIVE_CLAUSE, Relation.ADVERBIAL_CLAUSE, Relation.NOUN_CLAUSE})
EMBEDDED = frozenset({Relation.CLAUSAL_COMPLEMENT, Relation.PARATAXIS})


def plain(word: Token) -> str:
    """Return a word in small letters, without the marks that do not show which some agencies put between words."""
    return word.lower_.strip(NO_WIDTH)


def preposition_of(word: Token) -> str:
    """Return the preposition that a noun comes with, read likewise; empty where there is none."""
    return preposition(word).translate(UNSHOWN)


def head_of(doc: Doc, start: int, end: int) -> Token:
    """Return the word of a stretch that the others hang on."""
    inside = range(start, end)
    return next((doc[n] for n in inside if doc[n].head.i not in inside), doc[end - 1])


def governor(word: Token) -> Token | None:
    """Return what a word belongs to, past a preposition between them (ClearNLP) and a length; None for a root."""
    above = word.head
    while (above.dep_ in {"prep", "pcomp", "agent"} or plain(above) in LENGTHS) and above.head != above:
        above = above.head
    return None if above == word else above


def way_up(word: Token) -> Iterator[Token]:
    """Yield a word and what it hangs on, up to the root."""
    yield word
    yield from word.ancestors


def way_between(below: Token, above: Token) -> tuple[Token, ...] | None:
    """Return the words from one to just below another; None when it does not hang on it."""
    way: list[Token] = []
    for word in way_up(below):
        if word == above:
            return tuple(way)
        way.append(word)
    return None


def is_verb(word: Token) -> bool:
    """Say whether a word is a predicate: a verb, or what "be" says of somebody."""
    return word.tag_.startswith("VB") or any(relation(child) is Relation.COPULA for child in word.children)


def is_free(way: Collection[Token], kinds: frozenset[Relation] = SEPARATE) -> bool:
    """Say whether no clause of its own begins on a way; "arrived on Monday, calling for peace" is one clause."""
    return not any(relation(word) in kinds and not is_at_once(word) for word in way)


def is_at_once(word: Token) -> bool:
    """Say whether a participle tells what goes on at the time of its main clause."""
    marks = {Relation.MARK, Relation.CASE, Relation.SUBJECT}
    is_bare = word.tag_ == "VBG" and relation(word) is Relation.ADVERBIAL_CLAUSE
    return is_bare and not any(relation(child) in marks for child in word.children)


def link_to_verb(word: Token, verb: Token, event: Token, busy: Collection[int]) -> Link | None:
    """Return how an event has to do with a date on another verb; `busy` are the words that tell other events."""
    if relation(verb) is Relation.PARATAXIS and plain(verb) in SAYING:
        above = way_between(event, verb.head)
        return Link.SAID if above is not None and is_free(above) else None
    up = way_between(event, verb)
    if up is not None:
        return link_from_above(word, verb, event, up, busy)
    down = way_between(verb, event)
    return link_from_below(word, verb, event, down, busy) if down is not None else None


def link_from_above(
    word: Token, verb: Token, event: Token, way: tuple[Token, ...], busy: Collection[int]
) -> Link | None:
    """Return the link of a date on a verb that an event hangs on."""
    if not is_free(way):
        return None
    if not is_free(way, EMBEDDED):
        return Link.SAID if plain(verb) in SAYING else None
    if relation(way[-1]) is Relation.CONJUNCT and is_verb(way[-1]):
        return Link.SHARED if word.i < verb.i or word.i > event.i else None
    if relation(way[-1]) is Relation.ADVERBIAL_CLAUSE:
        return Link.SHARED
    return None if verb.i in busy or plain(verb) in APART else Link.CARRIED


def link_from_below(
    word: Token, verb: Token, event: Token, way: tuple[Token, ...], busy: Collection[int]
) -> Link | None:
    """Return the link of a date on a verb that hangs on an event's word."""
    if verb.i in busy:
        is_joined = len(way) == 1 and relation(verb) is Relation.CONJUNCT and verb.tag_ == event.tag_
        return Link.SHARED if is_joined and word.i > verb.i else None
    if plain(verb) in SCHEDULING:
        return Link.CARRIED
    return Link.CARRIED if all(relation(step) is Relation.OPEN_COMPLEMENT for step in way) else None


def link_to_noun(word: Token, noun: Token, event: Token) -> Link | None:
    """Return how an event has to do with a date on a noun: "a deal on Tuesday" is signed then, "Tuesday's deal" not."""
    up = way_between(event, noun)
    if up is not None and is_noun(event):  # a round of talks on Monday
        return Link.CARRIED if is_free(up) else None
    way = way_between(noun, event)
    if way is None or not is_behind(word, noun) or leads_elsewhere(way):
        return None
    if not is_free(way) or not is_free(way, EMBEDDED):
        return None
    return Link.ARGUMENT


def is_behind(word: Token, noun: Token) -> bool:
    """Say whether a word follows its noun ("a deal on Tuesday") and is no part of its name ("Tuesday's deal")."""
    return word.i > noun.i and (bool(preposition_of(word)) or relation(word) is Relation.MEASURE)


# What stands behind these is another matter than what the sentence tells: its cause, its topic, what came before it.
ELSEWHERE = frozenset(
    """after following since over about despite amid against before for regarding concerning because-of due-to
    ahead-of in-response-to in-protest-of in-connection-with pending than like as-for on-charges-of""".split()
)


def leads_elsewhere(way: Collection[Token]) -> bool:
    """Say whether a way passes a noun that is the cause, the topic or the forerunner of what is told."""
    return any(preposition_of(word).replace(" ", "-") in ELSEWHERE for word in way)


def is_nearest(word: Token, event: Token, own: Collection[int], busy: Collection[int]) -> bool:
    """Say whether an event's word is the first that tells one on the way up from a date, in no clause of its own."""
    way: list[Token] = []
    for above in way_up(word):
        if above.i in own or above == event:
            return (
                not leads_elsewhere(way[1:])
                and is_free(way, FINITE)
                and all(is_behind(*pair) for pair in pairs_with_nouns(way))
            )
        if above.i in busy or plain(above) in SAYING | APART:
            return False
        way.append(above)
    return False


def is_reached_by_opening(event: Token) -> bool:
    """Say whether what opens a sentence holds for an event: not where it is told as a reason or a forerunner."""
    way = tuple(way_up(event))
    is_side = any(relation(word) is Relation.RELATIVE_CLAUSE for word in way)
    return not is_side and not leads_elsewhere(way) and not any(is_behind_mark(word) for word in way)


def is_behind_mark(word: Token) -> bool:
    """Say whether a clause begins with "after", "because", "as" and the like."""
    if relation(word) is not Relation.ADVERBIAL_CLAUSE:
        return False
    return any(relation(child) is Relation.MARK and child.tag_ == "IN" for child in word.children)


def is_on_main_line(word: Token) -> bool:
    """Say whether nothing on the way from a date to the root takes it out of what the sentence tells."""
    way = tuple(way_up(word))
    joined = all(is_behind(below, above) for below, above in pairs_with_nouns(way))
    return joined and not leads_elsewhere(way[1:]) and not any(relation(one) is Relation.RELATIVE_CLAUSE for one in way)


FINITE = frozenset({Relation.RELATIVE_CLAUSE, Relation.CLAUSAL_COMPLEMENT, Relation.PARATAXIS})


def pairs_with_nouns(way: Collection[Token]) -> Iterator[tuple[Token, Token]]:
    """Yield the words of a way that hang on a noun, with it."""
    return ((word, word.head) for word in way if is_noun(word.head) and word.head in way)


def is_noun(word: Token) -> bool:
    """Say whether a word is a noun or a name."""
    return word.tag_.startswith("NN")
