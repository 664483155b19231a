"""Offices and bodies: "Russia's Foreign Minister Sergei Lavrov", "the president of Ghana", "officials in Kyiv"."""

from dataclasses import replace

from extractors.components._anaphora import holder_of
from extractors.components._doc import ActorSpan, Part
from extractors.components._names import (
    FORMER,
    GRACE_MONTHS,
    MODIFIERS,
    Known,
    Tables,
    Text,
    comma_name,
    known_person,
    months_off,
    office_holder,
    person_end,
    person_of,
    short_name,
    span_of,
    told_otherwise,
)
from extractors.lexicon import Leader, Name, Sort
from extractors.lexicon import words as w


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
    if owned or name.sort is Sort.DEMONYM:
        held = named_holder(text, start, end, name, tables, known)
        if held is not None:
            return (known.note(held),)
    if owned or name.sort is Sort.DEMONYM:
        return (span_of(text, start, end, name, Part.MODIFIER),)
    return (known.note(span_of(text, start, end, name, Part.ACTING)),)


def named_holder(text: Text, start: int, end: int, name: Name, tables: Tables, known: Known) -> ActorSpan | None:
    """Return "Norway's Liv Aasen": a state with a person of the roster or one whom the text introduced."""
    leader = tables.leaders.at(text.words, end, text.end)
    holder = leader.end if leader else person_end(text, end, tables)
    if holder is None or not (leader or known_person(text, end, holder, known)):
        return None
    person = short_name(leader.value[0]) if leader else text.word(holder - 1)
    return span_of(text, start, holder, name, Part.ACTING, person=person)


def office_span(
    text: Text, start: int, end: int, name: Name, sort: str, title: str, tables: Tables, known: Known
) -> tuple[ActorSpan, ...]:
    """Return a state's office, body, people or thing, with the holder's name if it follows."""
    if sort in {"people", "thing"}:
        return (span_of(text, start, end, name, Part.NATIONAL),)
    following = tables.offices.at(text.lowers, end, text.end)
    if following is not None and following.value in {"title", "voice", "body"}:
        return office_span(text, start, following.end, name, following.value, title, tables, known)
    held = None if sort == "body" else holder_span(text, start, end, name, title, tables, known)
    if held is not None:
        return (held,)
    if text.lower(end) in w.POSSESSIVES:
        return (span_of(text, start, end + 1, name, Part.MODIFIER),)
    return (known.note(span_of(text, start, end, name, Part.ACTING), title),)


def holder_span(
    text: Text, start: int, end: int, name: Name, title: str, tables: Tables, known: Known
) -> ActorSpan | None:
    """Return an office together with the person who holds it, or None when no name follows."""
    begin = comma_name(text, end)
    leader = tables.leaders.at(text.words, begin, text.end)
    holder = leader.end if leader else person_end(text, begin, tables)
    if holder is None:
        return None
    person = short_name(leader.value[0]) if leader else person_of(text, begin, holder, name.code)
    span = known.note(span_of(text, start, holder, name, Part.ACTING, person=person), title)
    return replace(span, end=holder + 1, part=Part.MODIFIER) if text.lower(holder) in w.POSSESSIVES else span


def owned_office(text: Text, span: ActorSpan, end: int, tables: Tables, known: Known) -> tuple[ActorSpan, ...]:
    """Return "Trump's envoy Steve Witkoff" as one who acts, and "Trump's plan" as a modifier."""
    extended = extend(text, span.start, end, Name(span.name, span.code, Sort.STATE), tables, known, owned=True)
    return extended or (replace(span, end=end, part=Part.MODIFIER),)


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
    is_told = text.lower(start - 1) in {"the", "its", "his", "their"} and title in known.titles
    code = known.titles[title] if is_told else holder_of(text, start, end, title, tables, known)
    if code is None:
        return None
    name = text.join(start - 1, end)
    if text.lower(end) in w.POSSESSIVES:
        return owned_office(text, ActorSpan(start, end, code, name, Part.ACTING), end + 1, tables, known)
    return (ActorSpan(start, end, code, name, Part.ACTING),)


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
    person = person_of(text, found.end, holder, found.value.code) if holder else ""
    return (
        known.note(
            ActorSpan(
                start, holder or found.end, found.value.code, text.join(start, holder or found.end), Part.ACTING, person
            ),
            title,
        ),
    )


# Titles as texts shorten them, and as the roster calls the office.
OFFICES = {"premier": "prime minister", "pm": "prime minister", "secretary": "secretary of state"}


def holder_of_title(leaders: tuple[Leader, ...], title: str, month: int) -> Leader | None:
    """Return who of a common surname holds the very office of "President Park", if that is one actor's alone."""
    office = OFFICES.get(title, title)
    fit = [one for one in leaders if one.office == office and months_off(one, month) <= GRACE_MONTHS]
    return office_holder(fit, month, titled=True) if len({one.code for one in fit}) == 1 else None


def part_of(text: Text, start: int) -> Part:
    """Return what an office can be in a clause: who held it does not act for the state any more."""
    return Part.NATIONAL if text.lower(start - 1) in FORMER else Part.ACTING


def titled_person(
    text: Text, start: int, end: int, title: str, tables: Tables, known: Known
) -> tuple[ActorSpan, ...] | None:
    """Return "President NAME" when the roster or the text knows the name."""
    found = tables.leaders.at(text.words, end, text.end) or tables.surnames.at(text.words, end, text.end)
    leader = office_holder(found.value, known.month, titled=True) if found else None
    if found is None:
        found = tables.common.at(text.words, end, text.end)
        leader = holder_of_title(found.value, title, known.month) if found else None
    if found is not None and leader is not None and not told_otherwise(text, end, found.end, leader, known):
        span = ActorSpan(start, found.end, leader.code, leader.name, part_of(text, start), short_name(leader))
        return (known.note(span, title),)
    holder = person_end(text, end, tables)
    if holder is None or text.word(holder - 1) not in known.persons:
        return None
    code, name = known.persons[text.word(holder - 1)]
    return (known.note(ActorSpan(start, holder, code, name, Part.ACTING, text.word(holder - 1)), title),)
