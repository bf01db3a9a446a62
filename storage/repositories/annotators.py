"""Those who annotate, and whose work they don't see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, delete, select

from storage.repositories.repository import Repository
from storage.tables.annotator_rows import annotator_row, annotator_value, scope_row, scope_value
from storage.tables.annotators import AnnotatorKeyRow, AnnotatorRow, BlindScopeRow
from storage.tables.models import Base
from woz.base.errors import WozError
from woz.model.annotator import Annotator, BlindScope
from woz.model.ids import AnnotatorId, BlindScopeId, SessionId

_NAMING = frozenset({"annotator_id", "by", "made_by", "closed_by"})


def _naming() -> list[Column[Any]]:
    """All columns in which somebody's id may stand, but those of their own logins and blind scopes."""
    own = {AnnotatorKeyRow.__tablename__, BlindScopeRow.__tablename__}
    return [
        column
        for table in Base.metadata.tables.values()
        if table.name not in own
        for column in table.columns
        if column.name in _NAMING
    ]


class Annotators(Repository):
    def save(self, annotator: Annotator) -> None:
        """Raises WozError where somebody else has the pseudonym."""
        of_another = (AnnotatorRow.pseudonym == annotator.pseudonym) & (AnnotatorRow.id != annotator.id)
        with self._database.transaction() as rows:
            if rows.scalar(select(AnnotatorRow.id).where(of_another)) is not None:
                raise WozError(f"There is an annotator {annotator.pseudonym} already; choose another pseudonym.")
            rows.merge(annotator_row(annotator))

    def get(self, annotator_id: AnnotatorId) -> Annotator:
        with self._database.snapshot() as rows:
            row = rows.get(AnnotatorRow, annotator_id)
            if row is None:
                raise WozError("The annotator is no longer in this project; open it again.")
            return annotator_value(row)

    def all(self) -> list[Annotator]:
        """By pseudonym."""
        with self._database.snapshot() as rows:
            return sorted(
                (annotator_value(row) for row in rows.scalars(select(AnnotatorRow))), key=lambda a: a.pseudonym
            )

    def named(self, pseudonym: str) -> Annotator:
        """Raises WozError where there is none of this pseudonym."""
        with self._database.snapshot() as rows:
            row = rows.scalar(select(AnnotatorRow).where(AnnotatorRow.pseudonym == pseudonym))
            if row is None:
                raise WozError(
                    f"This project has no annotator {pseudonym}; woz annotators PROJECT lists them,"
                    " woz annotators add PROJECT PSEUDONYM adds one."
                )
            return annotator_value(row)

    def remove(self, annotator: Annotator) -> None:
        """Somebody who was entered by mistake, with their login and blind scopes. Raises WozError where anything
        in the project names them.
        """
        with self._database.transaction() as rows:
            if any(rows.scalar(select(column).where(column == annotator.id).limit(1)) for column in _naming()):
                raise WozError(
                    f"{annotator.pseudonym} has worked or was given work here, which keeps naming them; woz"
                    f" annotators retire PROJECT {annotator.pseudonym} lets them change nothing more."
                )
            rows.execute(delete(AnnotatorRow).where(AnnotatorRow.id == annotator.id))

    def save_scope(self, scope: BlindScope) -> None:
        self._save(scope_row(scope))

    def remove_scope(self, scope_id: BlindScopeId) -> None:
        with self._database.transaction() as rows:
            rows.execute(delete(BlindScopeRow).where(BlindScopeRow.id == scope_id))

    def scopes(self, session_id: SessionId | None = None) -> list[BlindScope]:
        """Where somebody doesn't see others' work, in a session or in all; by session, annotator and id."""
        column = BlindScopeRow
        query = select(column).order_by(column.session_id, column.annotator_id, column.id)
        if session_id is not None:
            query = query.where(column.session_id == session_id)
        with self._database.snapshot() as rows:
            return [scope_value(row) for row in rows.scalars(query)]
