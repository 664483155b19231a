"""Items with a short text of their own: the article behind them is read, or the summary stands in and says so."""

from monitor.alerts.rules import AlertRule, Conditions
from storage.store import Store
from tests.fakes import Entry, World, a_world

EVERYTHING = AlertRule("everything", ("desk",), Conditions())
TEASER = Entry("visit", "What comes next for the northern dispute", "Our correspondent looks ahead.")
PARAGRAPHS = (
    "Norwegian Foreign Minister Espen Barth Eide will visit Iceland on Thursday, his office said on Monday, for the "
    "first time since he took up his post.",
    "The two countries share a border at sea, a long history of fishing, and a good many open questions about who may "
    "catch how much of what in the waters between them.",
    "Diplomats on both sides have been busy for weeks with the preparations, and hotels in the capital are booked out "
    "until the end of the month, according to people who know the trade.",
)
PAGE = f"""<!doctype html><html lang="en"><head><title>{TEASER.title}</title></head><body><nav>Home News Sport</nav>
<article><h1>{TEASER.title}</h1>{"".join(f"<p>{text}</p>" for text in PARAGRAPHS)}</article>
<footer>All rights reserved</footer></body></html>"""


def one_item(store: Store) -> tuple[object, ...]:
    return store.table("items", "SELECT outcome FROM v_items").rows[0]


def pass_over(world: World, page: bytes | None) -> None:
    world.publish("post", TEASER)
    if page is not None:
        world.documents[f"https://news.example/{TEASER.guid}"] = page
    world.pass_by(TEASER.published_at)


def test_the_article_behind_a_teaser_is_read(store: Store) -> None:
    with a_world(store, ["post"], (EVERYTHING,), read_articles=True) as world:
        pass_over(world, PAGE.encode())

    mentions = store.table("mentions", "SELECT kind, actors, place_country, evidence FROM v_mentions").rows
    assert one_item(store) == ("tagged",)
    assert [row[:3] for row in mentions] == [("visit", "NOR", "ISL")]
    assert "will visit Iceland" in str(mentions[0][3])


def test_without_its_article_the_summary_is_used_and_the_outcome_says_so(sqlite_store: Store) -> None:
    with a_world(sqlite_store, ["post"], (EVERYTHING,), read_articles=True) as world:
        pass_over(world, None)

    item = sqlite_store.item(1)
    assert one_item(sqlite_store) == ("no-event-summary",)
    assert "http-404" in item.read_failure


def test_a_page_that_says_nothing_leaves_the_summary(sqlite_store: Store) -> None:
    with a_world(sqlite_store, ["post"], (EVERYTHING,), read_articles=True) as world:
        pass_over(world, b"<html><body><p>Please accept our cookies.</p></body></html>")

    assert one_item(sqlite_store) == ("no-event-summary",)
    assert sqlite_store.item(1).read_failure.startswith("no-text")
