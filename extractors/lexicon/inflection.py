"""Forms of English verbs: by rule, and the irregular ones as a table."""

from collections.abc import Iterator
from enum import StrEnum


class Form(StrEnum):
    """What a form of a trigger says about tense and voice."""

    BASE = "base"
    PRESENT = "present"
    PAST = "past"
    PARTICIPLE = "participle"
    PAST_OR_PARTICIPLE = "past-or-participle"
    GERUND = "gerund"
    NOUN = "noun"


# Irregular verbs that news of this kind uses: base → (past, participle). Verbs with one form for both give it twice.
IRREGULAR: dict[str, tuple[str, str]] = {
    "arise": ("arose", "arisen"),
    "bear": ("bore", "borne"),
    "beat": ("beat", "beaten"),
    "become": ("became", "become"),
    "begin": ("began", "begun"),
    "bid": ("bid", "bid"),
    "bind": ("bound", "bound"),
    "break": ("broke", "broken"),
    "bring": ("brought", "brought"),
    "build": ("built", "built"),
    "buy": ("bought", "bought"),
    "cast": ("cast", "cast"),
    "choose": ("chose", "chosen"),
    "come": ("came", "come"),
    "cut": ("cut", "cut"),
    "deal": ("dealt", "dealt"),
    "do": ("did", "done"),
    "draw": ("drew", "drawn"),
    "drive": ("drove", "driven"),
    "fall": ("fell", "fallen"),
    "feel": ("felt", "felt"),
    "fight": ("fought", "fought"),
    "find": ("found", "found"),
    "flee": ("fled", "fled"),
    "fly": ("flew", "flown"),
    "forbid": ("forbade", "forbidden"),
    "forgive": ("forgave", "forgiven"),
    "freeze": ("froze", "frozen"),
    "get": ("got", "got"),
    "give": ("gave", "given"),
    "go": ("went", "gone"),
    "hear": ("heard", "heard"),
    "hit": ("hit", "hit"),
    "hold": ("held", "held"),
    "keep": ("kept", "kept"),
    "lay": ("laid", "laid"),
    "lead": ("led", "led"),
    "leave": ("left", "left"),
    "lend": ("lent", "lent"),
    "let": ("let", "let"),
    "lose": ("lost", "lost"),
    "make": ("made", "made"),
    "mean": ("meant", "meant"),
    "meet": ("met", "met"),
    "overfly": ("overflew", "overflown"),
    "overthrow": ("overthrew", "overthrown"),
    "pay": ("paid", "paid"),
    "put": ("put", "put"),
    "quit": ("quit", "quit"),
    "run": ("ran", "run"),
    "say": ("said", "said"),
    "see": ("saw", "seen"),
    "seek": ("sought", "sought"),
    "sell": ("sold", "sold"),
    "send": ("sent", "sent"),
    "set": ("set", "set"),
    "shoot": ("shot", "shot"),
    "shut": ("shut", "shut"),
    "sit": ("sat", "sat"),
    "speak": ("spoke", "spoken"),
    "spend": ("spent", "spent"),
    "stand": ("stood", "stood"),
    "steal": ("stole", "stolen"),
    "strike": ("struck", "struck"),
    "swear": ("swore", "sworn"),
    "take": ("took", "taken"),
    "tell": ("told", "told"),
    "think": ("thought", "thought"),
    "throw": ("threw", "thrown"),
    "understand": ("understood", "understood"),
    "undertake": ("undertook", "undertaken"),
    "uphold": ("upheld", "upheld"),
    "win": ("won", "won"),
    "withdraw": ("withdrew", "withdrawn"),
    "withhold": ("withheld", "withheld"),
    "write": ("wrote", "written"),
}
BE = (
    ("be", Form.BASE),
    ("is", Form.PRESENT),
    ("are", Form.PRESENT),
    ("was", Form.PAST),
    ("were", Form.PAST),
    ("been", Form.PARTICIPLE),
    ("being", Form.GERUND),
)
# Verbs of more than one syllable whose last consonant doubles although most do not ("visit" does not).
DOUBLING = frozenset(
    "admit commit permit submit omit remit refer defer confer prefer infer deter transfer rebut abet regret repel expel"
    " compel propel dispel rebel control patrol occur incur recur overrun ban".split()
)
DOUBLING_SHORT = frozenset(
    {
        "ban",
        "bar",
        "slam",
        "stop",
        "drop",
        "plan",
        "shun",
        "wrap",
        "rap",
        "jam",
        "nod",
        "grab",
        "chat",
        "scrap",
        "swap",
        "ship",
    }
)
SPLIT_SPELLING = frozenset(
    {"cancel", "counsel", "signal", "travel", "quarrel", "fuel", "label", "model", "marshal", "rival"}
)


def forms(phrase: str) -> Iterator[tuple[str, Form]]:
    """Yield all forms of a verb phrase with what each says; the first word is inflected ("call for": "called for")."""
    verb, _, rest = phrase.partition(" ")
    tail = f" {rest}" if rest else ""
    if verb == "be":
        yield from ((word + tail, form) for word, form in BE)
        return
    yield verb + tail, Form.BASE
    yield third_person(verb) + tail, Form.PRESENT
    for gerund in gerunds(verb):
        yield gerund + tail, Form.GERUND
    if verb not in IRREGULAR:
        for past in regular_pasts(verb):
            yield past + tail, Form.PAST_OR_PARTICIPLE
        return
    past, participle = IRREGULAR[verb]
    if past == participle:
        yield past + tail, Form.PAST_OR_PARTICIPLE
    else:
        yield past + tail, Form.PAST
        yield participle + tail, Form.PARTICIPLE


def third_person(verb: str) -> str:
    """Return the form with he or she."""
    if verb == "have":
        return "has"
    if verb == "be":
        return "is"
    if verb.endswith(("s", "sh", "ch", "x", "z")) or verb in {"go", "do", "veto", "undergo"}:
        return verb + "es"
    return verb[:-1] + "ies" if ends_in_consonant_y(verb) else verb + "s"


def regular_pasts(verb: str) -> tuple[str, ...]:
    """Return the past of a regular verb, in both spellings where British and American differ."""
    if verb == "have":
        return ("had",)
    if verb.endswith("e"):
        return (verb + "d",)
    if ends_in_consonant_y(verb):
        return (verb[:-1] + "ied",)
    return tuple(stem + "ed" for stem in stems(verb))


def gerunds(verb: str) -> tuple[str, ...]:
    """Return the -ing forms."""
    if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")) and verb != "be":
        return (verb[:-1] + "ing",)
    return tuple(stem + "ing" for stem in stems(verb))


def stems(verb: str) -> tuple[str, ...]:
    """Return the stem that an ending is put to: doubled, plain, or both."""
    if verb in DOUBLING | DOUBLING_SHORT or verb in {
        "get",
        "hit",
        "set",
        "cut",
        "put",
        "run",
        "shut",
        "begin",
        "win",
        "sit",
        "quit",
        "let",
    }:
        return (verb + verb[-1],)
    return (verb, verb + verb[-1]) if verb in SPLIT_SPELLING else (verb,)


def ends_in_consonant_y(verb: str) -> bool:
    """Say whether the y becomes i before an ending."""
    return verb.endswith("y") and verb[-2:-1] not in set("aeiou")
