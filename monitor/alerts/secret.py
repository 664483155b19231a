"""A text that must not be printed: a channel's or a database's URL, which may carry a password or a token."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """Holds a URL so that printing, logging or formatting it shows no more than its scheme."""

    text: str

    def reveal(self) -> str:
        """Return the text itself; only for handing it to whoever must open it."""
        return self.text

    def __str__(self) -> str:
        return masked(self.text)

    def __repr__(self) -> str:
        return f"Secret({masked(self.text)!r})"


def masked(text: str) -> str:
    """Return the scheme of a URL with the rest hidden; of a text without a scheme nothing is shown."""
    scheme, colon, _ = text.partition(":")
    return f"{scheme}:***" if colon and scheme.isidentifier() else "***"
