"""Forms of English verbs and nouns: by rule, and the irregular ones as tables."""

import re
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
    "awake": ("awoke", "awoken"),
    "bear": ("bore", "borne"),
    "beat": ("beat", "beaten"),
    "become": ("became", "become"),
    "befall": ("befell", "befallen"),
    "begin": ("began", "begun"),
    "behold": ("beheld", "beheld"),
    "bend": ("bent", "bent"),
    "beset": ("beset", "beset"),
    "bet": ("bet", "bet"),
    "bid": ("bid", "bid"),
    "bind": ("bound", "bound"),
    "bleed": ("bled", "bled"),
    "blow": ("blew", "blown"),
    "break": ("broke", "broken"),
    "breed": ("bred", "bred"),
    "bring": ("brought", "brought"),
    "broadcast": ("broadcast", "broadcast"),
    "build": ("built", "built"),
    "burst": ("burst", "burst"),
    "buy": ("bought", "bought"),
    "cast": ("cast", "cast"),
    "catch": ("caught", "caught"),
    "choose": ("chose", "chosen"),
    "cling": ("clung", "clung"),
    "come": ("came", "come"),
    "cost": ("cost", "cost"),
    "creep": ("crept", "crept"),
    "cut": ("cut", "cut"),
    "deal": ("dealt", "dealt"),
    "dig": ("dug", "dug"),
    "do": ("did", "done"),
    "draw": ("drew", "drawn"),
    "drink": ("drank", "drunk"),
    "drive": ("drove", "driven"),
    "eat": ("ate", "eaten"),
    "fall": ("fell", "fallen"),
    "feed": ("fed", "fed"),
    "feel": ("felt", "felt"),
    "fight": ("fought", "fought"),
    "find": ("found", "found"),
    "flee": ("fled", "fled"),
    "fling": ("flung", "flung"),
    "fly": ("flew", "flown"),
    "forbear": ("forbore", "forborne"),
    "forbid": ("forbade", "forbidden"),
    "forego": ("forewent", "foregone"),
    "foresee": ("foresaw", "foreseen"),
    "foretell": ("foretold", "foretold"),
    "forget": ("forgot", "forgotten"),
    "forgive": ("forgave", "forgiven"),
    "forgo": ("forwent", "forgone"),
    "forsake": ("forsook", "forsaken"),
    "forswear": ("forswore", "forsworn"),
    "freeze": ("froze", "frozen"),
    "get": ("got", "got"),
    "give": ("gave", "given"),
    "go": ("went", "gone"),
    "grind": ("ground", "ground"),
    "grow": ("grew", "grown"),
    "hear": ("heard", "heard"),
    "hide": ("hid", "hidden"),
    "hit": ("hit", "hit"),
    "hold": ("held", "held"),
    "hurt": ("hurt", "hurt"),
    "keep": ("kept", "kept"),
    "kneel": ("knelt", "knelt"),
    "know": ("knew", "known"),
    "lay": ("laid", "laid"),
    "lead": ("led", "led"),
    "leave": ("left", "left"),
    "lend": ("lent", "lent"),
    "let": ("let", "let"),
    "lose": ("lost", "lost"),
    "make": ("made", "made"),
    "mean": ("meant", "meant"),
    "meet": ("met", "met"),
    "mislead": ("misled", "misled"),
    "misunderstand": ("misunderstood", "misunderstood"),
    "offset": ("offset", "offset"),
    "outbid": ("outbid", "outbid"),
    "outdo": ("outdid", "outdone"),
    "outrun": ("outran", "outrun"),
    "overcome": ("overcame", "overcome"),
    "overdo": ("overdid", "overdone"),
    "overfly": ("overflew", "overflown"),
    "overhear": ("overheard", "overheard"),
    "override": ("overrode", "overridden"),
    "overrun": ("overran", "overrun"),
    "oversee": ("oversaw", "overseen"),
    "overtake": ("overtook", "overtaken"),
    "overthrow": ("overthrew", "overthrown"),
    "partake": ("partook", "partaken"),
    "pay": ("paid", "paid"),
    "put": ("put", "put"),
    "quit": ("quit", "quit"),
    "read": ("read", "read"),
    "rebuild": ("rebuilt", "rebuilt"),
    "redo": ("redid", "redone"),
    "regrow": ("regrew", "regrown"),
    "repay": ("repaid", "repaid"),
    "resell": ("resold", "resold"),
    "reset": ("reset", "reset"),
    "retake": ("retook", "retaken"),
    "rethink": ("rethought", "rethought"),
    "rewrite": ("rewrote", "rewritten"),
    "rid": ("rid", "rid"),
    "ride": ("rode", "ridden"),
    "ring": ("rang", "rung"),
    "rise": ("rose", "risen"),
    "run": ("ran", "run"),
    "say": ("said", "said"),
    "see": ("saw", "seen"),
    "seek": ("sought", "sought"),
    "sell": ("sold", "sold"),
    "send": ("sent", "sent"),
    "set": ("set", "set"),
    "shake": ("shook", "shaken"),
    "shed": ("shed", "shed"),
    "shoot": ("shot", "shot"),
    "show": ("showed", "shown"),
    "shrink": ("shrank", "shrunk"),
    "shut": ("shut", "shut"),
    "sing": ("sang", "sung"),
    "sink": ("sank", "sunk"),
    "sit": ("sat", "sat"),
    "slay": ("slew", "slain"),
    "sleep": ("slept", "slept"),
    "slide": ("slid", "slid"),
    "sling": ("slung", "slung"),
    "speak": ("spoke", "spoken"),
    "spend": ("spent", "spent"),
    "spin": ("spun", "spun"),
    "spit": ("spat", "spat"),
    "split": ("split", "split"),
    "spread": ("spread", "spread"),
    "spring": ("sprang", "sprung"),
    "stand": ("stood", "stood"),
    "steal": ("stole", "stolen"),
    "stick": ("stuck", "stuck"),
    "sting": ("stung", "stung"),
    "strike": ("struck", "struck"),
    "string": ("strung", "strung"),
    "swear": ("swore", "sworn"),
    "sweep": ("swept", "swept"),
    "swim": ("swam", "swum"),
    "swing": ("swung", "swung"),
    "take": ("took", "taken"),
    "teach": ("taught", "taught"),
    "tear": ("tore", "torn"),
    "tell": ("told", "told"),
    "think": ("thought", "thought"),
    "throw": ("threw", "thrown"),
    "thrust": ("thrust", "thrust"),
    "tread": ("trod", "trodden"),
    "undercut": ("undercut", "undercut"),
    "undergo": ("underwent", "undergone"),
    "understand": ("understood", "understood"),
    "undertake": ("undertook", "undertaken"),
    "underwrite": ("underwrote", "underwritten"),
    "undo": ("undid", "undone"),
    "unwind": ("unwound", "unwound"),
    "uphold": ("upheld", "upheld"),
    "upset": ("upset", "upset"),
    "wake": ("woke", "woken"),
    "wear": ("wore", "worn"),
    "weep": ("wept", "wept"),
    "win": ("won", "won"),
    "withdraw": ("withdrew", "withdrawn"),
    "withhold": ("withheld", "withheld"),
    "withstand": ("withstood", "withstood"),
    "wring": ("wrung", "wrung"),
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
    """admit commit recommit permit submit omit remit refer defer confer prefer infer deter transfer rebut abet regret
    repel expel compel propel dispel rebel control patrol occur incur recur concur demur abhor overrun ban begin forget
    acquit outfit airdrop wiretap debar disbar upset offset reset unplug outrun""".split()
)
# Verbs of one syllable that end in one consonant after one vowel double it: "ban", "stab", "quit".
ONE_SYLLABLE = re.compile(r"(?:[^aeiou]*|s?qu)[aeiou][^aeiouwxy]")
CONSONANT_O = re.compile(r"[^aeiou]o$")  # "vetoes", not "radioes"
# British and American English differ in these.
SPLIT_SPELLING = frozenset(
    """cancel counsel signal travel quarrel fuel label model marshal rival kidnap worship program combat benefit focus
    bias channel unravel imperil dial level shovel tunnel equal total initial pedal libel duel revel marvel""".split()
)


def forms(phrase: str) -> Iterator[tuple[str, Form]]:
    """Yield all forms of a verb phrase with what each says; the first word is inflected ("call for": "called for")."""
    verb, _, rest = phrase.partition(" ")
    tail = f" {rest}" if rest else ""
    prefix, hyphen, last = verb.rpartition("-")
    if hyphen:
        yield from ((f"{prefix}-{text}", form) for text, form in forms(last + tail))
        return
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
    if verb.endswith(("s", "sh", "ch", "x", "z")) or CONSONANT_O.search(verb):
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
    if verb.endswith("ie"):
        return (verb[:-2] + "ying",)
    if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")) and verb != "be":
        return (verb[:-1] + "ing",)
    return tuple(stem + "ing" for stem in stems(verb))


def stems(verb: str) -> tuple[str, ...]:
    """Return the stem that an ending is put to: doubled, plain, or both."""
    if verb in DOUBLING or ONE_SYLLABLE.fullmatch(verb):
        return (verb + verb[-1],)
    return (verb, verb + verb[-1]) if verb in SPLIT_SPELLING else (verb,)


def ends_in_consonant_y(verb: str) -> bool:
    """Say whether the y becomes i before an ending."""
    return verb.endswith("y") and verb[-2:-1] not in set("aeiou")


# Nouns whose plural follows no rule, or that have none.
IRREGULAR_PLURALS = {
    **dict.fromkeys(
        """aircraft spacecraft hovercraft rotorcraft series species headquarters barracks sheep fish cattle police
        people personnel offspring swine salmon""".split()
    ),
    "child": "children",
    "criterion": "criteria",
    "die": "dice",
    "foot": "feet",
    "german": "germans",
    "goose": "geese",
    "half": "halves",
    "human": "humans",
    "knife": "knives",
    "leaf": "leaves",
    "life": "lives",
    "loaf": "loaves",
    "medium": "media",
    "memorandum": "memoranda",
    "mouse": "mice",
    "ottoman": "ottomans",
    "ox": "oxen",
    "person": "people",
    "phenomenon": "phenomena",
    "quiz": "quizzes",
    "referendum": "referenda",
    "shelf": "shelves",
    "talisman": "talismans",
    "thief": "thieves",
    "tooth": "teeth",
    "wife": "wives",
    "wolf": "wolves",
}
GREEK_PLURAL = re.compile(r"(?:cri|ba|oa|analy|emba|paraly|hypothe|diagno|parenthe|empha|progno|synop)sis$")


def plurals(noun: str) -> tuple[str, ...]:
    """Return the plural of a noun; none for one that is the same in both numbers or a plural already ("talks")."""
    if noun in IRREGULAR_PLURALS:
        irregular = IRREGULAR_PLURALS[noun]
        return (irregular,) if irregular else ()
    if GREEK_PLURAL.search(noun):
        return (f"{noun[:-2]}es",)
    if noun.endswith("s") and not noun.endswith(("ss", "us", "is", "as")):
        return ()
    if noun.endswith("man"):
        return (f"{noun[:-2]}en",)
    if CONSONANT_O.search(noun):
        return (f"{noun}es", f"{noun}s")
    if noun.endswith(("s", "sh", "ch", "x", "z")):
        return (f"{noun}es",)
    return (f"{noun[:-1]}ies",) if ends_in_consonant_y(noun) else (f"{noun}s",)
