"""Where an event takes place: which of the places of a text is its own, and not its topic or somebody's origin.

The places of its sentence and of those beside it are options, and so are its parties (who is visited is visited at
home), other states that are named, and that the text tells no place. Measured on the pairs of the held-out half of the
annotated passages, see `extractors.training.settings`.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from spacy.tokens import Doc

from extractors.assemble.attachment import plain
from extractors.assemble.choice import DATA, Option, best, read_weights
from extractors.assemble.scene import Scene, distance, hanging, scene, standing
from extractors.assemble.sites import (
    FORCES,
    GATHERINGS,
    PLACELESS,
    POLICING,
    Where,
    anchor,
    by_rule,
    hosting,
    is_about,
    is_topic,
    is_where_fought,
    leads_to_place,
    link_of,
    located,
    own_site,
    place_from,
    place_of_dateline,
    place_of_visit,
)
from extractors.components._doc import ActorSpan, EventSpan, Extension, PlaceSpan, Sentence, get
from extractors.components.places import PLACE_SORTS
from extractors.lexicon import Sort, load
from extractors.ontology import Kind, Status
from extractors.types import Place

__all__ = ["Where", "options", "where"]

WEIGHTS = DATA / "where.csv"
BESIDE = (-1, 1)  # sentences from the event's
MOST_BESIDE = 3  # places of one sentence beside
ISO_LENGTH = 3


def where(doc: Doc, event: EventSpan, status: Status) -> Where | None:
    """Return where an event takes place; None where the text does not tell, or where it has none (a phone call)."""
    if event.kind in PLACELESS:
        return None
    if not doc.has_annotation("DEP"):
        return by_rule(doc, event, status)
    view = scene(doc, event, status)
    chosen = best(options(view), read_weights(WEIGHTS))
    return Where(chosen.value, chosen.why) if chosen.value else None


def options(view: Scene) -> list[Option[Place]]:
    """Return what can be the place of an event, with the features that speak for and against it."""
    inside = places_in(view, view.sentence)
    fought = [span for span in inside if is_where_fought(view.event, anchor(view.doc, span)[0])]
    if fought:  # a pause is asked for where there is fighting, whatever else is named
        return [own_option(view, span, inside) for span in fought]
    count = min(len(inside), 2)
    found = [own_option(view, span, inside) for span in inside if not is_subject_matter(view, span)]
    for where_, _, sentence in view.beside(BESIDE):
        found.extend(options_beside(view, where_, sentence, count))
    for side, parties in (("actor", view.event.actors), ("recipient", view.event.recipients)):
        found.extend(party_options(view, side, parties, count))
    found.extend(other_options(view, count))
    found.extend(inferred(view, count))
    return [*found, Option(None, "", frozenset(untold(view, count)))]


def option(place: Place, why: str, features: frozenset[str]) -> Option[Place]:
    """Return a place as an option; those in one country say the same of it."""
    return Option(place, why, features, place.country or place.name)


def places_in(view: Scene, sentence: Sentence) -> list[PlaceSpan]:
    """Return the places of a sentence."""
    return [span for span in get(view.doc, Extension.PLACES) if sentence.start <= span.start < sentence.end]


def is_subject_matter(view: Scene, span: PlaceSpan) -> bool:
    """Say whether a country is what a gathering is about: "talks on Syria"."""
    return view.event.kind in GATHERINGS and span.country is not None and is_topic(view.doc, span)


def untold(view: Scene, count: int) -> Iterator[str]:
    """Yield the features of that the text tells no place."""
    kind = view.event.kind
    yield from ("none", f"none|{view.event.type}", f"none|{kind}", f"none|{kind}|{view.status}")
    yield from (f"none|places={count}", f"none|{kind}|places={count}")


# ---------------------------------------------------------------- places of the event's sentence


def own_option(view: Scene, span: PlaceSpan, inside: list[PlaceSpan]) -> Option[Place]:
    """Return a place of the event's sentence."""
    features = frozenset((*led(view, span), *placed(view, span, inside), *shared(view, span, "")))
    return option(place_from(span), view.doc[span.start : span.end].text, features)


def led(view: Scene, span: PlaceSpan) -> Iterator[str]:
    """Yield the preposition that leads to a place, what it hangs on, and what grammar makes of that."""
    doc, event = view.doc, view.event
    word, lead = anchor(doc, span)
    leads, sort = leads_to_place(event, span, word, lead), sort_of(span)
    link = link_of(doc, event, word, view.busy)
    name = link.name if link is not None else "none"
    about = link is not None and is_about(event, word, link)
    yield from ("place", f"place|{event.type}", f"place|{event.kind}")
    yield from (f"lead={lead}", f"lead={lead}|{event.type}", f"lead={lead}|{event.kind}")
    yield from (f"link={name}", f"link={name}|{view.sort}", f"link={name}|{event.type}")
    yield from (f"link={name}|alone={view.alone}", f"leads={leads}", f"leads={leads}|{name}")
    yield from (f"about={about}", f"rule={leads and link is not None and not about}")
    yield from (f"sort={sort}", f"sort={sort}|{event.type}", f"sort={sort}|{lead}")
    yield from hanging(view, word)


def placed(view: Scene, span: PlaceSpan, inside: list[PlaceSpan]) -> Iterator[str]:
    """Yield where a place stands in its sentence, and how many others there are."""
    yield from standing(view, span.start)
    topic = is_topic(view.doc, span)
    yield from (f"topic={topic}", f"topic={topic}|{view.event.kind}")
    yield f"countries={min(len({other.country for other in inside}), 3)}"
    yield f"first={span is inside[0]}"
    yield f"last={span is inside[-1]}"
    yield f"previous={plain(view.doc[span.start - 1]) if span.start > view.sentence.start else ''}"
    sides = (("actor", view.event.actors), ("recipient", view.event.recipients))
    party = next((side for side, parties in sides if any(one.start <= span.start < one.end for one in parties)), "")
    yield from (f"part of={party}", f"part of={party}|{view.event.type}")


def shared(view: Scene, span: PlaceSpan, prefix: str) -> Iterator[str]:
    """Yield whether a place is in the country of a party."""
    sides = (("actor", view.event.actors), ("recipient", view.event.recipients))
    same = "+".join(side for side, parties in sides if any(one.code == span.country for one in parties))
    yield from (f"{prefix}country of={same}", f"{prefix}country of={same}|{view.event.type}")
    if not prefix:
        yield from (f"country of={same}|{view.sort}", f"country of={same}|{view.event.kind}")


@cache
def sorts() -> dict[str, Sort]:
    """Return what sort of name each name of the lexicon is."""
    return {text: name.sort for text, name in load().names.items()}


def sort_of(span: PlaceSpan) -> str:
    """Return what sort of place a name is: a state, a capital, a seat of power, …; else a water or a town."""
    return sorts().get(span.name) or ("water" if span.country is None else "town")


# ---------------------------------------------------------------- places of sentences beside


def options_beside(view: Scene, where_: str, sentence: Sentence, count: int) -> Iterator[Option[Place]]:
    """Yield the places of a sentence beside. `count`: places that the event's own sentence names."""
    spans = places_in(view, sentence)[:MOST_BESIDE]
    countries = len({span.country for span in spans})
    again = any(sentence.start <= one.trigger[0] < sentence.end and one.kind is view.event.kind for one in view.others)
    common = ("beside", f"beside={where_}", f"beside={where_}|{view.event.type}", f"beside={where_}|{view.event.kind}")
    counts = (f"beside again={again}", f"beside again={again}|{where_}", f"beside places={count}|{countries}")
    for span in spans:
        _, lead = anchor(view.doc, span)
        own = (f"beside lead={lead}", f"beside sort={sort_of(span)}", *shared(view, span, "beside "))
        yield option(place_from(span), f"{span.name}, {where_}", frozenset((*common, *counts, *own)))


# ---------------------------------------------------------------- parties, and what follows from others


def party_options(view: Scene, side: str, parties: Iterable[ActorSpan], count: int) -> Iterator[Option[Place]]:
    """Yield the states of one side."""
    states = {} if is_abroad(view) else {party.code: party for party in parties if is_state(party.code)}
    for party in states.values():
        features = frozenset(of_party(view, side, party, min(len(states), 2), count))
        yield option(country(party), f"{party.name}, as {side}", features)


def is_abroad(view: Scene) -> bool:
    """Say whether a state's forces, ships or embassy are attacked, which may be anywhere.

    Of 25 states whose forces were attacked, three were attacked at home; of 78 others 60 (development half).
    """
    return view.event.kind is Kind.ATTACK and any(are_forces(view, party) for party in view.event.recipients)


def are_forces(view: Scene, party: ActorSpan) -> bool:
    """Say whether a party is named by its forces or people: "Kenyan troops"."""
    return not FORCES.isdisjoint(plain(token) for token in view.doc[party.start : party.end + 3])


def of_party(view: Scene, side: str, party: ActorSpan, parties: int, count: int) -> Iterator[str]:
    """Yield what speaks for the country of a party."""
    doc, event = view.doc, view.event
    forces = are_forces(view, party)
    yield from (side, f"{side}|{event.kind}", f"{side}|{event.kind}|{parties}", f"{side}|{event.type}|{party.part}")
    yield from (f"{side}|{event.kind}|{party.part}", f"{side}|forces={forces}|{event.type}")
    yield f"{side}|{event.kind}|{party.part}|{forces}|{parties}"
    yield f"{side}|{event.kind}|across={across(view, side)}"
    yield f"{side}|{event.kind}|places={count}"
    if event.kind is Kind.COERCION:
        yield f"{side}|policing={any(plain(doc[n]) in POLICING for n in range(*event.trigger))}"
    yield from (f"{side}|{view.status}|{event.type}", f"{side}|places={count}")
    yield f"{side}|lead={plain(doc[party.start - 1]) if party.start else ''}"
    yield f"{side}|before={party.start < event.trigger[0]}|{event.type}"
    yield f"{side}|word={plain(doc[event.trigger[0]])}"


def across(view: Scene, side: str) -> str:
    """Return what stands on the other side of an event: a state, somebody else, or nobody."""
    parties = view.event.recipients if side == "actor" else view.event.actors
    return "state" if any(is_state(party.code) for party in parties) else "else" if parties else "nobody"


def is_state(code: str) -> bool:
    """Say whether a code is a state's; some organisations have three letters, too."""
    return code in state_names()


@cache
def state_names() -> dict[str, str]:
    """Return the name of each state, by its code: the first that the lexicon has."""
    names = load().names.items()
    return {name.code: text for text, name in reversed(list(names)) if name.sort is Sort.STATE}


def country(party: ActorSpan) -> Place:
    """Return the country of a party, by the party's name where that is one of a place ("Kyiv", not "Kenyan troops")."""
    name = party.name if sorts().get(party.name) in PLACE_SORTS else state_names()[party.code]
    return located(party.code, name)


def other_options(view: Scene, count: int) -> Iterator[Option[Place]]:
    """Yield states that the event's sentence names without a part in it."""
    parties = {party.code for party in (*view.event.actors, *view.event.recipients)}
    named = (span for span in get(view.doc, Extension.ACTORS) if view.sentence.start <= span.start < view.sentence.end)
    others = {span.code: span for span in named if span.code not in parties and is_state(span.code)}
    for span in others.values():
        features = frozenset(of_other(view, span, count))
        yield option(country(span), f"{span.name}, named beside", features)


def of_other(view: Scene, span: ActorSpan, count: int) -> Iterator[str]:
    """Yield what speaks for a state that has no part in the event."""
    event = view.event
    yield from ("other", f"other|{event.type}", f"other|{event.kind}", f"other|{span.part}", f"other|places={count}")
    yield f"other|lead={plain(view.doc[span.start - 1]) if span.start else ''}"
    yield f"other|far={distance(abs(span.start - event.trigger[0]))}"
    yield f"other|inside={event.start <= span.start < event.end}"
    yield f"other|before={span.start < event.trigger[0]}"


def inferred(view: Scene, count: int) -> Iterator[Option[Place]]:
    """Yield places that follow from something else: its own border, its host, a visit, the dateline."""
    doc, event = view.doc, view.event
    host = hosting(doc, event)
    found = {
        "own site": own_site(doc, event),
        "host": Where(country(host), f"{host.name}, host") if host and is_state(host.code) else None,
        "visit": place_of_visit(doc, event),
        "dateline": place_of_dateline(doc, event, view.status),
    }
    for name, one in found.items():
        if one is not None:
            traits = (event.type, event.kind, view.status, f"places={count}")
            yield option(one.place, one.why, frozenset((name, *(f"{name}|{trait}" for trait in traits))))
