"""What rules asked for and what they told of it, what is silenced, and the history that rules are tested on.

What each table and column is for is said in `storage.models`.
"""

import sqlalchemy as sa
from alembic import op

from storage.database import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _settlements()
    _silences()
    _matches()
    _messages()
    op.create_table(
        "alert_agenda",
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("next_at", Instant(), nullable=True),
        sa.Column("through", Instant(), nullable=True),
        sa.Column(
            "settings", sa.Text(), nullable=False, comment="digest of the rule's timing; another one is looked at anew"
        ),
        sa.PrimaryKeyConstraint("rule", name=op.f("pk_alert_agenda")),
    )
    _reminders()


def _settlements() -> None:
    op.create_table(
        "settlements",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column(
            "corroborated", sa.Boolean(), nullable=False, comment="its publisher had not told of the event before"
        ),
        sa.Column("edited", sa.Boolean(), nullable=False, comment="a new wording of an item that we had"),
        sa.Column(
            "snapshot",
            sa.Text(),
            nullable=False,
            comment="JSON: the event after it, and the developments that it brought",
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_settlements_event_id_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlements")),
    )
    op.create_index("ix_settlements_at", "settlements", ["at"])
    op.create_index("ix_settlements_event", "settlements", ["event_id"])


def _silences() -> None:
    op.create_table(
        "silences",
        sa.Column("id", ID, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("lifted_at", Instant(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False, comment="empty: any"),
        sa.Column("event_id", ID, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False, comment="empty: any"),
        sa.Column(
            "actors", sa.Text(), nullable=False, comment="codes joined by +, of which one is a party; empty: any"
        ),
        sa.Column("place", sa.Text(), nullable=False, comment="empty: any"),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_silences_event_id_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silences")),
    )


def _matches() -> None:
    op.create_table(
        "alert_matches",
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("development_id", ID, nullable=False),
        sa.Column("settlement_id", ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, comment="which clauses of the rule matched"),
        sa.Column("matched_at", Instant(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ready_at", Instant(), nullable=True, comment="none: it waits for more publishers"),
        sa.Column(
            "ready_by",
            sa.BigInteger(),
            nullable=False,
            comment="the settlement after which it no longer did; 0: it does",
        ),
        sa.Column("acked_at", Instant(), nullable=True),
        sa.Column("acked_by", sa.Text(), nullable=False, comment="what a person said with it"),
        sa.CheckConstraint(
            "state IN ('waiting', 'held', 'told', 'silenced', 'expired')", name=op.f("ck_alert_matches_state")
        ),
        sa.ForeignKeyConstraint(
            ["development_id"], ["developments.id"], name=op.f("fk_alert_matches_development_id_developments")
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlements.id"], name=op.f("fk_alert_matches_settlement_id_settlements")
        ),
        sa.PrimaryKeyConstraint("rule", "development_id", name=op.f("pk_alert_matches")),
    )
    op.create_index("ix_alert_matches_open", "alert_matches", ["rule", "state"])
    op.create_index("ix_alert_matches_development", "alert_matches", ["development_id"])


def _messages() -> None:
    op.create_table(
        "alert_messages",
        sa.Column("id", ID, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False, comment="when it was due; it left when somebody looked next"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_messages")),
    )
    op.create_index("ix_alert_messages_rule", "alert_messages", ["rule", "at"])
    op.create_table(
        "alert_message_developments",
        sa.Column("message_id", ID, nullable=False),
        sa.Column("development_id", ID, nullable=False),
        sa.Column("silence_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["alert_messages.id"], name=op.f("fk_alert_message_developments_message_id_alert_messages")
        ),
        sa.ForeignKeyConstraint(
            ["development_id"],
            ["developments.id"],
            name=op.f("fk_alert_message_developments_development_id_developments"),
        ),
        sa.ForeignKeyConstraint(
            ["silence_id"], ["silences.id"], name=op.f("fk_alert_message_developments_silence_id_silences")
        ),
        sa.PrimaryKeyConstraint("message_id", "development_id", name=op.f("pk_alert_message_developments")),
    )
    op.create_index("ix_alert_message_developments_development", "alert_message_developments", ["development_id"])


def _reminders() -> None:
    """Let a rule tell a channel a development again as a reminder."""
    _drop_views()
    with op.batch_alter_table("delivery_developments") as told:
        told.add_column(
            sa.Column(
                "purpose",
                sa.Text(),
                nullable=False,
                server_default="",
                comment="empty: for the first time; else which reminder",
            )
        )
        told.drop_constraint("uq_delivery_developments_rule_channel_development_id", type_="unique")
        told.create_unique_constraint(
            "uq_delivery_developments_rule_channel_development_id_purpose",
            ["rule", "channel", "development_id", "purpose"],
        )


def _drop_views() -> None:
    """Drop the reporting views, which SQLite would not let us rebuild a table below; they are made anew afterwards."""
    connection = op.get_bind()
    for name in sa.inspect(connection).get_view_names():
        if name.startswith("v_"):
            op.execute(f"DROP VIEW {connection.dialect.identifier_preparer.quote(name)}")
    op.execute("DELETE FROM monitor_meta WHERE key = 'views'")
