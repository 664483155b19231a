"""What a right configuration becomes."""

from dataclasses import FrozenInstanceError, fields, is_dataclass
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from extractors.ontology import EventType, Kind, Status
from monitor.alerts.rules import AlertRule, Conditions, FeedTrouble, Parties, Severity, party
from monitor.alerts.select import Limits
from monitor.config import (
    AlertsConfig,
    ArticlesConfig,
    Config,
    ExtractorsConfig,
    LoggingConfig,
    PollerConfig,
    load_config,
)
from storage.types import Change, FeedSpec

GOOD = Path(__file__).parents[2] / "data" / "config" / "good"
SHIPPED = Path(__file__).parents[3] / "config.yaml"
SECRETS = {"PASSWORD": "hunter2", "TOKEN": "hunter3"}


def loaded(tmp_path: Path, text: str, **environ: str) -> Config:
    """Return what a configuration of this text becomes."""
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return load_config(path, environ=environ)


# ---------------------------------------------------------------- the shipped file


def test_the_shipped_file_works_without_any_environment() -> None:
    config = load_config(SHIPPED, environ={})

    assert len(config.feeds) >= 25
    assert len(config.alerts.rules) >= 4


def test_the_shipped_file_shows_the_defaults() -> None:
    config, defaults = load_config(SHIPPED, environ={}), Config()

    for section in ("poller", "articles", "extractors", "logging"):
        assert getattr(config, section) == getattr(defaults, section)
    assert config.alerts.limits == defaults.alerts.limits


@pytest.mark.parametrize(
    "section", [PollerConfig, ArticlesConfig, ExtractorsConfig, LoggingConfig, Limits], ids=lambda one: one.__name__
)
def test_the_shipped_file_explains_every_setting(section: type) -> None:
    text = SHIPPED.read_text(encoding="utf-8")

    assert is_dataclass(section)
    assert [one.name for one in fields(section) if f"\n  {one.name}: " not in text] == []


# ---------------------------------------------------------------- values


def test_one_feed_is_enough_and_the_rest_is_default() -> None:
    config = load_config(GOOD / "minimal.yaml", environ={})

    assert config.feeds == (FeedSpec("https://www.example.org/world.rss"),)
    assert config.poller == PollerConfig()
    assert config.alerts == AlertsConfig()


def test_sections_become_values_with_units() -> None:
    config = load_config(GOOD / "everything.yaml", environ=SECRETS)

    assert config.poller == PollerConfig(
        interval=timedelta(minutes=90),
        user_agent="desk-monitor",
        contact="desk@example.org",
        deadline=timedelta(seconds=45),
        max_body=2 * 1024 * 1024,
        min_gap=timedelta(seconds=3),
        parallel=7,
        allow_networks=(ip_network("10.0.0.0/8"), ip_network("fd00::/8"), ip_network("192.0.2.1/32")),
        tick=timedelta(seconds=20),
    )
    assert config.articles.read is False
    assert config.extractors == ExtractorsConfig(model="en_core_web_sm", workers=3)
    assert config.alerts.limits == Limits(0.7, timedelta(hours=12), timedelta(hours=6))
    assert config.logging == LoggingConfig(level="debug", format="json")
    assert config.reports == {"weekly": GOOD / "minimal.yaml"}


def test_a_feed_is_an_address_or_says_more() -> None:
    config = load_config(GOOD / "everything.yaml", environ=SECRETS)

    assert config.feeds == (
        FeedSpec("https://www.example.org/plain.rss"),
        FeedSpec("https://www.example.org/full.rss", "World", "Example", timedelta(days=2)),
    )


def test_a_rule_becomes_its_conditions() -> None:
    (rule,) = load_config(GOOD / "everything.yaml", environ=SECRETS).alerts.rules

    assert rule == AlertRule(
        name="contacts",
        channels=("desk", "screen"),
        when=Conditions(
            types=frozenset({EventType.CONSULT, EventType.AGREE}),
            kinds=frozenset({Kind.VISIT, Kind.TALKS}),
            statuses=frozenset({Status.PLANNED, Status.CANCELLED}),
            changes=frozenset({Change.FIRST_REPORT, Change.STATUS}),
            actors=Parties(
                any=(party("UN"), party("OSCE")),
                all=(party("RUS"),),
                between=((party("RUS"), party("BLR")), (party("UKR"),)),
            ),
            places=("CHE", "Geneva"),
            min_publishers=2,
            min_confidence=0.9,
            texts=("peace talks", "cease-fire"),
        ),
        unless=Conditions(statuses=frozenset({Status.OCCURRED}), actors=Parties(any=(party("HAMAS"),))),
        severity=Severity.HIGH,
    )


def test_words_that_yaml_takes_for_something_else_stay_words() -> None:
    config = load_config(GOOD / "words.yaml", environ={})

    assert (config.poller.user_agent, config.poller.contact) == ("no", "036")
    assert (config.extractors.model, config.extractors.workers) == ("1.10", 8)
    assert config.articles.read is False
    assert [(feed.title, feed.publisher) for feed in config.feeds] == [
        ("true", "2022-04-22"),
        ("", "null"),
        ("0x10", "1_000"),
    ]
    assert config.alerts.rules[0].when.texts == ("no", "yes", "036", "12:30")


def test_a_section_with_nothing_in_it_is_as_good_as_none(tmp_path: Path) -> None:
    config = loaded(tmp_path, "poller:\nfeeds:\nalerts:\n  rules:\n")

    assert (config.poller, config.feeds, config.alerts.rules) == (PollerConfig(), (), ())


def test_a_byte_order_mark_is_no_part_of_the_first_setting(tmp_path: Path) -> None:
    assert loaded(tmp_path, "\ufeffpoller: {parallel: 3}").poller.parallel == 3


@pytest.mark.parametrize("value", ["RUS", "UN", "G7", "R+D", "AL-QAEDA", "HAMAS", "XKX", "AU"])
def test_codes_of_states_organisations_and_other_parties_are_taken(tmp_path: Path, value: str) -> None:
    rules = f"rules: [{{name: r, channels: c, actors: {value}}}]"
    config = loaded(tmp_path, f"alerts: {{channels: {{c: 'console:'}}, {rules}}}")

    (group,) = config.alerts.rules[0].when.actors.any
    assert value in group.codes


# ---------------------------------------------------------------- the environment


@pytest.mark.parametrize(
    ("text", "environ", "expected"),
    [
        ("${NAME}", {"NAME": "desk"}, "desk"),
        ("a ${NAME} b ${NAME}", {"NAME": "desk"}, "a desk b desk"),
        ("${NAME:-nobody}", {}, "nobody"),
        ("${NAME:-nobody}", {"NAME": ""}, "nobody"),
        ("${NAME:-nobody}", {"NAME": "desk"}, "desk"),
        ("${NAME:-}", {}, ""),
        ("$${NAME}", {"NAME": "desk"}, "${NAME}"),
        ("$$5", {}, "$5"),
        ("5 $ each", {}, "5 $ each"),
        ("${NAME}", {"NAME": "${OTHER}", "OTHER": "x"}, "${OTHER}"),
        ("${NAME}", {"NAME": "}: [\n"}, "}: [\n"),
    ],
)
def test_references_to_the_environment_are_filled_in_once(
    tmp_path: Path, text: str, environ: dict[str, str], expected: str
) -> None:
    config = loaded(tmp_path, f"poller: {{contact: '{text}'}}", **environ)

    assert config.poller.contact == expected


def test_a_number_may_come_from_the_environment(tmp_path: Path) -> None:
    assert loaded(tmp_path, "poller: {parallel: '${MANY}'}", MANY="12").poller.parallel == 12


# ---------------------------------------------------------------- paths


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///demarche.db", "sqlite:///{folder}/demarche.db"),
        ("sqlite:///data/demarche.db", "sqlite:///{folder}/data/demarche.db"),
        ("sqlite:////var/lib/demarche.db", "sqlite:////var/lib/demarche.db"),
        ("sqlite://", "sqlite://"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgresql+psycopg://db/demarche", "postgresql+psycopg://db/demarche"),
    ],
)
def test_a_relative_database_is_beside_the_file(tmp_path: Path, url: str, expected: str) -> None:
    config = loaded(tmp_path, f"database: '{url}'")

    assert config.database == expected.format(folder=tmp_path)


def test_the_default_database_is_beside_the_file_too(tmp_path: Path) -> None:
    assert loaded(tmp_path, "feeds: []").database == f"sqlite:///{tmp_path}/demarche.db"


def test_another_database_leaves_the_rest_as_it_is(tmp_path: Path) -> None:
    config = loaded(tmp_path, "poller: {parallel: 3}").with_database("sqlite:///other.db")

    assert (config.database, config.poller.parallel) == ("sqlite:///other.db", 3)


# ---------------------------------------------------------------- what must not show


def test_no_secret_shows_when_a_configuration_is_printed() -> None:
    config = load_config(GOOD / "everything.yaml", environ=SECRETS)
    shown = f"{config!r} {config} {config.alerts.channels['hook']} {config.alerts!r}"

    assert config.alerts.channels["hook"].reveal() == "https://hooks.example.org/hunter3#hunter3"
    assert "hunter2" in config.database
    assert "hunter2" not in shown
    assert "hunter3" not in shown


def test_a_configuration_cannot_be_changed() -> None:
    changed: Any = Config()

    with pytest.raises(FrozenInstanceError):
        changed.poller = PollerConfig(parallel=1)


def test_a_rule_about_feeds_names_the_trouble_that_it_hears_of(tmp_path: Path) -> None:
    rule = "{name: feeds, feeds: [failing, silent], channels: desk}"
    config = loaded(tmp_path, f"alerts: {{channels: {{desk: 'console:'}}, rules: [{rule}]}}\n")

    assert config.alerts.rules[0].feeds == frozenset({FeedTrouble.FAILING, FeedTrouble.SILENT})
