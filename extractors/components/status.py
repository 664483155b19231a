"""Where an event stands: planned, proposed, ongoing, occurred, stalled, postponed, cancelled or denied.

Read from the trigger's form, its auxiliaries and the verbs that govern it.
"""

from collections.abc import Callable

from spacy.language import Language
from spacy.tokens import Doc

from extractors.components._doc import EventSpan, Extension, Standing, get, put
from extractors.lexicon import Governors, load
from extractors.lexicon import words as w
from extractors.lexicon.inflection import Form
from extractors.ontology import Status

FACTORY = "demarche_status"
BROKEN_OFF = frozenset({Status.CANCELLED, Status.POSTPONED, Status.STALLED})
DENYING = frozenset({"deny", "denies", "denied", "denying"})


# What a frame says about itself wins over "will" and "to" when the act is the saying ("will not attend", "offers to").
SAID = frozenset({Status.OCCURRED, Status.PROPOSED, Status.STALLED})


def status_of(standing: Standing, fixed: Status | None, verbs: Governors) -> Status:
    """Return the status that the words around a trigger give; `fixed` is what its frame itself says."""
    told = [status for word in standing.words for status in [verbs.statuses.get(verbs.base(word))] if status]
    is_ahead = lies_ahead(standing, verbs)
    broken_off = next((status for status in told if status in BROKEN_OFF), None)
    if broken_off is not None and (standing.form == Form.NOUN or not is_ahead):
        return broken_off  # "will be cancelled" is off already
    if DENYING & set(standing.words):
        return Status.DENIED
    if fixed in SAID:
        return fixed
    if is_ahead:
        return Status.PLANNED
    if told or fixed:
        return told[0] if told else fixed or Status.OCCURRED
    is_start = verbs.statuses.get(verbs.base(standing.verb)) is Status.ONGOING
    return Status.ONGOING if is_start or is_under_way(standing) else Status.OCCURRED


def lies_ahead(standing: Standing, verbs: Governors) -> bool:
    """Say whether it is still to come: "will", a headline's "to visit", "is set to"; not "claims to have"."""
    words = standing.words[1:] if standing.form == Form.NOUN else standing.words
    if set(words) & w.HAVE:
        return False
    if set(words) & (w.FUTURE | {"wo"}):
        return True
    if "to" not in words:
        return False
    above = words[words.index("to") + 1 :]
    return not above or above[0] in w.BE or w.is_adverb(above[0]) or verbs.has(above[0], "plan")


def is_under_way(standing: Standing) -> bool:
    """Say whether it is going on: "is visiting", "is in talks"."""
    if standing.form == Form.NOUN:
        return bool(w.BE & set(standing.words[:1]))
    return standing.form == Form.GERUND and bool({"is", "are", "be", "been", "'s", "’s"} & set(standing.words))


def statuses(events: tuple[EventSpan, ...], verbs: Governors) -> tuple[Status, ...]:
    """Return the status of each event, in order."""
    return tuple(status_of(event.standing, event.fixed, verbs) for event in events)


@Language.factory(FACTORY, requires=[Extension.PROPOSALS.path], assigns=[Extension.PROPOSED_STATUSES.path])
def make(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Return the component that says where each event stands."""
    verbs = load().governors

    def component(doc: Doc) -> Doc:
        return put(doc, Extension.PROPOSED_STATUSES, statuses(get(doc, Extension.PROPOSALS), verbs))

    return component
