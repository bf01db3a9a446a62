"""Edits taken back, and brought back, by what the log says."""

from __future__ import annotations

import threading

from sqlalchemy.orm import Session as Rows

from storage.history.log import edit_by_id, steps_of, touches
from woz.annotation.edits import Edit
from woz.annotation.undo import UndoLog
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
            return log.undo_name, log.redo_name

    def next(
        self, rows: Rows, session_id: SessionId, by: str, of: ItemRef | None, redo: bool
    ) -> tuple[Edit, int] | None:
        """The edit that takes back, or brings back, the last one; and which one it takes back."""
        with self._lock:
            log = self._read(rows, session_id, by)
            chains = log.redoable() if redo else log.undoable()
            found = next((c for c in chains if of is None or touches(rows, c[0], of)), None)
        if found is None:
            return None
        _, tip = found
        return edit_by_id(rows, tip).edit.inverse(), tip

    def _read(self, rows: Rows, session_id: SessionId, by: str) -> UndoLog:
        log = self._known.setdefault((session_id, by), UndoLog())
        for step in steps_of(rows, session_id, by, log.last):
            log.add(step)
        return log
