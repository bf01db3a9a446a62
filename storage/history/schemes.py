"""Schemes by id and version, each read once: a version never changes."""

from __future__ import annotations

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session as Rows

from storage.tables.models import ProcedureRow, SessionRow
from storage.tables.rows import procedure_value
from storage.tables.schemes import SchemeRow
from woz.model.ids import SchemeId, SessionId
from woz.model.own_schemes import with_steps
from woz.model.scheme import Scheme

_decode = msgspec.json.Decoder(Scheme).decode


def scheme_value(row: SchemeRow) -> Scheme:
    return _decode(row.data)


def scheme_row(scheme: Scheme) -> SchemeRow:
    data = msgspec.json.encode(scheme).decode()
    return SchemeRow(id=scheme.id, version=scheme.version, name=scheme.name, data=data)


class KnownSchemes:
    def __init__(self) -> None:
        self._found: dict[tuple[SchemeId, int], Scheme] = {}

    def get(self, rows: Rows, scheme_id: SchemeId, version: int) -> Scheme | None:
        key = (scheme_id, version)
        if key not in self._found:
            row = rows.get(SchemeRow, (scheme_id, version))
            if row is None:
                return None
            self._found[key] = scheme_value(row)
        return self._found[key]

    def all(self, rows: Rows) -> dict[tuple[SchemeId, int], Scheme]:
        for scheme_id, version in rows.execute(select(SchemeRow.id, SchemeRow.version)):
            self.get(rows, SchemeId(scheme_id), version)
        return dict(self._found)

    def of_session(self, rows: Rows, session_id: SessionId) -> dict[tuple[SchemeId, int], Scheme]:
        """All, with the steps of the session's procedure where labels come from it."""
        found = self.all(rows)
        query = select(ProcedureRow).join(SessionRow, SessionRow.procedure_id == ProcedureRow.id)
        row = rows.scalar(query.where(SessionRow.id == session_id))
        if row is None:
            return found
        procedure = procedure_value(row)
        return {key: with_steps(scheme, procedure) for key, scheme in found.items()}
