"""The documentation says what the code does: settings and defaults, commands, views, words, links, and its examples."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import click
import pytest
from pydantic.fields import FieldInfo

from extractors.components.judge import LEAST_CONFIDENCE
from extractors.language import LEAST_SHARE, SHORTEST_WORDS
from extractors.ontology import KINDS, SYMMETRIC_KINDS, Status
from monitor.alerts.cron import Cron, Hours
from monitor.alerts.rules import Severity, Throttle
from monitor.alerts.secret import Secret
from monitor.cli import cli
from monitor.config import load_config
from monitor.config.schema import ConditionsEntry, ConfigFile
from monitor.config.values import Size
from monitor.pipeline import IN_FLIGHT, LEASE, TOGETHER
from monitor.poller.cadence import WHOLE_EVERY
from monitor.poller.moving import BELIEVED_AFTER
from monitor.poller.parsing import ParseSettings
from monitor.websub.server import MOST_CONNECTIONS
from storage.attestation import CLEARLY, COUNTS_AFTER_FIRST, COUNTS_AT_MOST, HALF_LIFE, HEAVIEST, SUCCEEDS
from storage.dedup.identity import RELATED_TITLES
from storage.dedup.matching import CONTRADICTED, SAME_EVENT
from storage.events import CANDIDATES
from storage.reports import list_reports
from storage.store import Store
from storage.subscriptions import MOST_WAITING
from storage.types import Change, ItemOutcome
from tests.builders import NOW

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
EVENTS = DOCS / "reference" / "events.md"
CONFIG = DOCS / "reference" / "config.md"
COMMANDS = DOCS / "reference" / "commands.md"
VIEWS = DOCS / "reference" / "views.md"

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
COMMON = ("--config", "--database", "--help")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def sections(page: Path) -> dict[str, str]:
    """Return the text below each heading, by the heading without its marks; that of nested headings is not in it."""
    parts = re.split(r"^#+ (.*)$", text_of(page), flags=re.MULTILINE)
    return {heading.replace("`", ""): body for heading, body in zip(parts[1::2], parts[2::2], strict=True)}


def rows(text: str) -> list[list[str]]:
    """Return the cells of all tables in a text without their code marks, heads and rules left out."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    cells = [[cell.strip().replace("`", "") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    heads = {index - 1 for index, row in enumerate(cells) if set(row[0]) == {"-"}}
    return [row for index, row in enumerate(cells) if index not in heads and set(row[0]) != {"-"}]


def blocks(language: str) -> list[tuple[str, str]]:
    """Return (page, text) of all code blocks of a language."""
    found = [(page, match) for page in PAGES for match in BLOCK.finditer(text_of(page)) if match[2] == language]
    return [(name_of(page), re.sub(f"^{match[1]}", "", match[3], flags=re.MULTILINE)) for page, match in found]


# ---------------------------------------------------------------- links


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", text_of(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def links() -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        for target in LINK.findall(text_of(page)):
            if not re.match(r"[a-z]+:", target):
                yield page, target


@pytest.mark.parametrize(
    ("page", "target"), [pytest.param(*one, id=f"{name_of(one[0])} to {one[1]}") for one in links()]
)
def test_every_relative_link_leads_to_a_file_and_its_heading(page: Path, target: str) -> None:
    path, _, anchor = target.partition("#")
    file = (page.parent / path).resolve() if path else page

    assert file.exists()
    assert not anchor or anchor in anchors(file)


def test_every_page_is_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        targets = {(one.parent / target.partition("#")[0]).resolve() for one, target in links() if one == page}
        waiting += [target for target in targets if target.suffix == ".md" and target not in reached]

    assert [name_of(page) for page in PAGES if page not in reached] == []


def test_the_readme_fits_one_screen() -> None:
    assert len(text_of(ROOT / "README.md").splitlines()) < 60


# ---------------------------------------------------------------- configuration


# A channel's URL is one setting, and so is a cron line; the conditions of `not` are those of the rule again.
_TOLD_ELSEWHERE = (Secret, ConditionsEntry, Cron, Hours, Throttle)


def settings(of: type, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (path, default as the page writes it) of all settings of a type, as a person names them in the file."""
    hints = get_type_hints(of, include_extras=True)
    for field in fields(of):
        name = f"{path}{_alias(hints[field.name]) or field.name}"
        inner = [one for one in _dataclasses(hints[field.name]) if one not in _TOLD_ELSEWHERE]
        listed = "tuple" in str(hints[field.name])
        if listed or not inner or _takes_a_list(field):
            yield name, _default(field, hints[field.name])
        for one in inner:
            yield from settings(one, f"{name}{'[]' if listed else ''}.")


def _alias(hint: Any) -> str:
    extras = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    return next((one.alias for one in extras if isinstance(one, FieldInfo) and one.alias), "")


def _dataclasses(hint: Any) -> list[type]:
    if is_dataclass(hint) and isinstance(hint, type):
        return [hint]
    return [found for argument in get_args(hint) for found in _dataclasses(argument)]


def _takes_a_list(field: "Field[Any]") -> bool:
    return field.name in ("actors", "unless")


def _default(field: "Field[Any]", hint: Any) -> str:
    if field.default is MISSING and field.default_factory is MISSING:
        return "required"
    value: Any = field.default if field.default_factory is MISSING else field.default_factory()
    return _size(value) if hint == Size else _written(value)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, timedelta):
        return _length(int(value.total_seconds()))
    if isinstance(value, Severity):
        return value.value
    return str(value) if isinstance(value, int | float | str) and value != "" else "none"


def _length(seconds: int) -> str:
    unit, size = next((unit, size) for unit, size in (("h", 3600), ("m", 60), ("s", 1)) if seconds % size == 0)
    return f"{seconds // size}{unit}"


def _size(number: int) -> str:
    return f"{number // 10**6}MB"


def test_every_setting_is_documented_with_the_default_of_the_code() -> None:
    documented = {row[0]: row[1] for row in rows(text_of(CONFIG)) if len(row) == 4}

    assert documented == dict(settings(ConfigFile))


EXAMPLE_CHANNELS = {"desk": "console:", "archive": "file:alerts.jsonl", "console": "console:"}
EXAMPLE_ENVIRONMENT = {
    "SLACK_TOKENS": "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",  # of the form that Slack gives, and nobody's
    "MAIL_USER": "desk",
    "MAIL_PASSWORD": "secret",
    "HOOK_SECRET": "secret",
    "DEMARCHE_PASSWORD": "secret",
}


@pytest.mark.parametrize(("page", "text"), blocks("yaml"))
def test_every_example_of_configuration_is_good(page: str, text: str, tmp_path: Path) -> None:
    whole = text if not text.startswith("- ") else _as_rules(text)
    (tmp_path / "config.yaml").write_text(whole, encoding="utf-8")
    (tmp_path / "mail.secret").write_text("secret\n")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "weekly.sql").write_text("SELECT 1")

    config = load_config(tmp_path / "config.yaml", environ=EXAMPLE_ENVIRONMENT)

    assert config.alerts.rules or not text.startswith("- ")


def _as_rules(text: str) -> str:
    channels = "".join(f"    {name}: '{url}'\n" for name, url in EXAMPLE_CHANNELS.items())
    indented = "".join(f"    {line}\n" for line in text.splitlines())
    return f"alerts:\n  channels:\n{channels}  rules:\n{indented}"


# ---------------------------------------------------------------- commands


def commands(group: click.Group = cli, words: str = "demarche") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{words} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{words} {name}")


def options(command: click.Command) -> dict[str, click.Option]:
    return {opt: one for one in command.params if isinstance(one, click.Option) for opt in one.opts}


@pytest.mark.parametrize(("words", "command"), list(commands()), ids=str)
def test_every_command_has_its_section_with_all_its_options(words: str, command: click.Command) -> None:
    body = sections(COMMANDS)[words]
    documented = {row[0].replace("\\|", "|") for row in rows(body) if row[0].startswith("--")}

    assert documented == {_shown(name, one) for name, one in options(command).items() if name not in COMMON}


def _shown(name: str, option: click.Option) -> str:
    if option.is_flag:
        return name
    if isinstance(option.type, click.Choice):
        return f"{name} [{'|'.join(map(str, option.type.choices))}]"
    return f"{name} {option.metavar or option.type.name.upper()}"


@pytest.mark.parametrize(("words", "command"), list(commands()), ids=str)
def test_every_argument_is_shown_in_the_commands_section(words: str, command: click.Command) -> None:
    arguments = [one for one in command.params if isinstance(one, click.Argument) and one.name != "anything"]
    names = [one.metavar or (one.name or "").upper() for one in arguments]

    for name in names:
        assert re.search(rf"`{words} \[?{name}\]?`", sections(COMMANDS)[words].replace("\n", " "))


def test_every_section_about_a_command_is_about_one_that_exists() -> None:
    documented = {heading for heading in sections(COMMANDS) if heading.startswith("demarche ")}

    assert documented == {words for words, _ in commands()}


def test_common_options_are_documented_once_with_their_environment() -> None:
    common = {row[0]: row for row in rows(sections(COMMANDS)["Options of every command"])}
    run = options(dict(commands())["demarche run"])

    for name in ("--config", "--database"):
        shown = _shown(name, run[name])
        assert common[shown][1] == run[name].envvar


def test_every_built_in_report_is_documented_with_its_question() -> None:
    documented = {row[0]: row[1].rstrip("?") for row in rows(sections(COMMANDS)["demarche report"]) if len(row) == 2}

    assert set(documented) == {one.name for one in list_reports()}
    for one in list_reports():
        assert one.question.startswith(documented[one.name])


def shell_lines() -> Iterator[tuple[str, list[str]]]:
    """Yield (page, words) of each call of the command in the examples, without what the shell reads itself."""
    for page, text in blocks("sh"):
        for line in text.splitlines():
            words = shlex.split(line, comments=True)
            for index, word in enumerate(words):
                if word.endswith("demarche") and (index == 0 or words[index - 1] == "|"):
                    rest = words[index + 1 :]
                    end = next((at for at, one in enumerate(rest) if one[:1] in ("|", "<", ">")), len(rest))
                    yield page, rest[:end]


@pytest.mark.parametrize(("page", "words"), list(shell_lines()), ids=str)
def test_every_command_in_an_example_exists_with_its_options(page: str, words: list[str]) -> None:
    known = dict(commands())
    path = "demarche"
    while words and f"{path} {words[0]}" in known:
        path = f"{path} {words.pop(0)}"

    assert path in known
    assert {one for one in words if one.startswith("--")} <= set(options(known[path]))


# ---------------------------------------------------------------- views and SQL


def test_every_view_and_column_is_documented_and_no_other(sqlite_store: Store) -> None:
    names = sqlite_store.table("views", "SELECT name FROM sqlite_master WHERE type = 'view'").rows
    actual = {str(name): list(sqlite_store.table("x", f"SELECT * FROM {name}").columns) for (name,) in names}

    documented = {heading: [row[0] for row in rows(body)] for heading, body in sections(VIEWS).items() if rows(body)}
    assert documented == actual


@pytest.mark.parametrize(("page", "sql"), blocks("sql"))
def test_every_query_in_an_example_runs_on_both_databases(store: Store, page: str, sql: str) -> None:
    table = store.table("example", sql, {"since": NOW})

    assert table.columns
    assert table.rows == ()


# ---------------------------------------------------------------- words


def codes(text: str) -> set[str]:
    return set(re.findall(r"`([a-zA-Z_-]+)`", text))


def first_cells(text: str) -> set[str]:
    return {word for row in rows(text) for word in row[0].split(", ")}


def test_types_and_kinds_are_those_of_the_code() -> None:
    documented = {row[0]: row[1].split(", ") for row in rows(sections(EVENTS)["Types and kinds"])}

    assert documented == {type_.value: [kind.value for kind in kinds] for type_, kinds in KINDS.items()}


def test_statuses_and_changes_are_those_of_the_code() -> None:
    assert first_cells(sections(EVENTS)["Status"]) == {one.value for one in Status}
    assert first_cells(sections(EVENTS)["Events and developments"]) == {one.value for one in Change}


def test_symmetric_kinds_are_those_of_the_code() -> None:
    (listed,) = re.findall(r"In symmetric kinds \(([^)]*)\)", text_of(EVENTS))

    assert set(listed.split(", ")) == {kind.value for kind in SYMMETRIC_KINDS}


def test_item_outcomes_are_those_of_the_code() -> None:
    table = rows(sections(DOCS / "how-to" / "operate.md")["What became of an item"])

    assert [row[0] for row in table] == [one.value for one in ItemOutcome]


@pytest.mark.parametrize("condition", [field.name for field in fields(ConditionsEntry)])
def test_every_condition_of_a_rule_is_shown_by_example(condition: str) -> None:
    page = text_of(DOCS / "how-to" / "alerts.md")

    assert f"`{condition}`" in page
    assert any(f"{condition}:" in text for name, text in blocks("yaml") if name == "docs/how-to/alerts.md")


def test_changes_in_a_rule_are_those_of_the_code() -> None:
    listed = sections(DOCS / "how-to" / "alerts.md")["What is new: change"].partition("```")[0]

    assert codes(listed) >= {one.value for one in Change}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_lines_fit_and_no_page_is_unfinished(page: Path) -> None:
    prose = BLOCK.sub("", text_of(page))

    assert [line for line in prose.splitlines() if len(line) > 120 and not line.startswith("| ")] == []
    assert not re.search(r"\b(TODO|TBD|FIXME|lorem)\b", prose)


# A number in a design note is one of the code's: (page, words around it, the code's number).
NUMBERS: tuple[tuple[str, str, float], ...] = (
    ("chain", "at least {} of all words", LEAST_SHARE),
    ("chain", "Below {} words", SHORTEST_WORDS),
    ("chain", "what is below {} is dropped", LEAST_CONFIDENCE),
    ("developments", "From {} on the mention is the event's", SAME_EVENT),
    ("developments", "a contradicted candidate scores {} at most", CONTRADICTED),
    ("developments", "share a party ({} at most", CANDIDATES),
    ("identity", "| {} of the shorter one's telling words |", RELATED_TITLES),
    ("roster", "| seen once | {} days after the text |", COUNTS_AFTER_FIRST.days),
    ("roster", "| each doubling of the times seen | {} days more |", COUNTS_AFTER_FIRST.days),
    ("roster", "| at most | {} days |", COUNTS_AT_MOST.days),
    ("roster", "A code that {} items gave after", SUCCEEDS),
    ("roster", "Each {} days of silence halve", HALF_LIFE.days),
    ("roster", "no more than {} items weigh", HEAVIEST),
    ("roster", "one who is {} times as well attested", CLEARLY),
    ("polling", "After about {} conditional", WHOLE_EVERY),
    ("polling", "believed after {} good polls", BELIEVED_AFTER),
    ("polling", "Up to {} polls that have ended", TOGETHER),
    ("polling", "{} are under way, most of them", IN_FLIGHT),
    ("polling", "are killed after {} s", ParseSettings().seconds),
    ("websub", "{} documents of a feed wait", MOST_WAITING),
    ("websub", "{} connections are open", MOST_CONNECTIONS),
    ("queue", "leases what it hands out for {} minutes", LEASE.total_seconds() / 60),
)
WORDS = {"five": "5"}


@pytest.mark.parametrize(("page", "words", "number"), NUMBERS)
def test_numbers_in_design_notes_are_those_of_the_code(page: str, words: str, number: float) -> None:
    text = " ".join(WORDS.get(word, word) for word in text_of(DOCS / "design" / f"{page}.md").split())

    assert words.format(f"{number:g}") in text


def test_what_check_config_says_of_the_shipped_configuration_is_in_the_tutorial() -> None:
    shipped = load_config(ROOT / "config.yaml", environ={})
    counts = (
        f"{len(shipped.feeds)} feeds, {len(shipped.alerts.rules)} alert rules, "
        f"{len(shipped.alerts.channels)} channels, {len(shipped.reports)} saved reports"
    )

    assert f"config.yaml: good. {counts}." in text_of(DOCS / "tutorial.md")
    assert f"{len(shipped.feeds)} feeds and {len(shipped.alerts.rules)} alert rules" in text_of(ROOT / "README.md")


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial.md", "CONTRIBUTING.md"])
def test_make_targets_that_pages_name_exist(page: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), flags=re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", text_of(ROOT / page), flags=re.MULTILINE))

    assert named
    assert named <= targets
