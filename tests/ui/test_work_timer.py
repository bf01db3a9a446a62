"""Work at the desk is counted for the tier that it is on, told to whoever does it, and stored."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.at_once import editor_at_once
from tests.ui.desk_room import SID, Hand, recorded
from tests.ui.recorded_session import CLOCK
from ui import theme
from ui.editor.window import EditorWindow
from woz.base.interval import NS_PER_S
from woz.model.ids import TierId

__all__ = ["recorded"]


class Clock:
    """The wall's, as a test moves it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0
        monkeypatch.setattr("ui.editor.work_timer.time.monotonic_ns", lambda: self.now)

    def go(self, seconds: int) -> None:
        self.now += seconds * NS_PER_S


def _key(window: EditorWindow) -> None:
    """As the system sends one to the window."""
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Shift, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(window.windowHandle(), event)


def test_work_is_counted_shown_and_stored(
    qtbot: QtBot, qapp: QApplication, recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme.apply(qapp, "light")
    clock = Clock(monkeypatch)
    with Project.open(recorded, CLOCK) as project:
        (ada,) = project.annotators.all()
        window = editor_at_once(project, SID, ada.id)
        with qtbot.waitExposed(window):
            window.show()
        hand = Hand(qtbot, window)
        tier = TierId(hand.new_tier("Acts"))
        for _ in range(3):
            clock.go(10)
            _key(window)
        clock.go(600)
        hand.stand(40)
        hand.press("1")
        clock.go(7)
        _key(window)
        window.ways.work._look()
        assert window.ways.status.text("work") == "Your work here: 0:37 for 0:04, 9.25 s a second"
        window.close()
        window.deleteLater()
        (kept,) = project.work.all(SID, ada.id)
        assert (kept.tier_id, kept.active_ns) == (tier, 37 * NS_PER_S)
        again = editor_at_once(project, SID, ada.id)
        again._choose(tier, None)
        assert "here: 0:37" in again.ways.status.text("work")
        again.close()
        again.deleteLater()
        project.work.measure(False)
        unmeasured = editor_at_once(project, SID, ada.id)
        unmeasured._choose(tier, None)
        clock.go(5)
        unmeasured.ways.work.acted()
        assert unmeasured.ways.status.text("work") == ""
        unmeasured.close()
        unmeasured.deleteLater()
        assert len(project.work.all()) == 1
