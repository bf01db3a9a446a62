"""The names that are not to leave the lab, and what people decided on them: one JSON text."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.repositories.repository import Repository
from storage.tables.models import About
from woz.base.errors import WozError
from woz.base.outside import Unsound, read
from woz.privacy.names.listing import NameList


class Names(Repository):
    def all(self) -> NameList:
        with self._database.snapshot() as rows:
            return _read(rows)

    def change(self, change: Callable[[NameList], NameList]) -> NameList:
        """In one transaction, so that two people lose nothing of each other's. Raises what `change` raises."""
        with self._database.transaction() as rows:
            changed = change(_read(rows))
            rows.execute(update(About).values(names=msgspec.json.encode(changed).decode()))
        return changed


def _read(rows: Session) -> NameList:
    kept = rows.scalar(select(About.names))
    try:
        return read(kept, NameList) if kept else NameList()
    except Unsound as error:
        raise WozError(f"The project's list of names can't be read ({error}); bring back a backup.") from error
