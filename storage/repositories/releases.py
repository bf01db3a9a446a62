"""The releases that were built from a project."""

from __future__ import annotations

import json

from sqlalchemy import select

from storage.repositories.repository import Repository
from storage.tables.released import ReleasedRow
from woz.lab.library import Released
from woz.model.ids import SessionId


class Releases(Repository):
    """Implements `woz.lab.ports.Releases`."""

    def add(self, released: Released) -> None:
        """In the place of one of its name and version that lay there; one that lies elsewhere stays on record."""
        self._save(
            ReleasedRow(
                name=released.name,
                version=released.version,
                path=released.path,
                made_utc_ns=released.made_utc_ns,
                sessions=json.dumps(list(released.sessions)),
                splits=json.dumps([released.split_by, dict(released.groups)]) if released.split_by else "",
            )
        )

    def all(self) -> tuple[Released, ...]:
        """The oldest first."""
        order = select(ReleasedRow).order_by(
            ReleasedRow.made_utc_ns, ReleasedRow.name, ReleasedRow.version, ReleasedRow.path
        )
        with self._database.snapshot() as rows:
            return tuple(_value(row) for row in rows.scalars(order))


def _value(row: ReleasedRow) -> Released:
    sessions = tuple(SessionId(each) for each in json.loads(row.sessions))
    split_by, groups = json.loads(row.splits) if row.splits else ("", {})
    return Released(row.name, row.version, row.path, row.made_utc_ns, sessions, split_by, groups)
