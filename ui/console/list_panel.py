"""A side panel with a short list of one's own: a click or a key takes an entry, a button edits the list."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from ui.console.own_list import MAX_ENTRIES, OwnList
from ui.theme import GRID
from ui.widgets.parts import button, label, row
from ui.widgets.wrapping import wrapping_list
from woz.base.errors import WozError

FLASH_MS = 400
"""How long an entry that was taken is lit."""


class ListPanel(QFrame):
    """`chosen` carries the text of the entry that was taken, `failed` a sentence on why the list isn't kept."""

    chosen = Signal(str)
    failed = Signal(str)

    def __init__(self, title: str, key_prefix: str, own: OwnList) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._own, self._title, self._key_prefix = own, title, key_prefix
        self._counts: Mapping[str, int] = {}
        self._list = wrapping_list(title)
        self._dark = QTimer(self)
        self._dark.setSingleShot(True)
        self._dark.timeout.connect(lambda: self._list.setCurrentRow(-1))
        self._list.itemClicked.connect(lambda item: self.take(self._list.row(item)))
        self._list.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.edit_button = button("Edit", "annotate")
        self.edit_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.edit_button.setAccessibleName(f"Edit: {title}")
        self.edit_button.clicked.connect(self._edit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID // 2)
        layout.addWidget(row(label(title, "heading"), self.edit_button))
        layout.addWidget(self._list)
        self._show(own.load())

    @property
    def entries(self) -> list[str]:
        return list(self._entries)

    def take(self, index: int) -> None:
        if 0 <= index < len(self._entries):
            self._list.setCurrentRow(index)
            self._dark.start(FLASH_MS)
            self.chosen.emit(self._entries[index])

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """How often each entry was taken, behind its name."""
        if dict(counts) != self._counts:
            self._counts = dict(counts)
            for index, text in enumerate(self._entries):
                self._list.item(index).setText(self._line(index, text))

    def replace(self, entries: list[str]) -> None:
        """Put up another list, and keep it."""
        try:
            self._own.save(entries)
        except WozError as error:
            self.failed.emit(str(error))
        self._show(self._own.load())

    def _show(self, entries: list[str]) -> None:
        self._entries = entries
        self._list.clear()
        self._list.addItems([self._line(i, text) for i, text in enumerate(entries)])
        for i, text in enumerate(entries):
            self._list.item(i).setToolTip(text)

    def _line(self, index: int, text: str) -> str:
        often = self._counts.get(text, 0)
        return f"{self._key_prefix}{index + 1}   {text}" + (f"   × {often}" if often else "")

    def _edit(self) -> None:
        dialog = ListDialog(self._title, self._entries, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.replace(dialog.entries)


class ListDialog(QDialog):
    """Edits a list, one entry a line."""

    def __init__(self, title: str, entries: list[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._text = QPlainTextEdit("\n".join(entries))
        self._text.setAccessibleName(f"{title}, one a line")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(label(f"One a line, {MAX_ENTRIES} at most; the order gives the keys.", "muted"))
        layout.addWidget(self._text)
        layout.addWidget(buttons)
        self.resize(420, 300)

    @property
    def entries(self) -> list[str]:
        return self._text.toPlainText().splitlines()
