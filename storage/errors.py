"""What can go wrong while keeping what we know.

StorageError
├── NotFound             no such row; the message names it
├── Conflict             a row of that identity is there already
├── SchemaMismatch       the database is older or newer than the code; the message says which command helps
├── IntegrityFault       a check of the database found a fault
└── StorageUnavailable   the database cannot be reached or is locked: the one worth retrying
"""


class StorageError(Exception):
    """Root of the errors of this house."""


class NotFound(StorageError):
    """No such row."""


class Conflict(StorageError):
    """A row of that identity is there already."""


class SchemaMismatch(StorageError):
    """The database's schema is not the one this code works with."""


class IntegrityFault(StorageError):
    """A check of the database found a fault."""


class StorageUnavailable(StorageError):
    """The database cannot be reached or is locked; trying again later makes sense."""
