"""The field that a turn's text is typed in, in its place in the list; it offers the glossary's terms."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QCompleter, QFrame, QListView, QPlainTextEdit, QWidget

from woz.annotation.words import spans_of

OFFER_FROM = 2
"""Letters of a term to type before it is offered."""


class TurnField(QPlainTextEdit):
    """`finished` tells that Enter was pressed, `split_asked` Shift+Enter.

    Terms that begin as the word before the caret does are offered.
    """

    finished = Signal()
    split_asked = Signal()

    def __init__(self, parent: QWidget, terms: Sequence[str]) -> None:
        super().__init__(parent)
        self.setAccessibleName("Text of the turn")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QPlainTextEdit, QPlainTextEdit:focus { padding: 0px; }")
        self.document().setDocumentMargin(4)
        self.textChanged.connect(self._grow)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._terms = QStringListModel(sorted(terms, key=str.lower))
        self._completer = QCompleter(self._terms, self)
        self._popup = QListView()
        self._completer.setPopup(self._popup)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setWidget(self)
        self._completer.activated.connect(self._take)

    def begin(self, text: str, caret: int) -> None:
        """Show a text with the caret before one of its letters."""
        self.setPlainText(text)
        cursor = self.textCursor()
        cursor.setPosition(caret)
        self.setTextCursor(cursor)

    @property
    def word_number(self) -> int:
        """How many words begin before the caret; in a word, those before whichever of its ends is nearer."""
        text, caret = self.toPlainText(), self.textCursor().position()
        begun = [span for span in spans_of(text) if span[0] < caret]
        within = begun and caret - begun[-1][0] < begun[-1][1] - caret
        return len(begun) - 1 if within else len(begun)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if self._popup.isVisible() and (enter or event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Escape)):
            event.ignore()
            return
        if enter:
            split = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            (self.split_asked if split else self.finished).emit()
            return
        super().keyPressEvent(event)
        if event.text().strip() or event.key() == Qt.Key.Key_Backspace:
            self._offer()

    def _grow(self) -> None:
        """As high as the text, over the rows below where it must be."""
        lines = self.document().size().height()
        wanted = round(lines * self.fontMetrics().lineSpacing() + 2 * self.document().documentMargin() + 5)
        self.resize(self.width(), max(self.height(), wanted))

    def _begun(self) -> str:
        """The part of a word that stands before the caret."""
        before = self.toPlainText()[: self.textCursor().position()]
        return before.split()[-1] if before and not before[-1].isspace() else ""

    def _offer(self) -> None:
        begun = self._begun()
        self._completer.setCompletionPrefix(begun)
        first = self._completer.completionModel().index(0, 0)
        if len(begun) < OFFER_FROM or not first.isValid() or first.data() == begun:
            self._popup.hide()
            return
        self._popup.setCurrentIndex(first)
        box = self.cursorRect()
        box.setWidth(self._popup.sizeHintForColumn(0) + 40)
        self._completer.complete(box)

    def _take(self, term: str) -> None:
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(self._begun()))
        cursor.insertText(term)
        self.setTextCursor(cursor)
