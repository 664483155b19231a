"""Names → political actors: states, organisations, parties, and those who act for them.

A reading is one step of a small grammar: a name, then what may follow it ("Russia" + "'s" + "Foreign Minister" +
"Sergei Lavrov"). Names that a text introduces with a title stand for the same actor afterwards.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from spacy.language import Language
from spacy.tokens import Doc

from extractors.components import _words as w
from extractors.components._doc import ActorSpan, Extension, Part, Sentence, get, put
from extractors.components._phrases import PhraseTable
from extractors.components._sentences import words_of
from extractors.lexicon import Leader, Lexicon, Name, Sort, load
from extractors.lexicon.inflection import Form

FACTORY = "demarche_actors"
LOCATING = frozenset(
    {"in", "at", "near", "into", "outside", "around", "across", "throughout", "inside", "from", "through", "via", "off"}
)
# Words between a nationality and an office that do not change who is meant.
MODIFIERS = frozenset(
    "deputy acting interim outgoing incoming new senior top former-led chief leading key high-level top-level"
    " visiting current newly elected"
    " transitional provisional federal national state central regional military foreign defence defense"
    " permanent special newly-elected"
    " conservative democratic republican prime government security nuclear long-time veteran high ranking high-"
    " ranking main local ruling"
    " armed navy army naval air civilian caretaker first second vice moderate hardline reformist then".split()
)
FORMER = frozenset({"former", "ex", "ex-president", "late", "then", "jailed", "ousted"})
SUFFIX_ACTING = frozenset({"led", "hosted", "brokered", "sponsored", "mediated"})
# What a state leads in "US-led …" and acts with.
COMPANIES = frozenset({"coalition", "forces", "force", "troops", "alliance", "mission", "bloc", "airstrike", "strikes"})
NAME_PARTICLES = frozenset(
    {
        "al",
        "el",
        "bin",
        "ibn",
        "de",
        "da",
        "von",
        "van",
        "der",
        "den",
        "la",
        "ben",
        "abu",
        "di",
        "dos",
        "of-the",
        "-",
        "le",
    }
)
NAME_STOPS = frozenset({"The", "A", "In", "On", "At", "To", "I", "II", "US", "UN", "EU", "U.S."})
# Tokens of a name: given names and surname, with particles; longer runs are headlines in capitals.
LONGEST_NAME = 5


@dataclass(frozen=True, slots=True)
class Tables:
    """The lexicon's names as tables of tokens."""

    names: PhraseTable[Name]
    leaders: PhraseTable[tuple[Leader, ...]]
    surnames: PhraseTable[tuple[Leader, ...]]
    offices: PhraseTable[str]
    verbs: frozenset[str]  # forms that end a name in a headline with capitals ("Minister Visits …")

    @classmethod
    def of(cls, lexicon: Lexicon) -> "Tables":
        """Return the tables of a lexicon."""
        return cls(
            names=PhraseTable(lexicon.names),
            leaders=PhraseTable(lexicon.leaders),
            surnames=PhraseTable(lexicon.surnames),
            offices=PhraseTable(lexicon.offices),
            verbs=frozenset(word for word, (_, form) in lexicon.governors.forms.items() if form is not Form.BASE),
        )


@dataclass(slots=True)
class Known:
    """What a text has introduced so far: persons by surname, offices by title, and the codes in order of appearance."""

    year: int
    persons: dict[str, tuple[str, str]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    recent: list[str] = field(default_factory=list)
    leading: list[ActorSpan] = field(default_factory=list)  # persons of this sentence, or of the last that names one

    def note(self, span: ActorSpan, title: str = "") -> ActorSpan:
        """Remember an actor, and return it."""
        if span.person:
            self.persons[span.person] = (span.code, span.name)
            self.leading.append(span)
        if title:
            self.titles[title] = span.code
        if span.part is Part.ACTING:
            self.recent = [code for code in self.recent if code != span.code] + [span.code]
        return span


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence within its text: tokens as printed and in lower case, and the sentence's limits."""

    words: Sequence[str]
    lowers: Sequence[str]
    start: int
    end: int

    def word(self, position: int) -> str:
        """Return a token, or nothing beyond the sentence."""
        return self.words[position] if self.start <= position < self.end else ""

    def lower(self, position: int) -> str:
        """Return a token in lower case, or nothing beyond the sentence."""
        return self.lowers[position] if self.start <= position < self.end else ""

    def join(self, start: int, end: int) -> str:
        """Return tokens as one text."""
        return " ".join(self.words[start:end]).replace(" 's", "'s").replace(" ’s", "’s").replace(" - ", "-")


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


def extend(
    text: Text, start: int, end: int, name: Name, tables: Tables, known: Known, *, owned: bool
) -> tuple[ActorSpan, ...] | None:
    """Return a name with what follows it: an office and its holder, a body, people, or nothing."""
    position = end
    while (
        text.lower(position) in MODIFIERS
        and position - end < 4
        and tables.offices.at(text.lowers, position, text.end) is None
    ):
        position += 1
    office = tables.offices.at(text.lowers, position, text.end) if position < text.end else None
    if office is not None:
        return office_span(
            text, start, office.end, name, office.value, text.join(position, office.end).lower(), tables, known
        )
    if text.lower(position) in FORMER:
        return (span_of(text, start, position + 1, name, Part.NATIONAL),)
    holder = person_end(text, end, tables)
    if (
        holder
        and (owned or name.sort is Sort.DEMONYM)
        and (tables.leaders.at(text.words, end, text.end) or known_person(text, end, holder, known))
    ):
        return (known.note(span_of(text, start, holder, name, Part.ACTING, person=text.word(holder - 1))),)
    if owned or name.sort is Sort.DEMONYM:
        return (span_of(text, start, end, name, Part.MODIFIER),)
    return (known.note(span_of(text, start, end, name, Part.ACTING)),)


def known_person(text: Text, start: int, end: int, known: Known) -> bool:
    """Say whether a run of names ends in a surname that the text introduced."""
    return text.word(end - 1) in known.persons and end > start


def office_span(
    text: Text, start: int, end: int, name: Name, sort: str, title: str, tables: Tables, known: Known
) -> tuple[ActorSpan, ...]:
    """Return a state's office, body, people or thing, with the holder's name if it follows."""
    if sort == "people":
        return (span_of(text, start, end, name, Part.NATIONAL),)
    if sort == "thing":
        return (span_of(text, start, end, name, Part.NATIONAL),)
    if sort == "body":
        stop = end
        if text.lower(end) in w.POSSESSIVES:
            return (span_of(text, start, end + 1, name, Part.MODIFIER),)
        following = tables.offices.at(text.lowers, end, text.end) if end < text.end else None
        if following is not None and following.value in {"voice", "title", "body"}:
            return office_span(text, start, following.end, name, following.value, title, tables, known)
        return (known.note(span_of(text, start, stop, name, Part.ACTING), title),)
    following = tables.offices.at(text.lowers, end, text.end) if end < text.end else None
    if following is not None and following.value in {"title", "voice", "body"}:
        return office_span(text, start, following.end, name, following.value, title, tables, known)
    end = comma_name(text, end)
    holder = person_end(text, end, tables)
    if holder:
        span = span_of(text, start, holder, name, Part.ACTING, person=text.word(holder - 1))
        known.note(span, title)
        if text.lower(holder) in w.POSSESSIVES:
            return (replace(span, end=holder + 1, part=Part.MODIFIER),)
        return (span,)
    if text.lower(end) in w.POSSESSIVES:
        return (span_of(text, start, end + 1, name, Part.MODIFIER),)
    return (known.note(span_of(text, start, end, name, Part.ACTING), title),)


def comma_name(text: Text, end: int) -> int:
    """Return the position after a comma that divides an office from its holder ("its foreign minister, Wang Yi,")."""
    is_apposition = text.word(end) == "," and text.word(end + 1)[:1].isupper() and text.word(end + 2)[:1].isupper()
    closes = text.word(end + 3) in {",", ""} or text.word(end + 4) in {",", ""}
    return end + 1 if is_apposition and closes else end


def person_end(text: Text, start: int, tables: Tables) -> int | None:
    """Return the end of the personal name that begins at a position, or None."""
    position = start
    while position < text.end and position - start < LONGEST_NAME * 2:
        word = text.word(position)
        is_name = word[:1].isupper() and word not in NAME_STOPS and word.lower() not in tables.verbs
        if not is_name and not (word in NAME_PARTICLES and position > start and text.word(position + 1)[:1].isupper()):
            if not (word == "-" and text.word(position + 1)[:1].isalpha() and position > start):
                break
            position += 1
        position += 1
        if position - start >= 1 and ends_name(text, start, position, tables):
            break
    return position if position > start else None


def ends_name(text: Text, start: int, position: int, tables: Tables) -> bool:
    """Say whether a name ends at a position since another name or office follows."""
    return tables.names.at(text.words, position, text.end) is not None if position < text.end else True


def read_leader(text: Text, position: int, tables: Tables, known: Known) -> tuple[ActorSpan, ...] | None:
    """Return a leader of the roster, who held office when the text was published."""
    found = tables.leaders.at(text.words, position, text.end) or tables.surnames.at(text.words, position, text.end)
    if found is None or text.lower(position - 1) in FORMER:
        return None
    leader = next((one for one in found.value if in_office(one, known.year)), None)
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


def owned_office(text: Text, span: ActorSpan, end: int, tables: Tables, known: Known) -> tuple[ActorSpan, ...]:
    """Return "Trump's envoy Steve Witkoff" as one who acts, and "Trump's plan" as a modifier."""
    extended = extend(text, span.start, end, Name(span.name, span.code, Sort.STATE), tables, known, owned=True)
    return extended or (replace(span, end=end, part=Part.MODIFIER),)


def in_office(leader: Leader, year: int) -> bool:
    """Say whether a leader held office in a year; a year's grace for those who just left."""
    return leader.first_year <= year <= leader.last_year


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


def read_office(
    text: Text, start: int, end: int, sort: str, tables: Tables, known: Known
) -> tuple[ActorSpan, ...] | None:
    """Return an office that begins without a state: "President of X", "officials in X", "President NAME"."""
    if sort in {"people", "thing"}:
        return None
    title = text.join(start, end).lower()
    of = office_of(text, start, end, tables, known, title)
    if of is not None:
        return of
    if sort in {"title", "voice"} and text.word(end)[:1].isupper():
        return titled_person(text, start, end, title, tables, known)
    if text.lower(start - 1) in {"the", "its", "his", "their"} and title in known.titles:
        name = text.join(start - 1, end)
        if text.lower(end) in w.POSSESSIVES:
            return owned_office(
                text, ActorSpan(start, end, known.titles[title], name, Part.ACTING), end + 1, tables, known
            )
        return (ActorSpan(start, end, known.titles[title], text.join(start - 1, end), Part.ACTING),)
    return None


def office_of(
    text: Text, start: int, end: int, tables: Tables, known: Known, title: str
) -> tuple[ActorSpan, ...] | None:
    """Return "the president of (the) X (NAME)", "officials in X"."""
    if text.lower(end) not in {"of", "in", "for", "to", "from", "at"}:
        return None
    at = end + 1
    while text.lower(at) in {"the", "state", "foreign", "affairs", "defence", "defense"} or text.lower(at) in MODIFIERS:
        at += 1
    found = tables.names.at(text.words, at, text.end) if at < text.end else None
    if found is None or found.value.sort in {Sort.DEMONYM, Sort.PEOPLE}:
        return None
    if text.lower(end) == "to" or (text.lower(end) == "from" and not title.endswith("s")):
        return None  # an ambassador to X is another state's
    holder = person_end(text, found.end, tables) if text.word(found.end)[:1].isupper() else None
    person = text.word(holder - 1) if holder else ""
    return (
        known.note(
            ActorSpan(
                start, holder or found.end, found.value.code, text.join(start, holder or found.end), Part.ACTING, person
            ),
            title,
        ),
    )


def titled_person(
    text: Text, start: int, end: int, title: str, tables: Tables, known: Known
) -> tuple[ActorSpan, ...] | None:
    """Return "President NAME" when the roster or the text knows the name."""
    found = tables.leaders.at(text.words, end, text.end) or tables.surnames.at(text.words, end, text.end)
    leader = next((one for one in found.value if in_office(one, known.year)), None) if found else None
    if found is not None and leader is not None:
        span = ActorSpan(start, found.end, leader.code, leader.name, Part.ACTING, leader.surname.split()[-1])
        return (known.note(span, title),)
    holder = person_end(text, end, tables)
    if holder is None or text.word(holder - 1) not in known.persons:
        return None
    code, name = known.persons[text.word(holder - 1)]
    return (known.note(ActorSpan(start, holder, code, name, Part.ACTING, text.word(holder - 1)), title),)


SIDES = frozenset(
    {"sides", "countries", "nations", "leaders", "parties", "neighbours", "neighbors", "men", "presidents", "ministers"}
)
SINGULAR = frozenset({"he", "she"})


def read_anaphor(text: Text, position: int, known: Known) -> tuple[ActorSpan, ...] | None:
    """Return the parties that "the two sides" or a pronoun stands for."""
    word = text.lower(position)
    if word in SINGULAR and known.leading:
        inside = [span for span in known.leading if span.start >= text.start]
        person = (inside or known.leading)[0]
        return (replace(person, start=position, end=position + 1),)
    is_both = word == "both" or (word == "two" and text.lower(position - 1) in {"the", "its"})
    if is_both and text.lower(position + 1) in SIDES and len(known.recent) >= 2:
        first, second = known.recent[-2:]
        return (
            ActorSpan(position, position + 1, first, first, Part.ACTING),
            ActorSpan(position + 1, position + 2, second, second, Part.ACTING),
        )
    return None


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


def span_of(text: Text, start: int, end: int, name: Name, part: Part, *, person: str = "") -> ActorSpan:
    """Return a span that carries a name's code, called as the text calls it."""
    stop = end - 1 if text.lower(end - 1) in w.POSSESSIVES else end
    return ActorSpan(start, end, name.code, text.join(start, stop), part, person)


@Language.factory(FACTORY, requires=[Extension.SENTENCES.path], assigns=[Extension.ACTORS.path])
def make(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Return the component that finds actors; every sentence is read, so that a title in a plain one is known later."""
    tables = Tables.of(load())

    def component(doc: Doc) -> Doc:
        words = words_of(doc)
        lowers = [word.lower() for word in words]
        known = Known(year=doc._.get(Extension.PUBLISHED_ON).year)
        sentences: tuple[Sentence, ...] = get(doc, Extension.SENTENCES)
        found = [read(Text(words, lowers, s.start, s.end), tables, known) for s in sentences]
        return put(doc, Extension.ACTORS, tuple(span for spans in found for span in spans))

    return component
