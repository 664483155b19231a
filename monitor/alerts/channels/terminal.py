"""`console:` shows messages on the terminal."""

import re
from dataclasses import dataclass

from rich.console import Console, Group
from rich.rule import Rule
from rich.text import Text

from monitor.errors import DeliveryError
from storage.types import Delivery


class Terminal(Console):
    """Standard output, or another file; a reader that has gone is an error and not, as in Rich, the program's end."""

    def on_broken_pipe(self) -> None:
        """Raise the BrokenPipeError that is being handled."""
        raise


@dataclass(frozen=True, slots=True)
class ConsoleChannel:
    """Shows a message between two rules on the terminal. Lines are left whole, so that links can be followed."""

    name: str
    console: Terminal

    def send(self, delivery: Delivery) -> None:
        """Print the message; raises DeliveryError when the output is closed or full."""
        told = Text.assemble((_printable(delivery.title), "bold"), "\n\n", _printable(delivery.body))
        block = Group(Rule(Text(delivery.rule), align="left", style="cyan"), told, Rule(style="cyan"))
        try:
            self.console.print(block, soft_wrap=True)
        except OSError as error:
            raise DeliveryError(self.name, f"cannot write to the terminal: {error.strerror}") from error


# News comes from strangers: an escape sequence in a headline must not reach the operator's terminal.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def _printable(text: str) -> str:
    return _CONTROL.sub(" ", text)
