"""What a report makes of the events we know: a new event, a development of one, or a repetition.

The life of an event is the table `FOLLOWS`; what an editor wants to hear of is in the functions named `_…_change`,
one per kind of change, which answer with the change or with the reason why there is none. Which event a mention is
about is decided in `matching`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from extractors.ontology import Kind, Status
from extractors.types import Actor, DateRange, EventMention, Place
from storage.dedup.accounts import Claim, is_refuted
from storage.dedup.commentary import is_commentary
from storage.dedup.matching import (
    AHEAD,
    BEGUN,
    ENCOUNTERS,
    PAPERS,
    ROUND,
    Match,
    is_before,
    is_own_country,
    is_too_early,
    is_yet_to_come,
    ranked,
    resemblance,
    round_of,
)
from storage.dedup.places import is_more_exact, same_name
from storage.types import Change, Decision, Event, FieldChange, NewDevelopment, NewEvent, Repetition, Report

# Which status a report may give to an event of which status; the same one again is no change. What has taken place
# can only be denied, or, if it is a process such as talks, come to a halt.
FOLLOWS: dict[Status, frozenset[Status]] = {
    Status.PROPOSED: frozenset(Status) - {Status.PROPOSED},
    Status.PLANNED: frozenset(Status) - {Status.PLANNED, Status.PROPOSED},
    Status.POSTPONED: frozenset(Status) - {Status.POSTPONED, Status.PROPOSED, Status.STALLED},
    Status.CANCELLED: frozenset({Status.PLANNED, Status.ONGOING, Status.OCCURRED}),
    Status.DENIED: frozenset({Status.PLANNED, Status.ONGOING, Status.OCCURRED, Status.CANCELLED}),
    Status.ONGOING: frozenset({Status.OCCURRED, Status.STALLED, Status.POSTPONED, Status.CANCELLED, Status.DENIED}),
    Status.STALLED: frozenset({Status.ONGOING, Status.OCCURRED, Status.PLANNED, Status.POSTPONED, Status.CANCELLED}),
    Status.OCCURRED: frozenset({Status.DENIED, Status.STALLED}),
}

# Kinds that last: that one of them is over is another piece of news than that it goes on. Of an attack "is attacking"
# and "attacked" are two words for one report.
_LASTING = ENCOUNTERS | {Kind.CEASEFIRE, Kind.EXERCISE, Kind.DEPLOYMENT, Kind.WITHDRAWAL, Kind.COOPERATION}
_PROCESSES = frozenset({Kind.TALKS, Kind.MEDIATION, Kind.BREAKDOWN})
# Kinds that a further party can join, and those of them where it can do so afterwards. Everywhere else a further
# name in a report is a detail: whom an appeal was addressed to, whom an attack concerned.
_JOINED = ENCOUNTERS - {Kind.CALL} | {Kind.AGREEMENT, Kind.SANCTIONS, Kind.EXPULSION, Kind.COOPERATION, Kind.EXERCISE}
_JOINED_AFTERWARDS = frozenset({Kind.AGREEMENT, Kind.SANCTIONS})

_WEIGHT = {
    change: place
    for place, change in enumerate(
        (Change.DENIAL, Change.OUTCOME, Change.STATUS, Change.DATE, Change.PLACE, Change.PARTY, Change.COUNT),
    )
}


def decide(report: Report, candidates: Sequence[Event], now: datetime) -> Decision:
    """Return what the report is: news of a new event, of a known one, or no news.

    The order of the candidates does not matter. The event of a repetition carries the details that the report adds
    without their being news: the day and place of what is over, a count.
    """
    matches = ranked(report, candidates, now)
    comment = is_commentary(report.title)
    if not matches or not matches[0].is_same:
        told = "comment, no report; " if comment else ""
        return NewEvent(told + _why_new(report, matches), silent=comment)
    match = _corrected(_told_apart(matches, report, now), candidates)
    if match.event.is_wrong:
        return Repetition(match.event, f"event {match.event.id}: a person said that it is no event")
    if comment:
        return Repetition(match.event, f"event {match.event.id}: comment, no report")
    return _news_of(report, match)


def _told_apart(matches: Sequence[Match], report: Report, now: datetime) -> Match:
    """The best match, or the one like it that a person said is another event: then what both say of it decides.

    Their age and their story are the same, and were what misled.
    """
    best = matches[0]
    rivals = [one for one in matches if one.is_same and one.event.id in best.event.different_from]
    if not rivals:
        return best
    chosen = max((best, *rivals), key=lambda one: (resemblance(report, one.event, now), one.score, one.event.id))
    others = ", ".join(str(one.event.id) for one in (best, *rivals) if one is not chosen)
    because = f"a person said that it is another than event {others}, and it is more like this one"
    return Match(chosen.event, chosen.score, (*chosen.reasons_for, because), chosen.reasons_against)


def _corrected(match: Match, candidates: Sequence[Event]) -> Match:
    """The match with the event that a person said it is."""
    said = next((event for event in candidates if event.id == match.event.same_as), None)
    if said is None:
        return match
    because = f"a person said that event {match.event.id} is event {said.id}"
    return Match(said, match.score, (because, *match.reasons_for), match.reasons_against)


def weighed(decision: NewDevelopment, report: Report, claims: Sequence[Claim]) -> Decision:
    """Return the decision without the changes that are attested worse than what they change.

    A day or place that comes back although the present one is better attested; and what was read too unsurely, unless
    another publisher said the same. What was unknown, and that a thing has begun, is believed at once: later reports
    are told apart by it. `claims` are what reports gave of the event before this one. Conflicting reports
    stay side by side in them.
    """
    whys = {change.change: _why_weak(change, report, claims) for change in decision.changes}
    kept = tuple(change for change in decision.changes if not whys[change.change])
    if len(kept) == len(decision.changes):
        return decision
    because = f"{decision.reason}. But {'; '.join(dict.fromkeys(why for why in whys.values() if why))}"
    return replace(decision, changes=kept, reason=because) if kept else Repetition(decision.event, because)


def _why_weak(change: FieldChange, report: Report, claims: Sequence[Claim]) -> str:
    field = Change.STATUS if change.change in (Change.OUTCOME, Change.DENIAL) else change.change
    told = [one for one in claims if one.field == field]
    adds = not change.old or change.change is Change.OUTCOME or change.new in BEGUN
    if report.mention.confidence < SURE_ENOUGH and not adds and not _is_said_elsewhere(change, report, told):
        return f"read with a confidence of {report.mention.confidence:.2f}, too little to change what is known"
    if change.change in (Change.DATE, Change.PLACE) and change.old:
        return is_refuted(change.old, change.new, told)
    return ""


def _is_said_elsewhere(change: FieldChange, report: Report, told: Sequence[Claim]) -> bool:
    return any(one.value == change.new and one.publisher != report.publisher for one in told)


# A known event is changed by a mention of this confidence, 0 to 1, or more. Confidence is calibrated: of mentions below
# it fewer than four in ten are right, and what they change was as a rule told better.
SURE_ENOUGH = 0.4


def claims_of(mention: EventMention, publisher: str, told_at: datetime) -> tuple[Claim, ...]:
    """Return what a report gives as the day, place and status of its event; background gives nothing."""
    if mention.background:
        return ()
    told = {
        Change.DATE: mention.date and _days(mention.date),
        Change.PLACE: mention.place and _where(mention.place),
        Change.STATUS: mention.status.value,
    }
    return tuple(Claim(field, value, publisher, told_at) for field, value in told.items() if value)


def counts_of(mention: EventMention) -> tuple[tuple[str, str], ...]:
    """Return what an event keeps of a mention's numbers: those of its participants, and which round it is."""
    named = round_of(mention)
    return tuple(sorted({**dict(mention.counts), **({ROUND: named} if named else {})}.items()))


def merged(gone: Event, stays: Event) -> Event:
    """Return the event that stays, with what was known of another that a person said is the same.

    The status is that of the later news of the two; what one of them does not have is the other's.
    """
    later = gone if gone.status_at > stays.status_at else stays
    earlier = stays if later is gone else gone
    known = frozenset(stays.parties)
    return replace(
        stays,
        status=later.status,
        status_at=later.status_at,
        date=later.date or earlier.date,
        place=later.place or earlier.place,
        actors=(*stays.actors, *_further(gone.actors, known)),
        recipients=(*stays.recipients, *_further(gone.recipients, known | {one.code for one in gone.actors})),
        counts=tuple(sorted({**dict(earlier.counts), **dict(later.counts)}.items())),
        last_seen_at=max(gone.last_seen_at, stays.last_seen_at),
        background=gone.background and stays.background,
    )


def overdue(event: Event) -> tuple[FieldChange, str]:
    """Return the development of a planned event whose day passed without a report, and its reason."""
    last = _days(event.date) if event.date else "its day"
    change = FieldChange(Change.OVERDUE, event.status.value, f"no report since {last}")
    return change, f"event {event.id}: planned for {last}, and nobody told what became of it"


def apply(event: Event, report: Report, decision: NewDevelopment) -> Event:
    """Return the event as it is after the development: its changes, and the details that are no news."""
    told = {change.change for change in decision.changes}
    changed = _with_details(event, report)
    if told & {Change.STATUS, Change.OUTCOME, Change.DENIAL}:
        changed = _with_status(changed, report)
    if Change.DATE in told:
        changed = replace(changed, date=report.mention.date, status_at=max(event.status_at, report.published_at))
    if Change.PLACE in told:
        changed = replace(changed, place=report.mention.place)
    return _with_parties(changed, report.mention)


def describe(told: EventMention | Event) -> str:
    """Return one line such as `visit planned 2022-04-26 in Moscow`."""
    words = [told.kind.value, told.status.value]
    if told.date:
        words.append(_days(told.date))
    if told.place:
        words.append(f"in {told.place.name or told.place.country}")
    return " ".join(words)


# ---------------------------------------------------------------- new or known


def _why_new(report: Report, matches: Sequence[Match]) -> str:
    told = "told as background; " if report.mention.background else ""
    if not matches:
        return f"{told}no event with these parties is known"
    nearest = matches[0]
    against = "; ".join(nearest.reasons_against) or "too little in common"
    return f"{told}nearest is event {nearest.event.id} ({describe(nearest.event)}), but {against}"


def _news_of(report: Report, match: Match) -> Decision:
    event, because = match.event, f"event {match.event.id}: {'; '.join(match.reasons_for)}"
    if report.mention.background:
        return Repetition(event, f"{because}. Told as background")
    answers = [look(event, report) for look in _LOOKS]
    changes = [change for answer in answers for change in answer.changes]
    if changes:
        changes.sort(key=lambda change: _WEIGHT[change.change])
        return NewDevelopment(event, tuple(changes), f"{because}. New: {_summary(changes)}")
    whys = "; ".join(answer.why_not for answer in answers if answer.why_not)
    return Repetition(_with_details(event, report), f"{because}. {whys or 'Says nothing new'}")


def _summary(changes: Sequence[FieldChange]) -> str:
    return ", ".join(f"{change.change} {change.old or 'unknown'} → {change.new}" for change in changes)


@dataclass(frozen=True, slots=True)
class _Answer:
    """The changes of one aspect, or why there are none where one might expect some."""

    changes: tuple[FieldChange, ...] = ()
    why_not: str = ""


_NOTHING = _Answer()


def _one(change: Change, old: str, new: str) -> _Answer:
    return _Answer((FieldChange(change, old, new),))


# ---------------------------------------------------------------- status


def told_status(event: Event, mention: EventMention) -> Status:
    """Return the status that the mention gives to the event.

    That talks broke down is told as an event of its own, which "occurred"; for the talks it means that they stall.
    """
    if mention.kind is Kind.BREAKDOWN and event.kind is not Kind.BREAKDOWN and mention.status is Status.OCCURRED:
        return Status.STALLED
    return mention.status


def _status_change(event: Event, report: Report) -> _Answer:
    old, new = event.status, told_status(event, report.mention)
    if _settles(event, report):
        return _outcome_on_paper(event, report)
    if new is old:
        return _NOTHING
    if _is_late(event, report):
        return _Answer(why_not=f"Told before it was known to be {old}")
    if _is_anticipated(event, report):
        return _Answer(why_not="Told as if done, while its day is still to come")
    if new in AHEAD and is_yet_to_come(event, report.published_at.date(), told_status(event, report.mention)):
        return _one(Change.STATUS, old.value, new.value)
    if old is Status.STALLED and new is Status.OCCURRED and not _is_dated_since(event, report.mention):
        return _Answer(why_not="That there were talks before they stalled is no news")
    if new not in FOLLOWS[old] or (old is Status.OCCURRED and new is Status.STALLED and event.kind not in _PROCESSES):
        return _Answer(why_not=f"What is {old} does not become {new}")
    if old is Status.ONGOING and new is Status.OCCURRED and event.kind not in _LASTING:
        return _Answer(why_not=f"That a {event.kind} is over is no news of its own")
    if new is Status.DENIED:
        return _one(Change.DENIAL, old.value, _denied_by(report.mention))
    return _one(_CHANGE_TO.get(new, Change.STATUS), old.value, new.value)


_CHANGE_TO = {Status.OCCURRED: Change.OUTCOME}


def _denied_by(mention: EventMention) -> str:
    """`denied`, and who denies it where the report says so: the event stays, with that said of it."""
    return f"{Status.DENIED.value} by {mention.attribution}" if mention.attribution else Status.DENIED.value


def _is_dated_since(event: Event, mention: EventMention) -> bool:
    return mention.date is not None and mention.date.end >= event.status_at.date()


def _is_anticipated(event: Event, report: Report) -> bool:
    """Whether an undated report tells a thing as begun before the day that it is planned for."""
    undated = report.mention.date is None and told_status(event, report.mention) in BEGUN
    return (
        undated
        and event.date is not None
        and event.status in AHEAD
        and is_before(report.published_at.date(), event.date)
    )


def _settles(event: Event, report: Report) -> bool:
    """Whether an encounter has led to a paper."""
    signed = report.mention.kind in PAPERS and report.mention.status is Status.OCCURRED
    return signed and event.kind in ENCOUNTERS


def _outcome_on_paper(event: Event, report: Report) -> _Answer:
    if _is_late(event, report):
        return _Answer(why_not="Told before the latest news of it")
    old = f"{event.kind} {event.status}"
    return _one(Change.OUTCOME, old, f"{report.mention.kind} {report.mention.status}")


def _is_late(event: Event, report: Report) -> bool:
    return report.published_at < event.status_at


def _is_ahead(event: Event, report: Report) -> bool:
    """Whether the thing is still to come, before the report and after it."""
    was_ahead = event.status in AHEAD | {Status.DENIED} or is_yet_to_come(
        event, report.published_at.date(), told_status(event, report.mention)
    )
    return was_ahead and told_status(event, report.mention) in AHEAD


def _is_open(event: Event, report: Report) -> bool:
    """Whether the thing is still to come, or under way as before."""
    both = (event.status, told_status(event, report.mention))
    return _is_ahead(event, report) or both == (Status.ONGOING, Status.ONGOING)


# ---------------------------------------------------------------- day


def _date_change(event: Event, report: Report) -> _Answer:
    old, new = event.date, report.mention.date
    if new is None or new == old:
        return _NOTHING
    if not _is_ahead(event, report):
        return _Answer(why_not="The day of what has begun is no news")
    if old is None:
        return _one(Change.DATE, "", _days(new))
    if _covers(new, old):
        return _Answer(why_not=f"{_days(new)} says no more than {_days(old)}")
    if _is_late(event, report):
        return _Answer(why_not=f"Told before {_days(old)} was")
    if new.end <= report.published_at.date() < old.start:
        # More often the day of what was said about a plan than the plan's own.
        return _Answer(why_not=f"A plan for {_days(old)} is not moved to the day of the report")
    return _one(Change.DATE, _days(old), _days(new))


def _covers(outer: DateRange, inner: DateRange) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _days(days: DateRange) -> str:
    return days.start.isoformat() if days.start == days.end else f"{days.start} to {days.end}"


# ---------------------------------------------------------------- place


def _place_change(event: Event, report: Report) -> _Answer:
    old, new = event.place, report.mention.place
    if new is None or (old and _says_no_more(new, old)):
        return _NOTHING
    if not _is_open(event, report):
        return _Answer(why_not="The place of what has taken place is no news")
    if told_status(event, report.mention) in _CALLED_OFF:
        return _Answer(why_not="What is called off is nowhere else")
    if old is None:
        return _one(Change.PLACE, "", _where(new))
    if is_own_country(new, event.parties | report.mention.parties) and not is_own_country(old, event.parties):
        return _Answer(why_not=f"{_where(new)} is a party, and as likely who as where")
    if _is_late(event, report) and not is_more_exact(new, old):
        return _Answer(why_not=f"Told before {_where(old)} was")
    return _one(Change.PLACE, _where(old), _where(new))


_CALLED_OFF = frozenset({Status.CANCELLED, Status.DENIED, Status.STALLED})


def _says_no_more(new: Place, old: Place) -> bool:
    return new.country == old.country and (same_name(new.name, old.name) or is_more_exact(old, new))


def _where(place: Place) -> str:
    return place.name or place.country or ""


# ---------------------------------------------------------------- parties


def _party_change(event: Event, report: Report) -> _Answer:
    joined = _joined(event, report.mention)
    if not joined or len(event.parties) < 2:
        return _NOTHING
    if event.kind not in _JOINED:
        return _Answer(why_not=f"A further name is no news of a {event.kind}")
    if event.kind not in _JOINED_AFTERWARDS and not _is_open(event, report):
        return _Answer(why_not="Nobody joins what has taken place")
    return _one(Change.PARTY, _join(event.parties), _join(event.parties | joined))


def _joined(event: Event, mention: EventMention) -> frozenset[str]:
    """Parties that the event did not have; that the host takes part goes without saying."""
    hosts = {place.country for place in (event.place, mention.place) if place}
    return mention.parties - event.parties - hosts


def _join(codes: frozenset[str]) -> str:
    return "+".join(sorted(codes))


# ---------------------------------------------------------------- counts


def _count_change(event: Event, report: Report) -> _Answer:
    known = dict(event.counts)
    changes = [
        FieldChange(Change.COUNT, f"{what}: {known[what]}" if what in known else "", f"{what}: {count}")
        for what, count in sorted(report.mention.counts)
        if _is_other_count(known.get(what), count, ahead=_is_ahead(event, report))
    ]
    if changes and _is_late(event, report):
        return _Answer(why_not="Its numbers were told before the latest news")
    return _Answer(tuple(changes))


def _is_other_count(old: str | None, new: str, *, ahead: bool) -> bool:
    """Whether the number is another; one becoming known is news only while the thing is still to come."""
    return ahead if old is None else _number(old) != _number(new)


def _number(count: str) -> str:
    """The number in a count ("about 1,200", "more than forty"); without one, its words."""
    digits = re.search(r"\d[\d,. ]*", count)
    if digits:
        return re.sub(r"\D", "", digits.group())
    words = re.findall(r"[a-z]+", count.casefold())
    numbers = [str(_NUMBERS[word]) for word in words if word in _NUMBERS]
    return "+".join(numbers) if numbers else " ".join(words)


_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety hundred"
_NUMBERS = {
    **{word: number for number, word in enumerate(f"{_ONES} eighteen nineteen".split())},
    **{word: 10 * number for number, word in enumerate(_TENS.split(), start=2)},
    "dozen": 12,
    "dozens": 24,
}

_LOOKS: tuple[Callable[[Event, Report], _Answer], ...] = (
    _status_change,
    _date_change,
    _place_change,
    _party_change,
    _count_change,
)


# ---------------------------------------------------------------- the event afterwards


def _with_details(event: Event, report: Report) -> Event:
    """The event with what it did not have and a report gives in passing."""
    mention = report.mention
    return replace(
        event,
        date=event.date if _is_too_early(report) else _finer_date(event, mention),
        place=_finer_place(event, mention),
        counts=_merged_counts(event, report),
        background=event.background and mention.background,
    )


def _finer_date(event: Event, mention: EventMention) -> DateRange | None:
    if mention.background or mention.date is None:
        return event.date
    if event.date is None or _covers(event.date, mention.date):
        return mention.date
    return event.date


def _finer_place(event: Event, mention: EventMention) -> Place | None:
    if mention.background or mention.place is None:
        return event.place
    return mention.place if event.place is None or is_more_exact(mention.place, event.place) else event.place


def _merged_counts(event: Event, report: Report) -> tuple[tuple[str, str], ...]:
    told = dict(counts_of(report.mention))
    known = dict(event.counts)
    merged = {**told, **known} if _is_late(event, report) else {**known, **told}
    return tuple(sorted(merged.items()))


def _with_status(event: Event, report: Report) -> Event:
    mention, status = report.mention, told_status(event, report.mention)
    changed = replace(event, status=status, status_at=max(event.status_at, report.published_at))
    if _settles(event, report):
        changed = replace(changed, type=mention.type, kind=mention.kind)
    # A day that was planned gives way to the day on which it happened.
    if status in (Status.ONGOING, Status.OCCURRED) and mention.date and not _is_too_early(report):
        changed = replace(changed, date=mention.date)
    return changed


def _is_too_early(report: Report) -> bool:
    return is_too_early(report.mention, report.published_at.date())


def _with_parties(event: Event, mention: EventMention) -> Event:
    """Add parties that are new, as actors where the kind makes no difference between them or they act."""
    known = event.parties
    actors = _further(mention.actors, known)
    recipients = _further(mention.recipients, known | {actor.code for actor in actors})
    if event.recipients or not event.actors:
        return replace(event, actors=(*event.actors, *actors), recipients=(*event.recipients, *recipients))
    return replace(event, actors=(*event.actors, *actors), recipients=recipients)


def _further(parties: Sequence[Actor], known: frozenset[str]) -> tuple[Actor, ...]:
    fresh = {party.code: party for party in reversed(parties) if party.code not in known}
    return tuple(party for party in parties if fresh.get(party.code) is party)
