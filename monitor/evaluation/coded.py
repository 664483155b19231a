"""The chain against the records of event-coding projects: which types of events a sentence tells, and who to whom.

Their codes and ours meet halfway. Types are folded to the fifteen that all of them know; PLOVER codes a future meeting,
support, cooperation or aid as AGREE, so a planned one of ours is AGREE here. An actor's code becomes its state or
organisation (`USAGOV` → USA, `IGOUNO` → UN); one that names neither is left out.

type    the set of types in a record; one told type answers one gold type, an exact one first
actor   (type, actor) pairs, in records whose gold actors are all known
dyad    (type, actor, recipient) triples, in records where both are; without direction where the event has none

Most records mark one event of their sentence: there a correct second one counts as wrong.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from extractors.ontology import EventType, Status
from extractors.types import EventMention
from monitor.evaluation.figures import Counts, Figure, Share, tally
from monitor.evaluation.gold import CodedEvent, CodedRecord

YIELD = "YIELD"
TYPES = frozenset(EventType) - {EventType.CONCEDE, EventType.RETREAT} | {YIELD}
# Types of CAMEO and of other versions of PLOVER.
FOLDED = {
    **dict.fromkeys(("CONCEDE", "RETREAT"), YIELD),
    **dict.fromkeys(("DEMAND", "APPEAL"), "REQUEST"),
    **dict.fromkeys(("DISAPPROVE", "INVESTIGATE"), "ACCUSE"),
    "FIGHT": "ASSAULT",
    "THREAT": "THREATEN",
}
AGREED_WHEN_PLANNED = frozenset({"CONSULT", "SUPPORT", "COOPERATE", "AID"})

# Codes of organisations in CAMEO's actor lists, each under our code for it.
ORGANISATIONS = {
    code: name
    for name, codes in {
        "UN": "UN UNO IGOUN IGOUNO IGOUNOHCR IGOUNOIAE",
        "NATO": "NATO IGONAT IGOWSTNAT",
        "EU": "EU EUR IGOEEC IGOEUR IGOEUREEC",
        "AU": "AU IGOAFR IGOAFU IGOAFRAFU",
        "ARL": "ARL IGOARL IGOMEAARL",
        "OSCE": "OSCE IGOSCE IGOWSTSCE",
        "ASEAN": "ASEAN IGOASN IGOSEAASN",
        "OPEC": "OPEC IGOOPC",
        "IMF": "IMF IGOIMF",
        "WBK": "WBK IGOWBK",
        "WTO": "WTO IGOWTO",
        "OAS": "OAS IGOOAS",
        "ICC": "ICC IGOICC",
        "INTERPOL": "INTERPOL IGOITP IGOCOPITP",
        "GCC": "GCC IGOGCC",
        "ISIS": "ISIS IMGMUSISI",
        "ICRC": "ICRC NGOCRC",
        "IGO": "IGO",
        **{name: name for name in "SADC ECOWAS MERCOSUR APEC G7 G20 OIC CIS ICTY OPCW IGAD SCO BRICS".split()},
    }.items()
    for code in codes.split()
}
ORGANISATION_MARKS = ("IGO", "IMG", "NGO")
# States that have another code today, and codes of CAMEO that ISO 3166 writes otherwise.
RENAMED = {
    "BUR": "MMR",
    "CZS": "CZE",
    "GDR": "DEU",
    "GME": "DEU",
    "GMW": "DEU",
    "JAP": "JPN",
    "KOS": "XKX",
    "KSV": "XKX",
    "PAL": "PSE",
    "ROM": "ROU",
    "SCG": "SRB",
    "SUN": "RUS",
    "TMP": "TLS",
    "TUK": "TKM",
    "YUG": "SRB",
    "ZAR": "COD",
}
# Codes of CAMEO that stand for a part of society or of the world and name nobody.
NOBODY = frozenset(
    "AFR AGR ASA BLK BUS CAM CAR CAS CEU CFR CHR COP CRM CVL DEV EAF EDU EEU ELI ENV GOV HLH HRI IMG INT JAN JEW JUD"
    " LAB LAM LEG MEA MED MIL MNC MOD MUS NAF NGM NGO NMR OPP PTY RAD REB REF REL SAF SAM SAS SEA SET SPY TOP UAF UIS"
    " WAF WST".split()
)


@dataclass(frozen=True, slots=True)
class Coded:
    """An event as both sides can say it."""

    type: str
    actors: frozenset[str]
    recipients: frozenset[str]
    also: frozenset[str] = frozenset()
    mutual: bool = False

    @property
    def parties(self) -> frozenset[str]:
        """Everybody concerned."""
        return self.actors | self.recipients


@dataclass(frozen=True, slots=True)
class RecordScore:
    """The counts of one record; `actor` and `dyad` are None where gold does not know them."""

    record: CodedRecord
    type: Counts
    actor: Counts | None
    dyad: Counts | None
    types: Mapping[str, Counts]
    hit: bool
    alarm: bool


@dataclass(frozen=True, slots=True)
class CodedScores:
    """The figures of some records. `hit`: records of which one type was found; `false_alarms`: those with no event."""

    records: int
    type: Counts
    actor: Counts
    dyad: Counts
    hit: Share
    false_alarms: Share
    types: Mapping[str, Counts]

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Yield what has a floor, by name; all of them the higher the better."""
        yield "type F1", self.type.figure
        yield "actor F1", self.actor.figure
        yield "dyad F1", self.dyad.figure
        yield "no false alarm", self.false_alarms.rest


def score_records(scores: Sequence[RecordScore]) -> CodedScores:
    """Return the figures of some records; those that know only a quadrant, or are to be ignored, are left out."""
    told = [one for one in scores if one.record.expect == "event"]
    none = [one for one in scores if one.record.expect == "none"]
    return CodedScores(
        records=len(told) + len(none),
        type=_sum(one.type for one in (*told, *none)),
        actor=_sum(one.actor for one in told if one.actor),
        dyad=_sum(one.dyad for one in told if one.dyad),
        hit=tally([one.hit for one in told]),
        false_alarms=tally([one.alarm for one in none]),
        types=_by_type((*told, *none)),
    )


def score_record(record: CodedRecord, mentions: Iterable[EventMention]) -> RecordScore:
    """Return the counts of one record."""
    wanted, optional = wanted_of(record)
    told = [one for mention in mentions if (one := told_of(mention))]
    answers, wrong = answered(wanted, frozenset(one.type for one in told), optional)
    named = [Coded(answers.get(one.type, one.type), one.actors, one.recipients) for one in told]
    named = [one for one in named if one.type not in optional - {event.type for event in wanted}]
    actors_known = bool(wanted) and all(one.actors for one in wanted)
    dyads_known = actors_known and all(dyads(one, one.mutual) for one in wanted)
    found = frozenset(answers.values())
    return RecordScore(
        record,
        type=Counts(len(found), len(found) + len(wrong), len(wanted)),
        actor=_compare(wanted, named, _doers) if actors_known else None,
        dyad=_compare(wanted, named, dyads) if dyads_known else None,
        types=_types(wanted, found, wrong),
        hit=bool(found),
        alarm=bool(wrong),
    )


def wanted_of(record: CodedRecord) -> tuple[list[Coded], frozenset[str]]:
    """Return the events that a record wants, those of one type as one, and the types that are optional."""
    wanted: dict[str, Coded] = {}
    optional = frozenset[str]()
    for event in record.events:
        one = _wanted(event)
        if one is None:
            continue
        if event.optional:
            optional |= one.also | {one.type}
        else:
            wanted[one.type] = _joined(wanted[one.type], one) if one.type in wanted else one
    return list(wanted.values()), optional


def _wanted(event: CodedEvent) -> Coded | None:
    type_ = folded(event.type)
    if type_ is None:
        return None
    also = frozenset(other for one in event.also if (other := folded(one)))
    return Coded(type_, codes(event.actors), codes(event.recipients), also, type_ == "CONSULT" or event.reciprocal)


def _joined(one: Coded, other: Coded) -> Coded:
    return Coded(
        one.type,
        one.actors | other.actors,
        one.recipients | other.recipients,
        one.also | other.also,
        one.mutual or other.mutual,
    )


def told_of(mention: EventMention) -> Coded | None:
    """Return a mention as both sides can say it."""
    type_ = folded(mention.type)
    if type_ is None:
        return None
    if mention.status is Status.PLANNED and type_ in AGREED_WHEN_PLANNED:
        type_ = "AGREE"
    return Coded(
        type_,
        codes(actor.code for actor in mention.actors),
        codes(actor.code for actor in mention.recipients),
    )


def answered(
    wanted: Sequence[Coded], told: frozenset[str], optional: frozenset[str]
) -> tuple[dict[str, str], frozenset[str]]:
    """Return which wanted type each told type answers, and the told types that are wrong."""
    answers = {one.type: one.type for one in wanted if one.type in told}
    for one in wanted:
        spare = sorted(one.also & (told - answers.keys()))
        if one.type not in answers.values() and spare:
            answers[spare[0]] = one.type
    accepted = frozenset[str]().union(*(one.also | {one.type} for one in wanted))
    return answers, told - answers.keys() - optional - accepted


def _types(wanted: Iterable[Coded], found: frozenset[str], wrong: frozenset[str]) -> dict[str, Counts]:
    counts = {one.type: Counts(one.type in found, one.type in found, 1) for one in wanted}
    for type_ in wrong:
        counts[type_] = counts.get(type_, Counts(0, 0, 0)) + Counts(0, 1, 0)
    return counts


# ---------------------------------------------------------------- parties


Parts = Callable[[Coded, bool], frozenset[str] | frozenset[tuple[str, str]]]


def _compare(wanted: Sequence[Coded], told: Sequence[Coded], parts: Parts) -> Counts:
    """Compare what both say of the parties, each under the type that it answers."""
    mutual = {one.type for one in wanted if one.mutual} | {"CONSULT"}
    gold = {(one.type, part) for one in wanted for part in parts(one, one.mutual)}
    said = {(one.type, part) for one in told for part in parts(one, one.type in mutual)}
    return Counts(len(gold & said), len(said), len(gold))


def _doers(event: Coded, mutual: bool) -> frozenset[str]:
    return event.parties if mutual else event.actors


def dyads(event: Coded, mutual: bool) -> frozenset[tuple[str, str]]:
    """Return the (actor, recipient) pairs; in alphabetical order where the event has no direction.

    Actors without a recipient are pairs among themselves.
    """
    among = set(combinations(sorted(event.actors), 2))
    across = {(a, r) for a in event.actors for r in event.recipients if a != r or not mutual}
    if not event.recipients:
        return frozenset(among)
    return frozenset({(min(pair), max(pair)) for pair in across} | among) if mutual else frozenset(across)


def codes(listed: Iterable[str]) -> frozenset[str]:
    """Return the codes of states and organisations among some actor codes."""
    return frozenset(found for one in listed if (found := code_of(one)))


def code_of(code: str) -> str | None:
    """Return the state or organisation that an actor's code names, None for one that names neither.

    An organisation's code may be followed by parts of its own ("IGOUNOHCR"); a state's is its first three letters.
    """
    upper = code.strip().upper()
    known = next((upper[:end] for end in range(len(upper), 1, -1) if upper[:end] in ORGANISATIONS), None)
    if known and (known == upper or upper.startswith(ORGANISATION_MARKS)):
        return ORGANISATIONS[known]
    state = RENAMED.get(upper[:3], upper[:3])
    return state if len(state) == 3 and state.isalpha() and state not in NOBODY else None


def folded(type_: str | None) -> str | None:
    """Return one of the types that both sides know."""
    upper = (type_ or "").strip().upper()
    name = FOLDED.get(upper, upper)
    return name if name in TYPES else None


# ---------------------------------------------------------------- sums


def _sum(counts: Iterable[Counts]) -> Counts:
    return sum(counts, Counts(0, 0, 0))


def _by_type(scores: Iterable[RecordScore]) -> dict[str, Counts]:
    found: dict[str, Counts] = {}
    for name, counts in (pair for one in scores for pair in one.types.items()):
        found[name] = found.get(name, Counts(0, 0, 0)) + counts
    return dict(sorted(found.items()))
