"""How far a command is, what it tells, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QProgressBar, QVBoxLayout, QWidget

from ui.application.command import OURS, Command
from ui.theme import GRID
from ui.widgets.parts import label


class Running(QWidget):
    """Runs one command at a time; `ended` carries its status, once all that it told is shown."""

    ended = Signal(int)

    def __init__(self, done: str, failed: str, cancelled: str = "Cancelled") -> None:
        """What is said at the end, where all went well, where it didn't, and where the person ended it."""
        super().__init__()
        self._done, self._failed, self._cancelled = done, failed, cancelled
        self._ended_by_person = False
        self.stage, self.bar, self.log = label("", wrap=True), QProgressBar(), QPlainTextEdit()
        self.bar.setAccessibleName("Part that is done")
        self.log.setReadOnly(True)
        self.log.setTabChangesFocus(True)
        self.log.setAccessibleName("What was told")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID * 2)
        for widget in (self.stage, self.bar, self.log):
            layout.addWidget(widget)
        self.command = Command(self)
        self.command.staged.connect(self._show_stage)
        self.command.told.connect(lambda line: self.log.appendPlainText(line.removeprefix(OURS)))
        self.command.ended.connect(self._show_end)

    @property
    def words(self) -> str:
        """All that was told, without how far it was."""
        return self.log.toPlainText()

    def begin(self, words: str, arguments: Sequence[str]) -> None:
        """`words` are shown until the command says what it does."""
        self._ended_by_person = False
        self.stage.setText(words)
        self.bar.setRange(0, 0)
        self.command.begin(arguments)

    def cancel(self) -> bool:
        """End the command; what it told stays to be read. False where none runs."""
        if not self.command.running:
            return False
        self._ended_by_person = True
        self.stage.setText("Cancelling …")
        self.command.cancel()
        return True

    def _show_stage(self, percent: int, what: str) -> None:
        self.bar.setRange(0, 100)
        self.bar.setValue(percent)
        self.stage.setText(what)

    def _show_end(self, status: int) -> None:
        self.bar.setRange(0, 100)
        self.bar.setValue(100 if status == 0 else 0)
        unfinished = self._cancelled if self._ended_by_person else self._failed
        self.stage.setText(self._done if status == 0 else unfinished)
        if status == 0:
            self.log.verticalScrollBar().setValue(0)
        self.ended.emit(status)
