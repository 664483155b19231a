"""What the monitor has learned of who speaks for whom.

What each column and index is for is said in `storage.models`.
"""

import sqlalchemy as sa
from alembic import op

from storage.database import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "office_holders",
        sa.Column("id", ID, nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False, comment="the name in small letters without accents"),
        sa.Column("surname_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="as it was written first"),
        sa.Column("surname", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("first_seen_at", Instant(), nullable=False, comment="publication of the earliest item that said so"),
        sa.Column("last_seen_at", Instant(), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False, comment="how many items said so"),
        sa.Column("first_item_id", ID, nullable=False),
        sa.Column(
            "counts_until", Instant(), nullable=True, comment="then it is deleted; none: a person's verdict stays"
        ),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("corrected_code", sa.Text(), nullable=False),
        sa.Column("judged_at", Instant(), nullable=True),
        sa.CheckConstraint("verdict IN ('confirmed', 'wrong', 'replaced')", name=op.f("ck_office_holders_verdict")),
        sa.ForeignKeyConstraint(["first_item_id"], ["items.id"], name=op.f("fk_office_holders_first_item_id_items")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_holders")),
        sa.UniqueConstraint("name_key", "code", "office", name=op.f("uq_office_holders_name_key_code_office")),
    )
    op.create_index("ix_office_holders_surname", "office_holders", ["surname_key"])
    op.create_index("ix_office_holders_until", "office_holders", ["counts_until"])
