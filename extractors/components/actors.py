"""Names → political actors: states, organisations, parties, and those who act for them.

A reading is one step of a small grammar: a name, then what may follow it ("Russia" + "'s" + "Foreign Minister" +
"Sergei Lavrov"; see `_offices.py`). Names that a text introduces with a title stand for the same actor afterwards.
"""

from collections.abc import Callable
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from extractors.components._acquaintances import acquainted
from extractors.components._anaphora import NOUNS, SINGULAR, read_anaphor
from extractors.components._doc import ActorSpan, Extension, Part, Sentence, get, put
from extractors.components._lookalikes import is_given_name, is_lookalike
from extractors.components._names import (
    FORMER,
    KOREAN_WORDS,
    KOREAS,
    MODIFIERS,
    Known,
    Tables,
    Text,
    office_holder,
    short_name,
    span_of,
    told_otherwise,
)
from extractors.components._offices import extend, owned_office, read_office
from extractors.components._phrases import Found
from extractors.components._sentences import words_of
from extractors.lexicon import Leader, Name, Sort, load, month_of
from extractors.lexicon import words as w

FACTORY = "demarche_actors"


LOCATING = frozenset(
    {"in", "at", "near", "into", "outside", "around", "across", "throughout", "inside", "from", "through", "via", "off"}
)
# What may stand between such a preposition and a place.
BEFORE_PLACE = frozenset("the northern southern eastern western central neighbouring neighboring".split())


SUFFIX_ACTING = frozenset({"led", "hosted", "brokered", "sponsored", "mediated"})


# What a state leads in "US-led …" and acts with.
COMPANIES = frozenset({"coalition", "forces", "force", "troops", "alliance", "mission", "bloc", "airstrike", "strikes"})
# Words of small letters at which something may begin that is no office.
ANAPHORS = frozenset({"both", "two", "it"}) | SINGULAR | NOUNS.keys()
# Ships of a navy bear its prefix: "USS Michigan".
SHIPS = {
    "USS": "USA",
    "USNS": "USA",
    "HMS": "GBR",
    "HMAS": "AUS",
    "HMCS": "CAN",
    "HMNZS": "NZL",
    "INS": "IND",
    "BRP": "PHL",
}


def read(text: Text, tables: Tables, known: Known) -> tuple[ActorSpan, ...]:
    """Return the actors of one sentence, in order; `known` learns what the sentence introduces."""
    spans: list[ActorSpan] = []
    known.begin()
    position = text.start
    while position < text.end:
        found = read_at(text, position, tables, known) if is_worthwhile(text, position, tables, known) else None
        if not found:
            position = position + 1 if found is None else lookalike_end(text, position, tables)
            continue
        if known.leading and known.leading[-1].start >= text.start:
            known.leading = [span for span in known.leading if span.start >= text.start]
            known.led_from = text.start
        spans.extend(found)
        position = max(found[-1].end, position + 1)
    return tuple(as_union(text, located(text, span)) for span in spans)


def is_worthwhile(text: Text, position: int, tables: Tables, known: Known) -> bool:
    """Say whether any table has a phrase that begins with a word; for most words this is all that is asked."""
    word, lower = text.words[position], text.lowers[position]
    return (
        word in tables.starts
        or lower in tables.small
        or lower in ANAPHORS
        or word in known.persons
        or word in SHIPS
        or ".-" in word
    )


def read_at(text: Text, position: int, tables: Tables, known: Known) -> tuple[ActorSpan, ...] | None:
    """Return what begins at a position; nothing for a name that only looks like an actor's; None if nothing begins."""
    for reading in (read_ship, read_joined, read_name, read_leader, read_introduced):
        found = reading(text, position, tables, known)
        if found is not None:
            return found
    office = tables.offices.at(text.lowers, position, text.end)
    if office is not None:
        found = read_office(text, position, office.end, office.value, tables, known)
        if found is not None:
            return found
    return read_anaphor(text, position, tables, known)


def read_ship(text: Text, position: int, tables: Tables, known: Known) -> tuple[ActorSpan, ...] | None:
    """Return the navy that a ship's prefix names, together with the ship's name."""
    code = SHIPS.get(text.word(position))
    if code is None or not text.word(position + 1)[:1].isupper():
        return None
    return (known.note(ActorSpan(position, position + 2, code, text.join(position, position + 2), Part.ACTING)),)


def read_joined(text: Text, position: int, tables: Tables, known: Known) -> tuple[ActorSpan, ...] | None:
    """Return the parts of "U.S.-led" and "U.S.-South Korean", which the tokenizer leaves in one."""
    first, mark, rest = text.word(position).partition(".-")
    found = tables.names.at((f"{first}.",), 0, 1) if mark and rest else None
    if found is None:
        return None
    opening = span_of(text, position, position + 1, found.value, Part.MODIFIER)
    opening = replace(opening, name=found.value.text)
    words = (rest, *text.words[position + 1 : min(position + 4, text.end)])
    other = tables.names.at(words, 0, len(words))
    if other is not None:
        name = " ".join(words[: other.end])
        return opening, ActorSpan(position, position + other.end, other.value.code, name, Part.MODIFIER)
    if rest.lower() not in SUFFIX_ACTING:
        return (replace(opening, part=Part.NATIONAL),)
    return (led_company(text, opening, position + 1),)


def led_company(text: Text, leader: ActorSpan, end: int) -> ActorSpan:
    """Return "US-led" with the coalition or force that acts, or as a modifier of anything else."""
    while text.lower(end) in MODIFIERS or text.lower(end) == "international":
        end += 1
    acts = text.lower(end) in COMPANIES
    return replace(leader, end=end + acts, part=Part.ACTING if acts else Part.MODIFIER)


def read_name(text: Text, position: int, tables: Tables, known: Known) -> tuple[ActorSpan, ...] | None:
    """Return the actor that a name of the tables begins."""
    found = tables.names.at(text.words, position, text.end)
    if found is None:
        return read_pair(text, position, tables, known)
    if is_leader_first(text, position, found, tables):
        return None
    name = found.value
    if is_lookalike(text, position, found.end, name, tables):
        return ()
    if text.lower(found.end) == "-":
        return read_compound(text, position, found.end, name, tables)
    if name.sort is Sort.DEMONYM:
        return extend(text, position, found.end, name, tables, known, owned=False)
    if name.sort is Sort.PEOPLE:
        return (known.note(span_of(text, position, found.end, name, Part.ACTING)),)
    if text.lower(found.end) in w.POSSESSIVES:
        return extend(text, position, found.end + 1, name, tables, known, owned=True)
    return extend(text, position, found.end, name, tables, known, owned=False)


def is_leader_first(text: Text, position: int, found: Found[Name], tables: Tables) -> bool:
    """Say whether a name of the roster goes on where a state's ends ("Israel Katz")."""
    leader = tables.leaders.at(text.words, position, text.end)
    return leader is not None and leader.end > found.end


def lookalike_end(text: Text, position: int, tables: Tables) -> int:
    """Return where to read on after a name that only looked like an actor's."""
    found = tables.names.at(text.words, position, text.end)
    return found.end if found else position + 1


def read_pair(text: Text, position: int, tables: Tables, known: Known) -> tuple[ActorSpan, ...] | None:
    """Return both states of "North and South Korea"."""
    if (
        text.word(position) not in {"North", "South"}
        or text.lower(position + 1) != "and"
        or text.word(position + 3) not in {"Korea", "Korean"}
    ):
        return read_half(text, position, known)
    noun = text.word(position + 3)
    first = tables.names.at((text.word(position), noun), 0, 2)
    second = tables.names.at(text.words, position + 2, text.end)
    if first is None or second is None:
        return None
    opening = known.note(span_of(text, position, position + 1, first.value, Part.ACTING))
    return (
        replace(opening, name=first.value.text),
        *(extend(text, position + 2, second.end, second.value, tables, known, owned=False) or ()),
    )


def read_half(text: Text, position: int, known: Known) -> tuple[ActorSpan, ...] | None:
    """Return the Korean state that "the North" is in a text on Korea, or both for "the two Koreas"."""
    word = text.word(position)
    codes = KOREAS.get(word, ()) if known.is_on_korea else ()
    goes_on = text.word(position + 1)[:1].isupper() or text.lower(position + 1) in {"of", "-"}
    if not codes or (word != "Koreas" and (goes_on or text.lower(position - 1) not in {"the", "on", "with"})):
        return None
    end = position + 1
    if text.lower(end) in w.POSSESSIVES:
        return (ActorSpan(position, end + 1, codes[0], word, Part.MODIFIER),)
    return tuple(known.note(ActorSpan(position, end, code, word, Part.ACTING)) for code in codes)


def read_compound(text: Text, start: int, hyphen: int, name: Name, tables: Tables) -> tuple[ActorSpan, ...]:
    """Return the parts of "US-Russia", "US-led", "US-backed"."""
    other = tables.names.at(text.words, hyphen + 1, text.end) if hyphen + 1 < text.end else None
    if other is not None:
        end = other.end
        second = span_of(text, hyphen + 1, end, other.value, Part.MODIFIER)
        if text.lower(end) == "-":
            end += 1
        return (span_of(text, start, hyphen, name, Part.MODIFIER), replace(second, end=end))
    end = min(hyphen + 2, text.end)
    if text.lower(hyphen + 1) not in SUFFIX_ACTING:
        return (span_of(text, start, end, name, Part.NATIONAL),)
    led = led_company(text, span_of(text, start, end, name, Part.MODIFIER), end)
    return (replace(led, name=text.join(start, led.end)),)


def read_leader(text: Text, position: int, tables: Tables, known: Known) -> tuple[ActorSpan, ...] | None:
    """Return a leader of the roster, who held office when the text was published."""
    found = named_leader(text, position, tables)
    if found is None or text.lower(position - 1) in FORMER:
        return None
    leader = office_holder(found.value, known.month, titled=False)
    if leader is None or told_otherwise(text, position, found.end, leader, known):
        return None
    end = found.end
    span = ActorSpan(position, end, leader.code, leader.name, Part.ACTING, short_name(leader))
    known.note(span)
    if text.lower(end) in w.POSSESSIVES:
        return owned_office(text, span, end + 1, tables, known)
    if text.lower(end) in {"administration", "government", "team", "regime", "cabinet"}:
        return (replace(span, end=end + 1),)
    return (span,)


# After a surname these name a thing or somebody else.
NAMED_AFTER = frozenset(
    "Tower Towers Foundation Institute Jr Jr. Stadium Airport Center Centre Organization Hotel University Street Avenue"
    " Library Prize Cup Building Park School Doctrine Archive Memorial".split()
)


def named_leader(text: Text, position: int, tables: Tables) -> Found[tuple[Leader, ...]] | None:
    """Return the leaders that a full name means, or a surname that nobody's given name stands before."""
    full = tables.leaders.at(text.words, position, text.end)
    if full is not None:
        return full
    found = tables.surnames.at(text.words, position, text.end)
    if found is None or text.word(found.end) in NAMED_AFTER:
        return None
    is_another = not text.is_in_capitals and is_given_name(text, position - 1, tables)
    return None if is_another else found


def is_month(text: Text, position: int) -> bool:
    """Say whether a surname such as "May" is the month here ("in May", "May 3")."""
    is_timed = text.lower(position - 1) in w.PREPOSITIONS or text.word(position + 1)[:1].isdigit()
    return text.word(position) in {"May", "March", "August", "April", "June"} and is_timed


def read_introduced(text: Text, position: int, tables: Tables, known: Known) -> tuple[ActorSpan, ...] | None:
    """Return a person whom the text has introduced, or introduces here by an apposition (", the French envoy,")."""
    word = text.word(position)
    if word in known.persons and not is_month(text, position):
        code, name = known.persons[word]
        span = ActorSpan(position, position + 1, code, name, Part.ACTING, word)
        if text.lower(position + 1) in w.POSSESSIVES:
            return owned_office(text, span, position + 2, tables, known)
        return (known.note(span),)
    return None


def located(text: Text, span: ActorSpan) -> ActorSpan:
    """Return a span marked as a place when a preposition of place leads to it and it is no office."""
    before = span.start - 1
    while text.lower(before) in BEFORE_PLACE:
        before -= 1
    is_place = span.part is Part.ACTING and not span.person and text.lower(before) in LOCATING
    return replace(span, part=Part.LOCATED) if is_place else span


# After these Brussels is a town; as somebody who acts it is the Union.
MOVEMENT = frozenset("visit visits visited visiting leave leaves left reach reaches reached to tour tours for".split())


def as_union(text: Text, span: ActorSpan) -> ActorSpan:
    """Return "Brussels" as the European Union where it acts, everything else as it is."""
    acts = span.part in {Part.ACTING, Part.MODIFIER} and text.word(span.start) == "Brussels"
    is_town = text.lower(span.start - 1) in MOVEMENT or text.lower(span.end + 1) == "belgium"
    return replace(span, code="EU") if acts and not is_town else span


@Language.factory(FACTORY, requires=[Extension.SENTENCES.path], assigns=[Extension.ACTORS.path])
def make(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Return the component that finds actors; every sentence is read, so that a title in a plain one is known later."""
    tables = Tables.of(load())

    def component(doc: Doc) -> Doc:
        words = words_of(doc)
        lowers = [word.lower() for word in words]
        published_on = doc._.get(Extension.PUBLISHED_ON)
        known = Known(
            month=month_of(published_on.year, published_on.month),
            is_on_korea=not KOREAN_WORDS.isdisjoint(words),
            persons=acquainted(words, get(doc, Extension.ACQUAINTANCES)),
        )
        sentences: tuple[Sentence, ...] = get(doc, Extension.SENTENCES)
        found = [read(Text(words, lowers, s.start, s.end), tables, known) for s in sentences]
        return put(doc, Extension.ACTORS, tuple(span for spans in found for span in spans))

    return component
