"""Whether a mention is about an event that we know: a score with the reasons for and against.

Each aspect (kind, roles, parties, place, day, age, background) is looked at by one function, which answers with a
finding: a weight and its reason in plain words, or a contradiction, after which the rest cannot help. The weights and
spans below were set by hand from what they stand for, then checked on 56 labelled mentions of seven real stories of
2018 and 2022, some of which resemble each other on purpose (two summits of one host, rounds of talks days apart):
they join 67 of the 71 right pairs, and 2 wrong ones. With a quarter of the mentions read otherwise and a third of the
days and places left out, in ten random draws, precision is 0.91 and recall 0.78 (test_gold_stories.py).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from extractors.ontology import SYMMETRIC_KINDS, Kind, Status
from extractors.types import Actor, DateRange, EventMention, Place
from storage.dedup.places import names_only_country, same_name
from storage.types import Event, Report

# A mention is taken for an event's from this score on.
SAME_EVENT = 0.6
# The most that a contradicted candidate scores: still ranked, so that the nearest one can be named.
CONTRADICTED = 0.3

OPEN = frozenset({Status.PLANNED, Status.PROPOSED, Status.POSTPONED, Status.CANCELLED, Status.DENIED})
AHEAD = frozenset({Status.PLANNED, Status.PROPOSED, Status.POSTPONED, Status.CANCELLED})
BEGUN = frozenset({Status.ONGOING, Status.OCCURRED, Status.STALLED})

ENCOUNTERS = frozenset(
    {Kind.VISIT, Kind.MEETING, Kind.TALKS, Kind.SUMMIT, Kind.CALL, Kind.MEDIATION, Kind.BREAKDOWN},
)

PAPERS = frozenset({Kind.AGREEMENT, Kind.CEASEFIRE})

# What is said, decided or imposed: the place told with it is the speaker's, the target's or that of the news agency.
_ANYWHERE = frozenset(
    {
        *(Kind.INTENT, Kind.SUPPORT, Kind.RECOGNITION, Kind.APPOINTMENT, Kind.RELATIONS, Kind.CONCESSION),
        *(Kind.APPEAL, Kind.DEMAND, Kind.PROPOSAL, Kind.LETTER, Kind.CALL, Kind.REJECTION, Kind.DENIAL),
        *(Kind.ACCUSATION, Kind.CONDEMNATION, Kind.INVESTIGATION, Kind.THREAT, Kind.WARNING, Kind.ULTIMATUM),
        *(Kind.SANCTIONS, Kind.EXPULSION, Kind.RECALL, Kind.RUPTURE, Kind.PROTEST_DIPLOMATIC),
        *(Kind.AID_HUMANITARIAN, Kind.AID_MILITARY, Kind.AID_ECONOMIC),
    },
)


def _pairs(weight: float, *groups: tuple[Kind, ...]) -> dict[frozenset[Kind], float]:
    return {frozenset({one, other}): weight for group in groups for one in group for other in group if one != other}


# How much two different kinds can be one thing, told at another stage or in other words; pairs that are not named
# cannot: a mediator's offer is not the talks that it is about. "To meet", "summit" and "talks" are often one
# encounter; talks end in an agreement; who promises to apply, applies; a written proposal can be a letter.
_AKIN: dict[frozenset[Kind], float] = {
    **_pairs(0.5, (Kind.TALKS, Kind.AGREEMENT), (Kind.TALKS, Kind.CEASEFIRE), (Kind.SUMMIT, Kind.AGREEMENT)),
    **_pairs(0.5, (Kind.BREAKDOWN, Kind.MEETING, Kind.SUMMIT), (Kind.BREAKDOWN, Kind.MEDIATION)),
    **_pairs(0.5, (Kind.CALL, Kind.TALKS), (Kind.CALL, Kind.MEETING)),
    **_pairs(0.6, (Kind.INTENT, Kind.PROPOSAL, Kind.APPEAL), (Kind.INTENT, Kind.AGREEMENT)),
    **_pairs(0.6, (Kind.LETTER, Kind.PROPOSAL), (Kind.LETTER, Kind.APPEAL), (Kind.MEDIATION, Kind.PROPOSAL)),
    **_pairs(0.6, (Kind.ACCUSATION, Kind.CONDEMNATION), (Kind.THREAT, Kind.WARNING, Kind.ULTIMATUM)),
    **_pairs(0.6, (Kind.REJECTION, Kind.DENIAL), (Kind.DEMAND, Kind.APPEAL), (Kind.SANCTIONS, Kind.RUPTURE)),
    **_pairs(0.6, (Kind.AID_HUMANITARIAN, Kind.AID_ECONOMIC), (Kind.RELATIONS, Kind.COOPERATION)),
    **_pairs(0.6, (Kind.CONCESSION, Kind.RELEASE), (Kind.DEPLOYMENT, Kind.EXERCISE)),
    **_pairs(0.7, (Kind.EXPULSION, Kind.RUPTURE), (Kind.EXCHANGE, Kind.RELEASE), (Kind.AGREEMENT, Kind.CEASEFIRE)),
    **_pairs(0.7, (Kind.AGREEMENT, Kind.COOPERATION), (Kind.TALKS, Kind.BREAKDOWN)),
    **_pairs(0.8, (Kind.VISIT, Kind.MEETING, Kind.TALKS, Kind.SUMMIT)),
}

# How many days after an event began, or was last heard of, an undated report may still be about it. What is said or
# fired happens anew within days; an encounter is looked back on for two weeks; a signed paper stays the same paper.
_MOMENT, _USUAL, _PROCESS, _LASTING = 3, 7, 14, 180
_RETOLD_DAYS: dict[Kind, int] = {
    **dict.fromkeys((Kind.ATTACK, Kind.CALL, Kind.COERCION, Kind.DEMONSTRATION), _MOMENT),
    **dict.fromkeys(ENCOUNTERS - {Kind.CALL}, _PROCESS),
    **dict.fromkeys((Kind.EXPULSION, Kind.SANCTIONS, Kind.RUPTURE, Kind.RECALL, Kind.INVESTIGATION), _PROCESS),
    **dict.fromkeys((Kind.AGREEMENT, Kind.CEASEFIRE, Kind.RECOGNITION, Kind.RELATIONS), _LASTING),
    Kind.INTENT: _PROCESS,
}
# Of these the next one is often announced while the last is hardly over.
_IN_ROUNDS = frozenset({Kind.TALKS, Kind.MEETING, Kind.CALL})
# A process under way (talks, a war, an exercise) is still that one after this long a silence.
_ONGOING_DAYS = 30
# A planned thing without a day stays expected for this long after anybody spoke of it,
_EXPECTED_DAYS = 45
# and one with a day for this long after the day: reports of the outcome trickle in, then the next one is meant.
_OVERDUE_DAYS = 5
# A postponed thing may get a new day this long after the old one.
_POSTPONED_DAYS = 180
# A planned thing moves by so much without a word that it was postponed. Rounds of talks are a week apart as well.
_MOVED_DAYS = 14
# Time zones and evenings: a report may be a day off about when an encounter was.
_ENCOUNTER_SLACK_DAYS = 1
# "Guterres heads to Moscow": headlines tell in the present what is due there within so many days.
_ANTICIPATED_DAYS = 7
# "Met" in an undated report means this day or one of these before it.
_JUST_NOW_DAYS = 2
# A span of more days than this names no day.
_VAGUE_DAYS = 31
# Told as background is what happened so long ago (the event model's rule).
_BACKGROUND_DAYS = 30


@dataclass(frozen=True, slots=True)
class Match:
    """How well a mention fits an event: score 0..1, with what speaks for it and against it in plain words."""

    event: Event
    score: float
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether the score is enough to take the two for one thing."""
        return self.score >= SAME_EVENT


@dataclass(frozen=True, slots=True)
class _Finding:
    """What one aspect says; a negative weight speaks against, a contradiction rules out."""

    weight: float
    reason: str
    contradicts: bool = False


_SILENT = _Finding(0.0, "")


def match(report: Report, event: Event, now: datetime) -> Match:
    """Return how well the report's mention fits the event.

    `now` stands for the report's own time when that lies in the future (a publisher's wrong clock).
    """
    told_at = min(report.published_at, now)
    findings = [finding for finding in (aspect(report, event, told_at) for aspect in _ASPECTS) if finding.reason]
    total = sum(finding.weight for finding in findings)
    limit = CONTRADICTED if any(finding.contradicts for finding in findings) else 1.0
    return Match(
        event=event,
        score=round(max(0.0, min(limit, total)), 3),
        reasons_for=tuple(finding.reason for finding in findings if finding.weight > 0),
        reasons_against=tuple(finding.reason for finding in findings if finding.weight < 0 or finding.contradicts),
    )


def resemblance(report: Report, event: Event, now: datetime) -> float:
    """Return how like the two are in what they say, without how old they are and what story they are of."""
    told_at = min(report.published_at, now)
    return round(sum(aspect(report, event, told_at).weight for aspect in _ASPECTS if aspect not in (_age, _story)), 3)


def ranked(report: Report, candidates: Sequence[Event], now: datetime) -> tuple[Match, ...]:
    """Return the candidates' matches, best first; equal scores go to the later seen, then the older event."""
    matches = (match(report, event, now) for event in candidates)
    return tuple(
        sorted(matches, key=lambda found: (-found.score, -found.event.last_seen_at.timestamp(), found.event.id))
    )


# ---------------------------------------------------------------- what happens


def _kind(report: Report, event: Event, told_at: datetime) -> _Finding:
    mine, theirs = report.mention.kind, event.kind
    if mine is theirs:
        return _Finding(0.4, f"both a {mine}")
    affinity = _AKIN.get(frozenset({mine, theirs}))
    if theirs in PAPERS and mine in ENCOUNTERS and report.mention.status in AHEAD | {Status.ONGOING}:
        because = f"a {mine} {report.mention.status} is not the {theirs} that it was agreed in"
        return _Finding(0.0, because, contradicts=True)
    if _is_prelude(report, event, told_at):
        return _Finding(0.0, f"talks are held before the {theirs} that is planned", contradicts=True)
    if affinity is None:
        return _Finding(0.0, f"a {mine} is no {theirs}", contradicts=True)
    return _Finding(0.4 * affinity, f"a {mine} can be the same as a {theirs}")


def _is_prelude(report: Report, event: Event, told_at: datetime) -> bool:
    """Whether undated talks may be those that prepare a planned encounter: not in its story, and it is not due."""
    if report.mention.kind is not Kind.TALKS or report.mention.status not in BEGUN or event.status not in AHEAD:
        return False
    is_due = event.date is not None and not is_before(told_at.date(), event.date)
    return event.kind in _PREPARED and report.mention.date is None and not is_due and not _is_one_story(report, event)


# What is prepared in talks.
_PREPARED = frozenset({Kind.VISIT, Kind.MEETING, Kind.SUMMIT})


# ---------------------------------------------------------------- who


def _roles(report: Report, event: Event, _told_at: datetime) -> _Finding:
    mention = report.mention
    if mention.kind in SYMMETRIC_KINDS or event.kind in SYMMETRIC_KINDS:
        return _SILENT
    doers, event_doers = _codes(mention.actors), _codes(event.actors)
    if not doers or not event_doers or doers & event_doers:
        return _SILENT
    if mention.kind is event.kind is Kind.VISIT and _is_same_country(report, event):
        # "Putin to receive Guterres in Moscow": the place tells who is the host, whoever the sentence begins with.
        return _Finding(-0.05, f"{_join(doers)} named first, there it was {_join(event_doers)}")
    return _Finding(0.0, f"{_join(doers)} acts, there it was {_join(event_doers)}", contradicts=True)


def _is_same_country(report: Report, event: Event) -> bool:
    mine, theirs = report.mention.place, event.place
    return mine is not None and theirs is not None and mine.country == theirs.country


def _parties(report: Report, event: Event, _told_at: datetime) -> _Finding:
    mine, theirs = report.mention.parties, event.parties
    if not mine or not theirs:
        return _Finding(0.1, "one of the two names no party")
    common = mine & theirs
    if not common:
        return _Finding(0.0, f"{_join(mine)} and {_join(theirs)} have no party in common", contradicts=True)
    if mine == theirs:
        return _Finding(0.4 if len(mine) > 1 else 0.3, f"the same parties, {_join(mine)}")
    inside = len(common) / min(len(mine), len(theirs))
    if inside < _ENOUGH_IN_COMMON and _is_one_act(report, event):
        return _Finding(0.1, f"{_join(common)} in both, in one story")
    if inside < _ENOUGH_IN_COMMON:
        return _Finding(0.0, f"{_join(mine)} are others than {_join(theirs)}", contradicts=True)
    if len(common) == 1:
        both = {report.mention.kind, event.kind} & SYMMETRIC_KINDS
        return _Finding(0.1 if both else 0.15, f"{_join(common)} in both, the other side in one alone")
    return _Finding(0.4 * (inside + len(common) / len(mine | theirs)) / 2, f"{_join(common)} in both")


def _is_one_act(report: Report, event: Event) -> bool:
    """Whether one party does one thing to several, of whom each report names another: told in the same story."""
    mention = report.mention
    one_doer = _codes(mention.actors) == _codes(event.actors) and len(_codes(mention.actors)) == 1
    return (
        one_doer and _is_one_story(report, event) and mention.kind is event.kind and mention.kind not in SYMMETRIC_KINDS
    )


# Of the shorter list of parties: {USA, PRK} and {KOR, PRK} are two summits, {A, B, C} and {A, B, D} one conference.
_ENOUGH_IN_COMMON = 0.6


def _persons(report: Report, event: Event, _told_at: datetime) -> _Finding:
    """Named people of one state who differ: its president's meeting is not its minister's."""
    mine, theirs = (
        _people(report.mention, report.mention.kind, event.kind),
        _people(event, event.kind, report.mention.kind),
    )
    both = sorted(mine.keys() & theirs.keys())
    differing = [code for code in both if not any(_same_person(one, two) for one in mine[code] for two in theirs[code])]
    if not differing:
        return _SILENT
    named = "; ".join(f"{_join(mine[code])} instead of {_join(theirs[code])}" for code in differing)
    personal = {report.mention.kind, event.kind} <= _PERSONAL
    return _Finding(-0.2, named, contradicts=personal)


# Encounters of the people who are named. Negotiations and conferences are their states', whoever is quoted.
_PERSONAL = frozenset({Kind.VISIT, Kind.MEETING, Kind.CALL})


def _people(told: EventMention | Event, kind: Kind, other: Kind) -> dict[str, frozenset[str]]:
    """Per code, the names that look like a person's; of two visits only the visitors', who see several people."""
    parties = told.actors if kind is other is Kind.VISIT else (*told.actors, *told.recipients)
    found: dict[str, frozenset[str]] = {}
    for party in parties:
        if _is_person(party.name):
            found[party.code] = found.get(party.code, frozenset()) | {party.name}
    return found


def _is_person(name: str) -> bool:
    """Whether a name ends in two capitalised words that are no institution's; titles may go before.

    Who speaks for somebody is not the one who meets.
    """
    words = name.split()[-2:]
    return not _SPEAKS.search(name) and (
        len(words) == 2
        and all(word[:1].isupper() for word in words)
        and not _INSTITUTIONAL & set(map(str.lower, words))
    )


def _same_person(one: str, other: str) -> bool:
    """Whether two names can be one person's: equal but for spaces and hyphens, or surnames that begin alike."""
    bare, others = (re.sub(r"[\W_]", "", "".join(name.split()[-3:])).casefold() for name in (one, other))
    surname, other_surname = (name.split()[-1].casefold()[:_SURNAME_LETTERS] for name in (one, other))
    return bare == others or surname == other_surname


_SPEAKS = re.compile(r"\b(?:spokes(?:man|woman|person)|press secretary)\b", re.IGNORECASE)
# So many letters of a surname are spelt alike in every transcription (Zelensky, Zelenskyy, Zelenskiy).
_SURNAME_LETTERS = 5
_INSTITUTIONAL = frozenset(
    "the ministry foreign defence defense office government house council union nations commission department state"
    " states kingdom republic street army navy forces force north south east west korea arabia bank security party"
    " parliament court organization organisation agency league group embassy minister president united european white"
    " new sri costa el san burkina sierra ivory cross african treaty international world health monetary fund"
    " administration authority authorities troops diplomats officials missiles secretary-general".split(),
)


# ---------------------------------------------------------------- which of them


def _round(report: Report, event: Event, _told_at: datetime) -> _Finding:
    """Compare the rounds of negotiations that both name."""
    mine, theirs = round_of(report.mention), dict(event.counts).get(ROUND)
    if mine is None or theirs is None:
        return _SILENT
    if mine == theirs:
        return _Finding(0.1, f"both round {mine}")
    return _Finding(0.0, f"round {mine} is not round {theirs}", contradicts=True)


# What an event's counts call the number of its round.
ROUND = "round"


def round_of(mention: EventMention) -> str | None:
    """Return which round of an encounter a mention is about, as a number; None where it names none, or two."""
    if mention.kind not in ENCOUNTERS:
        return None
    named = {_number(found) for found in _NAMED_ROUND.findall(mention.evidence.text)}
    return named.pop() if len(named) == 1 else None


def _number(ordinal: str) -> str:
    word = ordinal.casefold()
    return str(_ORDINALS.index(word) + 1) if word in _ORDINALS else word.rstrip("stndrh")


_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_NAMED_ROUND = re.compile(rf"\b({'|'.join(_ORDINALS)}|\d+(?:st|nd|rd|th))\s+rounds?\b", re.IGNORECASE)


# ---------------------------------------------------------------- where


def _place(report: Report, event: Event, _told_at: datetime) -> _Finding:
    mine, theirs = report.mention.place, event.place
    if mine is None or theirs is None:
        return _SILENT
    if mine.country != theirs.country:
        return _abroad(report, event)
    if same_name(mine.name, theirs.name):
        return _Finding(0.15, f"both in {mine.name}")
    if names_only_country(mine) or names_only_country(theirs):
        return _Finding(0.1, f"{mine.name} and {theirs.name} agree")
    struck = report.mention.kind is event.kind is Kind.ATTACK
    is_vague = event.status in OPEN or not _takes_place(report, event)
    return _Finding(-0.05 if is_vague else -0.2, f"{mine.name} is not {theirs.name}", contradicts=struck)


def _abroad(report: Report, event: Event) -> _Finding:
    """A visit is to a country; the venue of a meeting still to come can move, when two parties are the same.

    A party's own country is as often who as where, and what is said or imposed has no place that would matter.
    """
    mine, theirs = report.mention.place, event.place
    assert mine
    assert theirs
    reason = f"in {mine.name}, there it was {theirs.name}"
    if not _takes_place(report, event):
        return _Finding(-0.05, reason)
    parties = report.mention.parties | event.parties
    one_is_who = is_own_country(mine, parties) != is_own_country(theirs, parties)
    if one_is_who and Kind.VISIT not in (report.mention.kind, event.kind):
        return _Finding(-0.05, f"{reason}, but that may be who rather than where")
    may_move = (
        event.status in OPEN and report.mention.status in AHEAD and Kind.VISIT not in (report.mention.kind, event.kind)
    )
    if may_move and len(report.mention.parties & event.parties) >= 2:
        return _Finding(-0.1, reason)
    return _Finding(-0.3, reason, contradicts=True)


def is_own_country(place: Place, parties: frozenset[str]) -> bool:
    """Tell whether a place says no more than one of the parties does."""
    return place.country in parties and names_only_country(place)


def _takes_place(report: Report, event: Event) -> bool:
    return not {report.mention.kind, event.kind} <= _ANYWHERE


# ---------------------------------------------------------------- when


def _day(report: Report, event: Event, told_at: datetime) -> _Finding:
    """Compare the days that both tell."""
    mine, theirs = report.mention.date, event.date
    if mine is None or theirs is None or _was_misdated(report, event):
        return _SILENT
    apart = _days_between(mine, theirs)
    if apart and is_too_early(report.mention, told_at.date()) and not is_before(told_at.date(), theirs):
        return _Finding(0.0, f"{_days(mine)} is still to come, and no day of what is told as begun")
    if apart == 0:
        return _Finding(0.2, f"on the same day, {_days(theirs)}")
    if apart <= _slack(report, event):
        return _Finding(0.05, f"{_days(mine)} is next to {_days(theirs)}")
    return _moved(report, event, apart, f"{_days(mine)} is not {_days(theirs)}")


def is_too_early(mention: EventMention, today: date) -> bool:
    """Tell whether an encounter is told as begun and dated ahead: one of the two was misread."""
    begun = mention.kind in ENCOUNTERS and mention.status in BEGUN
    return begun and mention.date is not None and is_before(today, mention.date)


def _moved(report: Report, event: Event, apart: int, reason: str) -> _Finding:
    room = _POSTPONED_DAYS if Status.POSTPONED in (event.status, report.mention.status) else _MOVED_DAYS
    may_move = event.status in OPEN and report.mention.status in AHEAD
    # A summit is not moved to the day of the talks before it: what moves is told by its name, or in its story.
    is_named = (report.mention.kind is Kind.TALKS) == (event.kind is Kind.TALKS) or _is_one_story(report, event)
    if may_move and is_named and apart <= room:
        return _Finding(-0.05, f"{reason}, but plans move")
    return _Finding(-0.3, reason, contradicts=True)


def _age(report: Report, event: Event, told_at: datetime) -> _Finding:
    """Compare when the mention can be about with how long the event can still be meant."""
    if report.mention.background or event.background:
        return _SILENT
    if report.mention.date and event.date and _days_between(report.mention.date, event.date) == 0:
        return _SILENT
    if event.status in OPEN or is_yet_to_come(event, told_at.date(), report.mention.status):
        return _age_of_plan(report, event, told_at)
    if report.mention.status in AHEAD and not _is_echo(report, event):
        return _Finding(-0.3, "still to come, while the other has begun", contradicts=True)
    return _age_of_fact(report, event, told_at)


def _is_echo(report: Report, event: Event) -> bool:
    """Whether a plan told without a day may be the old one, told by a slower publisher."""
    room = timedelta() if event.kind in _IN_ROUNDS else timedelta(days=_JUST_NOW_DAYS)
    return report.published_at <= event.status_at + room


def _age_of_plan(report: Report, event: Event, told_at: datetime) -> _Finding:
    today = told_at.date()
    if event.date is None:
        return _within((today - event.last_seen_at.date()).days, _EXPECTED_DAYS, "last heard of")
    if report.mention.date is None and report.mention.status in BEGUN and is_before(today, event.date):
        return _early(report, event, event.date, today)
    late = _late_days(event) if event.status is Status.POSTPONED else _OVERDUE_DAYS
    return _within((today - event.date.end).days, late, "was due")


def _late_days(event: Event) -> int:
    """The days after its day in which a postponed thing gets a new one; of talks the next round is meant by then."""
    return _WEEK if event.kind is Kind.TALKS else _POSTPONED_DAYS


def _early(report: Report, event: Event, planned: DateRange, today: date) -> _Finding:
    if report.mention.status is Status.ONGOING and _is_prepared(report, event):
        return _Finding(-0.1, f"told as under way before {_days(planned)}: it is being prepared")
    if _is_same_country(report, event) and (planned.start - today).days <= _ANTICIPATED_DAYS:
        return _Finding(-0.1, f"told as if done before {_days(planned)}")
    return _Finding(-0.3, f"has taken place before {_days(planned)}, when the other is planned", contradicts=True)


def _is_prepared(report: Report, event: Event) -> bool:
    """Whether one visit or summit of the same parties is told of; negotiations go on in rounds."""
    is_one = report.mention.kind in (Kind.VISIT, Kind.SUMMIT) and event.kind in _PREPARED
    return is_one and report.mention.parties == event.parties


def is_yet_to_come(event: Event, today: date, told: Status) -> bool:
    """Tell whether an event that was told as begun is still to come by its day: then that report was misread.

    The day of an encounter is its own. That of a paper or an appeal can be what it is about, so there a report must
    tell it as still to come, too. A span of more than a month is no day ("later this year"): it has not come while it
    lasts.
    """
    if event.date is None or event.status not in BEGUN:
        return False
    if event.kind not in ENCOUNTERS:
        return told in AHEAD and event.date.start > event.status_at.date()
    is_vague = (event.date.end - event.date.start).days > _VAGUE_DAYS
    return is_before(today, event.date) or (is_vague and event.date.end > today)


def is_before(today: date, planned: DateRange) -> bool:
    """Tell whether a planned thing is still to come, with a day's allowance for time zones."""
    return (planned.start - today).days > _ENCOUNTER_SLACK_DAYS


def _age_of_fact(report: Report, event: Event, told_at: datetime) -> _Finding:
    today = _told_day(report, told_at)
    known = event.date.end if event.date else event.status_at.date()
    if event.status in (Status.ONGOING, Status.STALLED):
        known = max(known, event.last_seen_at.date())
        return _within(abs((today - known).days), _ONGOING_DAYS, "last heard of")
    if report.mention.status is Status.ONGOING and (today - known).days > _JUST_NOW_DAYS:
        return _Finding(-0.3, "under way, while the other was over before", contradicts=True)
    return _within(abs((today - known).days), _RETOLD_DAYS.get(event.kind, _USUAL), "was")


def _told_day(report: Report, told_at: datetime) -> date:
    return report.mention.date.start if report.mention.date else told_at.date()


def _within(days: int, room: int, what: str) -> _Finding:
    """A bonus that fades over the room there is, and a contradiction beyond it."""
    if days > room:
        return _Finding(-0.3, f"{what} {days} days ago, which is too long", contradicts=True)
    return _Finding(0.1 * (1 - max(days, 0) / (room + 1)), f"{what} {max(days, 0)} days ago")


def _story(report: Report, event: Event, told_at: datetime) -> _Finding:
    """Two reports of one affair; that two affairs differ says nothing, since an event can be told of in several."""
    if not _is_one_story(report, event):
        return _SILENT
    return _Finding(0.15, "told in the same story")


def _background(report: Report, event: Event, told_at: datetime) -> _Finding:
    """Old things told as background are not what is in the news now, and the other way round."""
    if report.mention.background == event.background:
        return _SILENT
    if report.mention.date and event.date and _days_between(report.mention.date, event.date) == 0:
        return _SILENT
    if event.background and _was_misdated(report, event):
        return _Finding(-0.1, "news in the same story of what was told as background without a day")
    if event.background:
        fresh = event.status is not Status.ONGOING
        return _Finding(-0.2, "news, while the other is only told as background", contradicts=fresh)
    known = event.date.start if event.date else event.first_seen_at.date()
    recent = (told_at.date() - known).days < _BACKGROUND_DAYS
    return _Finding(-0.2, "told as background, while the other is in the news", contradicts=recent)


def _was_misdated(report: Report, event: Event) -> bool:
    """Whether what one story tells as background of no certain day is what it tells as news.

    "His first journey since he came to power in 2011": the year is not that of the journey.
    """
    dateless = event.date is None or (event.date.end - event.date.start).days > _VAGUE_DAYS
    told = event.background and dateless and not report.mention.background
    return told and _is_one_story(report, event) and report.mention.parties == event.parties and len(event.parties) > 1


_ASPECTS: tuple[Callable[[Report, Event, datetime], _Finding], ...] = (
    _kind,
    _roles,
    _parties,
    _persons,
    _round,
    _place,
    _day,
    _age,
    _story,
    _background,
)


# ---------------------------------------------------------------- small things


def _is_one_story(report: Report, event: Event) -> bool:
    return report.story_id is not None and report.story_id == event.story_id


def _slack(report: Report, event: Event) -> int:
    """The days that two reports of one encounter differ by; May is not next to April."""
    told = [one for one in (report.mention.date, event.date) if one]
    are_days = all((one.end - one.start).days < _WEEK for one in told)
    return _ENCOUNTER_SLACK_DAYS if are_days and {report.mention.kind, event.kind} <= ENCOUNTERS else 0


_WEEK = 7


def _days_between(one: DateRange, other: DateRange) -> int:
    """Days between two ranges; 0 when they meet."""
    gap = max(one.start, other.start) - min(one.end, other.end)
    return max(0, gap // timedelta(days=1))


def _days(days: DateRange) -> str:
    return days.start.isoformat() if days.start == days.end else f"{days.start} to {days.end}"


def _codes(parties: Sequence[Actor]) -> frozenset[str]:
    return frozenset(party.code for party in parties)


def _join(words: frozenset[str]) -> str:
    return "+".join(sorted(words))
