"""The words of the event model: types, kinds and statuses, and which kind belongs to which type.

The types are those of PLOVER (Political Language Ontology for Verifiable Event Records, Halterman et al. 2023);
kinds and statuses are Démarche's own and are public (docs/reference/events.md).
"""

from enum import StrEnum


class EventType(StrEnum):
    """One of the 16 PLOVER event types."""

    CONSULT = "CONSULT"
    AGREE = "AGREE"
    SUPPORT = "SUPPORT"
    COOPERATE = "COOPERATE"
    AID = "AID"
    CONCEDE = "CONCEDE"
    RETREAT = "RETREAT"
    REQUEST = "REQUEST"
    ACCUSE = "ACCUSE"
    REJECT = "REJECT"
    THREATEN = "THREATEN"
    PROTEST = "PROTEST"
    SANCTION = "SANCTION"
    MOBILIZE = "MOBILIZE"
    COERCE = "COERCE"
    ASSAULT = "ASSAULT"


class Kind(StrEnum):
    """The plain name of what happens."""

    VISIT = "visit"
    MEETING = "meeting"
    TALKS = "talks"
    CALL = "call"
    SUMMIT = "summit"
    MEDIATION = "mediation"
    LETTER = "letter"
    AGREEMENT = "agreement"
    CEASEFIRE = "ceasefire"
    INTENT = "intent"
    SUPPORT = "support"
    RECOGNITION = "recognition"
    APPOINTMENT = "appointment"
    COOPERATION = "cooperation"
    RELATIONS = "relations"
    EXCHANGE = "exchange"
    AID_HUMANITARIAN = "aid-humanitarian"
    AID_MILITARY = "aid-military"
    AID_ECONOMIC = "aid-economic"
    CONCESSION = "concession"
    RELEASE = "release"
    WITHDRAWAL = "withdrawal"
    APPEAL = "appeal"
    DEMAND = "demand"
    PROPOSAL = "proposal"
    ACCUSATION = "accusation"
    CONDEMNATION = "condemnation"
    INVESTIGATION = "investigation"
    REJECTION = "rejection"
    DENIAL = "denial"
    BREAKDOWN = "breakdown"
    THREAT = "threat"
    WARNING = "warning"
    ULTIMATUM = "ultimatum"
    PROTEST_DIPLOMATIC = "protest-diplomatic"
    DEMONSTRATION = "demonstration"
    SANCTIONS = "sanctions"
    EXPULSION = "expulsion"
    RECALL = "recall"
    RUPTURE = "rupture"
    DEPLOYMENT = "deployment"
    EXERCISE = "exercise"
    COERCION = "coercion"
    ATTACK = "attack"


class Status(StrEnum):
    """Where an event stands, as far as one passage tells."""

    PLANNED = "planned"
    PROPOSED = "proposed"
    ONGOING = "ongoing"
    OCCURRED = "occurred"
    STALLED = "stalled"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    DENIED = "denied"


KINDS: dict[EventType, tuple[Kind, ...]] = {
    EventType.CONSULT: (
        Kind.VISIT,
        Kind.MEETING,
        Kind.TALKS,
        Kind.CALL,
        Kind.SUMMIT,
        Kind.MEDIATION,
        Kind.LETTER,
    ),
    EventType.AGREE: (Kind.AGREEMENT, Kind.CEASEFIRE, Kind.INTENT),
    EventType.SUPPORT: (Kind.SUPPORT, Kind.RECOGNITION, Kind.APPOINTMENT),
    EventType.COOPERATE: (Kind.COOPERATION, Kind.RELATIONS, Kind.EXCHANGE),
    EventType.AID: (Kind.AID_HUMANITARIAN, Kind.AID_MILITARY, Kind.AID_ECONOMIC),
    EventType.CONCEDE: (Kind.CONCESSION, Kind.RELEASE),
    EventType.RETREAT: (Kind.WITHDRAWAL,),
    EventType.REQUEST: (Kind.APPEAL, Kind.DEMAND, Kind.PROPOSAL),
    EventType.ACCUSE: (Kind.ACCUSATION, Kind.CONDEMNATION, Kind.INVESTIGATION),
    EventType.REJECT: (Kind.REJECTION, Kind.DENIAL, Kind.BREAKDOWN),
    EventType.THREATEN: (Kind.THREAT, Kind.WARNING, Kind.ULTIMATUM),
    EventType.PROTEST: (Kind.PROTEST_DIPLOMATIC, Kind.DEMONSTRATION),
    EventType.SANCTION: (Kind.SANCTIONS, Kind.EXPULSION, Kind.RECALL, Kind.RUPTURE),
    EventType.MOBILIZE: (Kind.DEPLOYMENT, Kind.EXERCISE),
    EventType.COERCE: (Kind.COERCION,),
    EventType.ASSAULT: (Kind.ATTACK,),
}

TYPE_OF: dict[Kind, EventType] = {kind: type_ for type_, kinds in KINDS.items() for kind in kinds}

# In these the text makes no difference between the parties, so all of them are actors (EventMention.actors).
SYMMETRIC_KINDS = frozenset(
    {
        Kind.MEETING,
        Kind.TALKS,
        Kind.CALL,
        Kind.SUMMIT,
        Kind.AGREEMENT,
        Kind.CEASEFIRE,
        Kind.COOPERATION,
        Kind.EXCHANGE,
        Kind.RELATIONS,
        Kind.BREAKDOWN,
    }
)
