"""`demarche rules`: what rules would have sent, and why they ask for a development or not. Nothing is sent."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from monitor.alerts.history import Backtest, backtest
from monitor.alerts.render import title
from monitor.alerts.rules import AlertRule, Finding, Verdict
from monitor.alerts.schedule import span, wake_at
from monitor.alerts.select import explained
from monitor.alerts.wording import parts_of
from monitor.cli.common import config_options, console, fail, open_store, printable, read_config
from monitor.cli.report import since_instant
from monitor.cli.words import count
from monitor.clock import wall_clock
from monitor.config import Config, load_config
from monitor.config.faults import did_you_mean
from storage.alertbook import AlertBook
from storage.matches import Match, Message, MessageKind, Settlement, Silence
from storage.types import Development, Event

# What was told in this time before the first day looked at decides what is told after it (throttle, repeats, what
# waits for more publishers).
WARM_UP = timedelta(days=7)

# How many reasons for silence are named; the rest are counted.
REASONS = 5


@click.group()
def rules() -> None:
    """Test alert rules on the stored history, and ask them why; nothing is sent."""


# ---------------------------------------------------------------- test


@dataclass(frozen=True, slots=True)
class History:
    """What was settled since an instant (and a little before it), and what people silenced and acknowledged."""

    since: datetime
    now: datetime
    settlements: Sequence[Settlement]
    silences: Sequence[Silence]
    acknowledged: Mapping[tuple[str, int], datetime]

    def of(self, rule: AlertRule, config: Config) -> "Told":
        """Return what a rule would have told."""
        made = backtest(
            rule,
            self.settlements,
            self.now,
            limits=config.alerts.limits,
            silences=self.silences,
            acknowledged=self.acknowledged,
        )
        return Told(made, tuple(one for one in made.told if one.at >= self.since))


@dataclass(frozen=True, slots=True)
class Told:
    """A rule tested on history: all that was decided, and the messages of the time that was asked for."""

    made: Backtest
    messages: tuple[Message, ...]

    @property
    def matches(self) -> dict[int, Match]:
        """What the messages tell, each development once, by its number."""
        return {one.development.id: one for message in self.messages for one in message.matches}

    @property
    def developments(self) -> int:
        """How many developments they tell."""
        return len(self.matches)

    @property
    def events(self) -> int:
        """How many events they are about."""
        return len({one.event.id for one in self.matches.values()})


@rules.command()
@click.argument("rule", required=False)
@click.option(
    "--since", metavar="WHEN", default="90d", show_default=True, help="A day (YYYY-MM-DD) or an age (12h, 7d, 2w)."
)
@click.option(
    "--against", metavar="FILE", help="Another configuration: what this one would add to its messages and drop."
)
@click.option("--json", "as_json", is_flag=True, help="A JSON array of messages, for programs.")
@config_options
def test(rule: str | None, since: str, against: str | None, as_json: bool, config: str, database: str | None) -> None:
    """Show what RULE would have sent on the stored history, by the very functions that decide it live.

    Without RULE, all rules are counted. Silences and acknowledgements count as they were made.
    """
    configured = read_config(config, database)
    asked = _chosen(configured, rule)
    with open_store(configured) as store, store.alert_book() as book:
        history = _history(book, asked, since_instant(since, wall_clock()))
    tested = [history.of(one, configured) for one in asked]
    if against:
        old = load_config(Path(against), environ=os.environ)
        _show_difference(console(), [one.made.rule.name for one in tested], history, configured, old)
    elif as_json:
        click.echo(json.dumps([_plain(one) for told in tested for one in told.messages], ensure_ascii=False, indent=1))
    elif rule:
        _show_told(console(), tested[0], history)
    else:
        _show_counts(console(), tested, history)


def _chosen(config: Config, name: str | None) -> tuple[AlertRule, ...]:
    rules = config.alerts.rules
    if name is None:
        return rules
    chosen = tuple(one for one in rules if one.name == name)
    if not chosen:
        known = [one.name for one in rules]
        fail(f"{config.path} has no rule {name}{did_you_mean(name, known)}; it has: {', '.join(known) or 'none'}")
    return chosen


def _history(book: AlertBook, rules: Iterable[AlertRule], since: datetime) -> History:
    before = max((span(rule.timing) for rule in rules), default=timedelta())
    begin = since - max(WARM_UP, before)
    return History(since, wall_clock(), book.settlements_since(begin), book.silences(begin), book.acknowledged(begin))


def _show_counts(out: Console, tested: Sequence[Told], history: History) -> None:
    out.print(_period(history))
    for one in tested:
        line = Text(f"{len(one.messages):>6} ", style="bold").append(one.made.rule.name, style="bold")
        if one.messages:
            line.append(f"  {count(one.developments, 'development')} of {count(one.events, 'event')}", style="not bold")
        out.print(line)
    if tested:
        out.print("Messages for each channel of a rule. `demarche rules test RULE` shows them.", style="dim")


def _period(history: History) -> str:
    if not history.settlements:
        return f"Nothing was settled since {history.since:%Y-%m-%d}: there is no history to test rules on."
    return f"What the rules would have sent since {history.since:%Y-%m-%d} (UTC); nothing is sent."


def _show_told(out: Console, told: Told, history: History) -> None:
    out.print(_summary(told), style="bold")
    out.print(_period(history), style="dim")
    for message in told.messages:
        out.print()
        _show_message(out, message)
    out.print()
    _show_rest(out, told, history)


def _summary(told: Told) -> str:
    messages = count(len(told.messages), "message")
    if not told.messages:
        return f"{told.made.rule.name}: {messages}"
    kinds = Counter(one.kind for one in told.messages)
    split = ", ".join(f"{number} {KIND_WORDS[kind]}" for kind, number in kinds.items())
    about = f"{count(told.developments, 'development')} of {count(told.events, 'event')}"
    return f"{told.made.rule.name}: {messages} about {about} ({split})"


def _show_message(out: Console, message: Message) -> None:
    head = Text(f"{message.at:%Y-%m-%d %H:%M}  ", style="cyan").append(KIND_WORDS[message.kind], style="bold")
    if message.to:
        head.append(f" to {', '.join(message.to)}, if nobody acknowledges")
    if len(message.matches) > 1:
        head.append(f", {count(len(message.matches), 'development')}")
    out.print(head)
    for part in parts_of(message.matches):
        line = Text(printable(title(part.event, part.developments)))
        line.append(f"  event {part.event.id}, development {_numbers(part.developments)}", style="dim")
        out.print(Padding(line, (0, 0, 0, 2), expand=False))
        out.print(Padding(Text(printable(part.reason), style="dim"), (0, 0, 0, 4), expand=False))


KIND_WORDS: Mapping[MessageKind, str] = {
    MessageKind.ALERT: "alert",
    MessageKind.GROUP: "group",
    MessageKind.DIGEST: "digest",
    MessageKind.HELD: "after quiet hours",
    MessageKind.MORE: "and more (throttle)",
    MessageKind.REMINDER: "reminder",
    MessageKind.ESCALATION: "escalation",
}


def _numbers(developments: Iterable[Development]) -> str:
    return ", ".join(str(one.id) for one in developments)


def _show_rest(out: Console, told: Told, history: History) -> None:
    """Tell what did not become a message: held at the end, given up, silent and why."""
    if told.made.open:
        out.print(f"Still held at the end: {count(len(told.made.open), 'development')}.")
    if told.made.expired:
        out.print(f"Reported by too few publishers: {count(len(told.made.expired), 'development')}.")
    silenced = sum(len(one.silenced) for one in told.made.messages if one.at >= history.since)
    if silenced:
        out.print(f"Silenced: {count(silenced, 'development')}.")
    reasons = Counter(_sort_of(one.reason) for one in told.made.silent)
    if reasons:
        out.print(f"Not asked for: {count(sum(reasons.values()), 'development')}, most often because")
    for reason, times in reasons.most_common(REASONS):
        out.print(Padding(Text(f"{times:>5}  {printable(reason)}", style="dim"), (0, 0, 0, 2), expand=False))


def _sort_of(reason: str) -> str:
    """Return a reason without the numbers that would make each of its kind another one."""
    return re.sub(r"^(confidence) \d\.\d\d|^(too old: published) [^,]*,", r"\1\2", reason)


def _plain(message: Message) -> dict[str, Any]:
    return {
        "rule": message.rule,
        "kind": message.kind.value,
        "at": f"{message.at:%Y-%m-%dT%H:%M:%SZ}",
        "to": list(message.to),
        "developments": [
            {
                "development_id": one.development.id,
                "event_id": one.event.id,
                "change": one.development.change.value,
                "title": title(one.event, [one.development]),
                "reason": one.reason,
            }
            for one in message.matches
        ],
    }


# ---------------------------------------------------------------- against another configuration


def _show_difference(out: Console, names: Iterable[str], history: History, new: Config, old: Config) -> None:
    before = {one.name: history.of(one, old) for one in old.alerts.rules}
    after = {one.name: history.of(one, new) for one in new.alerts.rules}
    gone = [name for name in before if name not in after]
    wanted = [*names, *gone] if set(names) == set(after) else list(names)
    out.print(f"Against {old.path}, since {history.since:%Y-%m-%d} (UTC); nothing is sent.", style="dim")
    for name in wanted:
        _show_change(out, name, before.get(name), after.get(name))


def _show_change(out: Console, name: str, before: Told | None, after: Told | None) -> None:
    old, new = (told.matches if told else {} for told in (before, after))
    added, dropped = sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys())
    out.print()
    head = Text(name, style="bold").append(_rule_change(before, after), style="not bold")
    head.append(f": {_number(before)} → {count(_number(after), 'message')}", style="not bold")
    out.print(head)
    for number in added:
        _show_changed(out, "+", "green", new[number], new[number].reason)
    for number in dropped:
        _show_changed(out, "-", "red", old[number], _why_dropped(after, number))
    if not added and not dropped:
        out.print(Padding(Text("tells the same developments", style="dim"), (0, 0, 0, 2), expand=False))


def _rule_change(before: Told | None, after: Told | None) -> str:
    if before is None:
        return " (new rule)"
    return " (no such rule any more)" if after is None else ""


def _number(told: Told | None) -> int:
    return len(told.messages) if told else 0


def _show_changed(out: Console, sign: str, style: str, match: Match, why: str) -> None:
    line = Text(f"{sign} ", style=style).append(f"{match.matched_at:%Y-%m-%d %H:%M}  ", style="cyan")
    line.append(printable(title(match.event, [match.development])), style="default")
    out.print(Padding(line, (0, 0, 0, 2), expand=False))
    out.print(Padding(Text(printable(why), style="dim"), (0, 0, 0, 6), expand=False))


def _why_dropped(after: Told | None, number: int) -> str:
    if after is None:
        return "the rule is gone"
    silent = {one.development_id: one.reason for one in after.made.silent}
    held = {one.development.id for one in after.made.open}
    if number in silent:
        return silent[number]
    return "still held at the end" if number in held else "reported by too few publishers, or silenced"


# ---------------------------------------------------------------- explain


@rules.command()
@click.argument("development", type=int)
@click.option("--json", "as_json", is_flag=True, help="A JSON object, for programs.")
@config_options
def explain(development: int, as_json: bool, config: str, database: str | None) -> None:
    """Show for each rule which of its clauses pass and fail for DEVELOPMENT, and what became of it.

    The number of a development is in `demarche report developments`, and in `v_developments`.
    """
    configured = read_config(config, database)
    with open_store(configured) as store, store.alert_book() as book:
        settlement = book.settlement_of(development)
        told = next(one for one in settlement.settled.developments if one.id == development)
        became = _Became(book, development, configured)
        answers = [
            _Answer(rule, _asked(rule, settlement, told, configured), became.of(rule))
            for rule in configured.alerts.rules
        ]
    if as_json:
        click.echo(json.dumps(_plain_answers(settlement, told, answers), ensure_ascii=False, indent=1))
        return
    _show_development(console(), settlement.settled.event, told)
    for answer in answers:
        _show_answer(console(), answer)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a rule says of a development, clause by clause, and what became of it."""

    rule: AlertRule
    findings: tuple[Finding, ...]
    became: str

    @property
    def matched(self) -> bool:
        return all(one.verdict.matched for one in self.findings)


def _asked(rule: AlertRule, settlement: Settlement, told: Development, config: Config) -> tuple[Finding, ...]:
    found = tuple(explained(rule, settlement, told, config.alerts.limits))
    return found or (Finding("(no condition)", Verdict(True, "every development")),)


class _Became:
    """What became of a development in each rule."""

    def __init__(self, book: AlertBook, development: int, config: Config) -> None:
        self._messages = book.messages_about(development)
        self._open = [one for one in book.all_open() if one.development.id == development]
        self._config = config
        self._development = development

    def of(self, rule: AlertRule) -> str:
        """Return it in words, empty where nothing did."""
        told = [self._told(one) for one in self._messages if one.rule == rule.name]
        held = [self._held(rule, one) for one in self._open if one.rule == rule.name]
        return "; ".join([*told, *held])

    def _told(self, message: Message) -> str:
        silence = next((one.silence_id for one in message.silenced if one.match.development.id == self._development), 0)
        words = f"silenced by silence {silence}" if silence else f"told ({message.kind.value})"
        return f"{words} {message.at:%Y-%m-%d %H:%M}"

    def _held(self, rule: AlertRule, match: Match) -> str:
        if match.ready_at is None:
            return f"waits for {rule.timing.corroborated} publishers"
        return f"held until {wake_at(rule, match, self._config.alerts.limits.max_age):%Y-%m-%d %H:%M}"


def _show_development(out: Console, event: Event, told: Development) -> None:
    out.print(Text(printable(title(event, [told])), style="bold"))
    what = f"{told.old} → {told.new}" if told.old else told.new
    by = f", told by {printable(told.publisher)}" if told.publisher else ""
    out.print(f"{told.change.value}: {printable(what)}; seen {told.seen_at:%Y-%m-%d %H:%M}{by}", markup=False)
    if told.evidence:
        out.print(Text(f"“{printable(' '.join(told.evidence.split()))}”", style="italic"))


def _show_answer(out: Console, answer: _Answer) -> None:
    mark, style = ("✓", "green") if answer.matched else ("✗", "red")
    out.print()
    head = Text(f"{mark} ", style=f"bold {style}").append(answer.rule.name, style="bold default")
    out.print(head.append(f"  {answer.became or _nothing(answer)}", style="not bold"))
    clauses = Table.grid(padding=(0, 1))
    for one in answer.findings:
        mark, style = ("✓", "green") if one.verdict.matched else ("✗", "red")
        clauses.add_row(
            Text(mark, style=style), Text(one.clause, style="dim"), Text(printable(one.verdict.reason), style="default")
        )
    out.print(Padding(clauses, (0, 0, 0, 2), expand=False))


def _nothing(answer: _Answer) -> str:
    return "asked for now, was not when it was seen" if answer.matched else "not asked for"


def _plain_answers(settlement: Settlement, told: Development, answers: Iterable[_Answer]) -> dict[str, Any]:
    return {
        "development_id": told.id,
        "event_id": settlement.settled.event.id,
        "title": title(settlement.settled.event, [told]),
        "rules": [
            {
                "rule": one.rule.name,
                "matched": one.matched,
                "became": one.became,
                "clauses": list(_plain_findings(one.findings)),
            }
            for one in answers
        ],
    }


def _plain_findings(findings: Iterable[Finding]) -> Iterator[dict[str, Any]]:
    for one in findings:
        yield {"clause": one.clause, "passed": one.verdict.matched, "reason": one.verdict.reason}
