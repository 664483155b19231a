"""How each channel fares, what a message says in parts, and messages that are about no event.

What each column is for is said in `storage.models`.
"""

import sqlalchemy as sa
from alembic import op

from storage.database import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "channel_states",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False, comment="tries failed since the last that succeeded"),
        sa.Column("failing_since", Instant(), nullable=True),
        sa.Column("retry_at", Instant(), nullable=True, comment="nothing is sent there before"),
        sa.Column("allowance", sa.BigInteger(), nullable=True, comment="messages at once; none: as many as are due"),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("last_success_at", Instant(), nullable=True),
        sa.Column("told_at", Instant(), nullable=True, comment="when the other channels were told that it fails"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channel_states")),
    )
    _drop_views()
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.alter_column(
            "event_id",
            existing_type=ID,
            nullable=True,
            existing_nullable=False,
            comment="none: about the daemon",
        )
        deliveries.add_column(
            sa.Column(
                "details", sa.Text(), nullable=False, server_default="", comment="JSON: what the message says, in parts"
            )
        )
        deliveries.add_column(
            sa.Column("retried_at", Instant(), nullable=True, comment="asked for again; its time counts from then")
        )
    op.drop_index("ix_deliveries_due", "deliveries")
    op.create_index("ix_deliveries_due", "deliveries", ["state", "channel", "next_attempt_at"])


def _drop_views() -> None:
    """Drop the reporting views, which SQLite would not let us rebuild a table below; they are made anew afterwards."""
    connection = op.get_bind()
    for name in sa.inspect(connection).get_view_names():
        if name.startswith("v_"):
            op.execute(f"DROP VIEW {connection.dialect.identifier_preparer.quote(name)}")
    op.execute("DELETE FROM monitor_meta WHERE key = 'views'")
