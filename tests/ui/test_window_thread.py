"""An editor's whole life, from the list of annotators to its end, calls the database on no window's thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from storage import Project
from storage.backends import guard
from tests.ui.test_editor import CLOCK, SID, recorded  # noqa: F401
from ui.editor.history_dialog import HistoryDialog
from ui.editor.run import run_editor
from ui.editor.window import EditorWindow
from ui.widgets.annotator_dialog import AnnotatorDialog
from woz.annotation import commands
from woz.model.annotation import Annotation
from woz.model.own_schemes import STEPS

LOOK_MS = 20
T = TypeVar("T", bound=QWidget)
Step = Callable[[], bool]
"""Does something, or says that it can't be done yet."""


@pytest.fixture(autouse=True)
def no_database_on_the_window() -> None:
    """Here the program's own guard is tried."""


class Annotator:
    """Takes one step after the other, as soon as each can be taken."""

    def __init__(self, steps: Iterator[Step]) -> None:
        self._steps = steps
        self._step: Step | None = next(steps)
        self._timer = QTimer()
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        self._timer.stop()
        try:
            done = self._step is not None and self._step()
        except BaseException:
            QApplication.exit(1)
            raise
        if done:
            self._step = next(self._steps, None)
        if self._step is not None:
            self._timer.start()


def _shown(kind: type[T]) -> T | None:
    return next((w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()), None)


def _choose() -> bool:
    dialog = _shown(AnnotatorDialog)
    if dialog is None:
        return False
    dialog._new.setText("A07")
    dialog._go.click()
    return True


def _step(window: EditorWindow) -> Annotation:
    tier = next(tier for tier in window.document.tiers if tier.tier_type == STEPS)
    return window.document.annotations(tier.id)[0]


def _edit() -> bool:
    window = _shown(EditorWindow)
    if window is None:
        return False
    first = _step(window)
    window._choose(first.tier_id, first.id)
    window.document.apply(commands.set_note(first, "seen"))
    window._show_history()
    window._commands.restore()
    window._commands.restore_all()
    return True


def _undo() -> bool:
    window, dialog = _shown(EditorWindow), _shown(HistoryDialog)
    if window is None or dialog is None or not window.document.saved or not dialog._lines:
        return False
    dialog.close()
    window._undo_last()
    return True


def _close() -> bool:
    window = _shown(EditorWindow)
    if window is None or _step(window).note:
        return False
    window.close()
    return True


def test_no_part_of_an_editor_s_life_waits_for_the_database(
    qtbot: QtBot,
    qapp: QApplication,
    recorded: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = QSettings(str(tmp_path / "woz.ini"), QSettings.Format.IniFormat)
    monkeypatch.setattr("ui.editor.run.QSettings", lambda *_: kept)
    annotator = Annotator(iter((_choose, _edit, _undo, _close)))
    assert run_editor(recorded, None, "", "light", None) == 0
    assert annotator._step is None
    with Project.open(recorded, CLOCK) as project:
        assert [person.pseudonym for person in project.annotators.all()][-1] == "A07"
        assert [edit.name for edit in project.annotations.history(SID)][-2:] == ["Change note", "Change note"]


def test_the_guard_holds_for_its_time_only(recorded: Path) -> None:  # noqa: F811
    with Project.open(recorded, CLOCK) as project:
        with guard.armed(), pytest.raises(guard.WindowThreadError):
            project.sessions.all()
        assert project.sessions.all()
