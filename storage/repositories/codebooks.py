"""Codebooks."""

from __future__ import annotations

from sqlalchemy import select

from storage.repositories.repository import Repository
from storage.tables.models import CodebookRow
from storage.tables.rows import codebook_row, codebook_value
from woz.base.errors import WozError
from woz.model.codebook import Codebook
from woz.model.ids import CodebookId


class Codebooks(Repository):
    def save(self, codebook: Codebook) -> None:
        self._save(codebook_row(codebook))

    def get(self, codebook_id: CodebookId) -> Codebook:
        with self._database.snapshot() as rows:
            row = rows.get(CodebookRow, codebook_id)
            if row is None:
                raise WozError(f"This project has no codebook {codebook_id}.")
            return codebook_value(row)

    def all(self) -> list[Codebook]:
        """By name."""
        with self._database.snapshot() as rows:
            return [codebook_value(row) for row in rows.scalars(select(CodebookRow).order_by(CodebookRow.name))]
