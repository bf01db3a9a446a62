"""The items of sessions, and the log of their edits."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Rows

from storage.backends.database import Database
from storage.backends.faults import ContradictionError
from storage.history.blindness import HIDDEN, seen, seen_among, seen_edits, seen_of, seen_versions
from storage.history.checkers import checkers
from storage.history.log import edit_by_id, edits_of, touched_by_others, versions_by_item
from storage.history.recording import record
from storage.history.schemes import KnownSchemes
from storage.history.taking_back import refuse_taken_back, taken_away, taking_back
from storage.history.undoing import UndoLogs
from storage.history.viewer import Viewer
from storage.history.work_given import refuse_moving_work
from storage.tables.history import EditRow
from storage.tables.item_order import ORDERS
from storage.tables.item_rows import read_items, stored_items
from storage.tables.items import ITEM_TABLES, ItemTable
from storage.tables.models import SessionRow, TranscriptRow
from woz.annotation.conflict import ConflictError, TakingBackError
from woz.annotation.edits import Edit
from woz.annotation.logged import LoggedEdit, Version
from woz.annotation.ports import Opened
from woz.base.clock import Clock
from woz.base.collecting import without_collecting
from woz.base.errors import WozError
from woz.model.ids import SessionId, TierId
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item

_GONE = "What this belongs to was taken away by somebody else; look at what there is now, and do it again there."


class Annotations:
    """Implements `woz.annotation.ports.History`. May be used from any thread.

    Nothing answers with what its `viewer` doesn't see.
    """

    def __init__(self, database: Database, clock: Clock, viewer: Viewer) -> None:
        self._database = database
        self._viewer, self._reads_as = viewer.id, viewer.reads_as
        self._clock = clock
        self._schemes = KnownSchemes()
        self._undo_logs = UndoLogs()

    def load(self, session_id: SessionId) -> tuple[Item, ...]:
        """All items of a session, of all tiers and transcripts, and the glossary of its procedure."""
        with self._database.snapshot() as rows:
            return tuple(
                item for item, _ in seen(rows, session_id, list(_items_of(rows, session_id)), self._viewer)
            )

    def open(self, session_id: SessionId, by: str) -> Opened:
        """All that an annotator needs to go on with a session, without what they are blind to."""
        self._reads_as(by)
        with without_collecting(), self._database.snapshot() as rows:
            found = seen(rows, session_id, list(_items_of(rows, session_id)), by)
            last = rows.scalar(select(func.max(EditRow.id))) or 0
            undo_name, redo_name = self._undo_logs.names(rows, session_id, by)
            return Opened(
                tuple(item for item, _ in found),
                {ref_to(item): edit_id for item, edit_id in found if edit_id is not None},
                self._schemes.of_session(rows, session_id),
                last,
                undo_name,
                redo_name,
                checkers(rows, session_id),
            )

    def record(self, session_id: SessionId, edit: Edit, by: str, undoes: int | None = None) -> LoggedEdit:
        now_ns = self._clock.utc_ns()
        with self._changing() as rows:
            if undoes is not None:
                refuse_taken_back(rows, undoes)
            return seen_of(rows, record(rows, self._schemes, session_id, edit, by, now_ns, undoes), by)

    def undo(self, session_id: SessionId, by: str, of: ItemRef | None = None) -> LoggedEdit | None:
        return self._taken_back(session_id, by, of, redo=False)

    def redo(self, session_id: SessionId, by: str, of: ItemRef | None = None) -> LoggedEdit | None:
        return self._taken_back(session_id, by, of, redo=True)

    def undo_names(self, session_id: SessionId, by: str) -> tuple[str | None, str | None]:
        self._reads_as(by)
        with self._database.snapshot() as rows:
            return self._undo_logs.names(rows, session_id, by)

    def since(self, session_id: SessionId, edit_id: int, by: str = "") -> tuple[LoggedEdit, ...]:
        viewer = self._reads_as(by)
        with self._database.snapshot() as rows:
            edits = edits_of(rows, session_id, edit_id)
            return seen_edits(rows, session_id, edits, viewer)

    def stored(self, items: Iterable[ItemRef]) -> dict[ItemRef, tuple[Item, int | None]]:
        with self._database.snapshot() as rows:
            return seen_among(rows, stored_items(rows, items), self._viewer)

    def history(self, session_id: SessionId) -> list[LoggedEdit]:
        """The edits of a session, oldest first; without those of which a viewer sees nothing."""
        edits = self.since(session_id, 0)
        return [edit for edit in edits if edit.changes or edit.name != HIDDEN]

    def versions(self, item: ItemRef) -> list[Version]:
        """What became of an item: who made what of it, when and why, the newest first."""
        return self.versions_by_item([item])[item]

    def versions_by_item(self, items: Iterable[ItemRef]) -> dict[ItemRef, list[Version]]:
        """The same of several; of one that no edit changed, nothing."""
        with self._database.snapshot() as rows:
            return seen_versions(rows, versions_by_item(rows, items), self._viewer)

    def touched_by_others(self, session_id: SessionId, tiers: Iterable[TierId], by: str) -> list[ItemRef]:
        """What an edit of anybody but `by` changed or took away: annotations of some tiers; and of the session the
        links and turns that `by` made or changed.
        """
        with self._database.snapshot() as rows:
            return touched_by_others(rows, session_id, tiers, by)

    def take_back(
        self, session_id: SessionId, by: str, edit_id: int, item_id: str = "", why: str = ""
    ) -> LoggedEdit:
        now_ns = self._clock.utc_ns()
        with self._changing() as rows:
            edit, undoes = taking_back(rows, session_id, edit_id, item_id, why)
            if seen_of(rows, edit_by_id(rows, edit_id), by).name == HIDDEN:
                raise WozError(f"{session_id} has no edit {edit_id}; woz history lists them.")
            refuse_moving_work(rows, edit_id, item_id)
            return seen_of(rows, record(rows, self._schemes, session_id, edit, by, now_ns, undoes), by)

    def taken_away(self, session_id: SessionId) -> set[str]:
        """The ids of what a person took away, and nobody brought back."""
        with self._database.snapshot() as rows:
            return taken_away(rows, session_id)

    def _taken_back(self, session_id: SessionId, by: str, of: ItemRef | None, redo: bool) -> LoggedEdit | None:
        now_ns = self._clock.utc_ns()
        with self._changing() as rows:
            found = self._undo_logs.next(rows, session_id, by, of, redo)
            if found is None:
                return None
            edit, undoes = found
            try:
                return seen_of(rows, record(rows, self._schemes, session_id, edit, by, now_ns, undoes), by)
            except ConflictError as error:
                raise TakingBackError(error.clashes, edit, undoes) from error

    @contextlib.contextmanager
    def _changing(self) -> Iterator[Rows]:
        try:
            with self._database.transaction() as rows:
                yield rows
        except ContradictionError as error:
            raise WozError(_GONE) from error


def _items_of(rows: Rows, session_id: SessionId) -> Iterator[tuple[Item, int | None]]:
    for name, of in ITEM_TABLES.items():
        yield from read_items(rows, of, of.table.c[of.kind.owner_field].in_(_owners(of, session_id)), ORDERS[name])


def _owners(of: ItemTable, session_id: SessionId) -> Any:
    tier = ITEM_TABLES["tier"].table.c
    return {
        "session": [session_id],
        "tier": select(tier.id).where(tier.session_id == session_id),
        "transcript": select(TranscriptRow.id).where(TranscriptRow.session_id == session_id),
        "procedure": select(SessionRow.procedure_id).where(SessionRow.id == session_id),
    }[of.kind.owner]
