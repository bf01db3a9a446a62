"""Schemes. A version never changes: a new one is kept beside it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session as Rows

from storage.history.schemes import scheme_row, scheme_value
from storage.repositories.repository import Repository
from storage.tables.schemes import SchemeRow
from woz.base.errors import WozError
from woz.model.ids import SchemeId
from woz.model.scheme import Scheme
from woz.model.scheme_versions import following, says_the_same


def keep_scheme(rows: Rows, scheme: Scheme) -> Scheme:
    """`Schemes.keep` in a transaction of the caller's."""
    newest = select(SchemeRow).where(SchemeRow.id == scheme.id).order_by(SchemeRow.version.desc()).limit(1)
    row = rows.scalar(newest)
    known = scheme_value(row) if row else None
    if known is not None and says_the_same(known, scheme):
        return known
    new = replace(scheme, version=1) if known is None else following(known, scheme)
    rows.add(scheme_row(new))
    return new


class Schemes(Repository):
    def add(self, scheme: Scheme) -> None:
        """Raises ContradictionError for a version that there is."""
        with self._database.transaction() as rows:
            rows.add(scheme_row(scheme))

    def keep(self, scheme: Scheme) -> Scheme:
        """The newest version where it says the same, else this as the next one; labels that it lacks are retired.

        The number of the version that is given doesn't matter.
        """
        with self._database.transaction() as rows:
            return keep_scheme(rows, scheme)

    def get(self, scheme_id: SchemeId, version: int) -> Scheme:
        with self._database.snapshot() as rows:
            row = rows.get(SchemeRow, (scheme_id, version))
            if row is None:
                raise WozError(_no_version(rows, scheme_id, version))
            return scheme_value(row)

    def all(self) -> list[Scheme]:
        """All versions of all, by name and version."""
        query = select(SchemeRow).order_by(SchemeRow.name, SchemeRow.id, SchemeRow.version)
        with self._database.snapshot() as rows:
            return [scheme_value(row) for row in rows.scalars(query)]


def _no_version(rows: Rows, scheme_id: SchemeId, version: int) -> str:
    query = select(SchemeRow.version).where(SchemeRow.id == scheme_id).order_by(SchemeRow.version)
    known = ", ".join(map(str, rows.scalars(query)))
    if not known:
        return f"This project has no scheme {scheme_id}; woz scheme list names those it has."
    return f"The scheme {scheme_id} has no version {version} in this project; it has {known}."
