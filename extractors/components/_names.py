"""What the grammar of names works with: the tables, the text, what the text has introduced, and personal names."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.components._doc import ActorSpan, Part
from extractors.components._phrases import PhraseTable
from extractors.lexicon import Bare, Leader, Lexicon, Name, known_states
from extractors.lexicon import words as w
from extractors.lexicon.inflection import Form

# Words between a nationality and an office that do not change who is meant.
MODIFIERS = frozenset(
    "deputy acting interim outgoing incoming new senior top former-led chief leading key high-level top-level"
    " visiting current newly elected"
    " transitional provisional federal national state central regional military foreign defence defense"
    " permanent special newly-elected"
    " conservative democratic republican prime government security nuclear long-time veteran high ranking high-"
    " ranking main local ruling"
    " armed navy army naval air civilian caretaker first second vice moderate shia sunni islamic jewish"
    " muslim christian catholic kurdish military-backed hardline reformist then".split()
)


FORMER = frozenset({"former", "ex", "ex-president", "late", "then", "jailed", "ousted"})


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


NAME_STOPS = frozenset({"The", "A", "In", "On", "At", "To", "I", "US", "UN", "EU", "U.S."})


# What a headline in capitals still writes small, and what is no name where a sentence begins.
SMALL = w.DETERMINERS | w.PREPOSITIONS | w.SUBORDINATORS | w.CONJUNCTIONS | w.AUXILIARIES | w.PRONOUNS | w.ADVERBS


# "North and South Korea" begins with a word that is no name by itself; nor are "the North" and "the two Koreas".
PAIRED = frozenset({"North", "South", "Koreas"})
KOREAS = {"North": ("PRK",), "South": ("KOR",), "Koreas": ("PRK", "KOR")}
# A text that has one of these means Korea's by "the North".
KOREAN_WORDS = frozenset("Korea Korean Koreans Koreas Seoul Pyongyang".split())


# Tokens of a name: given names and surname, with particles; longer runs are headlines in capitals.
LONGEST_NAME = 5


@dataclass(frozen=True, slots=True)
class Tables:
    """The lexicon's names as tables of tokens."""

    names: PhraseTable[Name]
    leaders: PhraseTable[tuple[Leader, ...]]
    surnames: PhraseTable[tuple[Leader, ...]]
    common: PhraseTable[tuple[Leader, ...]]
    offices: PhraseTable[str]
    verbs: frozenset[str]  # forms that end a name in a headline with capitals ("Minister Visits …")
    states: frozenset[str]
    starts: frozenset[str]  # words as printed that some name begins with
    small: frozenset[str]  # words in small letters that some office begins with

    @classmethod
    def of(cls, lexicon: Lexicon) -> "Tables":
        """Return the tables of a lexicon."""
        names, leaders = PhraseTable(lexicon.names), PhraseTable(lexicon.leaders)
        surnames, offices = PhraseTable(lexicon.surnames), PhraseTable(lexicon.offices)
        return cls(
            names=names,
            leaders=leaders,
            surnames=surnames,
            common=PhraseTable(lexicon.common),
            offices=offices,
            states=known_states(),
            starts=names.starts | leaders.starts | surnames.starts | PAIRED,
            small=offices.starts,
            verbs=frozenset(word for word, (_, form) in lexicon.governors.forms.items() if form is not Form.BASE),
        )


@dataclass(slots=True)
class Known:
    """What a text has introduced so far: persons by surname, offices by title, and the codes in order of appearance."""

    month: int  # of publication, as `month_of` counts
    is_on_korea: bool = False
    persons: dict[str, tuple[str, str]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    recent: list[str] = field(default_factory=list)
    leading: list[ActorSpan] = field(default_factory=list)  # persons of this sentence, or of the last that names one
    led_from: int = 0  # where the sentence of those persons begins
    sentence: list[ActorSpan] = field(default_factory=list)  # who acts in this sentence, so far
    before: list[ActorSpan] = field(default_factory=list)  # who acts in the sentence before

    def begin(self) -> None:
        """Begin a sentence."""
        self.before, self.sentence = self.sentence, []

    def note(self, span: ActorSpan, title: str = "") -> ActorSpan:
        """Remember an actor, and return it."""
        if span.person:
            self.persons[span.person] = (span.code, span.name)
            self.leading.append(span)
        if title:
            self.titles[title] = span.code
        if span.part is Part.ACTING:
            self.sentence.append(span)
            if not self.recent or self.recent[-1] != span.code:
                self.recent = [code for code in self.recent if code != span.code] + [span.code]
        return span


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence within its text: tokens as printed and in lower case, and the sentence's limits."""

    words: Sequence[str]
    lowers: Sequence[str]
    start: int
    end: int

    @property
    def is_in_capitals(self) -> bool:
        """Say whether a headline writes every word with a capital, so that a capital tells nothing."""
        inside = self.words[self.start : self.end]
        return not any(word.islower() and word.isalpha() and word not in SMALL for word in inside)

    def word(self, position: int) -> str:
        """Return a token, or nothing beyond the sentence."""
        return self.words[position] if self.start <= position < self.end else ""

    def lower(self, position: int) -> str:
        """Return a token in lower case, or nothing beyond the sentence."""
        return self.lowers[position] if self.start <= position < self.end else ""

    def join(self, start: int, end: int) -> str:
        """Return tokens as one text."""
        return " ".join(self.words[start:end]).replace(" 's", "'s").replace(" ’s", "’s").replace(" - ", "-")


def span_of(text: Text, start: int, end: int, name: Name, part: Part, *, person: str = "") -> ActorSpan:
    """Return a span that carries a name's code, called as the text calls it."""
    stop = end - 1 if text.lower(end - 1) in w.POSSESSIVES else end
    return ActorSpan(start, end, name.code, text.join(start, stop), part, person)


def person_end(text: Text, start: int, tables: Tables) -> int | None:
    """Return the end of the personal name that begins at a position, or None."""
    position = start
    while position < text.end and position - start < LONGEST_NAME * 2:
        word = text.word(position)
        is_name = word[:1].isupper() and word not in NAME_STOPS and word.lower() not in tables.verbs
        if not is_name and not (position > start and is_particle(text, position)):
            if not (word == "-" and text.word(position + 1)[:1].isalpha() and position > start):
                break
            position += 1
        position += 1
        if position - start >= 1 and ends_name(text, start, position, tables):
            break
    return position if position > start else None


def is_particle(text: Text, position: int) -> bool:
    """Say whether a small word leads to a further name ("van Dijk", "al-Busaidi")."""
    following = position + 2 if text.word(position + 1) == "-" else position + 1
    return text.word(position) in NAME_PARTICLES and text.word(following)[:1].isupper()


def ends_name(text: Text, start: int, position: int, tables: Tables) -> bool:
    """Say whether a name ends at a position since another name or office follows."""
    return tables.names.at(text.words, position, text.end) is not None if position < text.end else True


def comma_name(text: Text, end: int) -> int:
    """Return the position after a comma that divides an office from its holder ("its foreign minister, Wang Yi,")."""
    is_apposition = text.word(end) == "," and text.word(end + 1)[:1].isupper() and text.word(end + 2)[:1].isupper()
    closes = text.word(end + 3) in {",", ""} or text.word(end + 4) in {",", ""}
    return end + 1 if is_apposition and closes else end


# States whose people are written family name first, and those who are called by their first name.
FAMILY_FIRST = frozenset({"CHN", "TWN", "KOR", "PRK", "SGP"})
GIVEN_FIRST = frozenset({"ETH", "ERI", "THA", "IDN", "MYS"})


def person_of(text: Text, start: int, end: int, code: str) -> str:
    """Return the word that later mentions call a person by, whose full name stands from start to end."""
    is_first = code in FAMILY_FIRST | GIVEN_FIRST and end - start > 1 and text.word(start)[:1].isupper()
    return text.word(start) if is_first else text.word(end - 1)


def short_name(leader: Leader) -> str:
    """Return the word that later mentions call a leader by."""
    return leader.surname.split()[-1].rpartition("-")[2]


def known_person(text: Text, start: int, end: int, known: Known) -> bool:
    """Say whether a run of names ends in a surname that the text introduced."""
    return text.word(end - 1) in known.persons and end > start


def told_otherwise(text: Text, start: int, end: int, leader: Leader, known: Known) -> bool:
    """Say whether a bare surname that the roster knows was given to somebody else by this text, or by earlier ones."""
    code, _ = known.persons.get(text.word(start), (leader.code, "")) if end == start + 1 else (leader.code, "")
    return code != leader.code


# A name alone means who holds office on the day; a year before (elected, named) and after (just replaced) still may.
GRACE_MONTHS = 12


def office_holder(leaders: Sequence[Leader], month: int, *, titled: bool) -> Leader | None:
    """Return whom a name means in a month: who holds office then, else who did or will within a year.

    `titled`: an office stands before the name, which people of common names need.
    """
    fit = [one for one in leaders if titled or one.bare is not Bare.TITLED]
    best = min(fit, key=lambda one: months_off(one, month), default=None)
    return best if best is not None and months_off(best, month) <= GRACE_MONTHS else None


def months_off(leader: Leader, month: int) -> int:
    """Return how many months a term begins after or ended before a month; 0 while it lasts."""
    return max(leader.first - month, month - leader.last, 0)
