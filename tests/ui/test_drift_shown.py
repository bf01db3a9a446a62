"""Drift as the windows show it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.drift_room import TOLD, DriftRoom
from tests.storage.examples import CLOCK, LOOSE
from ui.home.drift_look import DriftLook
from ui.home.progress_dialog import ProgressDialog
from ui.home.run import Home
from ui.home.window import HomeWindow
from ui.widgets.who import LAST
from woz.base.clock import ManualClock
from woz.lab.drift_agreed import agree_on_drift
from woz.lab.progress import progress_of
from woz.model.plan import utc_ns_of

SOON = ManualClock(utc_ns=utc_ns_of("2026-11-02"))


def _room(folder: Path) -> DriftRoom:
    project = Project.create(folder / "lab", "Lab", CLOCK)
    project.schemes.add(LOOSE)
    return DriftRoom(project)


def _settings(folder: Path, last: str) -> QSettings:
    """`last` annotated here last."""
    made = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    made.setValue(LAST, last)
    return made


def _look(look: DriftLook, project: Project) -> None:
    """Without the pause before the first time."""
    look.look(project)
    look.pause.start(0)


def test_the_home_window_says_by_itself_whose_coding_drifts(qtbot: QtBot, tmp_path: Path) -> None:
    path = _room(tmp_path).project.path
    window = HomeWindow()
    qtbot.addWidget(window)
    with closing(Home(window, SOON, _settings(tmp_path, "C01"))) as home:
        home.open(str(path))
        qtbot.waitUntil(lambda: window.told_of_drift == f"other: {TOLD.format(80)}", timeout=60_000)
    assert window.told_of_drift == ""


@pytest.mark.parametrize(("last", "text"), [("A03", f"other: {TOLD.format(80)}"), ("A02", ""), ("", "")])
def test_whoever_sits_here_is_told_their_own(qtbot: QtBot, tmp_path: Path, last: str, text: str) -> None:
    with _room(tmp_path).project as project:
        look = DriftLook(SOON, _settings(tmp_path, last))
        with qtbot.waitSignal(look.told, timeout=60_000) as told:
            _look(look, project)
        assert told.args == [text]
        look.stop()


def test_who_comes_after_a_manager_is_not_told_what_they_were(qtbot: QtBot, tmp_path: Path) -> None:
    with _room(tmp_path).project as project:
        settings, told = _settings(tmp_path, "C01"), list[str]()
        look = DriftLook(SOON, settings)
        look.told.connect(told.append)
        _look(look, project)
        qtbot.waitUntil(lambda: len(told) == 1, timeout=60_000)
        settings.setValue(LAST, "A02")
        _look(look, project)
        assert told == [f"other: {TOLD.format(80)}", ""]
        qtbot.waitUntil(lambda: len(told) == 3, timeout=60_000)
        assert told[2] == ""
        look.stop()


def test_a_change_is_looked_at_after_a_pause_alone(qtbot: QtBot, tmp_path: Path) -> None:
    with _room(tmp_path).project as project:
        look, told = DriftLook(SOON, _settings(tmp_path, "C01")), list[str]()
        look.told.connect(told.append)
        _look(look, project)
        qtbot.waitUntil(lambda: len(told) == 1, timeout=60_000)
        agree_on_drift(project, offset_s=0.4)
        look.look(project)
        assert look.pause.isActive()
        look.pause.start(0)
        qtbot.waitUntil(lambda: len(told) == 2, timeout=60_000)
        assert told[1] == ""
        look.pause.start(0)
        qtbot.waitUntil(lambda: not look.pause.isActive())
        assert len(told) == 2
        look.stop()


def test_progress_lists_what_lies_beyond_what_is_agreed(qtbot: QtBot, tmp_path: Path) -> None:
    with _room(tmp_path).project as project:
        dialog = ProgressDialog(progress_of(project))
        qtbot.addWidget(dialog)
        shown = dialog.findChild(QListWidget)
        assert shown
        texts = [item.text() for at in range(shown.count()) if (item := shown.item(at))]
        assert texts == [f"⚠ other: {TOLD.format(80)}"]
        project.work.measure(False)
        without = ProgressDialog(progress_of(project))
        qtbot.addWidget(without)
        assert without.findChild(QListWidget) is None
