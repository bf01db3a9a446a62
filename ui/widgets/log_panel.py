"""What the expert did, newest first, with times; what was marked wrongly is taken back here."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QListWidgetItem, QSizePolicy, QVBoxLayout

from ui.theme import GRID, colours
from ui.widgets.parts import button, clock_text, label, row
from ui.widgets.wrapping import wrapping_list
from woz.live.seats.expert_log import Deed
from woz.model.events import EventKind

MOST_LINES = 200
KIND_WORDS = {
    EventKind.STEP: "Step: {}",
    EventKind.MISTAKE: "Mistake: {}",
    EventKind.CORRECTION: "Corrected: {}",
    EventKind.MARK: "{}",
    EventKind.NOTE: "Note: {}",
}


def deed_words(deed: Deed) -> str:
    """Without its time: `Step: Fit the red gear`, `Question`, `Mistake`."""
    words = KIND_WORDS[deed.kind].format(deed.text).strip().removesuffix(":")
    return f"{words} (taken back)" if deed.undone else words


class LogPanel(QFrame):
    """`undo` carries the identifier of what shall be taken back; empty for the last of it."""

    undo = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._shown: tuple[Deed, ...] = ()
        self.list = wrapping_list("What you marked, newest first")
        self.list.setToolTip("A double click takes an entry back; U takes back the last one.")
        self.list.itemDoubleClicked.connect(self._take_back)
        self.undo_button = button("Undo", "undo")
        self.undo_button.setAccessibleName("Take back the last mark")
        self.undo_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.undo_button.setEnabled(False)
        self.undo_button.clicked.connect(lambda: self.undo.emit(""))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID // 2)
        layout.addWidget(row(label("Log", "heading"), self.undo_button))
        layout.addWidget(self.list)

    def show_deeds(self, deeds: tuple[Deed, ...]) -> None:
        if deeds is self._shown or deeds == self._shown:
            return
        self._shown = deeds
        self.list.clear()
        for deed in reversed(deeds[-MOST_LINES:]):
            self.list.addItem(_line(deed))
        self.undo_button.setEnabled(any(deed.id and not deed.undone for deed in deeds))

    def _take_back(self, item: QListWidgetItem) -> None:
        if identifier := str(item.data(Qt.ItemDataRole.UserRole) or ""):
            self.undo.emit(identifier)


def _line(deed: Deed) -> QListWidgetItem:
    made = QListWidgetItem(f"{clock_text(deed.t_ns)}   {deed_words(deed)}")
    made.setData(Qt.ItemDataRole.UserRole, "" if deed.undone else deed.id)
    if deed.undone:
        font = QFont()
        font.setStrikeOut(True)
        made.setFont(font)
        made.setForeground(colours().of("muted"))
    return made
