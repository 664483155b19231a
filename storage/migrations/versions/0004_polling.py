"""What polling remembers of a feed: its rhythm, where it moved to, and a document that could not be read.

What each column is for is said in `storage.models`.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.database import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COLUMNS: tuple[sa.Column[Any], ...] = (
    sa.Column(
        "interval_fixed",
        sa.Boolean(),
        nullable=False,
        server_default=sa.false(),
        comment="a person named it: it is not adapted",
    ),
    sa.Column(
        "unmodified",
        sa.BigInteger(),
        nullable=False,
        server_default="0",
        comment="conditional requests since a document came",
    ),
    sa.Column(
        "document_failure",
        sa.Text(),
        nullable=False,
        server_default="",
        comment="why the document of these validators could not be read; empty: it was",
    ),
    sa.Column("last_new_at", Instant(), nullable=True, comment="the last poll that brought an unseen item"),
    sa.Column("rhythm_seconds", sa.BigInteger(), nullable=True, comment="usual time between two such polls"),
    sa.Column("silent_at", Instant(), nullable=True, comment="without an unseen item until then, it is silent"),
    sa.Column(
        "moved_to",
        sa.Text(),
        nullable=False,
        server_default="",
        comment="asked in place of url, after permanent redirects",
    ),
    sa.Column(
        "moving_to",
        sa.Text(),
        nullable=False,
        server_default="",
        comment="where permanent redirects lead of late",
    ),
    sa.Column(
        "moving_polls",
        sa.BigInteger(),
        nullable=False,
        server_default="0",
        comment="good polls in a row that were led there",
    ),
)


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("feeds", column)
