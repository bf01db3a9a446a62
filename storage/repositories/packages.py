"""Packages for annotators who work elsewhere, and the edits that came back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.backends.database import Database
from storage.backends.faults import ContradictionError
from storage.history.hiding import sees_own_alone
from storage.history.recording import record
from storage.history.schemes import KnownSchemes
from storage.history.taking_back import refuse_taken_back
from storage.history.viewer import Viewer
from storage.repositories.repository import Repository
from storage.repositories.work import add_work
from storage.tables.models import About
from storage.tables.packages import PackageEditRow, PackageRow, PackageSecretRow, PackageWorkRow
from woz.annotation.beginning import beginnings
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.lab.package_ports import Stamp
from woz.model.ids import AnnotatorId, PackageId, SessionId
from woz.model.package import Package
from woz.model.work import Work


class Packages(Repository):
    """Implements `woz.lab.package_ports.Packages`. To a `viewer` who is blind to others, and neither curator nor
    manager, their own alone.
    """

    def __init__(self, database: Database, viewer: Viewer) -> None:
        super().__init__(database)
        self._viewer = viewer.id
        self._schemes = KnownSchemes()

    def add(self, package: Package, secret: str) -> None:
        with self._database.transaction() as rows:
            rows.add(_row(package))
            rows.flush()
            rows.add(PackageSecretRow(package_id=package.id, secret=secret))

    def secrets(self) -> dict[PackageId, str]:
        """What opens what comes back; a server gives it to curators and managers alone."""
        with self._database.snapshot() as rows:
            return {PackageId(row.package_id): row.secret for row in rows.scalars(select(PackageSecretRow))}

    def get(self, package_id: PackageId) -> Package:
        found = next((each for each in self.all() if each.id == package_id), None)
        if found is None:
            raise WozError(f"This project made no package {package_id}; woz package list PROJECT names them.")
        return found

    def all(self) -> list[Package]:
        """The oldest first."""
        query = select(PackageRow).order_by(PackageRow.made_utc_ns, PackageRow.id)
        with self._database.snapshot() as rows:
            if sees_own_alone(rows, self._viewer):
                query = query.where(PackageRow.annotator_id == self._viewer)
            return [_value(row) for row in rows.scalars(query)]

    def note_returned(self, package_id: PackageId, utc_ns: int) -> None:
        self._note(package_id, returned_utc_ns=utc_ns)

    def note_deleted(self, package_id: PackageId, utc_ns: int) -> None:
        self._note(package_id, deleted_utc_ns=utc_ns)

    def taken(self, package_id: PackageId) -> dict[int, int | None]:
        query = select(PackageEditRow).where(PackageEditRow.package_id == package_id).order_by(PackageEditRow.nr)
        with self._database.snapshot() as rows:
            return {row.nr: row.taken_as for row in rows.scalars(query)}

    def take(self, package_id: PackageId, nr: int, edit: Edit, at: Stamp) -> int | None:
        try:
            with self._database.transaction() as rows:
                if before := rows.get(PackageEditRow, (package_id, nr)):
                    return before.taken_as
                kept = PackageEditRow(package_id=package_id, nr=nr, taken_as=None)
                rows.add(kept)
                rows.flush()
                if at.undoes is not None:
                    refuse_taken_back(rows, at.undoes)
                begins = beginnings(edit)
                made = record(rows, self._schemes, at.session_id, edit, at.by, at.utc_ns, at.undoes, begins)
                kept.taken_as = made.id
                return made.id
        except ContradictionError as error:
            raise WozError(
                "What this belongs to isn't in the project any more; leave it out, or restore a backup that has it."
            ) from error

    def pass_over(self, package_id: PackageId, numbers: list[int]) -> None:
        with self._database.transaction() as rows:
            for nr in numbers:
                if rows.get(PackageEditRow, (package_id, nr)) is None:
                    rows.add(PackageEditRow(package_id=package_id, nr=nr, taken_as=None))

    def take_work(self, package_id: PackageId, pieces: Sequence[Work]) -> int:
        with self._database.transaction() as rows:
            if not rows.scalar(select(About.measures_work)):
                return 0
            return sum(_take_piece(rows, package_id, piece) for piece in pieces)

    def _note(self, package_id: PackageId, **times: int) -> None:
        with self._database.transaction() as rows:
            rows.execute(update(PackageRow).where(PackageRow.id == package_id).values(**times))


def _take_piece(rows: Session, package_id: PackageId, piece: Work) -> int:
    before = rows.get(PackageWorkRow, (package_id, piece.tier_id, piece.day))
    more = piece.active_ns - (before.active_ns if before else 0)
    if more <= 0:
        return 0
    add_work(rows, replace(piece, active_ns=more))
    kept = {"package_id": package_id, "tier_id": piece.tier_id, "day": piece.day}
    rows.merge(PackageWorkRow(**kept, active_ns=piece.active_ns))
    return more


def _row(one: Package) -> PackageRow:
    return PackageRow(
        id=one.id,
        annotator_id=one.annotator_id,
        pseudonym=one.pseudonym,
        sessions=json.dumps(one.sessions),
        holds=json.dumps(one.holds, ensure_ascii=False),
        made_utc_ns=one.made_utc_ns,
        by=one.by,
        until=one.until.isoformat(),
        because=one.because,
        returned_utc_ns=one.returned_utc_ns,
        deleted_utc_ns=one.deleted_utc_ns,
    )


def _value(row: PackageRow) -> Package:
    return Package(
        PackageId(row.id),
        AnnotatorId(row.annotator_id),
        row.pseudonym,
        tuple(SessionId(each) for each in json.loads(row.sessions)),
        tuple(json.loads(row.holds)),
        row.made_utc_ns,
        row.by,
        date.fromisoformat(row.until),
        row.because,
        row.returned_utc_ns,
        row.deleted_utc_ns,
    )
