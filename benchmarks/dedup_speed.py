"""How much CPU placing an item costs: its report and its story, with all reads and writes in a new SQLite file.

    python benchmarks/dedup_speed.py [--items 30000] [--batch 50]

The items are made up: stories of many items from a vocabulary as skewed as that of news, a fifth of them copies,
three thousand a day. Printed for each tenth: CPU per item, memory, the rows of the tables that expire.
Seen on 24 November 2026: 4.4 ms at 5,000 items, 5.1 at 10,000, still rising, which is too much; 119 MB.
Beside it what a user might take instead: looking each text up in an index of MinHash signatures in memory (rensa).
"""

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from rensa import RMinHash, RMinHashLSH
from rich.console import Console

from storage.database import Database
from storage.store import Store
from storage.types import FeedSpec, NewItem, PolledFeed, PollOutcome

say = Console(highlight=False, soft_wrap=True).print

VOCABULARY = 60_000
A_DAY = 3000
START = datetime(2026, 1, 1, tzinfo=UTC)
TABLES = ("item_texts", "text_bands", "item_terms", "story_profiles", "term_counts", "shared_texts")


class Newsroom:
    """Makes up news."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._stories: list[list[str]] = []

    def items(self, number: int) -> Iterator[NewItem]:
        """Yield items; the texts of a story share its words, a copy is another's with its end cut off."""
        last = ""
        for place in range(number):
            text = self._copy(last) if last and self._random.random() < 0.2 else self._text()
            last = text
            title = " ".join(text.split()[:9])
            yield NewItem(f"i{place}", f"https://n.example/{place}", f"n.example/{place}", title, text, None)

    def _copy(self, text: str) -> str:
        words = text.split()
        return " ".join(words[: int(len(words) * self._random.uniform(0.5, 1.0))])

    def _text(self) -> str:
        if not self._stories or self._random.random() < 0.3:
            self._stories.append([self._word() for _ in range(40)])
        story = self._stories[-1 - min(int(self._random.expovariate(0.02)), len(self._stories) - 1)]
        return " ".join(self._random.choice(story) if self._random.random() < 0.3 else self._word() for _ in range(180))

    def _word(self) -> str:
        rank = int(VOCABULARY ** self._random.random())
        word = f"w{rank:x}q"
        return word.capitalize() if rank % 7 == 0 else word


def measure(items: int, batch: int) -> None:
    """Place made-up items and print what each tenth of them cost."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/speed.db"
        with Store.open(url) as store:
            store.upgrade()
            feed = store.add_feed(FeedSpec("https://n.example/feed"), START, timedelta(hours=1))
            news, now = Newsroom().items(items), START
            say(f"{'items':>9} {'ms CPU/item':>12} {'MB':>7}  rows that expire")
            for tenth in range(1, 11):
                spent = 0.0
                for _ in range(items // 10 // batch):
                    now += timedelta(days=batch / A_DAY)
                    spent += _place(store, feed.id, [next(news) for _ in range(batch)], now)
                placed = items // 10 // batch * batch
                say(f"{tenth * placed:>9} {1000 * spent / placed:>12.2f} {_megabytes():>7.0f}  {_rows(url)}")


def _place(store: Store, feed_id: int, entries: list[NewItem], now: datetime) -> float:
    outcome = PollOutcome.READ
    polled = PolledFeed(feed_id, now, outcome, now, timedelta(hours=1), items=tuple(entries))
    store.record_poll(polled, now)
    unread = store.unread_items(now, len(entries))
    started = time.process_time()
    store.place_items(unread, now)
    spent = time.process_time() - started
    with store._database.writing() as session:  # the items are done with; what that costs is not measured here  # noqa: SLF001 (a benchmark)
        session.connection().exec_driver_sql("UPDATE items SET outcome = 'no-event' WHERE outcome = 'unread'")
    return spent


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _rows(url: str) -> str:
    database = Database(url)
    with database.connected() as connection:
        counts = [connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() for name in TABLES]  # noqa: S608 (our own names)
    database.close()
    return ", ".join(f"{name} {count}" for name, count in zip(TABLES, counts, strict=True))


def compare(items: int) -> None:
    """Print what looking up near-duplicates alone costs in memory, without stories and without keeping anything."""
    index = RMinHashLSH(0.3, 64, 32)
    texts = [item.summary for item in Newsroom().items(items)]
    started = time.process_time()
    for number, text in enumerate(texts):
        words = text.split()
        minhash = RMinHash(64, 1)
        minhash.update([" ".join(words[at : at + 3]) for at in range(min(118, len(words) - 2))])
        index.query(minhash)
        index.insert(number, minhash)
    say(f"rensa in memory, near-duplicates alone: {1000 * (time.process_time() - started) / items:.2f} ms CPU/item")


def main() -> None:
    """Run both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--items", type=int, default=30_000)
    parser.add_argument("--batch", type=int, default=50)
    options = parser.parse_args()
    measure(options.items, options.batch)
    compare(min(options.items, 30_000))


if __name__ == "__main__":
    main()
