"""`demarche events`: what a person says of events, above all that is read of them."""

import click

from monitor.cli.common import config_options, open_store, read_config
from monitor.clock import wall_clock
from storage.dedup.lifecycle import describe
from storage.types import Correction, Event


@click.group()
def events() -> None:
    """Correct what was made of reports: split an event, merge two, or call one wrong."""


@events.command()
@click.argument("event", type=int)
@click.option("--item", type=int, required=True, help="The item whose mention is another event.")
@click.option("--note", default="", help="Why, for those who look later.")
@config_options
def split(event: int, item: int, note: str, config: str, database: str | None) -> None:
    """Make what an item tells of EVENT an event of its own; reports like it go there from then on."""
    with open_store(read_config(config, database)) as store:
        own = store.split_event(event, item, wall_clock(), note=note)
    click.echo(f"What item {item} tells is {_in_words(own)} now, and no more event {event}.")


@events.command()
@click.argument("event", type=int)
@click.option("--into", type=int, required=True, help="The event that stays.")
@click.option("--note", default="", help="Why, for those who look later.")
@config_options
def merge(event: int, into: int, note: str, config: str, database: str | None) -> None:
    """Say that EVENT is the same as another, which stays; all that was and will be reported of it is that one's."""
    with open_store(read_config(config, database)) as store:
        store.correct_event(event, Correction.SAME, wall_clock(), other_id=into, note=note)
        stays = store.event(into)
    click.echo(f"Event {event} is {_in_words(stays)} now.")


@events.command()
@click.argument("event", type=int)
@click.option("--note", default="", help="Why, for those who look later.")
@config_options
def wrong(event: int, note: str, config: str, database: str | None) -> None:
    """Say that EVENT is none: whatever else is reported of it, nobody is told."""
    with open_store(read_config(config, database)) as store:
        store.correct_event(event, Correction.WRONG, wall_clock(), note=note)
        told = store.event(event)
    click.echo(f"Nobody is told of {_in_words(told)} any more.")


def _in_words(event: Event) -> str:
    return f"event {event.id} ({describe(event)})"
