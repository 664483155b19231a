"""Names → political actors: states, organisations, parties, and those who act for them.

A reading is one step of a small grammar: a name, then what may follow it ("Russia" + "'s" + "Foreign Minister" +
"Sergei Lavrov"; see `_offices.py`). Names that a text introduces with a title stand for the same actor afterwards.
"""

from collections.abc import Callable
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from extractors.components import _words as w
from extractors.components._doc import ActorSpan, Extension, Part, Sentence, get, put
from extractors.components._names import FORMER, MODIFIERS, Known, Tables, Text, office_holder, span_of
from extractors.components._offices import extend, owned_office, read_office
from extractors.components._sentences import words_of
from extractors.lexicon import Name, Sort, load, month_of

FACTORY = "demarche_actors"


LOCATING = frozenset(
    {"in", "at", "near", "into", "outside", "around", "across", "throughout", "inside", "from", "through", "via", "off"}
)


SUFFIX_ACTING = frozenset({"led", "hosted", "brokered", "sponsored", "mediated"})


# What a state leads in "US-led …" and acts with.
COMPANIES = frozenset({"coalition", "forces", "force", "troops", "alliance", "mission", "bloc", "airstrike", "strikes"})


def read(text: Text, tables: Tables, known: Known) -> tuple[ActorSpan, ...]:
    """Return the actors of one sentence, in order; `known` learns what the sentence introduces."""
    spans: list[ActorSpan] = []
    position = text.start
    while position < text.end:
        found = read_at(text, position, tables, known)
        if found is None:
            position += 1
            continue
        if known.leading and known.leading[-1].start >= text.start:
            known.leading = [span for span in known.leading if span.start >= text.start]
            known.led_from = text.start
        spans.extend(found)
        position = max(found[-1].end, position + 1)
    return tuple(located(text, span) for span in spans)


def read_at(text: Text, position: int, tables: Tables, known: Known) -> tuple[ActorSpan, ...] | None:
    """Return what begins at a position, or None."""
    word = text.words[position]
    if word[0].isupper() or word[0].isdigit() or word.startswith("al"):
        for reading in (read_name, read_leader, read_introduced):
            found = reading(text, position, tables, known)
            if found is not None:
                return found
    office = tables.offices.at(text.lowers, position, text.end)
    if office is not None:
        return read_office(text, position, office.end, office.value, tables, known)
    return read_anaphor(text, position, known)


def read_name(text: Text, position: int, tables: Tables, known: Known) -> tuple[ActorSpan, ...] | None:
    """Return the actor that a name of the tables begins."""
    found = tables.names.at(text.words, position, text.end)
    if found is None or is_part_of_other_name(text, position, found.end, found.value, tables):
        return read_pair(text, position, tables, known)
    name = found.value
    if text.lower(found.end) == "-":
        return read_compound(text, position, found.end, name, tables)
    if name.sort is Sort.DEMONYM:
        return extend(text, position, found.end, name, tables, known, owned=False)
    if name.sort is Sort.PEOPLE:
        return (known.note(span_of(text, position, found.end, name, Part.ACTING)),)
    if text.lower(found.end) in w.POSSESSIVES:
        return extend(text, position, found.end + 1, name, tables, known, owned=True)
    return extend(text, position, found.end, name, tables, known, owned=False)


def read_pair(text: Text, position: int, tables: Tables, known: Known) -> tuple[ActorSpan, ...] | None:
    """Return both states of "North and South Korea"."""
    if (
        text.word(position) not in {"North", "South"}
        or text.lower(position + 1) != "and"
        or text.word(position + 3) not in {"Korea", "Korean"}
    ):
        return None
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


# "Latin American", "African American" are no nationality.
BEFORE_AMERICAN = frozenset({"Latin", "South", "Central", "North", "African", "Native", "Pan"})


def is_part_of_other_name(text: Text, start: int, end: int, name: Name, tables: Tables) -> bool:
    """Say whether a state's name is someone's surname or part of a longer name ("Michael Jordan", "New Jersey")."""
    if text.word(start) in {"American", "Americans", "America"} and text.word(start - 1) in BEFORE_AMERICAN:
        return True
    if name.sort not in {Sort.STATE, Sort.CAPITAL, Sort.REGION} or end - start > 1:
        return False
    before = text.word(start - 1)
    is_given_name = before[:1].isupper() and before.isalpha() and len(before) > 2 and before.lower() not in tables.verbs
    return is_given_name and text.word(start) in ALSO_SURNAMES


# Names of states and capitals that persons and towns bear as well.
ALSO_SURNAMES = frozenset(
    {"Jordan", "Chad", "Georgia", "Israel", "Jersey", "Paris", "Lima", "London", "Washington", "Turkey"}
)


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
    while text.lower(end) in MODIFIERS or text.lower(end) == "international":
        end += 1
    acts = text.lower(end) in COMPANIES
    return (span_of(text, start, end + acts, name, Part.ACTING if acts else Part.MODIFIER),)


def read_leader(text: Text, position: int, tables: Tables, known: Known) -> tuple[ActorSpan, ...] | None:
    """Return a leader of the roster, who held office when the text was published."""
    found = tables.leaders.at(text.words, position, text.end) or tables.surnames.at(text.words, position, text.end)
    if found is None or text.lower(position - 1) in FORMER:
        return None
    leader = office_holder(found.value, known.month, titled=False)
    if leader is None:
        return None
    end = found.end
    span = ActorSpan(position, end, leader.code, leader.name, Part.ACTING, leader.surname.split()[-1])
    known.note(span)
    if text.lower(end) in w.POSSESSIVES:
        return owned_office(text, span, end + 1, tables, known)
    if tables.offices.at(text.lowers, end, text.end) and text.lower(end) in {"administration", "government", "team"}:
        return (replace(span, end=end + 1),)
    return (span,)


def read_introduced(text: Text, position: int, tables: Tables, known: Known) -> tuple[ActorSpan, ...] | None:
    """Return a person whom the text has introduced, or introduces here by an apposition (", the French envoy,")."""
    word = text.word(position)
    if word in known.persons:
        code, name = known.persons[word]
        span = ActorSpan(position, position + 1, code, name, Part.ACTING, word)
        if text.lower(position + 1) in w.POSSESSIVES:
            return owned_office(text, span, position + 2, tables, known)
        return (known.note(span),)
    return None


SIDES = frozenset(
    {"sides", "countries", "nations", "leaders", "parties", "neighbours", "neighbors", "men", "presidents", "ministers"}
)


SINGULAR = frozenset({"he", "she"})


def read_anaphor(text: Text, position: int, known: Known) -> tuple[ActorSpan, ...] | None:
    """Return the parties that "the two sides" or a pronoun stands for."""
    word = text.lower(position)
    if word in SINGULAR and known.leading:
        person = antecedent(known)
        return (replace(person, start=position, end=position + 1),) if person else None
    is_both = word == "both" or (word == "two" and text.lower(position - 1) in {"the", "its"})
    if is_both and text.lower(position + 1) in SIDES and len(known.recent) >= 2:
        first, second = known.recent[-2:]
        return (
            ActorSpan(position, position + 1, first, first, Part.ACTING),
            ActorSpan(position + 1, position + 2, second, second, Part.ACTING),
        )
    return None


def antecedent(known: Known) -> ActorSpan | None:
    """Return whom "he" or "she" stands for: the one person named before, or the one that opens that sentence."""
    first = known.leading[0]
    opens = first.start - known.led_from <= 1
    is_alone = len({span.person for span in known.leading}) == 1
    return first if opens or is_alone else None


def located(text: Text, span: ActorSpan) -> ActorSpan:
    """Return a span marked as a place when a preposition of place leads to it and it is no office."""
    before = span.start - 1
    while text.lower(before) in {
        "the",
        "northern",
        "southern",
        "eastern",
        "western",
        "central",
        "neighbouring",
        "neighboring",
    }:
        before -= 1
    is_place = span.part is Part.ACTING and not span.person and text.lower(before) in LOCATING
    return replace(span, part=Part.LOCATED) if is_place else span


@Language.factory(FACTORY, requires=[Extension.SENTENCES.path], assigns=[Extension.ACTORS.path])
def make(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Return the component that finds actors; every sentence is read, so that a title in a plain one is known later."""
    tables = Tables.of(load())

    def component(doc: Doc) -> Doc:
        words = words_of(doc)
        lowers = [word.lower() for word in words]
        published_on = doc._.get(Extension.PUBLISHED_ON)
        known = Known(month=month_of(published_on.year, published_on.month))
        sentences: tuple[Sentence, ...] = get(doc, Extension.SENTENCES)
        found = [read(Text(words, lowers, s.start, s.end), tables, known) for s in sentences]
        return put(doc, Extension.ACTORS, tuple(span for spans in found for span in spans))

    return component
