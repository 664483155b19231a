"""How a place or a party has to do with where an event takes place: what grammar and the kinds of events say."""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import NamedTuple

from spacy.tokens import Doc, Token

from extractors.assemble.attachment import (
    SAYING,
    SEPARATE,
    Link,
    governor,
    head_of,
    is_free,
    is_nearest,
    is_noun,
    is_verb,
    leads_elsewhere,
    link_to_noun,
    link_to_verb,
    plain,
    preposition_of,
    way_between,
    way_up,
)
from extractors.assemble.days import SPOKEN, dateline_length, is_content
from extractors.components._doc import ActorSpan, EventSpan, Extension, Part, PlaceSpan, get
from extractors.components._gazetteer import load_gazetteer
from extractors.components.places import OF_PLACE, SITES
from extractors.ontology import EventType, Kind, Status
from extractors.syntax import Relation, relation
from extractors.types import Place

PLACELESS = frozenset({Kind.CALL, Kind.LETTER})
GATHERINGS = frozenset({Kind.MEETING, Kind.TALKS, Kind.SUMMIT})
# These go somewhere: "to" leads to where they take place.
GOING = GATHERINGS | {Kind.VISIT, Kind.DEPLOYMENT}
PLAIN = frozenset(
    "in at near outside inside around across within off throughout along above beside over into through".split()
)
STANDING = PLAIN - {"into", "through"}
# What leads to a place only for some kinds of events.
SPECIAL = {
    "to": GOING,
    "toward": frozenset({Kind.DEPLOYMENT}),
    "towards": frozenset({Kind.DEPLOYMENT}),
    "into": GOING | {Kind.ATTACK},
    "from": frozenset({Kind.WITHDRAWAL}),
    "on": frozenset({Kind.ATTACK}),
    "against": frozenset({Kind.ATTACK}),
    "over": frozenset({Kind.ATTACK, Kind.DEPLOYMENT, Kind.COERCION}),
}
# Somebody from there, or sent there, is not where it happens.
ENVOYS = frozenset("ambassador ambassadors envoy envoys embassy representative emissary".split())
HOSTING = frozenset("host hosts hosted hosting".split())
DATELINES = frozenset({Status.OCCURRED, Status.ONGOING})


class Where(NamedTuple):
    """The place of an event, and why this."""

    place: Place
    why: str


def by_rule(doc: Doc, event: EventSpan, status: Status) -> Where | None:
    """Return where an event takes place by rule alone, for texts without a tree."""
    return (
        told_place(doc, event)
        or only_place(doc, event)
        or own_site(doc, event)
        or place_of_parties(doc, event)
        or place_of_visit(doc, event)
        or place_of_dateline(doc, event, status)
    )


def told_place(doc: Doc, event: EventSpan) -> Where | None:
    """Return the closest of the places that an event's sentence names."""
    sentence = get(doc, Extension.SENTENCES)[event.sentence]
    inside = [span for span in get(doc, Extension.PLACES) if sentence.start <= span.start < sentence.end]
    if event.kind in SPOKEN:
        inside = [span for span in inside if not is_of_party(span, event)]
    found = linked(doc, event, inside) if doc.has_annotation("DEP") else nearby(doc, event, inside)
    ranked = sorted(found, key=lambda one: (one[1], one[0].start < event.trigger[0], distance(one[0], event)))
    if not ranked:
        return None
    span, link = ranked[0]
    return Where(place_from(span), f"{doc[span.start : span.end].text}, {link.name.lower()}")


def is_of_party(span: PlaceSpan, event: EventSpan) -> bool:
    """Say whether a place is part of a party's description ("officials in Kyiv")."""
    parties = (*event.actors, *event.recipients)
    is_own_name = event.type is EventType.REQUEST  # "a pause in the fighting in Ukraine" is asked of Ukraine, and there
    return any(
        party.start <= span.start < party.end and not (is_own_name and party.end - party.start == 1)
        for party in parties
    )


def distance(span: PlaceSpan, event: EventSpan) -> int:
    """Return how many tokens a place is from the word that tells an event."""
    return abs(span.start - event.trigger[0])


def place_from(span: PlaceSpan) -> Place:
    """Return a place with its coordinates."""
    return located(span.country, span.name)


def located(country: str | None, name: str) -> Place:
    """Return a place with its coordinates, where it is a town."""
    found = load_gazetteer().coordinates(name, country)
    return Place(country, name, *found) if found else Place(country, name)


# ---------------------------------------------------------------- by the tree


def linked(doc: Doc, event: EventSpan, spans: list[PlaceSpan]) -> Iterator[tuple[PlaceSpan, Link]]:
    """Yield the places that can be an event's, with how close they are to it."""
    told = [other for other in get(doc, Extension.EVENTS) if other is not event and not other.refers]
    busy = {n for other in told for n in range(*other.trigger)} - set(range(*event.trigger))
    for span in spans:
        word, lead = anchor(doc, span)
        if leads_to_place(event, span, word, lead):
            link = Link.NEAR if is_where_fought(event, word) else link_of(doc, event, word, busy)
            if link is not None and not is_about(event, word, link):
                yield span, link


# Where these are, those who attend them speak.
OCCASIONS = frozenset(
    """summit conference speech meeting forum visit trip interview session event ceremony rally address briefing talks
    tour assembly gathering negotiations""".split()
)


FIGHTING = frozenset("fighting hostilities clashes violence".split())


def is_where_fought(event: EventSpan, word: Token) -> bool:
    """Say whether a place is that of fighting in which a pause is asked for, which is where it would take place."""
    above = islice(word.ancestors, 2)
    return event.type is EventType.REQUEST and any(plain(one) in FIGHTING for one in above)


def is_about(event: EventSpan, word: Token, link: Link) -> bool:
    """Say whether a place that is not closer may be what words are about, as those of talks and demands are."""
    if link is Link.SAID:
        return event.kind not in SPOKEN
    if is_where_fought(event, word):
        return False
    is_spoken = event.kind in SPOKEN or event.kind is Kind.TALKS
    is_occasion = any(plain(above) in OCCASIONS for above in word.ancestors)
    return link in {Link.ARGUMENT, Link.NEAR} and is_spoken and not is_occasion


def anchor(doc: Doc, span: PlaceSpan) -> tuple[Token, str]:
    """Return the word that a place hangs on, with its preposition: "city" in "the city of Homs"."""
    word = head_of(doc, span.start, span.end)
    lead = preposition_of(word)
    above = governor(word)
    while lead in {"of", ""} and above is not None and is_site_word(above):
        word, lead, above = above, preposition_of(above), governor(above)
    return word, lead


def is_site_word(word: Token) -> bool:
    """Say whether a noun is a kind of site, or says in what part of a place."""
    return is_noun(word) and (plain(word) in SITES or OF_PLACE.fullmatch(plain(word)) is not None)


def leads_to_place(event: EventSpan, span: PlaceSpan, word: Token, lead: str) -> bool:
    """Say whether a preposition leads to where something of a kind takes place."""
    above = word.head
    if plain(word) in ENVOYS or (plain(above) in ENVOYS and lead == "to"):
        return False
    if lead in SPECIAL:
        return event.kind in SPECIAL[lead] or (lead in PLAIN and span.country is None) or is_site(span, lead)
    if lead in PLAIN:
        return True
    return above.i in range(*event.trigger) or (not lead and (is_verb(above) or plain(word) in SITES))


def is_site(span: PlaceSpan, lead: str) -> bool:
    """Say whether something is on a place: a sea, an island, a border."""
    return lead == "on" and (span.country is None or span.end - span.start > 1)


def link_of(doc: Doc, event: EventSpan, word: Token, busy: Collection[int]) -> Link | None:
    """Return how close a place is to an event; None where it is another's, or nobody's."""
    own = head_of(doc, *event.trigger)
    if event.trigger[0] <= word.i < event.trigger[1]:
        return Link.OWN
    above = governor(word)
    if above is None:
        return Link.NEAR
    if event.trigger[0] <= above.i < event.trigger[1]:
        return Link.OWN
    if event.kind in SPOKEN and is_content(above, own):
        return None
    link = link_to_verb(word, above, own, busy) if is_verb(above) else link_to_noun(word, above, own)
    if link is not None:
        return link
    if is_site_of(own, above) or is_part_of(above, own, busy):
        return Link.ARGUMENT
    return Link.NEAR if is_around(word, own) or is_nearest(word, own, range(*event.trigger), busy) else None


def is_site_of(own: Token, noun: Token) -> bool:
    """Say whether something is done to a noun in a clause about it ("a hospital in Homs hit by")."""
    way = way_between(own, noun)
    return is_noun(noun) and way is not None and len(way) == 1


def is_part_of(above: Token, own: Token, busy: Collection[int]) -> bool:
    """Say whether a word tells more of an event ("the attack that killed twelve", "the base near")."""
    way = way_between(above, own)
    return way is not None and not leads_elsewhere(way) and not any(word.i in busy or is_said(word) for word in way)


def is_said(word: Token) -> bool:
    """Say whether a clause is what somebody says, plans or asks for."""
    return relation(word) in {Relation.CLAUSAL_COMPLEMENT, Relation.PARATAXIS}


def is_around(word: Token, own: Token) -> bool:
    """Say whether a place is told on the main line of the sentence, and not as where something was said."""
    way = tuple(way_up(word))
    return (
        not any(plain(above) in SAYING for above in way)
        and not leads_elsewhere(way[1:])
        and is_free(way)
        and is_free(tuple(way_up(own)), SEPARATE)
    )


# What is done with hands and feet: in a sentence that tells nothing else, it is done where that names a place.
PHYSICAL = GATHERINGS | {
    Kind.ATTACK,
    Kind.COERCION,
    Kind.DEPLOYMENT,
    Kind.WITHDRAWAL,
    Kind.EXERCISE,
    Kind.DEMONSTRATION,
    Kind.RELEASE,
    Kind.COOPERATION,
    Kind.AID_HUMANITARIAN,
    Kind.INVESTIGATION,
}


def only_place(doc: Doc, event: EventSpan) -> Where | None:
    """Return the country where something was done by hand, if its sentence tells nothing else and names no other."""
    others = [other for other in get(doc, Extension.EVENTS) if other.sentence == event.sentence and not other.refers]
    if event.kind not in PHYSICAL or len(others) > 1:
        return None
    sentence = get(doc, Extension.SENTENCES)[event.sentence]
    inside = [span for span in get(doc, Extension.PLACES) if sentence.start <= span.start < sentence.end]
    sites = [
        span for span in inside if not is_topic(doc, span) and lead_before(doc, span) in PLAIN - {"into", "through"}
    ]
    if not sites or len({span.country for span in sites}) > 1:
        return None
    return Where(place_from(sites[-1]), f"{doc[sites[-1].start : sites[-1].end].text}, no other named")


def is_where_said(doc: Doc, event: EventSpan, span: PlaceSpan) -> bool:
    """Say whether something was said at a place ("told a briefing in New York")."""
    ancestors = list(head_of(doc, span.start, span.end).ancestors)
    verb = next((word for word in ancestors if word.tag_.startswith("VB")), None)
    above = {word.i for word in ancestors if plain(word) in SAYING}
    own = {word.i for word in head_of(doc, *event.trigger).ancestors}
    return not above <= own or (verb is not None and verb.i in above)


def lead_before(doc: Doc, span: PlaceSpan) -> str:
    """Return the nearest word of place before a place."""
    before = [plain(doc[n]) for n in range(span.start - 1, max(span.start - 6, -1), -1)]
    return next((word for word in before if word in PLAIN or word in SPECIAL), "")


OWN_SITES = frozenset(
    "border borders frontier airspace waters territory coast coastline soil ports port shores mainland".split()
)


def own_site(doc: Doc, event: EventSpan) -> Where | None:
    """Return the country of a state that acts on "its border with X", or in "its waters"."""
    owner = only_state(event.actors)
    sentence = get(doc, Extension.SENTENCES)[event.sentence]
    for n in range(event.trigger[1], sentence.end):
        following = [plain(doc[m]) for m in range(n + 1, min(n + 4, sentence.end))]
        if owner and plain(doc[n]) in {"its", "their"} and not OWN_SITES.isdisjoint(following):
            last = n + 1 + next(m for m, word in enumerate(following) if word in OWN_SITES)
            return Where(Place(owner.code, doc[n + 1 : last + 1].text), f"{doc[n : last + 1].text} of {owner.name}")
    return None


# ---------------------------------------------------------------- without a tree


def nearby(doc: Doc, event: EventSpan, spans: list[PlaceSpan]) -> Iterator[tuple[PlaceSpan, Link]]:
    """Yield the places that the order of words gives to an event: those of its clause, else those of its sentence."""
    told = [span for span in spans if not is_topic(doc, span)]
    inside = [span for span in told if event.start <= span.start <= event.end]
    events = get(doc, Extension.EVENTS)
    is_alone = sum(other.sentence == event.sentence and not other.refers for other in events) <= 1
    yield from ((span, Link.OWN) for span in inside)
    if is_alone:
        yield from ((span, Link.NEAR) for span in told if span not in inside)


def is_topic(doc: Doc, span: PlaceSpan) -> bool:
    """Say whether a place is what is talked about ("talks on X"), which is not where."""
    return span.start > 0 and plain(doc[span.start - 1]) in {"on", "over", "about"}


# ---------------------------------------------------------------- where no place is told


def place_of_parties(doc: Doc, event: EventSpan) -> Where | None:
    """Return the country that is visited, attacked or left, or that hosts, unless the text names a place."""
    host = visited(event) or attacked(doc, event) or hosting(doc, event) or left(event) or expelling(doc, event)
    return Where(located(host.code, host.name), f"{host.name}, as a party") if host else None


def visited(event: EventSpan) -> ActorSpan | None:
    """Return the host of a visit."""
    return only_state(event.recipients) if event.kind is Kind.VISIT else None


def left(event: EventSpan) -> ActorSpan | None:
    """Return the country that is withdrawn from."""
    return only_state(event.recipients) if event.kind is Kind.WITHDRAWAL else None


# A state does this on its own ground.
POLICING = frozenset(
    """arrest arrests arrested arresting detain detains detained detaining deport deports deported deporting jail jails
    jailed imprison imprisons imprisoned sentence sentences sentenced expel expels expelled expelling""".split()
)


def expelling(doc: Doc, event: EventSpan) -> ActorSpan | None:
    """Return the country that expels or arrests somebody in it."""
    is_policing = event.kind is Kind.COERCION and any(plain(doc[n]) in POLICING for n in range(*event.trigger))
    return only_state(event.actors) if event.kind is Kind.EXPULSION or is_policing else None


def only_state(spans: tuple[ActorSpan, ...]) -> ActorSpan | None:
    """Return the one party, where it is a state."""
    return spans[0] if len({span.code for span in spans}) == 1 and len(spans[0].code) == len("ISO") else None


FORCES = frozenset(
    """troops soldiers forces convoy warplane jet ship vessel vessels warship embassy consulate diplomats peacekeepers
    military army navy base bases citizens nationals interests personnel marines aircraft plane tanker tankers drone
    drones fighters helicopter ambassador envoy diplomat""".split()
)


def attacked(doc: Doc, event: EventSpan) -> ActorSpan | None:
    """Return the country that is attacked; its troops and ships, which may be elsewhere, are not it."""
    state = only_state(event.recipients) if event.kind is Kind.ATTACK else None
    if state is None:
        return None
    following = {plain(token) for token in doc[state.start : state.end + 3]}
    return None if state.part is Part.NATIONAL or following & FORCES else state


def hosting(doc: Doc, event: EventSpan) -> ActorSpan | None:
    """Return who hosts a gathering."""
    if event.kind not in GATHERINGS:
        return None
    sentence = get(doc, Extension.SENTENCES)[event.sentence]
    verb = next((n for n in range(sentence.start, sentence.end) if plain(doc[n]) in HOSTING), None)
    if verb is None:
        return None
    hosts = [span for span in get(doc, Extension.ACTORS) if sentence.start <= span.start < verb]
    return hosts[-1] if hosts and len(hosts[-1].code) == len("ISO") else None


def place_of_visit(doc: Doc, event: EventSpan) -> Where | None:
    """Return where somebody is on a visit, for what else is told of the visit there ("visits X and meets Y")."""
    if event.kind not in GATHERINGS | SPOKEN | {Kind.AGREEMENT}:
        return None
    reach = 0 if event.kind in SPOKEN else 1
    for other in get(doc, Extension.EVENTS):
        if is_visit(other) and abs(other.sentence - event.sentence) <= reach and shares_party(other, event):
            found = told_place(doc, other) or place_of_parties(doc, other)
            if found:
                return Where(found.place, f"{found.why}, of the visit")
    return None


def is_visit(event: EventSpan) -> bool:
    """Say whether an event is a visit."""
    return event.kind is Kind.VISIT


def shares_party(visit: EventSpan, event: EventSpan) -> bool:
    """Say whether a visitor takes part in an event."""
    return not {span.code for span in visit.actors}.isdisjoint({span.code for span in event.actors})


def place_of_dateline(doc: Doc, event: EventSpan, status: Status) -> Where | None:
    """Return the town that a report of a gathering was written in: the weakest of reasons, and told as such."""
    if event.kind not in GATHERINGS or status not in DATELINES:
        return None
    sentence = get(doc, Extension.SENTENCES)[event.sentence]
    line = doc[sentence.start : sentence.start + dateline_length(doc, sentence)]
    towns = [word for word in line.text.replace("/", " / ").split() if word.isupper()]
    if not towns or "/" in towns:
        return None
    name = " ".join(word.strip(",()").title() for word in towns if word.strip(",()"))
    town = load_gazetteer().towns.get(name)
    return Where(located(town.country, town.name), f"{name}, dateline") if town else None
