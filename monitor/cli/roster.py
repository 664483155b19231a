"""`demarche roster`: who speaks for whom, as the monitor learned it from what it read."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from itertools import groupby
from typing import Any

import click

from extractors.lexicon import load
from monitor.cli.common import config_options, console, open_store, read_config, show_table
from monitor.clock import wall_clock
from storage.attestation import Belief, believe, name_key
from storage.store import Store
from storage.types import OfficeHolder, Table, Verdict

BELIEVED = ("name", "code", "office", "since", "last_seen_at", "times", "why")
SAID = ("code", "office", "times", "first_seen_at", "last_seen_at", "first_item", "verdict")


@click.group()
def roster() -> None:
    """Show and correct what was learned of who speaks for whom."""


@roster.command("list")
@click.option("--code", default="", metavar="CODE", help="Only those who speak for this state or organisation.")
@click.option("--json", "as_json", is_flag=True, help="A JSON array, for programs.")
@config_options
def list_(code: str, as_json: bool, config: str, database: str | None) -> None:
    """List everybody who was introduced, with whom they stand for at present and why."""
    with open_store(read_config(config, database)) as store:
        rows = [_believed(tuple(same)) for _, same in groupby(store.office_holders(), _name)]
    chosen = [row for row in rows if code in ("", row["code"])]
    if as_json:
        _write_json(chosen)
        return
    show_table(Table("roster", BELIEVED, tuple(tuple(row[name] for name in BELIEVED) for row in chosen)), console())


@roster.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="A JSON object, for programs.")
@config_options
def show(name: str, as_json: bool, config: str, database: str | None) -> None:
    """Show all that was read of NAME: as whom, how often, when, first where, and what is made of it."""
    with open_store(read_config(config, database)) as store:
        holders = store.office_holders_named(name)
        said = [_said(store, holder) for holder in holders]
    if as_json:
        _write_json({**_believed(holders), "said": said})
        return
    click.echo(_in_words(believe(holders, wall_clock())))
    show_table(Table("said", SAID, tuple(tuple(row[one] for one in SAID) for row in said)), console())


@roster.command()
@click.argument("name")
@config_options
def confirm(name: str, config: str, database: str | None) -> None:
    """Confirm that NAME stands for whom it is believed to; it does so from then on, whatever is read."""
    _judge(config, database, name, Verdict.CONFIRMED)


@roster.command()
@click.argument("name")
@click.option("--code", metavar="CODE", help="Whom the name stands for instead: NOR, NATO.")
@click.option("--wrong", is_flag=True, help="What was read of the name so far is wrong, in each of its codes.")
@config_options
def correct(name: str, code: str | None, wrong: bool, config: str, database: str | None) -> None:
    """Correct whom NAME stands for; from then on that wins over whatever is read."""
    if bool(code) == wrong:
        raise click.UsageError("give either --code CODE or --wrong")
    if code and code not in _codes():
        raise click.BadParameter(
            f"{code} is no code of a state, organisation or party, such as NOR", param_hint="--code"
        )
    _judge(config, database, name, Verdict.WRONG if wrong else Verdict.REPLACED, code or "")


@roster.command()
@click.argument("name")
@config_options
def forget(name: str, config: str, database: str | None) -> None:
    """Delete all that is known of NAME, corrections included; it is learned anew when it is read again."""
    with open_store(read_config(config, database)) as store:
        known = store.office_holders_named(name)[0].name
        rows = store.forget_office_holder(name)
    click.echo(f"Forgot {known}: {rows} {'entry' if rows == 1 else 'entries'}.")


def _judge(config: str, database: str | None, name: str, verdict: Verdict, code: str = "") -> None:
    now = wall_clock()
    with open_store(read_config(config, database)) as store:
        holders = store.judge_office_holder(name, verdict, now, code=code)
    click.echo(_in_words(believe(holders, now)))


def _codes() -> frozenset[str]:
    return frozenset(name.code for name in load().names.values())


# ---------------------------------------------------------------- rows and words


def _name(holder: OfficeHolder) -> str:
    return name_key(holder.name)


def _believed(holders: Sequence[OfficeHolder]) -> dict[str, Any]:
    """Return what is made of one name, as a row of BELIEVED."""
    belief = believe(holders, wall_clock())
    last = max(holder.last_seen_at for holder in holders)
    row = asdict(belief) | {
        "last_seen_at": last,
        "times": sum(holder.times for holder in holders),
        "why": belief.reason,
    }
    return {name: _plain(row[name]) for name in BELIEVED}


def _said(store: Store, holder: OfficeHolder) -> dict[str, Any]:
    """Return what was read in one code and office, as a row of SAID."""
    item = store.item(holder.first_item_id)
    verdict = holder.verdict.value if holder.verdict else ""
    row = asdict(holder) | {
        "first_item": f"{item.id}: {item.title} ({item.publisher})",
        "verdict": f"{verdict}: {holder.corrected_code}" if holder.corrected_code else verdict,
    }
    return {name: _plain(row[name]) for name in SAID}


def _in_words(belief: Belief) -> str:
    return f"{belief.name} stands for {belief.code or 'nobody'}: {belief.reason}."


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return value.isoformat() if isinstance(value, date) else value


def _write_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))
