"""Whether a project's films are released only with their faces blurred."""

from __future__ import annotations

from sqlalchemy import select, update

from storage.repositories.repository import Repository
from storage.tables.models import About


class Blurring(Repository):
    @property
    def required(self) -> bool:
        with self._database.snapshot() as rows:
            return bool(rows.scalar(select(About.blurs_faces)))

    def require(self, on: bool) -> None:
        with self._database.transaction() as rows:
            rows.execute(update(About).values(blurs_faces=on))
