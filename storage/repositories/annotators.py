"""Those who annotate, the accounts behind their pseudonyms, and whose work they don't see."""

from __future__ import annotations

import json
import re

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Rows

from storage.repositories.repository import Repository
from storage.tables.annotators import AnnotatorKeyRow, AnnotatorRow, BlindScopeRow
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.model.annotator import Annotator, AnnotatorRole, BlindScope, BlindTo
from woz.model.ids import AnnotatorId, BlindScopeId, SessionId, new_id

_NUMBERED = re.compile(r"annotator-(\d+)")


class Annotators(Repository):
    def save(self, annotator: Annotator) -> None:
        """Raises WozError where somebody else has the pseudonym."""
        of_another = (AnnotatorRow.pseudonym == annotator.pseudonym) & (AnnotatorRow.id != annotator.id)
        with self._database.transaction() as rows:
            if rows.scalar(select(AnnotatorRow.id).where(of_another)) is not None:
                raise WozError(f"There is an annotator {annotator.pseudonym} already; choose another pseudonym.")
            rows.merge(_row(annotator))

    def get(self, annotator_id: AnnotatorId) -> Annotator:
        with self._database.snapshot() as rows:
            row = rows.get(AnnotatorRow, annotator_id)
            if row is None:
                raise WozError(f"This project has no annotator {annotator_id}.")
            return _value(row)

    def all(self) -> list[Annotator]:
        """By pseudonym."""
        with self._database.snapshot() as rows:
            return sorted((_value(row) for row in rows.scalars(select(AnnotatorRow))), key=lambda a: a.pseudonym)

    def of_account(self, account: str) -> Annotator:
        """Whoever sits at an account; a new annotator with the next free pseudonym where nobody does yet."""
        query = select(AnnotatorRow).join(AnnotatorKeyRow).where(AnnotatorKeyRow.account == account)
        with self._database.transaction() as rows:
            row = rows.scalar(query)
            if row is None:
                row = _row(Annotator(AnnotatorId(new_id()), _next_pseudonym(rows)))
                rows.add(row)
                rows.flush()
                rows.add(AnnotatorKeyRow(account=account, annotator_id=row.id))
            return _value(row)

    def save_scope(self, scope: BlindScope) -> None:
        self._save(_scope_row(scope))

    def remove_scope(self, scope_id: BlindScopeId) -> None:
        with self._database.transaction() as rows:
            rows.execute(delete(BlindScopeRow).where(BlindScopeRow.id == scope_id))

    def scopes(self, annotator_id: AnnotatorId, session_id: SessionId) -> list[BlindScope]:
        """Where somebody doesn't see others' work in a session."""
        mine = (BlindScopeRow.annotator_id == annotator_id) & (BlindScopeRow.session_id == session_id)
        with self._database.snapshot() as rows:
            return [_scope(row) for row in rows.scalars(select(BlindScopeRow).where(mine))]


def _next_pseudonym(rows: Rows) -> str:
    found = [_NUMBERED.fullmatch(name) for name in rows.scalars(select(AnnotatorRow.pseudonym))]
    return f"annotator-{max((int(match[1]) for match in found if match), default=0) + 1}"


def _row(annotator: Annotator) -> AnnotatorRow:
    roles = json.dumps(list(annotator.roles))
    return AnnotatorRow(id=annotator.id, pseudonym=annotator.pseudonym, roles=roles, retired=annotator.retired)


def _value(row: AnnotatorRow) -> Annotator:
    roles = tuple(AnnotatorRole(role) for role in json.loads(row.roles))
    return Annotator(AnnotatorId(row.id), row.pseudonym, roles, row.retired)


def _scope_row(scope: BlindScope) -> BlindScopeRow:
    return BlindScopeRow(
        id=scope.id,
        annotator_id=scope.annotator_id,
        session_id=scope.session_id,
        tier_type=scope.tier_type,
        start_ns=scope.interval.start_ns if scope.interval else None,
        end_ns=scope.interval.end_ns if scope.interval else None,
        hidden=scope.to,
    )


def _scope(row: BlindScopeRow) -> BlindScope:
    span = None
    if row.start_ns is not None and row.end_ns is not None:
        span = Interval(row.start_ns, row.end_ns)
    ids = BlindScopeId(row.id), AnnotatorId(row.annotator_id), SessionId(row.session_id)
    return BlindScope(*ids, row.tier_type, span, BlindTo(row.hidden))
