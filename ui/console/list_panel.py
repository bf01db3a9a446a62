"""A side panel with a short list of one's own: a click or a key takes an entry, a button edits the list."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QListWidget,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.console.own_list import MAX_ENTRIES, OwnList
from ui.theme import GRID
from ui.widgets.parts import button, label, row
from woz.errors import WozError


class ListPanel(QFrame):
    """`chosen` carries the text of the entry that was taken, `failed` a sentence on why the list isn't kept."""

    chosen = Signal(str)
    failed = Signal(str)

    def __init__(self, title: str, key_prefix: str, own: OwnList) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._own, self._title, self._key_prefix = own, title, key_prefix
        self._list = QListWidget()
        self._list.setAccessibleName(title)
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
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
            self.chosen.emit(self._entries[index])

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
        self._list.addItems([f"{self._key_prefix}{i + 1}   {text}" for i, text in enumerate(entries)])
        for i, text in enumerate(entries):
            self._list.item(i).setToolTip(text)

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
