"""What a rule's groups and timing become, and that the built-in groups say since when and who says so."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from extractors.lexicon import load
from monitor.alerts.cron import Hours, parse_cron
from monitor.alerts.rules import Escalation, GroupBy, Throttle, Timing
from monitor.config import Config, load_config
from monitor.config.document import read_document
from monitor.config.groups import BUILT_IN, built_in_groups, group_of

GOOD = Path(__file__).parents[2] / "data" / "config" / "good"
HOUR = timedelta(hours=1)


@pytest.fixture
def config() -> Config:
    return load_config(GOOD / "timing.yaml", environ={})


def test_all_that_says_when_a_rule_tells_is_read(config: Config) -> None:
    assert config.alerts.rules[0].timing == Timing(
        corroborated=3,
        group_by=GroupBy.EVENT,
        group_wait=timedelta(seconds=90),
        quiet_hours=Hours(time(22), time(7), "Europe/Berlin"),
        throttle=Throttle(5, 1.5 * HOUR),
        repeat=timedelta(days=2),
        escalate=(Escalation(HOUR / 2, ("boss",)),),
    )
    assert config.alerts.rules[1].timing == Timing(
        digest=parse_cron("30 6 * * mon-fri Europe/Berlin"), escalate=(Escalation(HOUR, ("boss",)),)
    )


def test_a_rule_has_the_text_of_its_template(config: Config) -> None:
    assert [one.template for one in config.alerts.rules] == ["{{ title }}\n", ""]


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("{% for %}", "is no good template: line 1"),
        ("x" * 20_001, "is longer than 20000 characters"),
    ],
)
def test_a_bad_template_is_a_fault(tmp_path: Path, template: str, problem: str) -> None:
    (tmp_path / "own.j2").write_text(template, encoding="utf-8")
    rule = "{name: r, channels: c, template: own.j2}"
    (tmp_path / "config.yaml").write_text(f"alerts: {{channels: {{c: 'console:'}}, rules: [{rule}]}}")

    with pytest.raises(Exception, match=r"alerts\.rules\[0\]\.template: ") as told:
        load_config(tmp_path / "config.yaml", environ={})

    assert problem in str(told.value)


# ---------------------------------------------------------------- groups


def test_a_group_of_the_file_may_name_others_and_replace_one(config: Config) -> None:
    west, russia = config.alerts.rules[0].when.actors.any

    assert west.name == "WEST"
    assert russia.codes == {"RUS"}
    assert west.codes > {"FRA", "AUS", "CAN", "JPN"}
    assert "USA" not in west.codes


def test_a_group_stands_in_each_place_of_actors(config: Config) -> None:
    actors = config.alerts.rules[0].when.actors

    assert [group.name for group in actors.all] == ["P5"]
    assert [[group.name for group in side] for side in actors.between] == [["BALTICS"], ["RUS", "BLR"]]


def test_groups_that_name_each_other_come_to_an_end() -> None:
    groups = {"A": ("B", "RUS"), "B": ("A", "BLR")}

    assert group_of("A", groups).codes == {"RUS", "BLR"}


def test_each_built_in_group_says_since_when_and_who_says_so() -> None:
    tree = read_document(BUILT_IN.read_text(encoding="utf-8"), {}).tree

    assert isinstance(tree, dict)
    for name, entry in tree.items():
        assert isinstance(entry, dict), name
        assert date.fromisoformat(str(entry["since"])) < date(2026, 11, 24)
        assert len(str(entry["source"])) > 10


def test_the_members_of_built_in_groups_are_parties_that_the_extractors_tell() -> None:
    known = {name.code for name in load().names.values()}
    members = {code for codes in built_in_groups().values() for code in codes}

    assert members - known == set()


@pytest.mark.parametrize(("name", "size"), [("EU27", 27), ("NATO-members", 32), ("P5", 5), ("ASEAN-members", 11)])
def test_groups_have_as_many_members_as_the_world_says(name: str, size: int) -> None:
    assert len(set(built_in_groups()[name])) == len(built_in_groups()[name]) == size
