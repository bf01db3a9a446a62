"""The Edit menu: what undo would take back, and redo do again, by name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from woz.annotation.document import Change, Document


class EditMenu:
    """Its keys are the window's; here they are only written beside."""

    def __init__(
        self,
        window: QMainWindow,
        document: Document,
        undo: Callable[[], object],
        redo: Callable[[], object],
        history: Callable[[], object],
    ) -> None:
        self._document = document
        menu = window.menuBar().addMenu("&Edit")
        self.undo, self.redo = QAction(menu), QAction(menu)
        of_item = QAction("History of this item\tCtrl+Shift+H", menu)
        for made, do in ((self.undo, undo), (self.redo, redo), (of_item, history)):
            made.triggered.connect(lambda _=False, do=do: do())
            menu.addAction(made)
        self._refresh()
        self.close = document.subscribe(self._refresh)

    def _refresh(self, _: Change | None = None) -> None:
        named = (
            (self.undo, "Undo", self._document.undo_name, "Ctrl+Z"),
            (self.redo, "Redo", self._document.redo_name, "Ctrl+Shift+Z"),
        )
        for made, verb, name, key in named:
            made.setText(f"{verb} {name}\t{key}".replace("&", "&&") if name else f"{verb}\t{key}")
            made.setEnabled(name is not None)
