"""What every repository has: the database, and saving a row whole.

All repositories raise WozError where the file can't be read or written, and ContradictionError (a fault of the
program) where what is to be saved refers to something that isn't stored.
"""

from __future__ import annotations

from typing import Any

from storage.backends.database import Database


class Repository:
    def __init__(self, database: Database) -> None:
        self._database = database

    def _save(self, row: Any) -> None:
        """Add it, or make the one by its id like it."""
        with self._database.transaction() as rows:
            rows.merge(row)
