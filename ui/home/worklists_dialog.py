"""The project's work lists: how far each is, and on with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.fitting import fit
from ui.widgets.parts import button, label, row
from ui.widgets.questions import sure
from woz.base.errors import WozError
from woz.lab.worklists import WorkList

EMPTY = "There is none yet. Search all sessions (Ctrl+Shift+F), then make a work list of what was found."
_NAME = Qt.ItemDataRole.UserRole


class WorkListsDialog(QDialog):
    """`opened` carries the list to go on with. `remove` takes one away for good."""

    opened = Signal(str)

    def __init__(
        self, lists: Sequence[WorkList], remove: Callable[[str], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Work lists")
        fit(self, 560, 360)
        self._remove_list = remove
        self._list = QListWidget()
        self._list.setAccessibleName("Work lists")
        for each in lists:
            left = f"{each.left} of {len(each.places)} left" if each.left else f"all {len(each.places)} done"
            item = QListWidgetItem(f"{each.name}   {left}")
            item.setData(_NAME, each.name)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._list.itemActivated.connect(lambda _: self._open())
        self._go, self._away = button("Go on", "annotate", "primary"), button("Remove", "stop")
        close = button("Close", "stop")
        self._go.clicked.connect(self._open)
        self._away.clicked.connect(self._remove)
        close.clicked.connect(self.reject)
        self._told = label("" if lists else EMPTY, "muted", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        for widget in (label("Work lists", "title"), self._told, self._list, row(self._away, close, self._go)):
            layout.addWidget(widget)
        self._show()

    @property
    def _name(self) -> str:
        item = self._list.currentItem()
        return str(item.data(_NAME)) if item else ""

    def _open(self) -> None:
        if self._name:
            self.opened.emit(self._name)
            self.accept()

    def _remove(self) -> None:
        question = f"Remove the work list “{self._name}”?"
        more = "What was found stays; which places are done is forgotten."
        if sure(self, question, "Remove the list", "Keep it", more):
            try:
                self._remove_list(self._name)
            except WozError as fault:
                self._told.setText(str(fault))
                return
            self._list.takeItem(self._list.currentRow())
            self._show()

    def _show(self) -> None:
        for each in (self._go, self._away):
            each.setEnabled(bool(self._name))
