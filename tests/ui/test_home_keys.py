"""The home window's keys: each acts or says what it needs; Check and Recover run for the project that is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK, SESSION
from ui.home.columns import SessionLine
from ui.home.run import Home
from ui.home.window import NO_PROJECT, NO_SESSION, NOT_LISTED, NOT_ONE, ONE_PROJECT, HomeWindow
from woz.model.ids import SessionId
from woz.model.session import SessionState

NEED_NOTHING = {
    "New project",
    "Open a project",
    "Join a session as the expert",
    "Heavy parts: speech, blur, names",
    "Show these shortcuts",
    "Close",
}
OF_ONE = ("Ctrl+K", "Ctrl+T", "Ctrl+P", "Ctrl+Shift+B", "Return")
OF_TWO = ("Ctrl+Shift+A", "Ctrl+Shift+J")
LINES = [
    SessionLine(SessionId(f"s{n}"), f"Lamp {n}", SessionState.CLOSED, n * 10**9, 10**9, "P01") for n in range(3)
]


@pytest.fixture
def window(qtbot: QtBot) -> HomeWindow:
    made = HomeWindow()
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def _action(window: HomeWindow, key: str) -> QAction:
    return next(each for each in window.actions() if key in [s.toString() for s in each.shortcuts()])


def test_without_a_project_no_key_is_silent(window: HomeWindow) -> None:
    keys = [each for each in window.actions() if each.text() not in NEED_NOTHING]
    assert len(keys) > 20
    for each in keys:
        window.tell("")
        each.trigger()
        assert window._banner.text == NO_PROJECT, each.text()


def test_a_key_pressed_in_vain_is_seen_in_the_window(window: HomeWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert window._banner.isVisible()
    assert window._banner.text == NO_PROJECT


def test_in_an_empty_project_keys_of_sessions_say_so(window: HomeWindow) -> None:
    window.show_project("Lab", ())
    for key in (*OF_ONE, *OF_TWO, "Ctrl+E", "Ctrl+F", "Ctrl+D", "Ctrl+Shift+D"):
        window.tell("")
        _action(window, key).trigger()
        assert window._banner.text == NO_SESSION, key
    for key in ("Ctrl+Tab", "Ctrl+Shift+L"):
        _action(window, key).trigger()
        assert window._banner.text == ONE_PROJECT


def test_a_project_whose_sessions_are_not_read_yet_is_open(window: HomeWindow) -> None:
    """As on a slow server, or where the list can't be read: what needs no list goes on."""
    window.open_projects.show_project("/kitchen")
    done: list[str] = []
    for signal in (window.recover, window.check_all, window.schemes, window.procedures, window.new_session):
        signal.connect(lambda: done.append(""))
    for key in ("Ctrl+R", "Ctrl+Shift+K", "Ctrl+L", "Ctrl+Shift+P", "Ctrl+N"):
        _action(window, key).trigger()
        assert window._banner.text == "", key
    assert len(done) == 5
    for key in (*OF_ONE, *OF_TWO, "Ctrl+E", "Ctrl+F"):
        window.tell("")
        _action(window, key).trigger()
        assert window._banner.text == NOT_LISTED, key


def test_what_was_told_stands_again_once_a_session_is_chosen(window: HomeWindow) -> None:
    window.show_project("Lab", LINES)
    window.tell("A session was not closed.")
    for key in OF_ONE:
        window._table.selectAll()
        _action(window, key).trigger()
        assert window._banner.text == NOT_ONE, key
        window._table.selectRow(0)
        assert window._banner.text == "A session was not closed."


class Work(QObject):
    """A command's window that only remembers what it was to run."""

    ended = Signal(int)
    made: ClassVar[list[Work]] = []

    def __init__(self, title: str, arguments: tuple[str, ...], parent: HomeWindow) -> None:
        super().__init__(parent)
        self.words, self.begun = (title, *arguments), False
        self.made.append(self)

    def begin(self) -> None:
        self.begun = True


@pytest.fixture
def works(monkeypatch: pytest.MonkeyPatch) -> list[Work]:
    monkeypatch.setattr(Work, "made", [])
    monkeypatch.setattr("ui.home.run.WorkDialog", Work)
    return Work.made


@pytest.fixture
def home(window: HomeWindow, qtbot: QtBot, tmp_path: Path) -> Iterator[Home]:
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        project.sessions.save(replace(SESSION, state=SessionState.CLOSED))
    made = Home(window, CLOCK, QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    made.open(str(tmp_path / "lab"))
    qtbot.waitUntil(lambda: window.selected == SESSION.id)
    yield made
    made.close()


def test_check_and_recover_run_for_the_project_that_is_open(
    home: Home, qtbot: QtBot, works: list[Work], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they did to the files is looked at when they have ended."""
    window, path = home._window, str(home._path)
    check = next(b for b in window.findChildren(QAbstractButton) if b.text() == "Check")
    one = ("Check", "check", path, "--session", SESSION.id, "--progress")
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    check.click()
    qtbot.keyClick(window, Qt.Key.Key_K, control)
    qtbot.keyClick(window, Qt.Key.Key_K, control | shift)
    qtbot.keyClick(window, Qt.Key.Key_R, control)
    every = ("Check", "check", path, "--progress")
    assert [work.words for work in works] == [one, one, every, ("Recover", "recover", path)]
    assert all(work.begun for work in works)
    looked: list[int] = []
    monkeypatch.setattr(home._disk, "look_anew", lambda: looked.append(1))
    for work in works:
        work.ended.emit(0)
    assert len(looked) == len(works)
