"""A session with a transcript in the editor, and a hand that presses its keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.at_once import editor_at_once
from tests.ui.recorded_session import CLOCK, SID, record_session
from ui import theme
from ui.editor.keys import Place
from ui.editor.window import EditorWindow
from woz.annotation.word_times import spread
from woz.base.interval import NS_PER_S, Interval
from woz.capture.tabletop import PROCEDURE
from woz.lab.taking_in import save_procedure, take_in, take_in_turns, transcript_of
from woz.model.ids import TranscriptId, TurnId
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.session import Session, SessionState
from woz.model.transcript import Turn

LINES = (
    ("a", Role.TRAINEE, 0.5, "Where is the bowel?"),
    ("b", Role.EXPERT, 1.5, "The bowel is here, left of you."),
    ("c", Role.EXPERT, 2.5, "Take the Bowel."),
    ("d", Role.OTHER, 3.5, "Hello there"),
)


@contextmanager
def transcribed(folder: Path) -> Iterator[Project]:
    """A project with a session that has a transcript of `LINES`."""
    with Project.create(folder / "p", "Kitchen", CLOCK) as made:
        save_procedure(made, PROCEDURE)
        made.sessions.save(Session(SID, "Lamp", SessionState.RECORDING, CLOCK.utc_ns(), procedure_id=PROCEDURE.id))
        take_in(made, record_session(made.sessions_dir))
        transcript = transcript_of(SID, Origin.RECOGNISED, "test", CLOCK, "en")
        take_in_turns(made, transcript, [turn_of(transcript.id, *line) for line in LINES])
        yield made


def turn_of(transcript: TranscriptId, name: str, who: Role, start_s: float, text: str) -> Turn:
    span = Interval(round(start_s * NS_PER_S), round((start_s + 1) * NS_PER_S))
    words = tuple(
        replace(word, confidence=0.2 if "owel" in word.text else 0.9) for word in spread(text.split(), span)
    )
    said = span.shifted(-200_000_000) if who == Role.EXPERT else None
    voice = "other 1" if who == Role.OTHER else ""
    return Turn(TurnId(name), transcript, who, span, text, said, words, 0.7, voice)


def opened(qtbot: QtBot, qapp: QApplication, project: Project) -> EditorWindow:
    """The editor on it, the first turn chosen."""
    theme.apply(qapp, "light")
    made = editor_at_once(project, SID, "ada")
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made._panel.list.setFocus()
    qtbot.waitUntil(lambda: made._keys.place == Place.TRANSCRIPT)
    made._panel.choose(0)
    return made


class Hand:
    """Presses keys in a window, as its user does."""

    def __init__(self, qtbot: QtBot, window: EditorWindow) -> None:
        self._qtbot, self.window, self.panel = qtbot, window, window._panel

    def press(self, *keys: str) -> None:
        for key in keys:
            combination = QKeySequence(key)[0]  # type: ignore[index]
            widget = self.panel.field or self.panel.list
            self._qtbot.keyClick(widget, combination.key(), combination.keyboardModifiers())

    def type(self, text: str) -> None:
        assert self.panel.field is not None
        self._qtbot.keyClicks(self.panel.field, text)

    @property
    def typing(self) -> bool:
        return self.panel.field is not None

    @property
    def texts(self) -> list[str]:
        return [turn.text for turn in self.panel.turns]

    def undo(self, times: int = 1) -> None:
        self.press(*["Ctrl+Z"] * times)
