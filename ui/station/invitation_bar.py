"""The invitation below the view: the whole link, its QR code, and the button that copies it."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.copying import COPIED_MS, copy_button, whole_text
from ui.widgets.parts import label, panel
from ui.widgets.qr import qr_label

QR_SIZE = 96
LINES = 3
TITLE = "Invitation for the expert"


class InvitationBar(QWidget):
    def __init__(self, link: str) -> None:
        super().__init__()
        self.link = whole_text(link, "Invitation link", LINES)
        copy = copy_button("Copy the link", link)
        copy.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._title = label(TITLE, "heading")
        self._told = QTimer(self)
        self._told.setSingleShot(True)
        self._told.timeout.connect(lambda: self._title.setText(TITLE))
        words, line = QWidget(), QWidget()
        column, beside = QVBoxLayout(words), QHBoxLayout(line)
        for layout in (column, beside):
            layout.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._title)
        column.addWidget(self.link)
        beside.setSpacing(GRID * 2)
        beside.addWidget(qr_label(link, QR_SIZE))
        beside.addWidget(words, 1)
        beside.addWidget(copy)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(panel(line))

    def tell(self, words: str) -> None:
        """In the place of the title, for a while."""
        self._title.setText(words)
        self._told.start(COPIED_MS)
