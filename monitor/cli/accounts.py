"""How `demarche tag --explain` shows what the chain did with a text."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.markup import escape
from rich.tree import Tree

from extractors.explain import Account
from extractors.types import EventMention
from monitor.cli.common import console


def show(accounts: Iterable[Account], mentions: Iterable[EventMention], *, out: Console | None = None) -> None:
    """Print a tree for each sentence, and the events that come out of all."""
    printer = out or console()
    for account in accounts:
        printer.print(sentence_tree(account))
    events = Tree("[bold]events of the whole text[/]")
    for mention in mentions:
        events.add(escape(one_line(mention))).add(f"[dim]{escape(mention.reason)}[/]")
    if not events.children:
        events.add("none")
    printer.print(events)


def sentence_tree(account: Account) -> Tree:
    """Return a sentence with what each step found."""
    sort = "headline" if account.headline else "sentence"
    tree = Tree(f"[bold]{escape(account.text)}[/] [dim]({sort})[/]")
    if not account.open:
        tree.add("gate: closed, nothing in it may tell an event")
        return tree
    for title, lines in steps(account):
        branch = tree.add(f"[cyan]{title}[/]" if lines else f"[cyan]{title}[/]: nothing")
        for line in lines:
            branch.add(escape(line))
    return tree


def steps(account: Account) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the steps in their order, each with its lines."""
    yield "parse", account.parse
    yield "actors", account.actors
    yield "places and dates", account.places_and_dates
    yield "frames propose", account.frames
    yield "the judge's scores", account.judge
    yield "told", account.told


def one_line(mention: EventMention) -> str:
    """Return an event in one line."""
    actors, recipients = ("+".join(actor.code for actor in side) for side in (mention.actors, mention.recipients))
    toward = f" > {recipients}" if recipients else ""
    when = f", {mention.date.start} to {mention.date.end}" if mention.date else ""
    where = f", in {mention.place.name}" if mention.place else ""
    said = f", says {mention.attribution}" if mention.attribution else ""
    head = f"{mention.type} {mention.kind}: {actors}{toward}, {mention.status}"
    return f"{head}{when}{where}{said}, confidence {mention.confidence:.2f}"
