"""Alembic's environment: runs migrations on the connection it is given, inside that connection's transaction.

`Store.upgrade` opens the transaction, so a migration that fails leaves nothing behind, on SQLite as on PostgreSQL.
"""

from alembic import context

from storage.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
