"""The window of a procedure's glossary."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
)

from ui.editor.transcript import TranscriptPanel
from ui.theme import GRID
from ui.widgets.parts import label, row
from woz.annotation.document import Document
from woz.annotation.glossary import add_term, remove_term
from woz.model.ids import ProcedureId, TermId, new_id


class GlossaryDialog(QDialog):
    """Each term that is added or removed is an edit of its own."""

    def __init__(self, panel: TranscriptPanel, document: Document, procedure_id: ProcedureId | None) -> None:
        super().__init__(panel)
        self.setWindowTitle("Glossary")
        self.resize(420, 460)
        self._panel = panel
        self._document = document
        self._procedure_id = procedure_id
        self._list = QListWidget()
        self._list.setAccessibleName("Terms")
        self._new = QLineEdit()
        self._new.setPlaceholderText("New term, Enter to add it")
        self._new.setAccessibleName("New term")
        self._trouble = label("", wrap=True)
        self._build()
        self._fill()
        self._new.setFocus()

    def _build(self) -> None:
        remove = QPushButton("Remove")
        remove.setAutoDefault(False)
        remove.clicked.connect(self._remove)
        delete = QShortcut(QKeySequence("Delete"), self._list, self._remove)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        self._new.returnPressed.connect(self._add)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        for each in buttons.buttons():
            if isinstance(each, QPushButton):
                each.setAutoDefault(False)
                each.setDefault(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID)
        about = "Words that are said in this procedure. They are offered while you type, and for doubtful words."
        for widget in (
            label(about, "muted", wrap=True),
            self._list,
            self._new,
            self._trouble,
            row(remove, buttons),
        ):
            layout.addWidget(widget)

    def _fill(self) -> None:
        self._list.clear()
        for term in self._document.terms:
            item = QListWidgetItem(term.text, self._list)
            item.setData(Qt.ItemDataRole.UserRole, str(term.id))

    def _add(self) -> None:
        terms, new, text = self._document.terms, TermId(new_id()), self._new.text()
        if self._panel.apply(lambda: add_term(terms, new, self._procedure_id, text)):
            self._new.clear()
        self._show()

    def _remove(self) -> None:
        item = self._list.currentItem()
        term = next((t for t in self._document.terms if item and t.id == item.data(Qt.ItemDataRole.UserRole)), None)
        if term:
            self._panel.apply(lambda: remove_term(term))
        self._show()

    def _show(self) -> None:
        self._trouble.setText(self._panel.trouble)
        self._fill()
