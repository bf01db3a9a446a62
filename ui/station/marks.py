"""A button and a key for each mark, and the dialog that changes them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.station.mark_list import MarkKey, load_marks, marks_text, read_marks, save_marks
from ui.theme import GRID
from ui.widgets.parts import action, label
from ui.widgets.push import Push

COLUMNS = 2


class Marks(QWidget):
    """Its actions belong to the window, so that the keys work wherever the focus is; a field takes digits first."""

    def __init__(self, window: QWidget, settings: QSettings, mark: Callable[[str], None]) -> None:
        """`mark` is called with the name of a mark that is to be set now."""
        super().__init__()
        self._window, self._settings, self._mark = window, settings, mark
        self._actions: list[QAction] = []
        self._buttons: list[QPushButton] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GRID // 2)
        self._show(load_marks(settings))
        self.setEnabled(False)

    def set_live(self, live: bool) -> None:
        """Marks can be set while something is recorded."""
        self.setEnabled(live)
        for each in self._actions:
            each.setEnabled(live)

    def change(self) -> None:
        dialog = MarksDialog(self._window, load_marks(self._settings))
        if dialog.exec():
            save_marks(self._settings, dialog.marks)
            self._show(dialog.marks)

    def _show(self, marks: tuple[MarkKey, ...]) -> None:
        for old in self._actions:
            self._window.removeAction(old)
            old.deleteLater()
        for worn in self._buttons:
            self._grid.removeWidget(worn)
            worn.deleteLater()
        self._actions = [self._action(mark) for mark in marks]
        self._buttons = [self._button(mark) for mark in marks]
        for at, made in enumerate(self._buttons):
            self._grid.addWidget(made, at // COLUMNS, at % COLUMNS)
        for each in self._actions:
            each.setEnabled(self.isEnabled())

    def _action(self, mark: MarkKey) -> QAction:
        return action(self._window, f"Mark: {mark.name}", mark.key, lambda: self._mark(mark.name))

    def _button(self, mark: MarkKey) -> QPushButton:
        made = Push(f"{mark.key}  {mark.name}")
        made.setAccessibleName(f"Mark: {mark.name}, key {mark.key}")
        made.clicked.connect(lambda: self._mark(mark.name))
        return made


class MarksDialog(QDialog):
    """The marks as text, one a line."""

    def __init__(self, parent: QWidget, marks: tuple[MarkKey, ...]) -> None:
        super().__init__(parent)
        self.setWindowTitle("Marks")
        self.marks = marks
        self._text = QPlainTextEdit(marks_text(marks))
        self._text.setAccessibleName("Marks, one a line: key and name")
        self._text.setTabChangesFocus(True)
        self._fault = label("", "danger", wrap=True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._keep)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID)
        layout.addWidget(label("One mark a line: a key (F2 to F12, or a digit) and its name.", wrap=True))
        for widget in (self._text, self._fault, buttons):
            layout.addWidget(widget)

    def _keep(self) -> None:
        try:
            self.marks = read_marks(self._text.toPlainText())
        except ValueError as error:
            self._fault.setText(str(error))
            return
        self.accept()
