"""From what pydantic finds to sentences for the person who wrote the file: no word of pydantic's, positions, and what
was probably meant. Texts of channels and databases are never quoted.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from monitor.config.document import Document, Fault, Path

# By the kind of error; {ge} and the like are filled from its context.
_WORDS: Mapping[str, str] = {
    "string_type": "wants a text",
    "int_type": "wants a whole number",
    "int_parsing": "wants a whole number",
    "int_parsing_size": "wants a smaller number",
    "int_from_float": "wants a whole number",
    "float_type": "wants a number",
    "float_parsing": "wants a number",
    "finite_number": "wants a number",
    "bool_type": "wants true or false",
    "bool_parsing": "wants true or false",
    "tuple_type": "wants a list",
    "dict_type": "wants lines of `name: value`",
    "mapping_type": "wants lines of `name: value`",
    "dataclass_type": "wants lines of `name: value`",
    "path_type": "wants the path of a file",
    "greater_than_equal": "wants {ge:g} or more",
    "less_than_equal": "wants {le:g} or less",
    "too_short": "wants at least one",
}

# More choices than these are not listed where one of them is near what was written.
_FEW = 12
_LONGEST_QUOTE = 60


def schema_faults(error: ValidationError, document: Document, root: type) -> Iterator[Fault]:
    """Yield a fault for each thing that pydantic found, in its order."""
    for detail in error.errors(include_url=False):
        yield _fault(detail, document, root)


def _fault(detail: ErrorDetails, document: Document, root: type) -> Fault:
    path: Path = tuple(detail["loc"])
    if detail["type"] == "unexpected_keyword_argument":
        problem = f"unknown setting{did_you_mean(str(path[-1]), known_settings(root, path[:-1]))}"
        return Fault(document.keys[path], path, problem)
    place = document.known(path)
    if detail["type"] == "missing":
        return Fault(document.values[place], place, f"`{path[-1]}` is missing")
    return Fault(document.values[place], place, f"{_words(detail)}{_found(document, place, detail)}")


def _words(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    match detail["type"]:
        case "value_error":
            return str(context["error"])
        case "enum" | "literal_error":
            return _choices(str(detail["input"]), re.findall(r"'([^']*)'", context["expected"]))
    return _WORDS[detail["type"]].format_map(context)


def _choices(written: str, choices: list[str]) -> str:
    meant = did_you_mean(written, choices)
    if meant and len(choices) > _FEW:
        return f"not one of the words known here{meant}"
    return f"wants {', '.join(choices[:-1])} or {choices[-1]}{meant}"


def _found(document: Document, path: Path, detail: ErrorDetails) -> str:
    if detail["type"] == "value_error" or is_secret(path):
        return ""
    written = document.written.get(path)
    if written is None:
        return f", found {_shape(detail['input'])}"
    if "://" in written:
        return ", found a URL"
    return f", found `{written[:_LONGEST_QUOTE]}{'…' if len(written) > _LONGEST_QUOTE else ''}`"


def _shape(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case dict():
            return "lines of `name: value`"
        case list() | tuple():
            return "a list" if value else "an empty list"
    return "a text"


def is_secret(path: Path) -> bool:
    """Return whether what stands at a path may hold a password or token."""
    return path[:1] == ("database",) or path[:2] == ("alerts", "channels")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return " (did you mean …?)" with the nearest of the known words, or nothing where none is near."""
    by_lower = {one.lower(): one for one in known}
    close = get_close_matches(word.lower(), by_lower, n=1)
    return f" (did you mean {by_lower[close[0]]}?)" if close else ""


# ---------------------------------------------------------------- which settings there are


def known_settings(root: type, path: Path) -> list[str]:
    """Return the names of the settings at a path, found by following the type hints from the root."""
    here: Any = root
    for step in path:
        here = _inside(here, step)
    return list(_hints(here))


def _inside(here: Any, step: str | int) -> Any:
    inner = _hints(here)[str(step)] if is_dataclass(here) else get_args(here)[-1 if isinstance(step, str) else 0]
    return _plain(inner)


def _hints(cls: Any) -> dict[str, Any]:
    """Return the type of each setting of a dataclass, by the name it has in the file."""
    hints = get_type_hints(cls, include_extras=True)
    return {_alias(hints[one.name]) or one.name: hints[one.name] for one in fields(cls)}


def _alias(hint: Any) -> str | None:
    extras = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    return next((extra.alias for extra in extras if isinstance(extra, FieldInfo)), None)


def _plain(hint: Any) -> Any:
    """Take away what pydantic adds to a type, and a None that it may be instead."""
    if get_origin(hint) is Annotated:
        return _plain(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        return _plain(next(one for one in get_args(hint) if one is not type(None)))
    return hint
