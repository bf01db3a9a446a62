"""The history of an item, read beside the window and shown as it grows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from ui.editor.history_dialog import HistoryDialog, HistoryLine
from woz.annotation.document import Change, Document

Read = Callable[[str], Sequence[HistoryLine]]
"""The edits of an item, by its id, the oldest first; called beside the window. Raises WozError."""


class ItemHistory:
    """Opens a list of what became of an item; `seek` is asked for the time at which it stood after an edit."""

    def __init__(self, window: QWidget, document: Document, read: Read, seek: Callable[[int], object]) -> None:
        self._window, self._document, self._read, self._seek = window, document, read, seek

    def show(self, item_id: str, title: str) -> HistoryDialog:
        dialog = HistoryDialog(title, self._window)
        lines: list[HistoryLine] = []

        def shown(found: Sequence[HistoryLine]) -> None:
            lines[:] = found
            dialog.show_lines(found)

        def changed(_: Change | None = None) -> None:
            self._document.read(lambda: self._read(item_id), shown)

        def look(edit_id: int) -> None:
            at = next((line.start_ns for line in lines if line.edit_id == edit_id), None)
            if at is not None:
                self._seek(at)

        dialog.looked.connect(look)
        dialog.taken_back.connect(lambda edit_id: self._document.take_back(edit_id, item_id, dialog))
        dialog.finished.connect(self._document.subscribe(changed))
        changed()
        dialog.show()
        return dialog
