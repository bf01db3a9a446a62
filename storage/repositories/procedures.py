"""Procedures with their steps."""

from __future__ import annotations

from sqlalchemy import select

from storage.repositories.repository import Repository
from storage.tables.models import ProcedureRow
from storage.tables.rows import procedure_row, procedure_value
from woz.base.errors import WozError
from woz.model.ids import ProcedureId
from woz.model.procedure import Procedure
from woz.procedures.problems import require_sound


class Procedures(Repository):
    def save(self, procedure: Procedure) -> None:
        """Add it, or replace the one by its id. Raises WozError where its steps can't be followed."""
        require_sound(procedure)
        self._save(procedure_row(procedure))

    def get(self, procedure_id: ProcedureId) -> Procedure:
        with self._database.snapshot() as rows:
            row = rows.get(ProcedureRow, procedure_id)
            if row is None:
                raise WozError("The procedure is no longer in this project; open it again.")
            return procedure_value(row)

    def all(self) -> list[Procedure]:
        with self._database.snapshot() as rows:
            return [procedure_value(row) for row in rows.scalars(select(ProcedureRow).order_by(ProcedureRow.name))]
