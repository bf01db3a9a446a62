"""Where the expert types a note, whose time is when typing began."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

MAX_LETTERS = 1_000


class NoteField(QLineEdit):
    """`written` carries the text and when its first letter came; `left` says that the expert is done here."""

    written = Signal(str, object)
    left = Signal()

    def __init__(self, now_ns: Callable[[], int]) -> None:
        super().__init__()
        self._now_ns = now_ns
        self._began_ns: int | None = None
        self._replaces = False
        """Whether what is typed at this moment takes the place of all that stood here: a note of its own."""
        self.setMaxLength(MAX_LETTERS)
        self.setPlaceholderText("Note (T), Enter keeps it")
        self.setAccessibleName("Note")
        self.textEdited.connect(self._typed)
        self.returnPressed.connect(self._keep)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._done()
            return
        self._replaces = self._is_selected
        super().keyPressEvent(event)
        self._replaces = False

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._replaces = self._is_selected
        super().inputMethodEvent(event)
        self._replaces = False

    def begin(self) -> None:
        """What stands here, since it was not kept, is tried again by Enter, and replaced by typing."""
        self.setFocus()
        self.selectAll()

    @property
    def _is_selected(self) -> bool:
        return bool(self.text()) and self.selectedText() == self.text()

    def _typed(self, text: str) -> None:
        if not text:
            self._began_ns = None
        elif self._began_ns is None or self._replaces:
            self._began_ns = self._now_ns()

    def give_back(self, text: str, began_ns: int | None) -> None:
        """A note that was not kept stands in the field as it was written; Enter there tries again."""
        self.setText(text)
        self._began_ns = began_ns

    def _keep(self) -> None:
        text, began_ns = self.text().strip(), self._began_ns
        self._done()
        if text:
            self.written.emit(text, began_ns)

    def _done(self) -> None:
        self.clear()
        self._began_ns = None
        self.left.emit()
