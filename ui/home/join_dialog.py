"""Takes the invitation, and stays until the console has joined, or says why it could not."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QCheckBox, QDialog, QPlainTextEdit, QProgressBar, QVBoxLayout, QWidget

from ui.application.invitation import FOLLOWED, JOINED, VARIABLE
from ui.application.programs import program
from ui.theme import GRID
from ui.widgets.fitting import grow_with_words
from ui.widgets.parts import Banner, action, button, label, row
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.runtime import end_process
from woz.link.handshake.invitation import Invitation

LOOK_MS = 100
END_WITHIN_S = 2.0
LINES = 4


class JoinDialog(QDialog):
    """The console runs in a process of its own, which stays when this program ends."""

    def __init__(self, parent: QWidget | None = None, command: Sequence[str] = ()) -> None:
        super().__init__(parent)
        self.setWindowTitle("Join as expert")
        self.resize(680, 0)
        grow_with_words(self)
        self._command = command or program("join")
        self._child: subprocess.Popen[bytes] | None = None
        self._told: Path | None = None
        self._began_s = 0.0
        self.link = _link_field()
        self._without = {
            "--mic": QCheckBox("Without a microphone"),
            "--speaker": QCheckBox("Without an earpiece"),
        }
        self.fault = Banner()
        self._stage, self._bar = label("", "muted", wrap=True), QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Joining the session")
        self._join, self._leave = button("Join", "join", "primary"), button("Cancel", "stop")
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._build()
        self.link.textChanged.connect(self._judge)
        self._show_joining(False)
        self._judge()

    def join(self) -> None:
        """Try it; the text stays whatever comes of it."""
        if self._child or not self._text:
            return
        try:
            Invitation.parse(self._text)
        except WozError as fault:
            self.fault.tell(str(fault))
            return
        self.fault.tell("")
        self._start()

    def reject(self) -> None:
        """Stop an attempt that runs; else leave."""
        if self._child is None:
            super().reject()
            return
        end_process(self._child, END_WITHIN_S)
        self._forget()
        self._show_joining(False)

    @property
    def _text(self) -> str:
        """A link that was broken into lines by a mail is whole again."""
        return "".join(self.link.toPlainText().split())

    @property
    def _lacking(self) -> list[str]:
        """The command's options for what this machine doesn't have."""
        return [word for option, box in self._without.items() if box.isChecked() for word in (option, "none")]

    def _start(self) -> None:
        handle, name = tempfile.mkstemp(prefix="woz-join-")
        self._told, self._began_s = Path(name), time.monotonic()
        environment = {**os.environ, VARIABLE: self._text, FOLLOWED: "1", "PYTHONUNBUFFERED": "1"}
        with os.fdopen(handle, "wb") as told:
            self._child = subprocess.Popen(
                [*self._command, *self._lacking],
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=told,
                env=environment,
            )
        self._show_joining(True)
        self._timer.start()

    def _look(self) -> None:
        assert self._child
        assert self._told
        ended = self._child.poll() is not None
        lines = self._told.read_text(encoding="utf-8", errors="replace").splitlines()
        self._stage.setText(f"Joining the session … {time.monotonic() - self._began_s:.0f} s")
        if JOINED in lines:
            threading.Thread(target=self._child.wait, name="joined console", daemon=True).start()
            self._forget()
            self.accept()
        elif ended:
            said = [line.removeprefix("woz: ") for line in lines if line.startswith("woz: ")]
            self._forget()
            self._show_joining(False)
            self.fault.tell(said[-1] if said else "The console ended early; try again.")
            self.link.setFocus()

    def _forget(self) -> None:
        self._timer.stop()
        self._child = None
        if self._told:
            with contextlib.suppress(OSError):
                self._told.unlink()

    def _show_joining(self, joining: bool) -> None:
        self._stage.setVisible(joining)
        self._bar.setVisible(joining)
        self.link.setReadOnly(joining)
        for box in self._without.values():
            box.setDisabled(joining)
        self._join.setVisible(not joining)

    def _judge(self) -> None:
        self._join.setEnabled(bool(self._text))
        self.fault.tell(self._expiry())

    def _expiry(self) -> str:
        """What a whole invitation says of its end; it may be tried all the same."""
        with contextlib.suppress(WozError):
            return Invitation.parse(self._text).expiry(SystemClock().utc_ns())
        return ""

    def _build(self) -> None:
        for made, do in ((self._join, self.join), (self._leave, self.reject)):
            made.setAutoDefault(False)
            made.clicked.connect(do)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addWidget(label("Join as expert", "title"))
        layout.addWidget(
            label("Paste the invitation that the station sent you. Ctrl+Enter joins.", "muted", wrap=True)
        )
        for widget in (
            self.link,
            row(*self._without.values()),
            self.fault,
            self._stage,
            self._bar,
            row(self._leave, self._join),
        ):
            layout.addWidget(widget)
        action(self, "Join", ["Ctrl+Return", "Ctrl+Enter"], self.join)


def _link_field() -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setPlaceholderText("woz://…")
    made.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
    made.setTabChangesFocus(True)
    made.setAccessibleName("Invitation link")
    made.setFixedHeight(made.fontMetrics().lineSpacing() * LINES + GRID * 4)
    return made
