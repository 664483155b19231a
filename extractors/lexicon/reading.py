"""Data files → rows and nodes that know their line, so that a fault can be named."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from extractors.errors import LexiconError


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: where it stands, and its values by column."""

    path: Path
    line: int
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def listed(self, column: str) -> tuple[str, ...]:
        """Return the values of a column that holds several, divided by |."""
        return tuple(part for part in self.values[column].split("|") if part)

    def fault(self, expected: str) -> NoReturn:
        """Raise LexiconError for this line."""
        fault(self.path, self.line, expected)


def fault(path: Path, line: int, expected: str) -> NoReturn:
    """Raise LexiconError that names file, line and what was expected."""
    raise LexiconError(f"{path.name}:{line}: {expected}")


def read_text(path: Path) -> str:
    """Return the text of a data file; raises LexiconError when it is missing or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path.name}:1: expected a readable UTF-8 data file ({error})") from error


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    """Yield the rows of a CSV file whose comments start with #; raises LexiconError unless the header is `columns`."""
    numbered = [(n, line) for n, line in enumerate(read_text(path).splitlines(), start=1) if is_content(line)]
    if not numbered:
        fault(path, 1, f"expected the header {','.join(columns)}")
    header_line, header = numbered[0]
    if tuple(header.split(",")) != columns:
        fault(path, header_line, f"expected the header {','.join(columns)}, not {header}")
    for line, text in numbered[1:]:
        values = next(csv.reader([text]))
        if len(values) != len(columns):
            fault(path, line, f"expected {len(columns)} columns ({', '.join(columns)}), not {len(values)}")
        yield Row(path, line, dict(zip(columns, values, strict=True)))


def is_content(line: str) -> bool:
    """Say whether a line of a table is neither empty nor a comment."""
    return bool(line.strip()) and not line.startswith("#")


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of a YAML file together with the place it stands at."""

    path: Path
    node: Node
    offset: int = 0

    @property
    def line(self) -> int:
        """Return the line in the file, counted from 1."""
        return int(self.node.start_mark.line) + 1 + self.offset

    def fault(self, expected: str) -> NoReturn:
        """Raise LexiconError for this place."""
        fault(self.path, self.line, expected)

    def items(self) -> dict[str, "Entry"]:
        """Return the entries of a mapping by key; raises LexiconError when it is none or names a key twice."""
        if not isinstance(self.node, MappingNode):
            self.fault("expected a mapping")
        found: dict[str, Entry] = {}
        for key, value in self.node.value:
            if key.value in found:
                self.at(key).fault(f"expected the key {key.value} once")
            found[key.value] = self.at(value)
        return found

    def elements(self) -> tuple["Entry", ...]:
        """Return the entries of a list; raises LexiconError when it is none."""
        if not isinstance(self.node, SequenceNode):
            self.fault("expected a list")
        return tuple(self.at(node) for node in self.node.value)

    def text(self) -> str:
        """Return a single value as text; raises LexiconError when it is none."""
        if not isinstance(self.node, ScalarNode):
            self.fault("expected a single value")
        return str(self.node.value)

    def words(self) -> tuple[str, ...]:
        """Return the parts of a value that lists several, divided by commas."""
        return tuple(part for part in (piece.strip() for piece in self.text().split(",")) if part)

    def at(self, node: Node) -> "Entry":
        """Return the same file's entry for another node."""
        return Entry(self.path, node, self.offset)


def read_documents(path: Path) -> tuple[str, ...]:
    """Return the texts of a file's YAML documents; only those that are asked for need parsing."""
    return tuple(read_text(path).split("\n---\n"))


def parse_document(path: Path, text: str, *, offset: int = 0) -> Entry:
    """Return the root of a YAML document that starts `offset` lines into its file; raises LexiconError."""
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = (mark.line if mark else 0) + 1 + offset
        raise LexiconError(f"{path.name}:{line}: expected well-formed YAML ({error})") from error
    if root is None:
        fault(path, offset + 1, "expected a document, found none")
    return Entry(path, root, offset)
