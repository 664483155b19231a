"""The first schema: feeds, items, events, what is known of them, and the outbox.

What each column and index is for is said in `storage.models`.
"""

import sqlalchemy as sa
from alembic import op

from storage.database import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "origin", sa.Text(), nullable=False, comment="config: listed in config.yaml; command: added by a person"
        ),
        sa.Column(
            "paused_by",
            sa.Text(),
            nullable=False,
            comment="config: no longer listed there; command: a person; empty: not",
        ),
        sa.Column("interval_seconds", sa.BigInteger(), nullable=False, comment="present, adapted by the poller"),
        sa.Column(
            "wanted_interval_seconds",
            sa.BigInteger(),
            nullable=False,
            comment="as configured; a change restarts the adaptation",
        ),
        sa.Column("next_poll_at", Instant(), nullable=False),
        sa.Column("leased_until", Instant(), nullable=True, comment="a poll is under way; after this it may be redone"),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.Text(), nullable=True),
        sa.Column("last_polled_at", Instant(), nullable=True),
        sa.Column("last_success_at", Instant(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False, comment="polls failed since the last success"),
        sa.CheckConstraint("origin IN ('config', 'command')", name=op.f("ck_feeds_origin")),
        sa.CheckConstraint("state IN ('active', 'paused', 'gone')", name=op.f("ck_feeds_state")),
        sa.CheckConstraint("interval_seconds > 0", name=op.f("ck_feeds_interval")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("url", name=op.f("uq_feeds_url")),
    )
    op.create_index("ix_feeds_due", "feeds", ["state", "next_poll_at"])
    op.create_table(
        "monitor_meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_monitor_meta")),
    )
    op.create_table(
        "stories",
        sa.Column("id", ID, nullable=False),
        sa.Column("first_seen_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
    )
    op.create_table(
        "events",
        sa.Column("id", ID, nullable=False),
        sa.Column("story_id", ID, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actors", sa.Text(), nullable=False, comment="codes, sorted, joined by +"),
        sa.Column("recipients", sa.Text(), nullable=False, comment="codes, sorted, joined by +"),
        sa.Column("place_country", sa.Text(), nullable=True),
        sa.Column("place_name", sa.Text(), nullable=True),
        sa.Column("date_start", sa.Date(), nullable=True),
        sa.Column("date_end", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_at", Instant(), nullable=False, comment="publication of the report that set the status"),
        sa.Column("counts", sa.Text(), nullable=False, comment="JSON list of [what, text]"),
        sa.Column("background", sa.Boolean(), nullable=False, comment="only ever told as background"),
        sa.Column("first_seen_at", Instant(), nullable=False),
        sa.Column("last_seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_events_story_id_stories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("ix_events_kind_place", "events", ["kind", "place_country", "place_name"])
    op.create_index("ix_events_last_seen", "events", ["last_seen_at"])
    op.create_index("ix_events_status_date", "events", ["status", "date_end"])
    op.create_table(
        "items",
        sa.Column("id", ID, nullable=False),
        sa.Column("feed_id", ID, nullable=False),
        sa.Column("story_id", ID, nullable=True),
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("canonical_url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column(
            "text",
            sa.Text(),
            nullable=False,
            comment="of the article, or the entry's own full text; empty where neither",
        ),
        sa.Column("published_at", Instant(), nullable=True),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False, comment="how often its publisher changed it"),
        sa.Column("content_hash", sa.Text(), nullable=False, comment="of the latest revision"),
        sa.Column("read_attempts", sa.BigInteger(), nullable=False),
        sa.Column("next_read_at", Instant(), nullable=False),
        sa.Column("read_leased_until", Instant(), nullable=True),
        sa.Column("read_failure", sa.Text(), nullable=False),
        sa.Column("tag_failure", sa.Text(), nullable=False),
        sa.Column("chain_version", sa.Text(), nullable=True, comment="of the chain that read it last"),
        sa.Column("tagged_revision", sa.BigInteger(), nullable=True, comment="the revision that the chain read last"),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_items_feed_id_feeds")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_items_story_id_stories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
    )
    op.create_index("ix_items_feed", "items", ["feed_id"])
    op.create_index("ix_items_seen", "items", ["seen_at"])
    op.create_index("ix_items_story", "items", ["story_id"])
    op.create_index("ix_items_unread", "items", ["outcome", "next_read_at"])
    op.create_index("ix_items_untagged", "items", ["outcome", "seen_at"])
    op.create_table(
        "deliveries",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, comment="which clauses of the rule matched"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("next_attempt_at", Instant(), nullable=False),
        sa.Column("leased_until", Instant(), nullable=True),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('pending', 'sent', 'dead')", name=op.f("ck_deliveries_state")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_deliveries_event_id_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("key", name=op.f("uq_deliveries_key")),
    )
    op.create_index("ix_deliveries_due", "deliveries", ["state", "next_attempt_at"])
    op.create_index("ix_deliveries_order", "deliveries", ["event_id", "channel", "state"])
    op.create_table(
        "event_parties",
        sa.Column("event_id", ID, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("role IN ('actor', 'recipient')", name=op.f("ck_event_parties_role")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_parties_event_id_events")),
        sa.PrimaryKeyConstraint("event_id", "role", "position", name=op.f("pk_event_parties")),
    )
    op.create_index("ix_event_parties_code", "event_parties", ["code", "event_id"])
    op.create_table(
        "event_publishers",
        sa.Column("event_id", ID, nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("first_seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_publishers_event_id_events")),
        sa.PrimaryKeyConstraint("event_id", "publisher", name=op.f("pk_event_publishers")),
    )
    op.create_table(
        "item_keys",
        sa.Column("item_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("feed_id", ID, nullable=False),
        sa.CheckConstraint("kind IN ('guid', 'url', 'title')", name=op.f("ck_item_keys_kind")),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_item_keys_feed_id_feeds")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_keys_item_id_items")),
        sa.PrimaryKeyConstraint("item_id", "kind", "digest", name=op.f("pk_item_keys")),
    )
    op.create_index("ix_item_keys_lookup", "item_keys", ["feed_id", "digest"])
    op.create_table(
        "item_revisions",
        sa.Column("item_id", ID, nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_revisions_item_id_items")),
        sa.PrimaryKeyConstraint("item_id", "content_hash", name=op.f("pk_item_revisions")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_item_revisions_item_id_number")),
    )
    op.create_table(
        "mentions",
        sa.Column("id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actors", sa.Text(), nullable=False, comment="codes, sorted, joined by +"),
        sa.Column("recipients", sa.Text(), nullable=False, comment="codes, sorted, joined by +"),
        sa.Column("place_country", sa.Text(), nullable=True),
        sa.Column("place_name", sa.Text(), nullable=True),
        sa.Column("date_start", sa.Date(), nullable=True),
        sa.Column("date_end", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attribution", sa.Text(), nullable=True),
        sa.Column("background", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False, comment="JSON list of [what, text]"),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column(
            "evidence_start",
            sa.BigInteger(),
            nullable=False,
            comment="character of title + newline + text, counted from 0",
        ),
        sa.Column("evidence_end", sa.BigInteger(), nullable=False),
        sa.Column("passages", sa.Text(), nullable=False, comment="JSON list of [start, end, text]"),
        sa.Column("reason", sa.Text(), nullable=False, comment="which frame and words gave the mention"),
        sa.Column("decision", sa.Text(), nullable=False, comment="why it belongs to this event"),
        sa.Column("chain_version", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False, comment="of the item, when it was read"),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_mentions_event_id_events")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_mentions_item_id_items")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentions")),
        sa.UniqueConstraint("item_id", "event_id", name=op.f("uq_mentions_item_id_event_id")),
    )
    op.create_index("ix_mentions_event", "mentions", ["event_id"])
    op.create_index("ix_mentions_seen", "mentions", ["seen_at"])
    op.create_table(
        "developments",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("mention_id", ID, nullable=True),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("old_value", sa.Text(), nullable=False),
        sa.Column("new_value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False, comment="the passage as it was read then"),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("background", sa.Boolean(), nullable=False, comment="told as background only: no alert"),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_developments_event_id_events")),
        sa.ForeignKeyConstraint(["mention_id"], ["mentions.id"], name=op.f("fk_developments_mention_id_mentions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_developments")),
    )
    op.create_index("ix_developments_event", "developments", ["event_id"])
    op.create_index("ix_developments_seen", "developments", ["seen_at"])
    op.create_table(
        "mention_parties",
        sa.Column("mention_id", ID, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("role IN ('actor', 'recipient')", name=op.f("ck_mention_parties_role")),
        sa.ForeignKeyConstraint(["mention_id"], ["mentions.id"], name=op.f("fk_mention_parties_mention_id_mentions")),
        sa.PrimaryKeyConstraint("mention_id", "role", "position", name=op.f("pk_mention_parties")),
    )
    op.create_table(
        "delivery_developments",
        sa.Column("delivery_id", ID, nullable=False),
        sa.Column("development_id", ID, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_delivery_developments_delivery_id_deliveries")
        ),
        sa.ForeignKeyConstraint(
            ["development_id"], ["developments.id"], name=op.f("fk_delivery_developments_development_id_developments")
        ),
        sa.PrimaryKeyConstraint("delivery_id", "development_id", name=op.f("pk_delivery_developments")),
        sa.UniqueConstraint(
            "rule", "channel", "development_id", name=op.f("uq_delivery_developments_rule_channel_development_id")
        ),
    )
    op.create_index("ix_delivery_developments_development", "delivery_developments", ["development_id"])
