"""Drift as the windows show it."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.drift_room import TOLD, DriftRoom
from tests.storage.examples import CLOCK, LOOSE
from ui.home.columns import SessionLine
from ui.home.drift_look import DriftLook
from ui.home.progress_dialog import ProgressDialog
from ui.home.run import Home
from ui.home.session_lines import session_lines
from ui.home.window import HomeWindow
from ui.widgets.who import LAST
from woz.base.clock import ManualClock
from woz.lab.agreeing import Agreement, compared
from woz.lab.drift_agreed import agree_on_drift
from woz.lab.progress import progress_of
from woz.model.ids import SessionId
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


class Reading:
    """Which sessions are read; the first one ends once `go_on` is set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.go_on = list[SessionId](), threading.Event()
        monkeypatch.setattr("woz.lab.drift_watch.compared", self._compared)

    def _compared(self, project: Project, tier_type: str, session_id: SessionId) -> Agreement:
        self.begun.append(session_id)
        self.go_on.wait()
        return compared(project, tier_type, session_id)


def _counting() -> bool:
    return any(each.name == "look for drift" for each in threading.enumerate())


def test_what_is_being_counted_waits_while_a_session_is_recorded(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _room(tmp_path).project as project:
        look, told, reading = DriftLook(SOON, _settings(tmp_path, "C01")), list[str](), Reading(monkeypatch)
        look.told.connect(told.append)
        _look(look, project)
        qtbot.waitUntil(lambda: len(reading.begun) == 1, timeout=60_000)
        look.hold()
        reading.go_on.set()
        qtbot.wait(500)
        assert (len(reading.begun), told) == (1, [])
        look.look(project)
        qtbot.waitUntil(lambda: told == [f"other: {TOLD.format(80)}"], timeout=60_000)
        assert len(reading.begun) == 3
        look.stop()


def test_what_waits_ends_where_its_project_is_closed(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _room(tmp_path).project as project:
        look, reading = DriftLook(SOON, _settings(tmp_path, "C01")), Reading(monkeypatch)
        _look(look, project)
        qtbot.waitUntil(lambda: len(reading.begun) == 1, timeout=60_000)
        look.hold()
        reading.go_on.set()
        look.stop()
        look.hold()
        qtbot.waitUntil(lambda: not _counting(), timeout=60_000)
        assert len(reading.begun) == 1


def test_the_home_window_begins_no_count_while_a_session_is_recorded(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that was to come after a pause."""
    recording = threading.Event()

    def lines(project: Project, *known: Any) -> list[SessionLine]:
        return [replace(each, running=recording.is_set()) for each in session_lines(project, *known)]

    monkeypatch.setattr("ui.home.run.session_lines", lines)
    monkeypatch.setattr("ui.home.drift_look.FIRST_MS", 3_600_000)
    reading = Reading(monkeypatch)
    reading.go_on.set()
    path, window = _room(tmp_path).project.path, HomeWindow()
    qtbot.addWidget(window)
    with closing(Home(window, SOON, _settings(tmp_path, "C01"))) as home:
        home.open(str(path))
        qtbot.waitUntil(home._drift.pause.isActive, timeout=60_000)
        recording.set()
        home.refresh()
        qtbot.waitUntil(lambda: any(line.running for line in home._shown or ()), timeout=60_000)
        home._drift.pause.start(0)
        qtbot.waitUntil(lambda: not home._drift.pause.isActive(), timeout=60_000)
        qtbot.wait(500)
        assert (reading.begun, window.told_of_drift) == ([], "")
        recording.clear()
        home.refresh()
        qtbot.waitUntil(lambda: window.told_of_drift != "", timeout=60_000)


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
