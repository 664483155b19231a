"""The seed article: fifteen events that one text of 2022-04-22 tells, and no more than two besides."""

import json
from datetime import date

import pytest

from extractors import Article, EventMention
from extractors.chain import Chain
from tests.shared import shared

pytestmark = pytest.mark.shared

# id, type, actors, recipients, and the further fields that the chain gets right.
EVENTS = [
    ("S01", "CONSULT", "RUS+UKR", "", "kind"),
    ("S02", "REJECT", "RUS+UKR", "", "kind status"),
    ("S03", "REQUEST", "RUS", "UKR", "kind date status"),
    ("S04", "REJECT", "UKR", "RUS", "kind status"),
    ("S05", "CONSULT", "EU+RUS", "", "kind date status"),
    ("S06", "ACCUSE", "RUS", "UKR", "kind status"),
    ("S07", "ACCUSE", "UKR", "RUS", "kind status"),
    ("S08", "REJECT", "RUS", "UKR", "kind status"),
    ("S09", "ASSAULT", "RUS", "UKR", "kind date place background"),
    ("S10", "CONSULT", "UN", "RUS", "kind date place status attribution"),
    ("S11", "CONSULT", "RUS+UN", "", "kind status"),
    ("S12", "CONSULT", "UN", "UKR", "kind place attribution"),
    ("S13", "REQUEST", "UN", "RUS+UKR", "kind date status"),
    ("S14", "REQUEST", "UN", "RUS+UKR", "kind date place status"),
    ("S15", "CONSULT", "USA", "", "kind date place status counts"),
]


@pytest.fixture(scope="module")
def gold() -> dict[str, dict[str, object]]:
    events = json.loads(shared("seed", "events.json").read_text(encoding="utf-8"))["events"]
    return {event["id"]: event for event in events}


@pytest.fixture(scope="module")
def mentions(whole_chain: Chain) -> tuple[EventMention, ...]:
    about = json.loads(shared("seed", "events.json").read_text(encoding="utf-8"))
    text = shared("seed", "article.txt").read_text(encoding="utf-8")
    return whole_chain.tag(Article(key="seed", text=text, title=about["title"], published_on=date(2022, 4, 22)))


def codes(mention: EventMention, role: str) -> str:
    return "+".join(sorted(actor.code for actor in getattr(mention, role)))


def fields(mention: EventMention) -> dict[str, object]:
    """Return a mention's further fields as the gold writes them."""
    place = mention.place and {"country": mention.place.country, "name": mention.place.name}
    when = mention.date and {"start": mention.date.start.isoformat(), "end": mention.date.end.isoformat()}
    return {
        "kind": mention.kind,
        "status": mention.status,
        "place": place,
        "date": when,
        "attribution": mention.attribution,
        "background": mention.background,
        "counts": dict(mention.counts),
    }


@pytest.mark.parametrize(("id_", "type_", "actors", "recipients", "right"), EVENTS, ids=[row[0] for row in EVENTS])
def test_event_is_told_with_its_parties(
    id_: str,
    type_: str,
    actors: str,
    recipients: str,
    right: str,
    mentions: tuple[EventMention, ...],
    gold: dict[str, dict[str, object]],
) -> None:
    wanted = {name: gold[id_][name] for name in right.split()}
    fitting = [
        mention
        for mention in mentions
        if (mention.type, codes(mention, "actors"), codes(mention, "recipients")) == (type_, actors, recipients)
    ]
    assert wanted in [{name: fields(mention)[name] for name in wanted} for mention in fitting]


def test_at_most_two_events_besides(mentions: tuple[EventMention, ...]) -> None:
    known = [(type_, actors, recipients) for _, type_, actors, recipients, _ in EVENTS]
    told = [(str(mention.type), codes(mention, "actors"), codes(mention, "recipients")) for mention in mentions]
    expected = sum(min(told.count(one), known.count(one)) for one in set(known))
    assert len(told) - expected <= 2
