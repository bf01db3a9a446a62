"""Who shall do what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import delete, not_, select
from sqlalchemy.orm import Session as Rows

from storage.backends.database import Database
from storage.backends.own_time import own_time_ns
from storage.history.blindness import blind_scopes, scopes_of
from storage.history.hiding import hidden_tier
from storage.history.recording import record
from storage.history.schemes import KnownSchemes
from storage.history.viewer import Viewer
from storage.repositories.repository import Repository
from storage.tables.annotator_rows import scope_row
from storage.tables.item_rows import in_parts
from storage.tables.items import ITEM_TABLES
from storage.tables.work import AssignmentRow
from storage.tables.work_rows import (
    adjudications,
    assignment_row,
    assignment_value,
    given_windows,
    gold_taken_back_row,
    taken_back_row,
)
from woz.annotation.blindness import work_hidden
from woz.annotation.edits import Edit
from woz.base.clock import Clock
from woz.base.interval import Interval
from woz.model.annotator import BlindScope
from woz.model.assignment import Assignment, Part
from woz.model.ids import AnnotatorId, AssignmentId, SchemeId, SessionId, TierId

_TIER_TABLE = ITEM_TABLES["tier"].table
_TIER = _TIER_TABLE.c


class Assignments(Repository):
    """Without others' work where its `viewer` is blind to it."""

    def __init__(self, database: Database, clock: Clock, viewer: Viewer) -> None:
        super().__init__(database)
        self._clock = clock
        self._viewer = viewer.id
        self._schemes = KnownSchemes()

    def add(self, assignment: Assignment, edit: Edit, scopes: Sequence[BlindScope]) -> Assignment:
        """With the edit that makes its tier, and what they and others don't see from now on: all or nothing.

        Raises what recording an edit raises.
        """
        with self._database.transaction() as rows:
            made = replace(assignment, made_utc_ns=own_time_ns(rows))
            if edit:
                record(rows, self._schemes, made.session_id, edit, made.by, self._clock.utc_ns())
            rows.add(assignment_row(made))
            for scope in scopes:
                rows.merge(scope_row(scope))
            return made

    def remove(self, assignment_id: AssignmentId) -> None:
        """The tier stays, and so does what somebody doesn't see; a tier that stays keeps in which windows it was
        given. Whose gold it was stays known.
        """
        with self._database.transaction() as rows:
            row = rows.get(AssignmentRow, assignment_id)
            if row and rows.scalar(select(_TIER.id).where(_TIER.id == row.tier_id)):
                rows.add(taken_back_row(assignment_value(row)))
            if row and row.part == Part.ADJUDICATOR:
                rows.add(gold_taken_back_row(assignment_value(row)))
            rows.execute(delete(AssignmentRow).where(AssignmentRow.id == assignment_id))

    def adjudications(self, session_id: SessionId) -> list[Assignment]:
        with self._database.snapshot() as rows:
            return _seen(rows, adjudications(rows, session_id), self._viewer)

    def all(self, session_id: SessionId | None = None, annotator_id: AnnotatorId | None = None) -> list[Assignment]:
        """The oldest first."""
        query = select(AssignmentRow).order_by(AssignmentRow.made_utc_ns, AssignmentRow.id)
        if session_id is not None:
            query = query.where(AssignmentRow.session_id == session_id)
        if annotator_id is not None:
            query = query.where(AssignmentRow.annotator_id == annotator_id)
        with self._database.snapshot() as rows:
            found = [assignment_value(row) for row in rows.scalars(query)]
            return _seen(rows, found, self._viewer)

    def given(self, session_id: SessionId | None = None) -> dict[TierId, tuple[Interval, ...]]:
        with self._database.snapshot() as rows:
            found = given_windows(rows, session_id)
            known = _seen_tiers(rows, self._viewer, session_id) if self._viewer and found else found.keys()
            return {TierId(tier_id): windows for tier_id, windows in found.items() if tier_id in known}


def _seen_tiers(rows: Rows, viewer: str, session_id: SessionId | None) -> set[str]:
    query = select(_TIER.id).where(not_(hidden_tier(viewer, _TIER_TABLE)))
    return set(rows.scalars(query if session_id is None else query.where(_TIER.session_id == session_id)))


def _seen(rows: Rows, found: list[Assignment], viewer: str) -> list[Assignment]:
    scopes = _by_session(rows, {each.session_id for each in found}, viewer) if viewer else {}
    others = [each.tier_id for each in found if each.session_id in scopes and each.annotator_id != viewer]
    schemes = {
        tier_id: SchemeId(scheme_id)
        for part in in_parts(others)
        for tier_id, scheme_id in rows.execute(select(_TIER.id, _TIER.scheme_id).where(_TIER.id.in_(part)))
    }
    return [
        each
        for each in found
        if not work_hidden(each, schemes.get(each.tier_id), viewer, scopes.get(each.session_id, ()))
    ]


def _by_session(rows: Rows, sessions: set[SessionId], viewer: str) -> Mapping[SessionId, Sequence[BlindScope]]:
    """What somebody doesn't see of these sessions, where that is something."""
    one = next(iter(sessions)) if len(sessions) == 1 else None
    scopes = scopes_of(rows, one, viewer) if one else blind_scopes(rows, viewer)
    found: dict[SessionId, list[BlindScope]] = defaultdict(list)
    for scope in scopes:
        found[scope.session_id].append(scope)
    return found
