"""What items are compared by (copies of a report, items of a story), and what people said of events.

What each table and column is for is said in `storage.models`. Comparing begins with the next item; stories of earlier
ones stay as they are.
"""

import sqlalchemy as sa
from alembic import op

from storage.database import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _item_texts()
    _keys("text_bands", "band")
    _keys("item_terms", "term")
    _shared_texts()
    _term_counts()
    _story_profiles()
    _corrections()


def _until(table: str) -> None:
    op.create_index(f"ix_{table}_until", table, ["counts_until"])


def _item_texts() -> None:
    op.create_table(
        "item_texts",
        sa.Column("item_id", ID, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False, comment="of the item, when it was compared"),
        sa.Column("report_id", ID, nullable=False, comment="the item that told this report first, perhaps itself"),
        sa.Column("copy_of", ID, nullable=True, comment="the item whose words it repeats"),
        sa.Column("story_id", ID, nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False, comment="empty where the text is too short to compare"),
        sa.Column("shingles", sa.LargeBinary(), nullable=False, comment="numbers of 32 bits, in the order of the text"),
        sa.Column("profile", sa.LargeBinary(), nullable=False, comment="storage.dedup.stories.Profile, packed"),
        sa.Column("reason", sa.Text(), nullable=False, comment="why it is of this report and this story"),
        sa.Column("counts_until", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_texts_item_id_items")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_item_texts_story_id_stories")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item_texts")),
    )
    op.create_index("ix_item_texts_hash", "item_texts", ["text_hash"])
    _until("item_texts")


def _keys(table: str, key: str) -> None:
    op.create_table(
        table,
        sa.Column(key, sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False, comment="hours since 1970"),
        sa.PrimaryKeyConstraint(key, "slot", name=op.f(f"pk_{table}")),
        sqlite_with_rowid=False,
    )
    op.create_index(f"ix_{table}_until", table, ["until"])


def _shared_texts() -> None:
    op.create_table(
        "shared_texts",
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("report_id", ID, nullable=False),
        sa.Column("titles", sa.Text(), nullable=False, comment="JSON list of [title key]"),
        sa.Column("counts_until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("text_hash", name=op.f("pk_shared_texts")),
    )
    _until("shared_texts")


def _term_counts() -> None:
    op.create_table(
        "term_counts",
        sa.Column("term", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("items", sa.Float(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False, comment="hours since 1970"),
        sa.PrimaryKeyConstraint("term", name=op.f("pk_term_counts")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_term_counts_counted", "term_counts", ["counted"])


def _story_profiles() -> None:
    op.create_table(
        "story_profiles",
        sa.Column("story_id", ID, nullable=False),
        sa.Column("profile", sa.LargeBinary(), nullable=False, comment="storage.dedup.stories.StoryProfile, packed"),
        sa.Column("counts_until", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_story_profiles_story_id_stories")),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_story_profiles")),
    )
    _until("story_profiles")


def _corrections() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", ID, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("other_id", ID, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.CheckConstraint("verdict IN ('same', 'different', 'wrong')", name=op.f("ck_corrections_verdict")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_corrections_event_id_events")),
        sa.ForeignKeyConstraint(["other_id"], ["events.id"], name=op.f("fk_corrections_other_id_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index("ix_corrections_event", "corrections", ["event_id"])
