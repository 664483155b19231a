"""Groups of parties that rules may name as if they were one: those of groups.yaml, and those of the configuration."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from monitor.alerts.rules import Group, party
from monitor.config.document import Tree, read_document
from monitor.config.values import country_code

BUILT_IN = Path(__file__).with_name("groups.yaml")


@lru_cache(maxsize=1)
def built_in_groups() -> Mapping[str, tuple[str, ...]]:
    """Return the groups that come with the program, each with its members' codes."""
    document = read_document(BUILT_IN.read_text(encoding="utf-8"), {})
    tree = document.tree if isinstance(document.tree, dict) else {}
    return MappingProxyType({name: _members(entry) for name, entry in tree.items()})


def _members(entry: Tree) -> tuple[str, ...]:
    members = entry["members"] if isinstance(entry, dict) else ()
    return tuple(str(code) for code in members or ())


def known_groups(tree: Tree) -> Mapping[str, tuple[str, ...]]:
    """Return the built-in groups and those that a file names under `alerts.groups`, as far as these can be read."""
    alerts = tree.get("alerts") if isinstance(tree, dict) else None
    own = alerts.get("groups") if isinstance(alerts, dict) else None
    named = own.items() if isinstance(own, dict) else ()
    return {**built_in_groups(), **{name: _listed(members) for name, members in named}}


def _listed(members: Tree) -> tuple[str, ...]:
    listed = [members] if isinstance(members, str) else members
    return tuple(one for one in listed if isinstance(one, str)) if isinstance(listed, list) else ()


def group_of(name: str, groups: Mapping[str, tuple[str, ...]]) -> Group:
    """Return the group of a name, with the members of groups that it names in turn; a code is a group of itself."""
    return Group(name, frozenset(_codes(name, groups, frozenset()))) if name in groups else party(name)


def _codes(name: str, groups: Mapping[str, tuple[str, ...]], above: frozenset[str]) -> Iterator[str]:
    """Yield the codes below a name; what a group calls as itself is called is its own code."""
    for member in groups[name]:
        if member == name or member not in groups:
            yield member
        elif member not in above:
            yield from _codes(member, groups, above | {name})


def group_problem(name: str) -> str:
    """Return what is wrong with the name of a group in the configuration, nothing for a good one."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{1,31}", name):
        return "wants a name of 2 to 32 letters, digits and hyphens, such as EU27 or NATO-members"
    if country_code(name) == name:
        return "is the code of a country already"
    return ""
