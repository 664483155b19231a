"""Frames: which words tell which kind of event, and which role patterns may fill actor and recipient.

A role pattern is a name for a place in the sentence. How it is found (today by the order of chunks in a clause) is the
business of `components/_clauses.py`; a frame only names it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from extractors.lexicon.inflection import Form, forms
from extractors.lexicon.reading import Entry, parse_document, read_documents
from extractors.ontology import TYPE_OF, EventType, Kind, Status

# subject: of the verb (active), or of the verb that governs the noun; agent: "by X" of a passive, or after a noun;
# object: of the verb; owner: before the noun ("X's", "Xian");
# host: of the noun, by its relative clause ("talks that X hosts").
# rest: whoever is named first in what remains of the sentence; any other word is a preposition that leads to the party.
ROLE_WORDS = frozenset({"subject", "agent", "object", "owner", "host", "rest"})
PREPOSITIONS = frozenset(
    "about across against among alongside around at behind between by for from in inside into near of off on onto out"
    " outside over than to toward towards upon with".split()
)
FRAME_KEYS = frozenset(
    "id kind verbs nouns actor recipient needs with without status voice bare under occurs unless polarity"
    " context".split()
)


@dataclass(frozen=True, slots=True)
class Frame:
    """One way to tell one kind of event.

    `triggers` maps phrases to what their form says. `needs` names the roles without which it is no event (none: a
    meeting of many, told by their number). `with_words`:
    one of them must follow in the clause; `without`: none of them may. `status` is what the frame itself says about the
    status. `under` and `occurs` name sets of governing verbs of a noun (Governors); `bare`: the noun needs none, but
    it may have none of the sets `unless`.
    `polarity`: `refused` ("will not attend") or `negated` ("had not heard of") is the event. `context`: which parties
    it may take from earlier sentences (components/_context.py).
    """

    id: str
    type: EventType
    kind: Kind
    triggers: Mapping[str, Form]
    actor: tuple[str, ...]
    recipient: tuple[str, ...]
    needs: frozenset[str]
    with_words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    status: Status | None = None
    active: bool = True
    passive: bool = True
    bare: bool = False
    polarity: str = ""
    context: str = ""
    under: tuple[str, ...] = ()
    occurs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    @property
    def is_noun(self) -> bool:
        """Say whether the triggers are nouns."""
        return Form.NOUN in self.triggers.values()


class Effect:
    """What a governing verb does to the event that it governs; names of lists in verbs.yaml."""

    REPORT = "report"
    DROP = "drop"
    PLAN = "plan"
    START = "start"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Governors:
    """Verbs by what they do: `sets` for nouns to name, `forms` of every known verb, `statuses` by base form."""

    sets: Mapping[str, frozenset[str]]
    forms: Mapping[str, tuple[str, Form]]
    statuses: Mapping[str, Status]

    def base(self, word: str) -> str:
        """Return the base form of a verb form, or the word itself."""
        found = self.forms.get(word)
        return found[0] if found else word

    def has(self, word: str, *names: str) -> bool:
        """Say whether a verb form belongs to one of the sets."""
        base = self.base(word)
        return any(base in self.sets.get(name, ()) for name in names)


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence of a frame file with what it must give; no events for a counter-example."""

    file: str
    line: int
    text: str
    published_on: str
    events: tuple[str, ...]


def read_frames(path: Path) -> tuple[Frame, ...]:
    """Return the frames of one file; raises LexiconError."""
    root = parse_document(path, read_documents(path)[0]).items()
    type_ = event_type(root)
    return tuple(read_frame(entry, type_) for entry in root["frames"].elements())


def event_type(root: Mapping[str, Entry]) -> EventType:
    """Return the type that a frame file is about."""
    entry = root["type"]
    if entry.text() not in EventType.__members__:
        entry.fault(f"expected a PLOVER type, not {entry.text()!r}")
    return EventType(entry.text())


def read_frame(entry: Entry, type_: EventType) -> Frame:
    """Return one frame; raises LexiconError naming what is wrong with it."""
    fields = entry.items()
    for key in fields:
        if key not in FRAME_KEYS:
            fields[key].fault(f"expected one of {', '.join(sorted(FRAME_KEYS))}, not {key!r}")
    for key in ("id", "kind"):
        if key not in fields:
            entry.fault(f"expected the key {key!r}")
    texts = {key: fields[key].words() if key in fields else () for key in FRAME_KEYS}
    return Frame(
        id=fields["id"].text(),
        type=type_,
        kind=kind_of(fields["kind"], type_),
        triggers=triggers_of(entry, texts["verbs"], texts["nouns"]),
        actor=roles(entry, texts["actor"]),
        recipient=roles(entry, texts["recipient"]),
        needs=frozenset(texts["needs"]),
        with_words=texts["with"],
        without=texts["without"],
        status=status_of(fields["status"], fields["status"].text()) if "status" in fields else None,
        active="passive" not in texts["voice"],
        passive="active" not in texts["voice"],
        bare="yes" in texts["bare"],
        polarity=one_of(fields, "polarity", ("refused", "negated")),
        context=one_of(fields, "context", ("talks", "counterpart", "conflict")),
        under=texts["under"],
        occurs=texts["occurs"],
        unless=texts["unless"],
    )


def one_of(fields: Mapping[str, Entry], key: str, allowed: tuple[str, ...]) -> str:
    """Return the value of an optional key, empty without it; raises LexiconError for one that is not allowed."""
    if key not in fields:
        return ""
    if fields[key].text() not in allowed:
        fields[key].fault(f"expected one of {', '.join(allowed)}, not {fields[key].text()!r}")
    return fields[key].text()


def kind_of(entry: Entry, type_: EventType) -> Kind:
    """Return a frame's kind, which must belong to the file's type."""
    known = {str(kind): kind for kind, owner in TYPE_OF.items() if owner is type_}
    if entry.text() not in known:
        entry.fault(f"expected a kind of {type_} ({', '.join(known)}), not {entry.text()!r}")
    return known[entry.text()]


def triggers_of(entry: Entry, verbs: tuple[str, ...], nouns: tuple[str, ...]) -> dict[str, Form]:
    """Return all forms of a frame's words; a frame has either verbs or nouns."""
    if bool(verbs) == bool(nouns):
        entry.fault("expected either verbs or nouns")
    if nouns:
        return dict.fromkeys(nouns, Form.NOUN)
    return {text: form for verb in verbs for text, form in forms(verb)}


def roles(entry: Entry, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return role patterns; raises LexiconError for one that does not exist."""
    for name in names:
        if name not in ROLE_WORDS | PREPOSITIONS:
            entry.fault(f"expected a role pattern or a preposition, not {name!r}")
    return names


def read_governors(path: Path) -> Governors:
    """Return the verbs of verbs.yaml; raises LexiconError."""
    root = parse_document(path, read_documents(path)[0]).items()
    sets = {name: frozenset(entry.words()) for name, entry in root["sets"].items().items()}
    statuses = {
        verb: status_of(root["statuses"], name)
        for name, entry in root["statuses"].items().items()
        for verb in entry.words()
    }
    bases = sorted({verb for verbs in sets.values() for verb in verbs} | set(statuses))
    known = {text: (base, form) for base in bases for text, form in forms(base)}
    return Governors(sets=sets, forms=known, statuses=statuses)


def status_of(entry: Entry, name: str) -> Status:
    """Return a status by name."""
    if name not in {str(status) for status in Status}:
        entry.fault(f"expected a status, not {name!r}")
    return Status(name)


def read_examples(path: Path) -> tuple[Example, ...]:
    """Return the examples and counter-examples of a frame file, which the tests run; raises LexiconError."""
    documents = read_documents(path)
    if len(documents) != 2:
        parse_document(path, documents[0]).fault("expected two documents: frames, then examples")
    root = parse_document(path, documents[1], offset=documents[0].count("\n") + 2).items()
    return tuple(
        read_example(path, entry, is_counter=name == "counter_examples")
        for name in ("examples", "counter_examples")
        for entry in root[name].elements()
    )


def read_example(path: Path, entry: Entry, *, is_counter: bool) -> Example:
    """Return one example: `text`, and `events` unless it is a counter-example."""
    fields = entry.items()
    events = () if is_counter else tuple(event.text() for event in fields["events"].elements())
    day = fields["on"].text() if "on" in fields else "2024-05-15"
    return Example(path.stem, entry.line, fields["text"].text(), day, events)
