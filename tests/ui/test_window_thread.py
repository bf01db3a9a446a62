"""An editor's whole life, from the list of annotators to its end, calls the database on no window's thread."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from storage.backends import guard
from tests.ui.person import Person, shown
from tests.ui.recorded_session import CLOCK, SID
from tests.ui.test_editor import recorded  # noqa: F401
from ui.editor.history_dialog import HistoryDialog
from ui.editor.run import run_editor
from ui.editor.window import EditorWindow
from ui.widgets.annotator_dialog import AnnotatorDialog
from woz.annotation import commands
from woz.model.annotation import Annotation
from woz.model.own_schemes import STEPS


@pytest.fixture(autouse=True)
def no_database_on_the_window() -> None:
    """Here the program's own guard is tried."""


def _choose() -> bool:
    dialog = shown(AnnotatorDialog)
    if dialog is None:
        return False
    dialog._new.setText("A07")
    dialog._go.click()
    return True


def _step(window: EditorWindow) -> Annotation:
    tier = next(tier for tier in window.document.tiers if tier.tier_type == STEPS)
    return window.document.annotations(tier.id)[0]


def _edit() -> bool:
    window = shown(EditorWindow)
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
    window, dialog = shown(EditorWindow), shown(HistoryDialog)
    if window is None or dialog is None or not window.document.saved or not dialog._lines:
        return False
    dialog.close()
    window._undo_last()
    return True


def _close() -> bool:
    window = shown(EditorWindow)
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
    person = Person(iter((_choose, _edit, _undo, _close)))
    assert run_editor(recorded, None, "", "light", None) == 0
    assert person.step is None
    with Project.open(recorded, CLOCK) as project:
        assert [each.pseudonym for each in project.annotators.all()][-1] == "A07"
        assert [edit.name for edit in project.annotations.history(SID)][-2:] == ["Change note", "Change note"]


def test_the_guard_holds_for_its_time_only(recorded: Path) -> None:  # noqa: F811
    with Project.open(recorded, CLOCK) as project:
        with guard.armed(), pytest.raises(guard.WindowThreadError):
            project.sessions.all()
        assert project.sessions.all()
