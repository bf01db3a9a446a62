"""A store of edits in memory, for tests of what is done on one."""

from __future__ import annotations

from collections.abc import Iterable

from woz.annotation.conflict import ConflictError, TakingBackError
from woz.annotation.edits import Edit
from woz.annotation.logged import LoggedEdit
from woz.annotation.ports import Opened, Schemes
from woz.annotation.settling import settle, touched
from woz.annotation.undo import UndoLog
from woz.base.errors import WozError
from woz.model.ids import SessionId
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item


class MemoryHistory:
    """Implements `woz.annotation.ports.History`. Once `full`, it refuses."""

    def __init__(self, items: Iterable[Item] = (), schemes: Schemes | None = None) -> None:
        self.items: dict[ItemRef, tuple[Item, int | None]] = {ref_to(item): (item, None) for item in items}
        self.log: list[LoggedEdit] = []
        self.full = False
        self._schemes = schemes or {}

    def opened(self, by: str = "ada") -> Opened:
        items = tuple(item for item, _ in self.items.values())
        made = {ref: edit_id for ref, (_, edit_id) in self.items.items() if edit_id is not None}
        return Opened(items, made, self._schemes, len(self.log), *self.undo_names(SessionId(""), by))

    def load(self, session_id: SessionId) -> tuple[Item, ...]:
        return tuple(item for item, _ in self.items.values())

    def record(self, session_id: SessionId, edit: Edit, by: str, undoes: int | None = None) -> LoggedEdit:
        if self.full:
            raise WozError("The disk is full.")
        settled = settle(edit, self.stored(touched(edit)))
        if settled.clashes:
            raise ConflictError(settled.clashes)
        logged = LoggedEdit(len(self.log) + 1, session_id, by, 0, edit.name, edit.why, undoes, settled.changes)
        self.log.append(logged)
        for change in settled.changes:
            self.items.pop(change.item, None)
            if change.after is not None:
                self.items[change.item] = (change.after, logged.id)
        return logged

    def undo(self, session_id: SessionId, by: str, of: ItemRef | None = None) -> LoggedEdit | None:
        return self._take_back(session_id, by, next(self._undo_log(by).undoable(), None))

    def redo(self, session_id: SessionId, by: str, of: ItemRef | None = None) -> LoggedEdit | None:
        return self._take_back(session_id, by, next(self._undo_log(by).redoable(), None))

    def undo_names(self, session_id: SessionId, by: str) -> tuple[str | None, str | None]:
        log = self._undo_log(by)
        return log.undo_name, log.redo_name

    def take_back(
        self, session_id: SessionId, by: str, edit_id: int, item_id: str = "", why: str = ""
    ) -> LoggedEdit:
        raise NotImplementedError

    def since(self, session_id: SessionId, edit_id: int, by: str = "") -> tuple[LoggedEdit, ...]:
        return tuple(logged for logged in self.log if logged.id > edit_id)

    def stored(self, items: Iterable[ItemRef]) -> dict[ItemRef, tuple[Item, int | None]]:
        return {ref: self.items[ref] for ref in items if ref in self.items}

    def _take_back(self, session_id: SessionId, by: str, found: tuple[int, int] | None) -> LoggedEdit | None:
        if found is None:
            return None
        edit, tip = self.log[found[1] - 1].edit.inverse(), found[1]
        try:
            return self.record(session_id, edit, by, tip)
        except ConflictError as error:
            raise TakingBackError(error.clashes, edit, tip) from error

    def _undo_log(self, by: str) -> UndoLog:
        log = UndoLog()
        for logged in self.log:
            if logged.by == by:
                log.add(logged.step)
        return log
