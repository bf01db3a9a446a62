"""The invitation below the view: the whole link, its QR code, and the button that copies it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.copying import whole_text
from ui.widgets.parts import button, label, panel
from ui.widgets.qr import qr_label

QR_SIZE = 96
LINES = 3


class InvitationBar(QWidget):
    def __init__(self, link: str, copy: Callable[[], None]) -> None:
        super().__init__()
        self.link = whole_text(link, "Invitation link", LINES)
        self.copy_button = button("Copy the link", "copy")
        self.copy_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.copy_button.clicked.connect(copy)
        words, line = QWidget(), QWidget()
        column, beside = QVBoxLayout(words), QHBoxLayout(line)
        for layout in (column, beside):
            layout.setContentsMargins(0, 0, 0, 0)
        column.addWidget(label("Invitation for the expert", "heading"))
        column.addWidget(self.link)
        beside.setSpacing(GRID * 2)
        beside.addWidget(qr_label(link, QR_SIZE))
        beside.addWidget(words, 1)
        beside.addWidget(self.copy_button)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(panel(line))
