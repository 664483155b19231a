"""How a date of a text has to do with an event, by grammar, and which days it means for it by rule."""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from spacy.tokens import Doc, Token

from extractors.assemble.attachment import (
    APART,
    SAYING,
    Link,
    governor,
    head_of,
    is_nearest,
    is_noun,
    is_on_main_line,
    is_reached_by_opening,
    is_verb,
    link_to_noun,
    link_to_verb,
    plain,
    preposition_of,
    way_between,
    way_up,
)
from extractors.components._doc import ActorSpan, DateSpan, EventSpan, Extension, Sentence, get
from extractors.ontology import EventType, Kind, Status
from extractors.syntax import Relation, Tense, governing_clause, relation, tense_and_modality
from extractors.types import DateRange

DAY = timedelta(days=1)
AHEAD = frozenset({Status.PLANNED, Status.PROPOSED, Status.POSTPONED, Status.CANCELLED})
# Of these the saying is the act, so that the day it was said is the day of the act.
SPOKEN = frozenset(
    {
        Kind.ACCUSATION,
        Kind.CONDEMNATION,
        Kind.REJECTION,
        Kind.DENIAL,
        Kind.APPEAL,
        Kind.DEMAND,
        Kind.PROPOSAL,
        Kind.THREAT,
        Kind.WARNING,
        Kind.ULTIMATUM,
        Kind.SUPPORT,
        Kind.INTENT,
    }
)
CONTENT = frozenset({Relation.OPEN_COMPLEMENT, Relation.CLAUSAL_COMPLEMENT, Relation.NOUN_CLAUSE})
SUBJECTS = frozenset({Relation.SUBJECT, Relation.PASSIVE_SUBJECT})
# A time that goes on to or from a day; before and after a day is no time at all.
NO_TIME = frozenset({"before", "after", "despite", "than", "per"})
UNTIL = frozenset({"until", "till", "through"})
SINCE = frozenset({"since"})
# These last as long as they are said to: "a three-day visit from Monday".
LASTING = frozenset(
    {Kind.VISIT, Kind.SUMMIT, Kind.TALKS, Kind.MEETING, Kind.CEASEFIRE, Kind.EXERCISE, Kind.COOPERATION, Kind.RUPTURE}
)
NUMBERS = {
    word: n for n, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)
}
LENGTH = re.compile(
    r"\b(?:(?P<count>\d+|"
    + "|".join(NUMBERS)
    + r")[- ](?P<unit>hour|day|week|month)s?\b|(?P<long>day|week|month)-long)"
)
DAYS_OF = {"day": 1, "week": 7, "month": 30}
NEAR_TOKENS = 15
LONGEST = 60  # days: longer ones are no visits or truces but terms
# "GENEVA, April 15 (Reuters) -" says where and when a text was written.
DATELINE = re.compile(r"^\W*(?:[A-Z][\w.'’/-]+[ ,/]*){1,6}[^()\n]{0,20}?(?:\([A-Z][\w ./]{1,20}\)\s*)?[-–—]+\s")


class Candidate(NamedTuple):
    """A date with how close it is to an event."""

    span: DateSpan
    link: Link


# ---------------------------------------------------------------- which date


def dates_in(doc: Doc, sentence: Sentence) -> Iterator[DateSpan]:
    """Yield the dates of a sentence without that of its dateline."""
    first = sentence.start + dateline_length(doc, sentence)
    return (span for span in get(doc, Extension.DATES) if first <= span.start < sentence.end)


DATELINES = "demarche_datelines"  # where a Doc keeps what was found


def dateline_length(doc: Doc, sentence: Sentence) -> int:
    """Return how many tokens at the beginning of a sentence say where and when it was written; looked for once."""
    known: dict[int, int] = doc.user_data.setdefault(DATELINES, {})
    if sentence.start not in known:
        known[sentence.start] = length_of_dateline(doc, sentence)
    return known[sentence.start]


def length_of_dateline(doc: Doc, sentence: Sentence) -> int:
    """Return the same, looked for."""
    stretch = doc[sentence.start : sentence.end]
    match = DATELINE.match(stretch.text)
    if match is None or not (match[0].isupper() or "(" in match[0] or match[0].split(",")[0].isupper()):
        return 0
    return sum(token.idx < stretch.start_char + match.end() for token in stretch)


def link_of(
    doc: Doc, event: EventSpan, span: DateSpan, busy: Collection[int], sentence: Sentence, *, is_alone: bool
) -> Link | None:
    """Return how close a date is to an event; None where it is another's, or nobody's."""
    word, own = head_of(doc, span.start, span.end), head_of(doc, *event.trigger)
    if plain(doc[span.end - 1]) == "after":
        return Link.OWN if is_what_came_first(doc, span, own, busy) else None
    above = governor(word)
    if opens(doc, span, sentence) and word in own.ancestors:  # a parse that hangs the sentence on its time
        return Link.OPENING
    if above is None:
        return Link.NEAR if is_alone else None
    if event.trigger[0] <= above.i < event.trigger[1]:
        return Link.OWN
    if event.kind in SPOKEN and is_content(above, own):
        return None
    link = link_to_verb(word, above, own, busy) if is_verb(above) else link_of_noun(event, span, word, above, own)
    if link is not None:
        return link
    if opens(doc, span, sentence) and is_verb(above) and is_reached_by_opening(own):
        return Link.OPENING
    is_own = is_verb(above) or not is_of_noun(span, word)
    if is_own and is_nearest(word, own, range(*event.trigger), busy):
        return Link.NEAR
    is_told = is_alone or event.start <= span.start <= event.end
    is_other = above.i in busy or (plain(above) in SAYING | APART and event.kind not in SPOKEN)
    return Link.LOOSE if is_told and is_own and not is_other and is_on_main_line(word) else None


def is_content(above: Token, own: Token) -> bool:
    """Say whether a word is part of what somebody promises or asks for: its day is not that of the words."""
    way = way_between(above, own)
    return way is not None and any(relation(word) in CONTENT for word in way)


def link_of_noun(event: EventSpan, span: DateSpan, word: Token, noun: Token, own: Token) -> Link | None:
    """Return the link of a date on a noun: that of talks dates their failing, a month or year is the noun's."""
    if event.kind is Kind.BREAKDOWN and noun.head == own and relation(noun) in SUBJECTS:
        return Link.CARRIED
    return link_to_noun(word, noun, own) if not is_of_noun(span, word) or is_noun(own) else None


def is_of_noun(span: DateSpan, word: Token) -> bool:
    """Say whether a date is one that tells which: months and years behind a preposition ("the war in 2014")."""
    return span.past[1] - span.past[0] > 7 * DAY and relation(word) is not Relation.MEASURE


def is_what_came_first(doc: Doc, span: DateSpan, own: Token, busy: Collection[int]) -> bool:
    """Say whether an event is what something else came so many days after."""
    earlier = doc[span.end - 1].head
    return earlier == own or (own.i >= span.end and earlier in own.ancestors and earlier.i not in busy)


def opens(doc: Doc, span: DateSpan, sentence: Sentence) -> bool:
    """Say whether a date opens its sentence, and so holds for all that follows."""
    return span.start <= sentence.start + dateline_length(doc, sentence) + 2


def is_said_by(doc: Doc, span: DateSpan, event: EventSpan) -> bool:
    """Say whether a date is when an event's actor said something."""
    verb = governor(head_of(doc, span.start, span.end))
    if verb is None or plain(verb) not in SAYING:
        return False
    sentence = get(doc, Extension.SENTENCES)[event.sentence]
    told = [a for a in get(doc, Extension.ACTORS) if a.start < verb.i and (sentence.headline or is_subject(a, verb))]
    named = {actor.code for actor in told if actor.start >= sentence.end or not sentence.headline}
    return not named.isdisjoint({actor.code for actor in event.actors})


def is_subject(actor: ActorSpan, verb: Token) -> bool:
    """Say whether an actor is the subject of a verb, or part of it."""
    inside = {n for child in verb.children if relation(child) in SUBJECTS for n in subtree(child)}
    return actor.start in inside or actor.end - 1 in inside


def subtree(word: Token) -> Iterator[int]:
    """Yield the places of a word and all that hangs on it."""
    return (below.i for below in word.subtree)


def is_no_time(doc: Doc, span: DateSpan) -> bool:
    """Say whether words lead to a date that it is not at: "before Friday"."""
    return lead(doc, span) in NO_TIME


def lead(doc: Doc, span: DateSpan) -> str:
    """Return the preposition that a date comes with; empty for none."""
    before = [plain(doc[n]) for n in (span.start, span.start - 1) if 0 <= n < span.end - 1]
    told = next((word for word in before if word in UNTIL | SINCE), "")
    if doc.has_annotation("DEP"):
        return told or preposition_of(head_of(doc, span.start, span.end))
    return told or next((word for word in before if word in NO_TIME), "")


# ---------------------------------------------------------------- which of its days


def days_of(doc: Doc, event: EventSpan, status: Status, one: Candidate) -> DateRange | None:
    """Return the days that a date means for an event."""
    today: date = doc._.get(Extension.PUBLISHED_ON)
    span, word = one.span, lead(doc, one.span)
    if plain(doc[span.end - 1]) == "after":
        return days_before(doc, span, today)
    if word in SINCE:
        return DateRange(span.past[0], today) if status is Status.ONGOING and span.past[0] <= today else None
    if word in UNTIL:
        return days_until(event, status, span, today)
    first, last = reading(doc, event, status, one)
    return DateRange(first, max(last, first + length(doc, event, span) * DAY if first == last else last))


def days_before(doc: Doc, span: DateSpan, today: date) -> DateRange:
    """Return the day so long before the day that the same sentence tells, else before publication."""
    told = [other for other in get(doc, Extension.DATES) if span.start - NEAR_TOKENS < other.start < span.start]
    is_day = bool(told) and told[-1].past[0] == told[-1].past[1]
    day = span.past[0] - (today - told[-1].past[0] if is_day else timedelta())
    return DateRange(day, day)


def days_until(event: EventSpan, status: Status, span: DateSpan, today: date) -> DateRange | None:
    """Return from now to a day; what is put off, or is a term that somebody is given, is on that day."""
    first, last = span.future
    if status is Status.POSTPONED or event.type is EventType.THREATEN:
        return DateRange(first, last)
    return DateRange(today, last) if last >= today else None


def reading(doc: Doc, event: EventSpan, status: Status, one: Candidate) -> tuple[date, date]:
    """Return the days that lie behind, or those ahead."""
    span = one.span
    if one.link is Link.SAID:
        return span.past
    if status is Status.ONGOING and span.past[1] + DAY >= span.future[0]:
        return span.past[0], span.future[1]
    if status in AHEAD or (event.refers and is_nearer(doc, span)):
        return span.future
    return span.future if doc.has_annotation("DEP") and is_told_ahead(doc, event) else span.past


def is_nearer(doc: Doc, span: DateSpan) -> bool:
    """Say whether a date that nothing puts in time is nearer when it is still to come."""
    today = doc._.get(Extension.PUBLISHED_ON)
    return bool(span.future[0] - today < today - span.past[1])


def is_told_ahead(doc: Doc, event: EventSpan) -> bool:
    """Say whether an event is told as one to come: "will", or the present in a clause below ("where he meets X")."""
    own = head_of(doc, *event.trigger)
    verb = next((word for word in way_up(own) if word.tag_.startswith("VB")), None)
    if verb is None:
        return False
    told = tense_and_modality(verb)
    if told.tense is Tense.FUTURE:
        return True
    above = governing_clause(verb)
    is_below = above is not None and plain(above) not in SAYING and verb == own
    return is_below and told.tense is Tense.PRESENT and not (told.perfect or told.progressive or told.modal)


def length(doc: Doc, event: EventSpan, span: DateSpan) -> int:
    """Return how many days beyond its first an event lasts, as the words around it say; 0 where they do not."""
    if event.kind not in LASTING:
        return 0
    start = max(min(event.trigger[0], span.start) - 6, 0)
    found = LENGTH.search(doc[start : max(event.trigger[1], span.end) + 4].text)
    if found is None:
        return 0
    count = 1 if found["long"] else int(found["count"]) if found["count"].isdigit() else NUMBERS[found["count"]]
    if found["unit"] == "hour":
        return count // 24
    days = count * DAYS_OF[found["long"] or found["unit"]]
    return days - 1 if days <= LONGEST else 0


# ---------------------------------------------------------------- without a tree


def candidates_by_order(doc: Doc, event: EventSpan) -> Iterator[Candidate]:
    """Yield the dates that the order of words gives to an event: of its clause, else at the opening, else any."""
    sentence = get(doc, Extension.SENTENCES)[event.sentence]
    spans = list(dates_in(doc, sentence))
    inside = [span for span in spans if event.start <= span.start <= event.end]
    if inside:
        yield from (Candidate(span, Link.OWN) for span in inside)
        return
    yield from (Candidate(span, Link.OPENING) for span in spans if span.start <= sentence.start + 2)
    if is_only(doc, event):
        yield from (
            Candidate(span, Link.NEAR) for span in spans if event.kind in SPOKEN or not follows_saying(doc, span)
        )


def is_only(doc: Doc, event: EventSpan) -> bool:
    """Say whether a sentence tells no other event."""
    others: Iterable[EventSpan] = get(doc, Extension.EVENTS)
    return sum(other.sentence == event.sentence and not other.refers for other in others) <= 1


def follows_saying(doc: Doc, span: DateSpan) -> bool:
    """Say whether a date is when something was said, by the words before it."""
    return any(plain(token) in SAYING for token in doc[max(span.start - 4, 0) : span.start])
