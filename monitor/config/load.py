"""Reads config.yaml: text → document → checked against the schema → checked across sections → Config.

All faults are told at once. Nothing here touches the network; files are looked at only to see that they are there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from monitor.alerts.layout import template_problem
from monitor.config import document as yaml
from monitor.config.document import Document, Fault, Position, Tree, read_document
from monitor.config.faults import did_you_mean, schema_faults
from monitor.config.groups import group_problem, known_groups
from monitor.config.schema import CONFIG_FILE, ConfigFile
from monitor.config.sections import Config
from monitor.config.values import absolute_database
from monitor.errors import ConfigError
from monitor.poller.urls import canonical_url


def load_config(path: Path, *, environ: Mapping[str, str]) -> Config:
    """Return what a configuration file says, with references to the environment filled in.

    Relative paths and a relative SQLite file are taken from the file's folder. Raises ConfigError with every fault
    in the order of the file, each `FILE:LINE:COLUMN path.to.key: what is wrong`.
    """
    document = read_document(_read(path), environ, lambda name: _secret(path.parent / name))
    file, faults = _checked(document, path.parent)
    if file is None or faults:
        raise ConfigError(tuple(fault.line(str(path)) for fault in sorted(faults)))
    return Config(
        path=path,
        database=absolute_database(file.database, path.parent),
        poller=file.poller,
        websub=file.websub,
        articles=file.articles,
        extractors=file.extractors,
        feeds=tuple(entry.spec() for entry in file.feeds),
        alerts=file.alerts.alerts(known_groups(document.tree), _templates(document.tree, path.parent)),
        reports={name: path.parent / report for name, report in file.reports.items()},
        logging=file.logging,
    )


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError((f"{path}:1:1 cannot be read: {error.strerror}",)) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError((f"{path}:{line}:1 is not UTF-8: save the file in that encoding",)) from error


def _secret(path: Path) -> str:
    """Return what a file holds, without the line end that editors put behind it; raises OSError."""
    try:
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise OSError(0, "it is not UTF-8") from error


def _checked(document: Document, folder: Path) -> tuple[ConfigFile | None, list[Fault]]:
    faults = list(document.faults)
    if not isinstance(document.tree, dict):
        return None, faults or [Fault(Position(1, 1), (), "wants lines of `name: value`, such as `feeds:`")]
    file, wrong = _validated(document)
    broken = {fault.path for fault in faults}  # what the reader found there is the cause of what the schema finds
    faults += [fault for fault in (*wrong, *_across(document, folder)) if fault.path not in broken]
    return file, faults


def _validated(document: Document) -> tuple[ConfigFile | None, list[Fault]]:
    try:
        return CONFIG_FILE.validate_python(document.tree, context={"groups": known_groups(document.tree)}), []
    except ValidationError as error:
        return None, list(schema_faults(error, document, ConfigFile))


# ---------------------------------------------------------------- across sections

# On the tree and not on the checked file, so that a fault elsewhere does not hide these.
Problems = Iterator[tuple[yaml.Path, str]]


def _across(document: Document, folder: Path) -> Iterator[Fault]:
    for check in CHECKS:
        for path, problem in check(document.tree, folder):
            yield Fault(document.values[document.known(path)], document.known(path), problem)


def _feeds_named_twice(tree: Tree, folder: Path) -> Problems:
    first: dict[str, yaml.Path] = {}
    for path, feed in _items(tree, "feeds"):
        url = feed if isinstance(feed, str) else _text(feed, "url")
        canonical = canonical_url(url) if url else ""
        if canonical and canonical in first:
            yield (*path, "url"), f"is the same feed as {yaml.shown_path(first[canonical])}"
        first.setdefault(canonical, path)


def _rules_named_twice(tree: Tree, folder: Path) -> Problems:
    first: dict[str, yaml.Path] = {}
    for path, rule in _items(tree, "alerts", "rules"):
        name = _text(rule, "name")
        if name and name in first:
            yield (*path, "name"), f"is the name of {yaml.shown_path(first[name])} already"
        first.setdefault(name, path)


def _unknown_channels(tree: Tree, folder: Path) -> Problems:
    channels = _at(tree, "alerts", "channels")
    known = list(channels) if isinstance(channels, dict) else []
    for path, rule in _items(tree, "alerts", "rules"):
        named = _at(rule, "channels")
        for index, name in enumerate([named] if isinstance(named, str) else named or ()):
            if isinstance(name, str) and name not in known:
                yield (*path, "channels", index), f"is no channel of alerts.channels{did_you_mean(name, known)}"


def _unknown_operators(tree: Tree, folder: Path) -> Problems:
    channels = _at(tree, "alerts", "channels")
    known = list(channels) if isinstance(channels, dict) else []
    for index, name in enumerate(_words(_at(tree, "alerts", "operators"))):
        if name not in known:
            yield ("alerts", "operators", index), f"is no channel of alerts.channels{did_you_mean(name, known)}"


def _slashed_channels(tree: Tree, folder: Path) -> Problems:
    channels = _at(tree, "alerts", "channels")
    for name in channels if isinstance(channels, dict) else ():
        if "/" in name:
            yield ("alerts", "channels", name), "wants a name without `/`, which counts the destinations of a channel"


def _unknown_escalations(tree: Tree, folder: Path) -> Problems:
    """Find steps to no channel, and to one that has the message already."""
    channels = _at(tree, "alerts", "channels")
    known = list(channels) if isinstance(channels, dict) else []
    for path, rule in _items(tree, "alerts", "rules"):
        told = set(_words(_at(rule, "channels")))
        for step_path, step in _steps(path, _at(rule, "escalate")):
            for index, name in enumerate(_words(_at(step, "to"))):
                if name not in known:
                    yield (*step_path, "to", index), f"is no channel of alerts.channels{did_you_mean(name, known)}"
                elif name in told:
                    yield (*step_path, "to", index), "has the message already; wants a channel that was not told yet"
                told.add(name)


def _steps(path: yaml.Path, escalate: Tree) -> Iterator[tuple[yaml.Path, Tree]]:
    if isinstance(escalate, list):
        yield from (((*path, "escalate", index), step) for index, step in enumerate(escalate))
    else:
        yield (*path, "escalate"), escalate


def _useless_grouping(tree: Tree, folder: Path) -> Problems:
    for path, rule in _items(tree, "alerts", "rules"):
        if _at(rule, "group_by") is not None and _at(rule, "group_wait") is None:
            yield (*path, "group_by"), "wants `group_wait` beside it: how long to wait for more"
        if _at(rule, "digest") is not None and _at(rule, "group_wait") is not None:
            yield (*path, "group_wait"), "has no use beside `digest`, which makes one message of all; take one of them"


def _wrong_groups(tree: Tree, folder: Path) -> Problems:
    groups = _at(tree, "alerts", "groups")
    for name in groups if isinstance(groups, dict) else ():
        if problem := group_problem(name):
            yield ("alerts", "groups", name), problem


def _wrong_templates(tree: Tree, folder: Path) -> Problems:
    for path, rule in _items(tree, "alerts", "rules"):
        name = _text(rule, "template")
        if not name:
            continue
        try:
            text = (folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError, ValueError):
            yield (*path, "template"), f"there is no file {folder / name} with a text in UTF-8"
            continue
        if problem := template_problem(text):
            yield (*path, "template"), problem


def _templates(tree: Tree, folder: Path) -> Mapping[str, str]:
    """Return the texts of the files that rules name as their templates, which were checked."""
    names = {_text(rule, "template") for _, rule in _items(tree, "alerts", "rules")} - {""}
    return {name: (folder / name).read_text(encoding="utf-8") for name in names}


def _missing_reports(tree: Tree, folder: Path) -> Problems:
    reports = _at(tree, "reports")
    for name, file in reports.items() if isinstance(reports, dict) else ():
        if isinstance(file, str) and not (folder / file).is_file():
            yield ("reports", name), f"there is no file {folder / file}"


CHECKS: tuple[Callable[[Tree, Path], Problems], ...] = (
    _feeds_named_twice,
    _rules_named_twice,
    _unknown_channels,
    _unknown_operators,
    _slashed_channels,
    _unknown_escalations,
    _useless_grouping,
    _wrong_groups,
    _wrong_templates,
    _missing_reports,
)


def _at(tree: Tree, *names: str) -> Tree:
    for name in names:
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree


def _items(tree: Tree, *names: str) -> Iterable[tuple[yaml.Path, Tree]]:
    items = _at(tree, *names)
    return [((*names, index), item) for index, item in enumerate(items)] if isinstance(items, list) else []


def _words(tree: Tree) -> list[str]:
    """Return the texts of a list, or the one that stands in place of a list."""
    listed = [tree] if isinstance(tree, str) else tree
    return [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []


def _text(tree: Tree, name: str) -> str:
    text = _at(tree, name)
    return text if isinstance(text, str) else ""
