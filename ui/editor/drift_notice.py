"""Tells an annotator where their own coding drifts beyond what is agreed: in a line above the picture, once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout

from ui.application.background import Background
from ui.editor.feedback_seen import FeedbackSeen
from ui.editor.keys import ANYWHERE, Keys
from ui.editor.player import Player
from ui.theme import GRID
from ui.widgets.ending import Ending
from ui.widgets.parts import button, label
from woz.base.errors import WozError
from woz.lab.drift_watch import drift_notice
from woz.lab.drift_words import DriftTold

SEEN_KEY = "Alt+Shift+D"
FIRST_MS = 10_000
"""The window is filled first."""
REST_S, PLAYS_S = 0.02, 0.5
"""Between two sessions that are read, so that the window's thread has its turn; while it plays none is."""
ALL_OF_IT = "Ctrl+G (Project, Progress) of the home window"
NOTHING = "Nothing is told of how your coding lies beside the others'."


@dataclass(frozen=True, slots=True)
class OwnDrift:
    """`look` reads what lasts of whoever sits here, and calls what it is given before each session that it reads,
    which may end it by raising WozError. `seen` is the file of what they have looked at; None keeps it nowhere.
    """

    look: Callable[[Callable[[], None]], Sequence[DriftTold]]
    seen: Path | None


class DriftNotice(QObject):
    """Looks once, beside the window. `bar` has its place there, hidden while there is nothing; without a `drift`
    there never is.
    """

    def __init__(self, drift: OwnDrift | None, player: Player, tell: Callable[[str], object]) -> None:
        super().__init__(player)
        self._drift, self._player, self._tell = drift, player, tell
        self._seen = FeedbackSeen(drift.seen if drift else None)
        self._shown: list[str] = []
        self._end = threading.Event()
        self._thread: threading.Thread | None = None
        self._work = Background()
        self._work.done.connect(self._show)
        self.bar = _Bar()
        self.bar.seen.clicked.connect(self.finish)
        if drift:
            QTimer.singleShot(FIRST_MS, self, self.look)

    def add_keys(self, keys: Keys) -> None:
        keys.add("What is told of your drift is seen", SEEN_KEY, self.finish, *ANYWHERE)

    def look(self) -> None:
        if self._drift and self._thread is None and not self._end.is_set():
            look = self._drift.look
            self._thread = self._work.begin("look for drift", lambda: look(self._rest))

    def finish(self) -> None:
        """It isn't told again, at the next openings of other sessions neither."""
        if self.bar.isHidden():
            self._tell(NOTHING)
        for key in self._shown:
            self._seen.add(key)
        self._shown = []
        self.bar.tell("")

    def close(self, ending: Ending) -> None:
        """What is being read is given up."""
        self._end.set()
        ending.of(self._thread, "the look for drift")

    def _rest(self) -> None:
        """Raises WozError at the end."""
        while self._player.rate and not self._end.is_set():
            self._end.wait(PLAYS_S)
        if self._end.wait(REST_S):
            raise WozError("The window was closed meanwhile.")

    def _show(self, found: Sequence[DriftTold]) -> None:
        new = {_key(each): each for each in found if _key(each) not in self._seen}
        self._shown = list(new)
        self.bar.tell(drift_notice(list(new.values()), ALL_OF_IT))


class _Bar(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self._words = label(wrap=True)
        self.seen = button(f"Seen ({SEEN_KEY})", "check")
        self.seen.setAccessibleName("Seen")
        self.seen.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID * 2, GRID, GRID * 2, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self._words, 1)
        layout.addWidget(self.seen)
        self.tell("")

    @property
    def text(self) -> str:
        """What is shown; empty where nothing is."""
        return "" if self.isHidden() else self._words.text()

    def tell(self, text: str) -> None:
        self._words.setText(text)
        self._words.setAccessibleName(text)
        self.setVisible(bool(text))


def _key(each: DriftTold) -> str:
    """Another one where it is of something else, or began anew."""
    return f"{each.tier_type} {each.kind} {each.label} {each.since}"
