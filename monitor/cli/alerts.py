"""`demarche alerts`: what was sent to whom and what waits; acknowledge, silence, try again."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from extractors.ontology import Kind
from monitor.alerts.render import kind_name, title
from monitor.alerts.rules import AlertRule
from monitor.alerts.schedule import falls_under, wake_at
from monitor.cli.common import config_options, console, fail, open_store, printable, read_config
from monitor.cli.words import ago, ahead, count, length
from monitor.clock import wall_clock
from monitor.config import Config
from monitor.config.faults import did_you_mean
from monitor.config.groups import built_in_groups, group_of
from monitor.config.values import check_code, parse_duration
from storage.alertbook import AlertBook
from storage.matches import Match, Silence
from storage.store import Store
from storage.types import Delivery, DeliveryState

Groups = Mapping[str, tuple[str, ...]]

# What a new silence is held against, so that one sees what it hides before it does.
LOOK_BACK = timedelta(days=7)
# Titles shown of what a silence hides; the rest is counted.
SHOWN = 8

HELD = "held"
STATE_STYLES = {"sent": "green", "pending": "yellow", "dead": "bold red"}


@click.group()
def alerts() -> None:
    """List and show alerts; acknowledge, silence and retry them."""


# ---------------------------------------------------------------- list


@alerts.command("list")
@click.option(
    "--state",
    type=click.Choice([*(one.value for one in DeliveryState), HELD]),
    help="Only those that wait to be sent, were sent, were given up, or are held by their rule.",
)
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(1, 10_000),
    default=20,
    show_default=True,
    help="How many, the newest first.",
)
@click.option("--json", "as_json", is_flag=True, help="A JSON array, for programs.")
@config_options
def list_(state: str | None, limit: int, as_json: bool, config: str, database: str | None) -> None:
    """List the newest alerts with their numbers, and what rules hold."""
    configured = read_config(config, database)
    with open_store(configured) as store, store.alert_book() as book:
        wanted = DeliveryState(state) if state and state != HELD else None
        told = () if state == HELD else store.deliveries(state=wanted, limit=limit)
        acked = book.acknowledged_of(told)
        held = book.all_open() if state in (None, HELD) else ()
        counts = store.delivery_counts()
    if as_json:
        rows = [_plain(one, acked.get(one.id)) for one in told] + [_plain_held(one, configured) for one in held]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    out = console()
    for one in reversed(told):  # the newest at the bottom, where a terminal shows it
        _show_line(out, one, acked.get(one.id))
    _show_held(out, held, configured, named=state == HELD)
    if state != HELD:
        out.print(f"{', '.join(f'{number} {one.value}' for one, number in counts.items())} in all.", style="dim")


def _show_line(out: Console, one: Delivery, acked_at: datetime | None) -> None:
    line = Text(f"{one.id:>5}  ", style="bold").append(f"{one.created_at:%Y-%m-%d %H:%M}  ", style="cyan")
    line.append(f"{one.state.value:<8}", style=STATE_STYLES[one.state.value])
    line.append(f"{one.rule or 'demarche'} → {one.channel}{', acknowledged' if acked_at else ''}", style="not bold")
    out.print(line)
    out.print(Padding(Text(printable(one.title), style="not bold"), (0, 0, 0, 7), expand=False))
    if one.last_error:
        out.print(Padding(Text(printable(one.last_error), style="red"), (0, 0, 0, 7), expand=False))


def _show_held(out: Console, held: Sequence[Match], config: Config, *, named: bool) -> None:
    if named:
        for one in held:
            out.print(Text(f"{one.rule}, {_until(one, config)}", style="yellow"))
            out.print(Padding(Text(printable(title(one.event, [one.development]))), (0, 0, 0, 7), expand=False))
    if held or named:
        more = "" if named else " (`demarche alerts list --state held` shows them)"
        out.print(f"Held by their rules: {count(len(held), 'development')}{more}.", style="yellow")


def _until(match: Match, config: Config) -> str:
    rule = next((one for one in config.alerts.rules if one.name == match.rule), None)
    if rule is None:
        return "whose rule is not in the configuration any more"
    if match.ready_at is None:
        return f"until {rule.timing.corroborated} publishers report it ({match.event.publishers} did)"
    return f"until {wake_at(rule, match, config.alerts.limits.max_age):%Y-%m-%d %H:%M} at the earliest"


def _plain(one: Delivery, acked_at: datetime | None) -> dict[str, Any]:
    return {
        "id": one.id,
        "state": one.state.value,
        "rule": one.rule,
        "channel": one.channel,
        "event_id": one.event_id,
        "development_ids": list(one.development_ids),
        "title": one.title,
        "created_at": _instant(one.created_at),
        "next_attempt_at": _instant(one.next_attempt_at) if one.state is DeliveryState.PENDING else None,
        "attempts": one.attempts,
        "last_error": one.last_error,
        "acknowledged_at": _instant(acked_at) if acked_at else None,
        "key": one.key,
    }


def _plain_held(one: Match, config: Config) -> dict[str, Any]:
    return {
        "id": None,
        "state": HELD,
        "rule": one.rule,
        "event_id": one.event.id,
        "development_ids": [one.development.id],
        "title": title(one.event, [one.development]),
        "created_at": _instant(one.matched_at),
        "held": _until(one, config),
    }


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


# ---------------------------------------------------------------- show


@alerts.command()
@click.argument("alert", type=int)
@config_options
def show(alert: int, config: str, database: str | None) -> None:
    """Show ALERT as it was written, and what became of it."""
    configured = read_config(config, database)
    with open_store(configured) as store, store.alert_book() as book:
        one = store.delivery(alert)
        acked_at = book.acknowledged_of([one]).get(one.id)
    out, now = console(), wall_clock()
    out.print(Text(printable(one.title), style="bold"))
    for label, value in _facts(one, acked_at, configured, now):
        out.print(Text(f"{label:<9}", style="dim").append(printable(value), style="not dim"))
    out.print()
    for line in one.body.splitlines():
        out.print(Text(printable(line)))


def _facts(one: Delivery, acked_at: datetime | None, config: Config, now: datetime) -> list[tuple[str, str]]:
    facts = [
        ("alert", f"{one.id}, key {one.key}"),
        ("rule", one.rule or "about Démarche itself"),
        ("channel", one.channel),
        ("queued", f"{one.created_at:%Y-%m-%d %H:%M} UTC, {ago(one.created_at, now)}"),
        ("state", _stands(one, now)),
    ]
    if one.last_error:
        facts.append(("error", one.last_error))
    if acked_at:
        facts.append(("acked", f"{acked_at:%Y-%m-%d %H:%M} UTC"))
    else:
        facts += [("escalates", words) for words in _coming(one, config, now)]
    return facts


def _stands(one: Delivery, now: datetime) -> str:
    tries = count(one.attempts, "attempt")
    if one.state is DeliveryState.PENDING:
        return f"pending, {tries}, next {ahead(one.next_attempt_at, now)}"
    if one.state is DeliveryState.DEAD:
        return f"dead after {tries}; `demarche alerts retry {one.id}` sends it again"
    return f"sent, {tries}"


def _coming(one: Delivery, config: Config, now: datetime) -> list[str]:
    rule = _rule(config, one.rule)
    steps = rule.timing.escalate if rule else ()
    due = [(one.created_at + step.after, step.to) for step in steps if one.channel not in step.to]
    return [f"to {', '.join(to)} at {at:%H:%M} UTC unless acknowledged" for at, to in due if at > now]


def _rule(config: Config, name: str) -> AlertRule | None:
    return next((one for one in config.alerts.rules if one.name == name), None)


# ---------------------------------------------------------------- ack


@alerts.command()
@click.argument("alert", type=int, nargs=-1, required=True)
@click.option("--comment", default="", metavar="TEXT", help="What you want to say with it.")
@config_options
def ack(alert: tuple[int, ...], comment: str, config: str, database: str | None) -> None:
    """Acknowledge each ALERT: it is not escalated and not repeated any more."""
    configured = read_config(config, database)
    with open_store(configured) as store:
        for number in alert:
            one = store.delivery(number)
            with store.begin() as tx:
                matches = tx.alerts.acknowledge(number, wall_clock(), comment)
            if not matches:
                fail(f"alert {number} tells nothing that could be acknowledged")
            console().print(Text(f"Acknowledged {number}: ").append(printable(one.title)))


# ---------------------------------------------------------------- silence


@alerts.command()
@click.option("--rule", metavar="NAME", default="", help="What this rule tells.")
@click.option("--event", type=int, metavar="EVENT", help="What is told of this event.")
@click.option("--kind", metavar="KIND", default="", help="Events of this kind, such as visit.")
@click.option("--actor", metavar="CODE", multiple=True, help="Events with this party (or one of several): RUS, EU27.")
@click.option("--place", metavar="PLACE", default="", help="Events in this country (a code) or place.")
@click.option("--for", "span", metavar="LENGTH", help="How long: 90m, 4h, 2d.")
@click.option(
    "--until", metavar="WHEN", help="Until when: YYYY-MM-DD, or YYYY-MM-DDTHH:MM with its zone (UTC without)."
)
@click.option("--comment", default="", metavar="TEXT", help="Why.")
@click.option("--dry-run", is_flag=True, help="Show what it would hide, and do nothing.")
@click.option("--lift", type=int, metavar="SILENCE", help="End this silence now.")
@config_options
def silence(
    rule: str,
    event: int | None,
    kind: str,
    actor: tuple[str, ...],
    place: str,
    span: str | None,
    until: str | None,
    comment: str,
    dry_run: bool,
    lift: int | None,
    config: str,
    database: str | None,
) -> None:
    """Silence what fits all of the options, from now on for a while; without any option, list the silences in force.

    What is silenced is not told later either. It shows what it hides: what rules hold at present, and what they told
    in the last seven days.
    """
    configured, now = read_config(config, database), wall_clock()
    wanted, groups = Wanted(rule, event, kind, actor, place, comment), _groups(configured)
    with open_store(configured) as store:
        if lift is not None:
            _lift(store, lift, groups, now)
        elif not wanted.names_something and not (span or until):
            _show_silences(console(), store, groups, now)
        else:
            _silence(store, wanted.silence(configured, now, _end(span, until, now)), groups, now, dry_run=dry_run)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants to be silent."""

    rule: str
    event: int | None
    kind: str
    actor: tuple[str, ...]
    place: str
    comment: str

    @property
    def names_something(self) -> bool:
        """Whether it is about anything less than everything."""
        return bool(self.rule or self.event is not None or self.kind or self.actor or self.place)

    def silence(self, config: Config, now: datetime, until: datetime) -> Silence:
        """Return the silence, checked; raises click's errors for what cannot be meant."""
        if not self.names_something:
            raise click.UsageError("name what shall be silent: --rule, --event, --kind, --actor or --place")
        known = [one.name for one in config.alerts.rules]
        if self.rule and self.rule not in known:
            raise click.BadParameter(
                f"there is no rule {self.rule}{did_you_mean(self.rule, known)}", param_hint="--rule"
            )
        kinds = [one.value for one in Kind]
        if self.kind and self.kind not in kinds:
            raise click.BadParameter(
                f"there is no kind {self.kind}{did_you_mean(self.kind, kinds)}", param_hint="--kind"
            )
        groups = _groups(config)
        codes = tuple(sorted({code for name in self.actor for code in _codes(name, groups)}))
        return Silence(0, now, until, self.rule, self.event, self.kind, codes, self.place, self.comment)


def _groups(config: Config) -> Groups:
    return {**built_in_groups(), **config.alerts.groups}


def _codes(name: str, groups: Groups) -> Iterable[str]:
    by_lower = {one.lower(): one for one in groups}
    try:
        return group_of(by_lower[name.lower()], groups).codes if name.lower() in by_lower else [check_code(name)]
    except ValueError as error:
        raise click.BadParameter(f"{name} {error}", param_hint="--actor") from error


def _end(span: str | None, until: str | None, now: datetime) -> datetime:
    if bool(span) == bool(until):
        raise click.UsageError("say how long: either --for 4h or --until 2026-12-24")
    try:
        end = now + parse_duration(span) if span else _local(until or "")
    except ValueError as error:
        hint = "--for" if span else "--until"
        raise click.BadParameter(str(error), param_hint=hint) from error
    if end <= now:
        raise click.BadParameter(f"{end:%Y-%m-%d %H:%M} UTC is over", param_hint="--until")
    return end


def _local(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(
            f"{text} is no instant: write 2026-12-24, 2026-12-24T18:00 or 2026-12-24T18:00+02:00"
        ) from error
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)


def _silence(store: Store, wanted: Silence, groups: Groups, now: datetime, *, dry_run: bool) -> None:
    if dry_run and wanted.event_id is not None:
        store.event(wanted.event_id)
    if not dry_run:
        with store.begin() as tx:
            wanted = tx.alerts.add_silence(wanted)
    out = console()
    name = "Would silence" if dry_run else f"Silence {wanted.id}:"
    out.print(
        Text(
            f"{name} {about(wanted, groups)}, until {wanted.until:%Y-%m-%d %H:%M} UTC"
            f" (for {length(wanted.until - now)})."
        )
    )
    with store.alert_book() as book:
        _show_hidden(out, book, wanted, now)


def _show_hidden(out: Console, book: AlertBook, wanted: Silence, now: datetime) -> None:
    held = [one for one in book.all_open() if falls_under(one, wanted)]
    told = [one for message in book.messages_since(now - LOOK_BACK) for one in message.matches]
    hidden = [one for one in told if falls_under(one, wanted)]
    _show_titles(out, f"Of what rules hold at present it hides {len(held)}", held)
    _show_titles(
        out, f"Of the {len(told)} told in the last {LOOK_BACK.days} days it would have hidden {len(hidden)}", hidden
    )


def _show_titles(out: Console, heading: str, matches: Sequence[Match]) -> None:
    out.print(f"{heading}{':' if matches else '.'}")
    for one in matches[-SHOWN:]:
        line = Text(f"{one.matched_at:%m-%d %H:%M}  ", style="cyan")
        line.append(f"{one.rule}: {printable(title(one.event, [one.development]))}", style="default")
        out.print(Padding(line, (0, 0, 0, 2), expand=False))
    if len(matches) > SHOWN:
        out.print(f"  and {len(matches) - SHOWN} earlier ones", style="dim")


def about(wanted: Silence, groups: Groups) -> str:
    """Return in words what a silence is about; `groups` are those that it may name."""
    words = [
        f"rule {wanted.rule}" if wanted.rule else "",
        f"event {wanted.event_id}" if wanted.event_id is not None else "",
        f"kind {kind_name(Kind(wanted.kind))}" if wanted.kind else "",
        f"with {_any_of(wanted.actors, groups)}" if wanted.actors else "",
        f"in {wanted.place}" if wanted.place else "",
    ]
    return ", ".join(word for word in words if word)


def _any_of(codes: Iterable[str], groups: Groups) -> str:
    """Return parties in words: a group, the largest first, stands for all of its members."""
    left, named = set(codes), []
    members = {name: group_of(name, groups).codes for name in groups}
    for name in sorted(groups, key=lambda one: (-len(members[one]), one)):
        if len(members[name]) > 1 and members[name] <= left:
            named.append(name)
            left -= members[name]
    return " or ".join([*named, *sorted(left)])


def _lift(store: Store, number: int, groups: Groups, now: datetime) -> None:
    with store.begin() as tx:
        lifted = tx.alerts.lift_silence(number, now)
    if lifted.lifted_at == now:
        console().print(f"Lifted silence {number}: {about(lifted, groups)}. What it hid is not told later.")
    else:
        console().print(f"Silence {number} was over already: {about(lifted, groups)}.")


def _show_silences(out: Console, store: Store, groups: Groups, now: datetime) -> None:
    with store.alert_book() as book:
        in_force = [one for one in book.silences(now) if one.is_in_force(now)]
    if not in_force:
        out.print("No silence is in force.", style="dim")
    for one in in_force:
        head = Text(f"{one.id:>5}  ", style="bold").append(f"until {one.until:%Y-%m-%d %H:%M} UTC ", style="cyan")
        out.print(head.append(f"(in {length(one.until - now)})", style="not bold"))
        said = f" — {printable(one.comment)}" if one.comment else ""
        out.print(Padding(Text(f"{about(one, groups)}{said}"), (0, 0, 0, 7), expand=False))


# ---------------------------------------------------------------- retry


@alerts.command()
@click.argument("alert", type=int, nargs=-1)
@click.option("--dead", is_flag=True, help="All that were given up, in place of ALERT.")
@click.option("--channel", metavar="NAME", default="", help="With --dead: only those for this channel.")
@click.option("--rule", metavar="NAME", default="", help="With --dead: only those of this rule.")
@config_options
def retry(alert: tuple[int, ...], dead: bool, channel: str, rule: str, config: str, database: str | None) -> None:
    """Have each ALERT that was given up, or waits for its next attempt, sent at the daemon's next turn."""
    if bool(alert) == dead:
        raise click.UsageError("name the alerts, or --dead for all that were given up")
    if (channel or rule) and not dead:
        raise click.UsageError("--channel and --rule go with --dead")
    with open_store(read_config(config, database)) as store:
        if dead:
            again = store.retry_dead(wall_clock(), channel=channel, rule=rule)
            console().print(f"{count(again, 'alert')} will be sent again.")
        for number in alert:
            _retry(store, number)


def _retry(store: Store, number: int) -> None:
    before = store.delivery(number)
    if before.state is DeliveryState.SENT:
        fail(f"alert {number} was sent; nothing is sent twice")
    store.retry_delivery(number, wall_clock())
    console().print(Text(f"Will be sent again: {number} ").append(printable(before.title)))
