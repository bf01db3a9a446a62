"""A bystander asked not to be recorded: one key marks from when, and again until when."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.parts import action, button, label

KEYS = ["Ctrl+K", "Pause"]
ASKED, GONE = "A bystander asked (Ctrl+K)", "The bystander is gone (Ctrl+K)"
TOLD = (
    "⚠ Kept out: what is recorded now, and the ten seconds before, goes into no release. The recording itself"
    " goes on."
)
NOT_KEPT = (
    "⚠ This was not kept: the disk takes no more. Write down the time, and keep the stretch out in the editor (the"
    " tier Kept out of releases)."
)


class BystanderButton(QWidget):
    """`tell` is called with true where somebody asked, with false where they are gone; it answers whether that is
    kept.
    """

    def __init__(self, window: QWidget, tell: Callable[[bool], bool]) -> None:
        super().__init__()
        self._tell, self.asked = tell, False
        self._button = button(ASKED, "person")
        self._button.clicked.connect(self.toggle)
        self._told = label("", "warning", wrap=True)
        self._told.hide()
        self._action = action(window, "A bystander asked, or is gone", KEYS, self.toggle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self._button)
        layout.addWidget(self._told)
        self.set_live(False)

    def set_live(self, live: bool) -> None:
        """While something is recorded; a new recording begins without anybody who asked."""
        self._show(False)
        self._button.setEnabled(live)
        self._action.setEnabled(live)

    def toggle(self) -> None:
        if self._tell(not self.asked):
            self._show(not self.asked)
        else:
            self._say(NOT_KEPT)

    def _show(self, asked: bool) -> None:
        self.asked = asked
        self._button.setText(GONE if asked else ASKED)
        self._button.setAccessibleName(GONE if asked else ASKED)
        self._say(TOLD if asked else "")

    def _say(self, words: str) -> None:
        self._told.setText(words)
        self._told.setVisible(bool(words))
