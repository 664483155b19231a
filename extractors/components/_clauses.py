"""Who does what to whom in a row of chunks: subject, objects and governing verb of a verb or noun.

The seam: a frame names role patterns (subject, object, with, …), this module fills them by order, prepositions and
clause boundaries. A trained parser can fill the same patterns by dependency paths.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from extractors.components._chunks import Chunk, Clause
from extractors.components._doc import ActorSpan, Part
from extractors.components._tags import Tag
from extractors.lexicon import words as w
from extractors.lexicon.inflection import Form

BOUNDARIES = frozenset({Tag.STOP, Tag.SUBORDINATOR, Tag.THAT})
Spans = tuple[ActorSpan, ...]
# What a part that is put in between commas may begin with ("who …", "accompanied by …", "like Y").
INSERTED = frozenset({Tag.RELATIVE, Tag.PREPOSITION, Tag.ADVERB, Tag.SUBORDINATOR, Tag.VERB})


@dataclass(frozen=True, slots=True)
class Subject:
    """Who does it; `words` are the auxiliaries and governing verbs on the way there, nearest first."""

    actors: Spans
    words: tuple[str, ...] = ()
    passive: bool = False
    plain: bool = False  # the subject is a noun group that names no actor


@dataclass(frozen=True, slots=True)
class Complements:
    """What follows: the direct object and the objects of prepositions, each with all actors that it mentions."""

    direct: Chunk | None = None
    by_preposition: tuple[tuple[str, Chunk], ...] = ()
    end: int = 0


def subject(clause: Clause, index: int, *, depth: int = 0) -> Subject:
    """Return the subject of the verb chunk at an index."""
    words, position = auxiliaries(clause, index)
    passive = is_passive(clause, index, words)
    if position < 0 or depth > 4:
        return Subject((), words, passive)
    chunk = clause.chunks[position]
    if chunk.tag is Tag.VERB:
        return governed(clause, index, position, words, passive, depth)
    if chunk.tag in {Tag.CONJUNCTION, Tag.COMMA}:
        return coordinated(clause, index, position, words, passive, depth)
    if chunk.tag in {Tag.PREPOSITION, Tag.SUBORDINATOR} and is_gerund(clause, index):
        return of_gerund(clause, position, words, passive, depth)
    if chunk.tag in {Tag.RELATIVE, Tag.THAT}:
        return Subject(antecedent(clause, position), words, passive)
    if announces_plan(clause, position, words):
        above = subject(clause, position - 1, depth=depth + 1)
        denied = tuple(w.NEGATIONS & set(clause.words[chunk.start : chunk.end]))  # "has no plans to"
        return Subject(above.actors, (*words, "plan", *denied, *above.words), passive, above.plain)
    if chunk.is_nominal and led_by_preposition(clause, position) and is_asked(clause, position, words):
        return Subject((), (*words, "for"), passive)
    found = nearest_group(clause, position)
    if found is None:
        return Subject((), (*words, *conditions(clause, position)), passive)
    return of_group(clause, index, found, as_reported(clause, found, words), passive, depth)


def of_group(clause: Clause, index: int, found: int, words: tuple[str, ...], passive: bool, depth: int) -> Subject:
    """Return the subject of a verb whose nearest noun group is known."""
    if is_pronoun(clause, found):
        return Subject(reporter(clause, found, depth), (*words, *conditions(clause, found)), passive)
    if set(words) & (w.AUXILIARIES - {"to"}) and is_reduced(clause, found):
        found -= 2
    heads = clause.chunks[found].heads or coordinated_heads(clause, found)
    if not heads and is_gerund(clause, index) and found > 0 and clause.chunks[found - 1].tag is Tag.VERB:
        heads = subject(clause, found - 1, depth=depth + 1).actors  # "issues a statement accusing X"
    return Subject(heads, (*words, *asked(clause, found, words), *conditions(clause, found)), passive, plain=not heads)


def asked(clause: Clause, index: int, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the verb that makes a group do something ("urged X to …"): what X is to do has not been done."""
    if "to" not in words or index == 0 or clause.chunks[index - 1].tag is not Tag.VERB:
        return ()
    return (clause.word(index - 1),) if clause.verbs.has(clause.word(index - 1), "control") else ()


# What somebody announces or makes, and an infinitive then spells out ("plans to send").
PLANS = frozenset("plan plans decision intention intentions order orders agreement preparations".split())


def announces_plan(clause: Clause, position: int, words: tuple[str, ...]) -> bool:
    """Say whether an infinitive belongs to a plan that a verb right before announces."""
    chunk = clause.chunks[position]
    is_plan = chunk.is_nominal and clause.words[chunk.end - 1] in PLANS and words[:1] == ("to",)
    return is_plan and position > 0 and clause.chunks[position - 1].tag is Tag.VERB


def is_purpose(clause: Clause, index: int, words: tuple[str, ...]) -> bool:
    """Say whether an infinitive only explains a noun before it ("X's decision to visit Y")."""
    head = clause.words[clause.chunks[index].end - 1]
    return words[:1] == ("to",) and head in INTENDED


def is_asked(clause: Clause, index: int, words: tuple[str, ...]) -> bool:
    """Say whether an infinitive explains a noun, or is what a party is asked to do ("called on X to …")."""
    above = index - 2
    is_appeal = words[:1] == ("to",) and above >= 0 and clause.verbs.has(clause.word(above), "control")
    return is_appeal or is_purpose(clause, index, words)


def host_of(clause: Clause, index: int) -> Spans:
    """Return who a relative clause behind a noun says is its host ("talks on X that Y hosts")."""
    for position in range(index + 1, len(clause.chunks) - 2):
        group, verb = position + 1, clause.phrase(position + 2)
        if clause.chunks[position].tag in {Tag.THAT, Tag.RELATIVE}:
            return clause.chunks[group].heads if clause.verbs.has(verb, "host") else ()
        if clause.chunks[position].tag not in {Tag.PREPOSITION, Tag.NOUN, Tag.COMMA}:
            return ()
    return ()


INTENDED = PLANS | {
    "ready",
    "willing",
    "prepared",
    "able",
    "unable",
    "bid",
    "attempt",
    "attempts",
    "effort",
    "efforts",
    "right",
    "refusal",
    "failure",
    "willingness",
}


def as_reported(clause: Clause, index: int, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a clause with its "would" as "will" when a verb of saying leads to it ("said it would")."""
    above = index - 2 if index > 0 and clause.chunks[index - 1].tag is Tag.THAT else index - 1
    is_told = above >= 0 and clause.chunks[above].tag is Tag.VERB and clause.verbs.has(clause.word(above), "report")
    return tuple("will" if word == "would" and is_told else word for word in words)


def is_reduced(clause: Clause, index: int) -> bool:
    """Say whether a participle that describes the group before has a group as its object ("men held captive are")."""
    if index < 2 or clause.chunks[index - 1].tag is not Tag.VERB or not clause.chunks[index - 2].is_nominal:
        return False
    return verb_form(clause, index - 1) in {Form.PARTICIPLE, Form.PAST_OR_PARTICIPLE, Form.GERUND}


def coordinated_heads(clause: Clause, index: int) -> Spans:
    """Return the actors of a list whose last member is none ("Malian troops and villagers")."""
    is_list = index >= 2 and clause.chunks[index - 1].tag is Tag.CONJUNCTION and clause.chunks[index - 2].is_nominal
    return clause.chunks[index - 2].heads if is_list and not led_by_preposition(clause, index - 2) else ()


def is_pronoun(clause: Clause, index: int) -> bool:
    """Say whether a group is "it" or "they", which takes up the speaker."""
    chunk = clause.chunks[index]
    return (
        chunk.end == chunk.start + 1
        and clause.words[chunk.start] in {"it", "they", "he", "she", "we"}
        and not chunk.heads
    )


def reporter(clause: Clause, index: int, depth: int) -> Spans:
    """Return the subject of the verb of saying before a pronoun."""
    for position in range(index - 1, -1, -1):
        chunk = clause.chunks[position]
        if chunk.tag is Tag.VERB:
            return subject(clause, position, depth=depth + 1).actors
        if chunk.tag not in {Tag.THAT, Tag.ADVERB, Tag.COMMA, Tag.CONJUNCTION}:
            return ()
    return ()


def auxiliaries(clause: Clause, index: int) -> tuple[tuple[str, ...], int]:
    """Return the auxiliaries and adverbs right before a verb, nearest first, and the index of the chunk before them."""
    words: list[str] = []
    position = index - 1
    while position >= 0 and clause.chunks[position].tag in {Tag.AUXILIARY, Tag.ADVERB}:
        words.append(clause.word(position))
        position -= 1
    return tuple(words), position


def is_passive(clause: Clause, index: int, words: tuple[str, ...]) -> bool:
    """Say whether a participle is passive: after a form of be, or followed by "by" with no object between."""
    form = verb_form(clause, index)
    if form not in {Form.PARTICIPLE, Form.PAST_OR_PARTICIPLE}:
        return False
    if any(word in w.BE for word in words):
        return True
    if any(word in w.HAVE for word in words):
        return False
    following = next((c for c in clause.chunks[index + 1 :] if c.tag is not Tag.ADVERB), None)
    return following is not None and following.tag is Tag.PREPOSITION and clause.words[following.start] == "by"


def verb_form(clause: Clause, index: int) -> Form | None:
    """Return the form of a verb chunk."""
    found = clause.verbs.forms.get(clause.word(index))
    return found[1] if found else None


def is_gerund(clause: Clause, index: int) -> bool:
    """Say whether a verb chunk is an -ing form."""
    return clause.word(index).endswith("ing")


def governed(clause: Clause, index: int, position: int, words: tuple[str, ...], passive: bool, depth: int) -> Subject:
    """Return the subject of a verb that another verb governs ("plans to visit")."""
    above = subject(clause, position, depth=depth + 1)
    own = (*words, clause.word(position))
    return Subject(above.actors, (*own, *above.words), passive, above.plain)


def coordinated(
    clause: Clause, index: int, position: int, words: tuple[str, ...], passive: bool, depth: int
) -> Subject:
    """Return the subject of the second of two verbs ("visits A and signs B"), or of one after an inserted part."""
    inserted = before_insertion(clause, position)
    if inserted is not None:
        heads = clause.chunks[inserted].heads or apposition(clause, inserted, position)
        return Subject(heads, words, passive, plain=not heads)
    for earlier in range(position - 1, -1, -1):
        chunk = clause.chunks[earlier]
        if chunk.tag in BOUNDARIES and clause.word(earlier) not in {"as", "after"}:
            break
        if chunk.tag is Tag.VERB and same_kind(clause, earlier, index):
            above = subject(clause, earlier, depth=depth + 1)
            shared = tuple(
                word for word in above.words if word in w.FUTURE | {"to"} or clause.verbs.has(word, "drop", "plan")
            )
            negation = ("nor",) if clause.word(position) == "nor" else ()
            return Subject(above.actors, (*words, *negation, *shared), passive, above.plain)
    found = nearest_group(clause, position)
    group_heads = clause.chunks[found].heads if found is not None else ()
    return Subject(group_heads, words, passive)


def same_kind(clause: Clause, first: int, second: int) -> bool:
    """Say whether two verbs can share a subject: a gerund joins any, a finite verb neither gerund nor infinitive."""
    if is_gerund(clause, second):
        return True
    is_infinitive = first > 0 and clause.word(first - 1) == "to"
    is_finite = verb_form(clause, second) is not Form.BASE
    return not is_gerund(clause, first) and not (is_infinitive and is_finite)


def before_insertion(clause: Clause, position: int) -> int | None:
    """Return the group before ", the minister of X," or ", who …," when a comma at `position` closes such a part."""
    if clause.chunks[position].tag is not Tag.COMMA:
        return None
    opening = next((i for i in range(position - 1, -1, -1) if clause.chunks[i].tag is Tag.COMMA), None)
    if opening is None or opening == 0:
        return None
    inside = clause.chunks[opening + 1 : position]
    is_relative = bool(inside) and inside[0].tag in INSERTED
    is_apposition = bool(inside) and all(c.is_nominal or c.tag is Tag.PREPOSITION for c in inside)
    return nearest_group(clause, opening - 1) if is_relative or is_apposition else None


def apposition(clause: Clause, group: int, end: int) -> Spans:
    """Return who an unknown name is said to be ("NAME, the prime minister of X,")."""
    inside = clause.chunks[group + 1 : end]
    is_name = inside and inside[0].tag is Tag.COMMA and len(inside) > 1 and inside[1].is_nominal
    return inside[1].heads if is_name else ()


def of_gerund(clause: Clause, position: int, words: tuple[str, ...], passive: bool, depth: int) -> Subject:
    """Return the subject of "after visiting", "of attacking": the sentence's, or the group that "of" belongs to."""
    above = next((i for i in range(position - 1, -1, -1) if clause.chunks[i].tag is Tag.VERB), None)
    marker = clause.word(position)
    if above is None:
        return Subject((), (*words, marker), passive)
    found = subject(clause, above, depth=depth + 1)
    return Subject(found.actors, (*words, marker), passive, found.plain)


def antecedent(clause: Clause, position: int) -> Spans:
    """Return the actors that "who" or "which" stands for: the nearest group before it."""
    for index in range(position - 1, -1, -1):
        chunk = clause.chunks[index]
        if chunk.is_nominal:
            return chunk.heads
        if chunk.tag not in {Tag.COMMA, Tag.PREPOSITION, Tag.ADVERB}:
            return ()
    return ()


def nearest_group(clause: Clause, position: int) -> int | None:
    """Return the index of the nearest noun group to the left that no preposition leads to."""
    index = position
    while index >= 0:
        chunk = clause.chunks[index]
        if chunk.tag in BOUNDARIES or chunk.tag is Tag.RELATIVE:
            return None
        if chunk.is_nominal and not led_by_preposition(clause, index):
            return index
        index -= 2 if chunk.is_nominal else 1
    return None


def led_by_preposition(clause: Clause, index: int) -> bool:
    """Say whether a noun group follows a preposition."""
    return index > 0 and clause.chunks[index - 1].tag is Tag.PREPOSITION


def conditions(clause: Clause, index: int) -> tuple[str, ...]:
    """Return the word that makes a clause a condition ("if"), and the reporting or other verb before "that"."""
    for position in range(index - 1, -1, -1):
        chunk = clause.chunks[position]
        word = clause.word(position)
        if chunk.tag is Tag.THAT and position > 0 and clause.chunks[position - 1].is_nominal:
            return () if tells(clause, position - 2) else ("that",)
        if chunk.tag is Tag.SUBORDINATOR:
            if is_long_ago(clause, position):
                return ("since",)
            return (word,) if word in OPEN_ENDED else ()
        if chunk.tag is Tag.VERB or chunk.tag is Tag.STOP:
            return (word,) if clause.verbs.base(word) in DENIALS else ()
    return ()


OPEN_ENDED = w.CONDITIONS | {"until", "once", "when", "so"}
DENIALS = frozenset({"deny", "refute"})  # what follows ("denied that it had …") is not claimed to have happened
AGES = frozenset("weeks months years decades month year decade anniversary".split())
DURATIONS = AGES | {"days", "day", "hours", "week"}


def is_long_ago(clause: Clause, position: int, units: frozenset[str] = AGES) -> bool:
    """Say whether what follows is told only to date the main clause ("eight weeks after X …", "since X …").

    `units` are the counted lengths of time that make it so.
    """
    marker = clause.word(position)
    counted = position > 0 and clause.words[clause.chunks[position - 1].end - 1] in units
    return marker == "since" or (marker == "after" and counted)


def tells(clause: Clause, index: int) -> bool:
    """Say whether a verb of saying stands at an index, so that "that" opens what is said ("told X that")."""
    return index >= 0 and clause.verbs.has(clause.word(index), "report", "control", "tell")


def complements(clause: Clause, index: int) -> Complements:
    """Return what follows the chunk at an index up to the next verb or boundary."""
    direct: Chunk | None = None
    led: list[tuple[str, Chunk]] = []
    position = index + 1
    preposition = ""
    end = clause.chunks[index].end
    while position < len(clause.chunks):
        chunk = clause.chunks[position]
        if chunk.tag in BOUNDARIES or chunk.tag in {Tag.RELATIVE, Tag.VERB, Tag.AUXILIARY}:
            break
        if chunk.tag in {Tag.COMMA, Tag.CONJUNCTION} and starts_clause(clause, position):
            break
        if chunk.is_nominal:
            direct, led = placed(chunk, preposition, direct, led)
            preposition = ""
        elif chunk.tag is Tag.PREPOSITION:
            preposition = clause.words[chunk.start]
        end = chunk.end if chunk.tag is not Tag.COMMA else end
        position += 1
    return Complements(direct, tuple(led), end)


def rest(clause: Clause, index: int) -> Spans:
    """Return the actors of the first later group of the sentence that names any, verbs notwithstanding."""
    for chunk in clause.chunks[index + 1 :]:
        if chunk.tag is Tag.STOP or (chunk.tag is Tag.SUBORDINATOR and clause.words[chunk.start] != "as"):
            return ()
        if chunk.actors:
            return chunk.heads or chunk.actors
    return ()


def placed(
    chunk: Chunk, preposition: str, direct: Chunk | None, led: list[tuple[str, Chunk]]
) -> tuple[Chunk | None, list[tuple[str, Chunk]]]:
    """Return object and led groups with one more group, which is direct if nothing leads to it."""
    if preposition:
        return direct, [*led, (preposition, chunk)]
    return (direct or chunk), led


def starts_clause(clause: Clause, position: int) -> bool:
    """Say whether a new clause begins after a comma or "and": a verb follows, or a group and then a verb."""
    rest = [c for c in clause.chunks[position + 1 : position + 5] if c.tag is not Tag.ADVERB]
    while rest and rest[0].tag is Tag.CONJUNCTION:
        rest = rest[1:]
    if not rest:
        return True
    if rest[0].tag in {Tag.VERB, Tag.AUXILIARY, Tag.RELATIVE, Tag.SUBORDINATOR}:
        return True
    return rest[0].is_nominal and len(rest) > 1 and rest[1].tag in {Tag.VERB, Tag.AUXILIARY}


def whole_of(clause: Clause, index: int) -> int:
    """Return the group that a group is part of ("a second round of talks"): the one whose verb tells of it."""
    while index > 1 and clause.word(index - 1) == "of" and clause.chunks[index - 2].is_nominal:
        if clause.chunks[index - 2].heads:
            break
        index -= 2
    return index


def governing_verb(clause: Clause, index: int) -> int | None:
    """Return the verb whose object, direct or after a preposition, the noun group at an index is."""
    position = index - 1
    for _ in range(4):
        while position >= 0 and clause.chunks[position].tag in {Tag.ADVERB, Tag.PREPOSITION}:
            position -= 1
        if position < 0:
            return None
        if clause.chunks[position].tag is Tag.VERB:
            return position
        if not (clause.chunks[position].is_nominal and led_by_preposition(clause, position + 1)):
            return None
        position -= 1
    return None


def following_verb(clause: Clause, index: int) -> int | None:
    """Return the verb whose subject the noun group at an index is."""
    for position in range(index + 1, len(clause.chunks)):
        chunk = clause.chunks[position]
        if chunk.tag is Tag.VERB and clause.word(position - 1) != "to":
            return position
        if chunk.tag is Tag.COMMA and goes_on_after(clause, position):
            return next(i for i in range(goes_on_after(clause, position), len(clause.chunks)) if verbal(clause, i))
        if chunk.tag in BOUNDARIES or chunk.tag in {Tag.COMMA, Tag.CONJUNCTION, Tag.RELATIVE}:
            return None
    return None


def goes_on_after(clause: Clause, position: int) -> int:
    """Return where a sentence goes on with its verb after a part put in between commas; 0 where it does not."""
    closing = next((i for i in range(position + 1, len(clause.chunks)) if clause.chunks[i].tag is Tag.COMMA), None)
    if closing is None or closing + 1 >= len(clause.chunks):
        return 0
    goes_on = clause.chunks[closing + 1].tag in {Tag.AUXILIARY, Tag.VERB}
    return closing + 1 if goes_on and any(verbal(clause, i) for i in range(closing + 1, len(clause.chunks))) else 0


def verbal(clause: Clause, index: int) -> bool:
    """Say whether a chunk is a verb."""
    return clause.chunks[index].tag is Tag.VERB


def main_parties(clause: Clause, index: int) -> tuple[Spans, Spans]:
    """Return subject and object of the verb that a phrase like "in a call" belongs to: the one before, or after it."""
    before = [i for i in range(index - 1, -1, -1) if clause.chunks[i].tag is Tag.VERB]
    after = [i for i in range(index + 1, len(clause.chunks)) if clause.chunks[i].tag is Tag.VERB]
    for verb in (*before[:1], *after[:1]):
        found = subject(clause, verb)
        if found.actors and not found.passive:
            direct = complements(clause, verb).direct
            return found.actors, direct.heads if direct else ()
    return (), ()


def speaker(clause: Clause, index: int) -> Spans:
    """Return who says what follows: "X says talks with Y …", "According to X, talks with Y …"."""
    for position in range(index - 1, -1, -1):
        chunk = clause.chunks[position]
        if chunk.tag is Tag.VERB:
            return subject(clause, position).actors if clause.verbs.has(clause.word(position), "report") else ()
        if chunk.tag is Tag.STOP:
            return ()
    opens = len(clause.chunks) > 2 and clause.word(0) == "according"
    return next((chunk.heads for chunk in clause.chunks[:3] if chunk.heads), ()) if opens else ()


def second_objects(clause: Clause, index: int) -> Spans:
    """Return the second addressee of "asked X to … and Y to …"."""
    for position in range(index + 2, len(clause.chunks) - 1):
        chunk = clause.chunks[position]
        if chunk.tag in {Tag.STOP, Tag.THAT, Tag.SUBORDINATOR}:
            return ()
        follows_and = clause.chunks[position - 1].tag is Tag.CONJUNCTION
        if chunk.heads and follows_and and clause.word(position + 1) == "to":
            return chunk.heads
    return ()


def acting(spans: Spans) -> Spans:
    """Return the spans that can do something."""
    return tuple(span for span in spans if span.part in {Part.ACTING, Part.LOCATED})


def distinct(spans: Iterator[ActorSpan] | Spans) -> Spans:
    """Return spans with each code once, the most particular name first."""
    best: dict[str, ActorSpan] = {}
    for span in spans:
        known = best.get(span.code)
        if known is None or (span.person and not known.person):
            best[span.code] = span
    return tuple(best.values())
