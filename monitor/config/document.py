"""From the text of a YAML file to plain values, with the position of each. The door to ruamel.yaml.

Every scalar stays the text that was written: whether `no`, `036` or `1.10` is a word or a number is for the setting
that it is given to, so nothing is lost before somebody looks. References to environment variables are filled in.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from monitor.alerts.secret import masked

Path = tuple[str | int, ...]
Tree = dict[str, "Tree"] | list["Tree"] | str | None

# An alias costs nothing to write and doubles what it names; ten of them in a row make a small file a huge one.
MOST_NODES = 100_000


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the file; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong, where: position first, so that sorting puts faults in the order of the file."""

    position: Position
    path: Path
    problem: str

    def line(self, file: str) -> str:
        """Return the fault as one line, `FILE:LINE:COLUMN path.to.key: what is wrong`."""
        shown = shown_path(self.path)
        at = f"{file}:{self.position.line}:{self.position.column}"
        return f"{at} {shown}: {self.problem}" if shown else f"{at} {self.problem}"


@dataclass(frozen=True, slots=True)
class Document:
    """A file that could be read: its values, where each key and each value stands, and what is wrong so far.

    `written` is the text of each scalar as it stands in the file, with references to the environment not filled in.
    """

    tree: Tree
    keys: Mapping[Path, Position]
    values: Mapping[Path, Position]
    written: Mapping[Path, str]
    faults: tuple[Fault, ...]

    def known(self, path: Path) -> Path:
        """Return the longest beginning of a path that stands in the file."""
        while path and path not in self.values:
            path = path[:-1]
        return path


def shown_path(path: Iterable[str | int]) -> str:
    """Return a path as people write it: `alerts.rules[2].kinds[0]`. A key that is a URL is masked."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{masked(step) if '://' in step else step}" for step in path)
    return "".join(steps).removeprefix(".")


def no_file(path: str) -> str:
    """Read nothing: for texts that may not name a file."""
    raise OSError(0, "no file may be named here")


def read_document(text: str, environ: Mapping[str, str], read: Callable[[str], str] = no_file) -> Document:
    """Return the values of a YAML text with their positions; a text that is no YAML gives one fault and no values.

    `read` gives what a file holds that a reference names, or raises OSError.
    """
    try:
        root = YAML().compose(text)
    except MarkedYAMLError as error:
        return _unreadable(_marked_fault(error))
    except ReaderError as error:
        return _unreadable(_character_fault(text, error))
    if root is None:
        return _unreadable(Fault(Position(1, 1), (), "the file is empty; `feeds:` is what it should list at least"))
    reader = _Reader(environ, read)
    tree = reader.value(root, ())
    return Document(tree, reader.keys, reader.values, reader.written, tuple(reader.faults))


# ---------------------------------------------------------------- nodes to values

# What an unquoted text may look like in YAML 1.2, and what quotes or a following block make of it.
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "timestamp", "value"))
_COLLECTION_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("map", "seq"))
_NULL = "tag:yaml.org,2002:null"
_MERGE = "tag:yaml.org,2002:merge"


@dataclass(slots=True)
class _Reader:
    """Walks the nodes of one file and takes down positions and faults on the way."""

    environ: Mapping[str, str]
    read: Callable[[str], str]
    keys: dict[Path, Position] = field(default_factory=dict)
    values: dict[Path, Position] = field(default_factory=dict)
    written: dict[Path, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    nodes: int = 0
    above: list[int] = field(default_factory=list)  # the nodes around this one, to notice an alias to itself

    def value(self, node: Node, path: Path) -> Tree:
        self.values[path] = _position(node)
        self.nodes += 1
        if problem := self._refusal(node):
            self._fault(node, path, problem)
            return None
        if isinstance(node, ScalarNode):
            return self._scalar(node, path)
        self.above.append(id(node))
        inside = self._sequence(node, path) if isinstance(node, SequenceNode) else self._mapping(node, path)
        self.above.pop()
        return inside

    def _refusal(self, node: Node) -> str:
        if self.nodes > MOST_NODES:
            return "the file is too large once its aliases are filled in"
        if id(node) in self.above:
            return "an alias that contains itself"
        if str(node.tag) not in _PLAIN_TAGS | _COLLECTION_TAGS | {_NULL, _MERGE}:
            return "a tag (`!…`) is not understood here; write the value alone"
        return ""

    def _fault(self, node: Node, path: Path, problem: str) -> None:
        self.faults.append(Fault(_position(node), path, problem))

    def _scalar(self, node: ScalarNode, path: Path) -> str | None:
        if str(node.tag) == _NULL:
            return None
        self.written[path] = node.value
        text, problems = expanded(node.value, self.environ, self.read)
        for problem in problems:
            self._fault(node, path, problem)
        return text

    def _sequence(self, node: SequenceNode, path: Path) -> Tree:
        return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]

    def _mapping(self, node: Node, path: Path) -> Tree:
        inside: dict[str, Tree] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, path)
            if key is None:
                continue
            if (*path, key) in self.keys:
                first = self.keys[(*path, key)]
                self._fault(key_node, (*path, key), f"stands here a second time, first in line {first.line}")
                continue
            self.keys[(*path, key)] = _position(key_node)
            value = self.value(value_node, (*path, key))
            if value is not None:  # `feeds:` with nothing behind it says as much as no `feeds:` at all
                inside[key] = value
        return inside

    def _key(self, node: Node, path: Path) -> str | None:
        if isinstance(node, ScalarNode) and node.value and str(node.tag) != _MERGE:
            return str(node.value)
        merge = isinstance(node, ScalarNode) and node.value
        self._fault(node, path, "`<<` is not understood here" if merge else "wants a name before the colon")
        return None


def _position(node: Node) -> Position:
    return Position(node.start_mark.line + 1, node.start_mark.column + 1)


# ---------------------------------------------------------------- the environment, and files

_REFERENCE = re.compile(r"\$\$|\$\{file:([^{}]+)\}|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^{}]*))?\}|\$\{")


def expanded(text: str, environ: Mapping[str, str], read: Callable[[str], str]) -> tuple[str, list[str]]:
    """Fill in `${NAME}`, `${NAME:-default}` (taken when NAME is unset or empty) and `${file:PATH}`; `$$` is a dollar.

    Returns the text and what is wrong with its references. What a variable or file holds is not looked at again.
    """
    problems: list[str] = []

    def fill(reference: re.Match[str]) -> str:
        file, name, default = reference[1], reference[2], reference[3]
        if reference[0] == "$$":
            return "$"
        if file is not None:
            return from_file(file.strip())
        if name is None:
            problems.append("wants ${NAME}, ${NAME:-default} or ${file:PATH} (or $$ for a dollar sign)")
            return ""
        if default is not None:
            return environ.get(name) or default
        if name not in environ:
            problems.append(f"the environment variable {name} is not set (${{{name}:-…}} would give a default)")
        return environ.get(name, "")

    def from_file(path: str) -> str:
        try:
            return read(path)
        except OSError as error:
            problems.append(f"the file {path} cannot be read: {error.strerror}")
            return ""

    return _REFERENCE.sub(fill, text), problems


# ---------------------------------------------------------------- what is no YAML

# ruamel's words for what is wrong, and ours. Its own message quotes the line, which may hold a password.
_SYNTAX: tuple[tuple[str, str], ...] = (
    (
        "mapping values are not allowed",
        "a colon that is not expected: a value with `: ` in it, or `:` at its end, wants quotes",
    ),
    ("'\\t' that cannot start", "a tab: indent with spaces"),
    ("that cannot start any token", "a character that cannot begin a value: put the value into quotes"),
    (
        "undefined alias",
        "`*` refers to an anchor (`&…`) that does not exist: put the value into quotes if it is a text",
    ),
    ("unexpected end of stream", "a quotation mark is opened and not closed"),
    ("expected ',' or ']'", "a `[` is opened and not closed, or a comma is missing"),
    ("expected ',' or '}'", "a `{` is opened and not closed, or a comma is missing"),
    ("could not find expected ':'", "a line without a colon: `name: value` is expected"),
    ("another document", "a second document (`---`) begins here; one is read"),
    ("expected <block end>", "the indentation does not fit the lines above"),
    ("expected '<document start>'", "the indentation does not fit the lines above"),
    ("sequence entries are not allowed", "a list item (`- `) cannot stand here: begin it on its own line"),
    (
        "unknown escape character",
        "an unknown `\\` sequence in double quotes: use single quotes for a text with backslashes",
    ),
)


def _marked_fault(error: MarkedYAMLError) -> Fault:
    told = f"{error.problem or ''} {error.context or ''}"
    problem = next((plain for phrase, plain in _SYNTAX if phrase in told), "this is not YAML")
    opened = "opened and not closed" in problem
    mark = error.context_mark if opened and error.context_mark else error.problem_mark or error.context_mark
    position = Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)
    return Fault(position, (), problem)


def _character_fault(text: str, error: ReaderError) -> Fault:
    before = text[: error.position]
    position = Position(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
    return Fault(position, (), "a control character, which YAML does not allow")


def _unreadable(fault: Fault) -> Document:
    return Document(None, {}, {}, {}, (fault,))
