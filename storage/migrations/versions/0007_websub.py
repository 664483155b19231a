"""Subscriptions to the hubs that feeds name, and what those pushed.

What each column and index is for is said in `storage.models`.
"""

import sqlalchemy as sa
from alembic import op

from storage.database import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", ID, nullable=False),
        sa.Column("feed_id", ID, nullable=False),
        sa.Column("hub_url", sa.Text(), nullable=False),
        sa.Column("topic_url", sa.Text(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False, comment="the feed's latest document names the hub"),
        sa.Column("token", sa.Text(), nullable=False, comment="the last part of the callback's address"),
        sa.Column("secret", sa.Text(), nullable=False, comment="signs what the hub pushes"),
        sa.Column("callback_url", sa.Text(), nullable=False, comment="as the hub was told it; empty: it was not asked"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("next_try_at", Instant(), nullable=False),
        sa.Column("active_until", Instant(), nullable=True, comment="when the hub's lease is over"),
        sa.Column(
            "rest_seconds",
            sa.BigInteger(),
            nullable=False,
            comment="how long the feed is left alone by polls meanwhile",
        ),
        sa.Column(
            "failures", sa.BigInteger(), nullable=False, comment="times the hub was asked since it last verified"
        ),
        sa.Column(
            "missed", sa.BigInteger(), nullable=False, comment="polls in a row that brought news which was not pushed"
        ),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("last_push_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "state IN ('declared', 'asked', 'active', 'refused', 'ending')", name=op.f("ck_subscriptions_state")
        ),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_subscriptions_feed_id_feeds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("feed_id", "hub_url", "topic_url", name=op.f("uq_subscriptions_feed_id_hub_url_topic_url")),
        sa.UniqueConstraint("token", name=op.f("uq_subscriptions_token")),
    )
    op.create_index("ix_subscriptions_due", "subscriptions", ["next_try_at"])
    op.create_table(
        "pushes",
        sa.Column("id", ID, nullable=False),
        sa.Column("feed_id", ID, nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("leased_until", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_pushes_feed_id_feeds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pushes")),
    )
    op.create_index("ix_pushes_feed", "pushes", ["feed_id"])
