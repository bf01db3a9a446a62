"""Edits taken back, and brought back, by what the log says."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from sqlalchemy.orm import Session as Rows

from storage.history.log import edit_by_id, steps_of, tier_changes, touching
from storage.history.tombstones import GONE, has_tombstone
from storage.history.work_given import moves_work
from woz.annotation.beginning import without_beginnings
from woz.annotation.edits import Edit
from woz.annotation.undo import UndoLog
from woz.base.errors import WozError
from woz.model.ids import SessionId
from woz.model.item import ItemRef


class UndoLogs:
    """What each maker can undo in each session, read on from where it was read last. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[tuple[SessionId, str], UndoLog] = {}

    def names(self, rows: Rows, session_id: SessionId, by: str) -> tuple[str | None, str | None]:
        with self._lock:
            log = self._read(rows, session_id, by)
            undo = self._first(rows, log.undoable(), redo=False)
            redo = self._first(rows, log.redoable(), redo=True)
            return undo and log.name_of(undo[0]), redo and log.name_of(redo[0])

    def next(
        self, rows: Rows, session_id: SessionId, by: str, of: ItemRef | None, redo: bool
    ) -> tuple[Edit, int] | None:
        """The edit that takes back, or brings back, the last one; and which one it takes back.

        Work that was given or taken back is passed over, which doesn't go or come with its tier; and what a
        withdrawal took away: raises WozError where nothing else is left.
        """
        with self._lock:
            log = self._read(rows, session_id, by)
            here = None if of is None else touching(rows, session_id, by, of)
            every = log.redoable() if redo else log.undoable()
            chains = [chain for chain in every if here is None or chain[0] in here]
            found = self._first(rows, chains, redo)
        if found is None:
            if any(has_tombstone(rows, tip) for _, tip in chains):
                raise WozError(GONE)
            return None
        _, tip = found
        return without_beginnings(edit_by_id(rows, tip).edit.inverse()), tip

    def _first(self, rows: Rows, chains: Iterable[tuple[int, int]], redo: bool) -> tuple[int, int] | None:
        """The first of which nothing was taken away by a withdrawal; undo passes over what moved work, too."""
        left = (chain for chain in chains if not has_tombstone(rows, chain[1]))
        return next((c for c in left if redo or not moves_work(rows, tier_changes(rows, c[0]))), None)

    def _read(self, rows: Rows, session_id: SessionId, by: str) -> UndoLog:
        log = self._known.setdefault((session_id, by), UndoLog())
        for step in steps_of(rows, session_id, by, log.last):
            log.add(step)
        return log
