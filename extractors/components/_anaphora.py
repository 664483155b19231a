"""Words that take up an actor told before: "the two sides", "he", "it", "the kingdom", "the alliance", "its troops".

Each is read only where one candidate is left; a wrong party is worse than none.
"""

from collections.abc import Iterable
from dataclasses import replace

from extractors.components._doc import ActorSpan, Part
from extractors.components._names import MODIFIERS, Known, Tables, Text
from extractors.lexicon import words as w

SIDES = frozenset(
    "sides countries nations leaders parties neighbours neighbors men presidents ministers governments states allies"
    " delegations premiers diplomats foes rivals adversaries powers chiefs capitals militaries economies teams".split()
)
# Words that may stand between "the two" and such a noun, at most.
FARTHEST_SIDE = 4
SINGULAR = frozenset({"he", "she"})
# A noun that takes up one actor, by which actors it can stand for; STATE for any state.
STATE = frozenset({"*"})
KINGDOMS = frozenset("SAU GBR JOR MAR BHR THA BEL NLD ESP SWE NOR DNK KHM TON LSO SWZ BTN".split())
ISLANDS = frozenset("TWN CYP LKA CUB MLT HTI GRL MDV JAM MUS ISL BHR MDG NRU".split())
BLOCS = frozenset("EU ASEAN MERCOSUR ECOWAS BRICS SADC GCC AU CARICOM CELAC UNASUR SAARC SCO EAEU CSTO AES".split())
WATCHDOGS = frozenset("IAEA OPCW WHO IEA FATF IOM".split())
COURTS = frozenset("ICC ICJ ECHR ECJ ICTY ICTR".split())
LENDERS = frozenset("IMF WBK ADB AFDB EBRD AIIB IDB".split())
ARMED = frozenset(
    "HAMAS HEZBOLLAH TALIBAN TTP HOUTHI ISIS ALQAEDA PIJ PKK YPG SDF NUSRA HTS FARC ELN ALSHABAAB BOKOHARAM JNIM LTTE"
    " RSF SPLM LRA M23 FDLR TPLF WAGNER ETA ABUSAYYAF MILF LET JEM KIA AA ARSA POLISARIO MEND MNLA ANSARDINE NPA STC"
    " ADF".split()
)
NOUNS = {
    **dict.fromkeys(("country", "nation", "regime"), STATE),
    "kingdom": KINGDOMS,
    "emirate": frozenset({"QAT", "KWT", "ARE"}),
    "sultanate": frozenset({"OMN", "BRN"}),
    "island": ISLANDS,
    "alliance": frozenset({"NATO"}),
    "bloc": BLOCS,
    **dict.fromkeys(("agency", "watchdog"), WATCHDOGS),
    **dict.fromkeys(("court", "tribunal"), COURTS),
    **dict.fromkeys(("fund", "lender"), LENDERS),
    **dict.fromkeys(("group", "militants", "rebels", "insurgents", "militia", "movement"), ARMED),
    "cartel": frozenset({"OPEC"}),
}
POINTERS = frozenset({"the", "this", "that"})
# Offices and bodies that each state has one of, so that "the president" is the only told state's.
OF_A_STATE = frozenset(
    {
        "president",
        "prime minister",
        "premier",
        "chancellor",
        "foreign minister",
        "foreign secretary",
        "defence minister",
        "defense minister",
        "defence secretary",
        "defense secretary",
        "secretary of state",
        "king",
        "emir",
        "sultan",
        "crown prince",
        "supreme leader",
        "government",
        "foreign ministry",
        "defence ministry",
        "defense ministry",
        "ministry of foreign affairs",
        "ministry of defence",
        "ministry of defense",
        "military",
        "army",
        "navy",
        "air force",
        "armed forces",
        "coast guard",
        "junta",
        "military junta",
        "regime",
        "authorities",
        "parliament",
        "cabinet",
    }
)
OF_AN_ORGANISATION = {
    **dict.fromkeys(
        ("secretary-general", "secretary general"),
        frozenset("UN NATO ARABL OAS ASEAN GCC OSCE COMMONWEALTH OIC".split()),
    ),
    "director-general": frozenset("IAEA WTO WHO OPCW IOM".split()),
    "director general": frozenset("IAEA WTO WHO OPCW IOM".split()),
    "managing director": frozenset({"IMF"}),
    "high representative": frozenset({"EU"}),
}
# "It" after these is what was named before; elsewhere it may be empty ("made it clear").
BEFORE_IT = frozenset(
    "said says say saying that announced announces added adds confirmed declares declared warned warns".split()
)
AFTER_IT = frozenset("will would had has could may might wants plans intends expects".split())


def read_anaphor(text: Text, position: int, tables: Tables, known: Known) -> tuple[ActorSpan, ...] | None:
    """Return the parties that a word of small letters takes up, or None."""
    word = text.lower(position)
    if word in SINGULAR:
        person = antecedent(known)
        return (replace(person, start=position, end=position + 1),) if person else None
    if word == "both" or (word == "two" and text.lower(position - 1) in {"the", "its"}):
        return both(text, position, tables, known)
    if word == "it":
        return it(text, position, known)
    return taken_up(text, position, tables, known) if word in NOUNS else None


def antecedent(known: Known) -> ActorSpan | None:
    """Return whom "he" or "she" stands for: the one person named before, or the one that opens that sentence."""
    if not known.leading:
        return None
    first = known.leading[0]
    opens = first.start - known.led_from <= 1
    is_alone = len({span.person for span in known.leading}) == 1
    return first if opens or is_alone else None


def both(text: Text, position: int, tables: Tables, known: Known) -> tuple[ActorSpan, ...] | None:
    """Return the last two parties for "the two sides", "both nuclear powers", "the two agreed"."""
    if len(known.recent) < 2:
        return None
    end = sides_end(text, position + 1)
    if end is None and not (text.lower(position) == "two" and is_verb(text, position + 1, tables)):
        return None
    states = [code for code in known.recent if code in tables.states]
    first, second = (states if len(states) >= 2 and end is not None else known.recent)[-2:]
    end = end or position + 1
    middle = max(position + 1, end - 1)
    if middle == end:  # "the two" alone is one word for both
        return (span_of_code(position, end, first), span_of_code(position, end, second))
    return (span_of_code(position, middle, first), span_of_code(middle, end, second))


def span_of_code(start: int, end: int, code: str) -> ActorSpan:
    """Return a span of an actor that only its code is known of."""
    return ActorSpan(start, end, code, code, Part.ACTING)


def sides_end(text: Text, position: int) -> int | None:
    """Return the position after the noun of "the two (nuclear-armed) neighbours"."""
    for at in range(position, position + FARTHEST_SIDE):
        word = text.lower(at)
        if word in SIDES:
            return at + 1
        if not (word.isalpha() or word == "-") or word in w.PREPOSITIONS or word in w.AUXILIARIES:
            return None
    return None


def is_verb(text: Text, position: int, tables: Tables) -> bool:
    """Say whether a word is an auxiliary or a known verb's form."""
    return text.lower(position) in w.AUXILIARIES - {"to"} or text.lower(position) in tables.verbs


def it(text: Text, position: int, known: Known) -> tuple[ActorSpan, ...] | None:
    """Return the one actor named so far for "Norway said it would …"; in "It would …" that of the sentence before."""
    if text.lower(position + 1) not in AFTER_IT:
        return None
    if position == text.start:
        candidates = known.before
    elif text.lower(position - 1) in BEFORE_IT:
        candidates = [span for span in known.sentence if not span.person]
    else:
        return None
    if len({span.code for span in candidates}) != 1:
        return None
    return (replace(candidates[-1], start=position, end=position + 1, person=""),)


def taken_up(text: Text, position: int, tables: Tables, known: Known) -> tuple[ActorSpan, ...] | None:
    """Return the only actor told that "the kingdom", "the (military) alliance" can stand for."""
    if not is_pointed_at(text, position) or text.lower(position + 1) in {"of", "-"}:
        return None
    code = only(known.recent, NOUNS[text.lower(position)], tables)
    return (ActorSpan(position, position + 1, code, f"the {text.word(position)}", Part.ACTING),) if code else None


def is_pointed_at(text: Text, position: int) -> bool:
    """Say whether "the" stands before a noun, at most two small words between ("the oil-rich kingdom")."""
    for at in range(position - 1, max(text.start, position - 5) - 1, -1):
        word = text.word(at)
        if word.lower() in POINTERS:
            return True
        if not (word.islower() or word == "-") or word in w.PREPOSITIONS:
            return False
    return False


def only(codes: Iterable[str], allowed: frozenset[str], tables: Tables) -> str | None:
    """Return the single code that is allowed, or None."""
    found = {code for code in codes if code in allowed or (allowed is STATE and code in tables.states)}
    return found.pop() if len(found) == 1 else None


def holder_of(text: Text, start: int, end: int, title: str, tables: Tables, known: Known) -> str | None:
    """Return whose office "the president", "the secretary-general", "its army" is, when only one actor can have it."""
    at = start - 1
    while text.lower(at) in MODIFIERS or text.lower(at) == "own":
        at -= 1
    if text.lower(end) in {"of", "for", "at", "to"} or text.word(end)[:1].isupper():
        return None
    if text.lower(at) == "its":
        return only_acting(known)
    if text.lower(at) not in POINTERS:
        return None
    if title in OF_AN_ORGANISATION:
        return only(known.recent, OF_AN_ORGANISATION[title], tables)
    return only(known.recent, STATE, tables) if title in OF_A_STATE else None


def only_acting(known: Known) -> str | None:
    """Return the one actor that a sentence has named so far."""
    codes = {span.code for span in known.sentence}
    return codes.pop() if len(codes) == 1 else None
