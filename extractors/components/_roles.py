"""Role patterns of frames → parties: what a verb's or noun's surroundings put into actor and recipient."""

from dataclasses import dataclass, replace

from extractors.components import _clauses as c
from extractors.components._chunks import Chunk, Clause
from extractors.components._doc import ActorSpan, Part, Standing
from extractors.components._tags import Tag
from extractors.lexicon import Frame
from extractors.lexicon.inflection import Form
from extractors.ontology import SYMMETRIC_KINDS, Kind

Spans = tuple[ActorSpan, ...]
# Who something is done to may be named by an adjective ("British tourists", "Israel's raid").
ANY_PART = frozenset(Part)
ACTIVE = frozenset({Part.ACTING})


@dataclass(frozen=True, slots=True)
class Trigger:
    """A frame's word in a sentence."""

    start: int
    end: int
    readings: tuple[tuple[Frame, Form], ...]


@dataclass(frozen=True, slots=True)
class Roles:
    """The parties of a frame in a clause, with the standing of the act and the tokens that tell it."""

    actors: Spans
    recipients: Spans
    standing: Standing
    start: int
    end: int


def verb_roles(clause: Clause, trigger: Trigger, frame: Frame, form: Form) -> Roles | None:
    """Return the parties of a verb frame, or None when the word is no verb here or its company is missing."""
    at = clause.chunk_at(trigger.start)
    chunk = clause.chunks[at]
    if chunk.tag is not Tag.VERB or chunk.start != trigger.start:
        return None
    subject = c.subject(clause, at)
    following = c.complements(clause, at)
    if not (frame.passive if subject.passive else frame.active):
        return None
    if not has_company(clause, at, following, frame, trigger.end):
        return None
    standing = Standing(form, subject.words, clause.word(at))
    later = c.rest(clause, at) if "rest" in frame.recipient else ()
    shared = c.second_objects(clause, at) if "object" in frame.recipient else ()
    if subject.passive:
        actors = led(following, ("by", "between") if frame.kind in SYMMETRIC_KINDS else ("by",), ACTIVE)
        if "object" in frame.actor:
            return Roles(subject.actors, actors, standing, chunk.start, following.end)
        done_to = subject.actors if "object" in frame.recipient else ()
        recipients = done_to or fill(following, frame.recipient) or subject.actors
        return Roles(actors, recipients, standing, chunk.start, following.end)
    recipients = (*fill(following, frame.recipient), *shared) or later
    # Who demonstrates is the people of a state; every other act is a state's or organisation's.
    actors = subject.actors if frame.kind is Kind.DEMONSTRATION else c.acting(subject.actors)
    if "object" in frame.actor:  # who is received is the one that travels
        return Roles(fill(following, frame.actor), actors, standing, chunk.start, following.end)
    return Roles(actors, recipients, standing, chunk.start, following.end)


# Stands in a frame's company for a person who is named as the object.
PERSON = "PERSON"


def has_company(clause: Clause, at: int, following: c.Complements, frame: Frame, after: int) -> bool:
    """Say whether the words that a frame asks for are near, and those that it excludes are not."""
    if not frame.with_words and not frame.without:
        return True
    subject_group = c.nearest_group(clause, at - 1)
    before = clause.chunks[subject_group].start if subject_group is not None else after
    near = list(clause.words[after : max(following.end, after) + 1])
    if following.direct and any(span.person for span in following.direct.heads):
        near.append(PERSON)
    if not frame.with_words:
        return set(near).isdisjoint(frame.without)
    group = clause.chunks[subject_group] if subject_group is not None else None
    subject_words = list(clause.words[before : group.end]) if group else []
    if not frame.needs:  # a meeting of many: up to the verb, for "ministers of 40 countries"
        subject_words = list(clause.words[before : clause.chunks[at].start])
    return not set(near + subject_words).isdisjoint(frame.with_words) and set(near).isdisjoint(frame.without)


def noun_roles(clause: Clause, trigger: Trigger, frame: Frame) -> Roles | None:
    """Return the parties of a noun frame, or None when no verb that it asks for governs the noun."""
    at = clause.chunk_at(trigger.start)
    chunk = clause.chunks[at]
    if not chunk.is_nominal or not has_company(clause, at, c.complements(clause, at), frame, trigger.end):
        return None
    top = c.whole_of(clause, at)
    above = c.governing_verb(clause, top)
    if above is not None and clause.verbs.has(clause.phrase(above, after=chunk.end), *frame.under):
        return under_verb(clause, trigger, frame, at, above)
    below = c.following_verb(clause, at) if not c.led_by_preposition(clause, top) else None
    if below is not None and clause.verbs.has(clause.phrase(below), *frame.occurs):
        return above_verb(clause, trigger, frame, at, below)
    if below is not None and clause.verbs.has(clause.phrase(below), *frame.unless):
        return None
    refers = frame.kind in MEETINGS and is_reference(clause, chunk, trigger)
    if not (frame.bare or refers):
        return None
    standing = Standing(Form.NOUN, ("", "will") if is_announced(clause, chunk, trigger) else ())
    roles = by_itself(clause, trigger, frame, at, standing, chunk.end)
    return roles if refers or standing.words else on_occasion(clause, frame, at, roles)


# What such a noun names is still to come, whatever the tense around it ("said of the planned summit between …").
ANNOUNCED = frozenset("planned scheduled upcoming forthcoming proposed expected anticipated impending future".split())


def is_announced(clause: Clause, chunk: Chunk, trigger: Trigger) -> bool:
    """Say whether the words before a noun tell that it is still to come."""
    return not ANNOUNCED.isdisjoint(clause.words[chunk.start : trigger.start])


# "The talks" takes up what was told; "the attack" may be any.
MEETINGS = frozenset({Kind.TALKS, Kind.SUMMIT, Kind.MEETING, Kind.VISIT})


def is_reference(clause: Clause, chunk: Chunk, trigger: Trigger) -> bool:
    """Say whether a noun takes up what was told ("the talks")."""
    return clause.words[chunk.start] == "the" and trigger.end == chunk.end


def above_verb(clause: Clause, trigger: Trigger, frame: Frame, at: int, below: int) -> Roles:
    """Return the parties of a noun that is a verb's subject ("sanctions were imposed on X by Y")."""
    words = (clause.phrase(below), *c.auxiliaries(clause, below)[0])
    own = by_itself(clause, trigger, frame, at, Standing(Form.NOUN, words), clause.chunks[below].end)
    after = c.complements(clause, below)
    actors = own.actors or led(after, ("by",), ACTIVE)
    is_open = frame.kind in SYMMETRIC_KINDS and not frame.context
    if is_open and len(c.distinct((*actors, *own.recipients))) < 2:
        actors = c.distinct((*actors, *c.speaker(clause, at)))
    recipients = own.recipients or fill(after, tuple(name for name in frame.recipient if name != "object"))
    return replace(own, actors=actors, recipients=recipients, end=max(own.end, after.end))


OCCASIONS = frozenset({"during", "after", "following", "on", "in", "before", "at", "for"})
# What is prepared is still to come.
PREPARING = frozenset("preparations preparation plans plan scheduling arrangements schedule date timetable".split())


def on_occasion(clause: Clause, frame: Frame, at: int, roles: Roles) -> Roles:
    """Return roles with the sentence's parties for "during a visit to X", "told Y in a phone call"."""
    leads = at > 0 and clause.word(at - 1) in OCCASIONS
    units = c.DURATIONS if frame.kind is Kind.VISIT else c.AGES
    if leads and c.is_long_ago(clause, at - 1, units):  # "two days after his visit to X"
        return replace(roles, standing=Standing(Form.NOUN, ("", "since")))
    is_symmetric = frame.kind in SYMMETRIC_KINDS
    is_open = len(c.distinct((*roles.actors, *roles.recipients))) < 2 if is_symmetric else not roles.actors
    if not leads or not is_open or "subject" not in frame.actor:
        return roles
    subject, addressed = in_headline(clause, at) or c.main_parties(clause, at)
    parties = (*roles.actors, *subject, *(addressed if is_symmetric and not roles.recipients else ()))
    return replace(roles, actors=c.distinct(parties), standing=Standing(Form.NOUN, occasion_words(clause, at)))


def in_headline(clause: Clause, at: int) -> tuple[Spans, Spans] | None:
    """Return the party of a headline without a verb: "Norway in talks with Sweden"."""
    opens = at == 2 and clause.word(1) == "in" and clause.chunks[0].heads
    return (clause.chunks[0].heads, ()) if opens else None


def occasion_words(clause: Clause, at: int) -> tuple[str, ...]:
    """Return what "for" before a noun means: prepared, if preparations are named, else only a purpose."""
    if clause.word(at - 1) != "for":
        return ()
    before = clause.chunks[at - 2] if at > 1 else None
    is_prepared = before is not None and not PREPARING.isdisjoint(clause.words[before.start : before.end])
    return ("for", "planning") if is_prepared else ("", "for")


def under_verb(clause: Clause, trigger: Trigger, frame: Frame, at: int, above: int) -> Roles:
    """Return the parties of a noun that a verb governs ("held talks with"): the verb's subject is one."""
    subject = c.subject(clause, above)
    verb = clause.phrase(above, after=clause.chunks[at].end)
    own = by_itself(clause, trigger, frame, at, Standing(Form.NOUN, (verb, *subject.words)), clause.chunks[at].end)
    after = c.complements(clause, above)
    doer = led(after, ("by",), ACTIVE) if subject.passive else c.acting(subject.actors)
    actors = own.actors
    is_only_host = clause.verbs.has(verb, "host") and len(c.distinct((*own.actors, *own.recipients))) > 1
    if "subject" in frame.actor and doer and not is_only_host:
        actors = doer if frame.kind not in SYMMETRIC_KINDS else c.distinct((*doer, *own.actors))
    recipients = own.recipients or fill(after, frame.recipient)
    return Roles(actors, recipients, own.standing, clause.chunks[above].start, max(own.end, after.end))


def by_itself(clause: Clause, trigger: Trigger, frame: Frame, at: int, standing: Standing, end: int) -> Roles:
    """Return the parties that a noun's own group and what follows it name."""
    chunk = clause.chunks[at]
    owners = tuple(span for span in chunk.actors if span.end <= trigger.start)
    following = c.complements(clause, at)
    later = c.rest(clause, at) if "rest" in frame.recipient else ()
    found: list[ActorSpan] = list(owners) if "owner" in frame.actor else []
    patterns = tuple(
        "by" if name == "agent" else name for name in frame.actor if name not in {"owner", "subject", "host"}
    )
    if "host" in frame.actor:
        found.extend(c.host_of(clause, at))
    if frame.kind in SYMMETRIC_KINDS or not found:
        found.extend(led(following, near_patterns(following, patterns), ANY_PART))
    return Roles(
        c.distinct(tuple(found)),
        fill(following, frame.recipient) or later,
        standing,
        chunk.start,
        max(end, following.end),
    )


def near_patterns(following: c.Complements, patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Return patterns without "of" and "in" unless they come first: "on the sidelines of X" is no part of a meeting."""
    first = following.by_preposition[0][0] if following.by_preposition else ""
    return tuple(name for name in patterns if name not in {"of", "in", "from"} or name == first)


def fill(following: c.Complements, patterns: tuple[str, ...]) -> Spans:
    """Return the parties of the first pattern that is there."""
    for pattern in patterns:
        found = (
            following.direct.actors
            if pattern == "object" and following.direct
            else led(following, (pattern,), ANY_PART)
        )
        if found:
            return c.distinct(found)
    return ()


def led(following: c.Complements, prepositions: tuple[str, ...], parts: frozenset[Part]) -> Spans:
    """Return the parties that prepositions lead to."""
    groups = [group for word, group in following.by_preposition if word in prepositions]
    return c.distinct(tuple(span for group in groups for span in chosen(group, parts)))


def chosen(group: Chunk, parts: frozenset[Part]) -> Spans:
    """Return a group's actors of some parts; its heads count before what modifies them."""
    heads = tuple(span for span in group.heads if span.part in parts or span.part is Part.LOCATED)
    return heads or tuple(span for span in group.actors if span.part in parts)
