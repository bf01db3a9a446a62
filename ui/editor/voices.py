"""The window of a transcript's speakers: hear samples of each, rename them, merge two that are one."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.editor.player import Player
from ui.editor.transcript import TranscriptPanel
from ui.theme import GRID, icon
from ui.widgets.parts import clock_text, label, row
from woz.annotation.document import Document
from woz.annotation.voices import Voice, assign, samples, voice_of, voices_of
from woz.model.people import Role
from woz.model.transcript import Turn


class VoicesDialog(QDialog):
    """Each new name and each merge is an edit of its own, and can be undone here or later."""

    def __init__(self, panel: TranscriptPanel, document: Document, player: Player) -> None:
        super().__init__(panel)
        self.setWindowTitle("Speakers")
        self.resize(760, 320)
        self._panel = panel
        self._document = document
        self._player = player
        self._holder = QWidget()
        self._trouble = label("", wrap=True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        for each in buttons.buttons():
            if isinstance(each, QPushButton):
                each.setAutoDefault(False)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        self._layout.setSpacing(GRID * 2)
        about = (
            "Hear who it is, then write a name and press Enter, or choose whom it is the same as. Ctrl+Z undoes."
        )
        for widget in (label(about, "muted", wrap=True), self._holder, self._trouble, buttons):
            self._layout.addWidget(widget)
        QShortcut(QKeySequence("Ctrl+Z"), self, self._undo)
        self._fill()
        first = self._holder.findChild(QToolButton)
        if first:
            first.setFocus()

    def _fill(self) -> None:
        """A row a speaker, made anew after each change."""
        turns = self._panel.turns
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID * 2)
        for column, title in enumerate(("Name", "Turns", "Samples", "Is the same as")):
            grid.addWidget(label(title, "muted"), 0, column)
        voices = [voice for voice in voices_of(turns) if any(voice_of(turn) == voice for turn in turns)]
        for line, voice in enumerate(voices, 1):
            count = sum(voice_of(turn) == voice for turn in turns)
            cells = (self._name(voice), label(str(count)), self._samples(voice), self._same(voice))
            for column, widget in enumerate(cells):
                grid.addWidget(widget, line, column)
        holder = QWidget()
        holder.setLayout(grid)
        self._layout.replaceWidget(self._holder, holder)
        self._holder.deleteLater()
        self._holder = holder

    def _name(self, voice: Voice) -> QWidget:
        field = QLineEdit(voice.label)
        field.setAccessibleName(f"Name of {voice.label}")
        field.returnPressed.connect(lambda: self._assign(voice, Voice(voice.role, field.text().strip())))
        return field

    def _samples(self, voice: Voice) -> QWidget:
        return row(*(self._sample(voice, turn, i) for i, turn in enumerate(samples(self._panel.turns, voice), 1)))

    def _sample(self, voice: Voice, turn: Turn, number: int) -> QWidget:
        made = QToolButton()
        made.setIcon(icon("play"))
        made.setText(clock_text(turn.interval.start_ns))
        made.setToolButtonStyle(made.toolButtonStyle().ToolButtonTextBesideIcon)
        made.setToolTip(turn.text)
        made.setAccessibleName(f"Sample {number} of {voice.label}: {turn.text}")
        made.clicked.connect(partial(self._player.play_once, turn.interval))
        return made

    def _same(self, voice: Voice) -> QWidget:
        box = QComboBox()
        box.setAccessibleName(f"{voice.label} is the same as")
        box.addItem("nobody else", None)
        for other in voices_of(self._panel.turns):
            if other != voice:
                box.addItem(other.label, (other.role.value, other.name))
        box.activated.connect(lambda i: self._merge(voice, box.itemData(i)))
        return box

    def _merge(self, voice: Voice, other: tuple[str, str] | None) -> None:
        if other is not None:
            self._assign(voice, Voice(Role(other[0]), other[1]))

    def _assign(self, voice: Voice, new: Voice) -> None:
        if new.name == Voice(voice.role).label:
            new = Voice(voice.role)
        self._panel.apply(lambda: assign(self._panel.turns, voice, new))
        self._trouble.setText(self._panel.trouble)
        self._fill()

    def _undo(self) -> None:
        self._panel.undo()
        self._fill()
