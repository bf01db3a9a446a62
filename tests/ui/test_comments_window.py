"""The window of comments that concern somebody: over all sessions, opened at their place, answered, closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID
from ui import theme
from ui.application.children import Children
from ui.cli import main
from ui.home.comments_run import listed_for
from ui.home.comments_window import CLOSED_ALREADY, NOT_SENT, CommentsWindow
from ui.home.run import Home
from ui.home.talk_table import CLOSED, OPEN, WAITS
from ui.home.window import HomeWindow
from ui.widgets.annotator_dialog import AnnotatorDialog
from ui.widgets.own_project import named_here
from ui.widgets.who import LAST
from woz.base.commands import quoted
from woz.base.errors import UnreachableError, WozError
from woz.base.interval import NS_PER_S
from woz.lab.annotators import add_annotator
from woz.lab.commenting import Place, answer, comment, talks
from woz.lab.own_talks import OwnTalks
from woz.model.ids import PackageId, SessionId
from woz.remote.facts import PackageFacts

SECOND = SessionId("20260102-000000-0000")


class Room:
    """A02 is asked something in two sessions, and has said something in one."""

    def __init__(self, project: Project, qtbot: QtBot) -> None:
        self.project, self.qtbot = project, qtbot
        for each, title in ((SESSION, "Lamp"), (replace(SESSION, id=SECOND), "Chair")):
            project.sessions.save(replace(each, title=title, duration_ns=600 * NS_PER_S))
        self.boss, self.ada = (add_annotator(project, name) for name in ("A01", "A02"))
        comment(project, Place(SID), self.ada, "For all: is it cold?")
        comment(project, Place(SECOND, round(61.5 * NS_PER_S)), self.boss, "Which screw?", self.ada)
        comment(project, Place(SID), self.boss, "Is it one <lamp>?", self.ada)

    def window(self) -> CommentsWindow:
        made = CommentsWindow(OwnTalks(self.project, self.ada))
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        self.qtbot.addWidget(made)
        with self.qtbot.waitActive(made):
            made.show()
            made.activateWindow()
        self.qtbot.waitUntil(lambda: bool(made.table_model.lines) and not made._busy)
        return made


@pytest.fixture(params=["light", "dark"])
def room(request: pytest.FixtureRequest, tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Room]:
    theme.apply(qapp, request.param)
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        yield Room(project, qtbot)


def _cells(window: CommentsWindow, column: int) -> list[str]:
    return [window._filter.index(at, column).data() for at in range(window._filter.rowCount())]


def test_all_of_mine_stand_in_one_table_and_open_at_their_place(
    room: Room, qtmodeltester: ModelTester, qtbot: QtBot
) -> None:
    window = room.window()
    qtmodeltester.check(window.table_model)
    assert _cells(window, 0) == [OPEN, WAITS, WAITS]
    assert _cells(window, 1) == ["Lamp", "Chair", "Lamp"]
    assert _cells(window, 2) == ["the session", "the session at 61.5 s", "the session"]
    assert "3 comments, 3 open, 2 of them for you" in window.statusBar().currentMessage()
    opened = list[tuple[str, int | None]]()
    window.opened.connect(lambda session, at_ns: opened.append((session, at_ns)))
    for row in (0, 1):
        window.table.selectRow(row)
        QTest.keyClick(window.table, Qt.Key.Key_Return)
    assert opened == [(SID, None), (SECOND, round(61.5 * NS_PER_S))]
    window.table.selectRow(2)
    assert "A01: Is it one <lamp>?" in window._context.toPlainText()
    window.words.setText("SCREW")
    assert _cells(window, 6) == ["Which screw?"]
    assert window.chosen is not None
    assert window.chosen.talk.first.text == "Which screw?"


def test_it_is_answered_and_settled_by_key(room: Room, qtbot: QtBot) -> None:
    window = room.window()
    window.table.selectRow(1)
    QTest.keyClick(window.table, Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
    QTest.keyClicks(window.field, "The long one")
    QTest.keyClick(window.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: _cells(window, 0) == [OPEN, OPEN, WAITS])
    assert (window.field.text(), _cells(window, 5)) == ("", ["", "1", ""])
    assert window.chosen is not None
    assert window.chosen.said == ("A01: Which screw?", "A02: The long one")
    assert window.table.hasFocus()
    QTest.keyClick(window.table, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: _cells(window, 0) == [OPEN, WAITS, CLOSED])
    assert window.chosen.talk.first.text == "Which screw?"
    window.settle()
    assert window.told == CLOSED_ALREADY
    (talk,) = [each for each in talks(room.project, None) if not each.first.open]
    assert [each.text for each in talk.answers] == ["The long one"]
    answer(room.project, talk.first.id, room.boss, "Not that one")
    window.look()
    qtbot.waitUntil(lambda: _cells(window, 0) == [OPEN, WAITS, WAITS])


def test_what_could_not_be_sent_stays_beside_what_it_answers(
    room: Room, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise UnreachableError("lab doesn't answer.")

    window = room.window()
    window.table.selectRow(1)
    window.field.setFocus()
    QTest.keyClicks(window.field, "The long one")
    with monkeypatch.context() as patched:
        patched.setattr(window._talks, "answer", away)
        QTest.keyClick(window.field, Qt.Key.Key_Return)
    assert window.told == f"lab doesn't answer. {NOT_SENT}"
    window.table.selectRow(2)
    assert window.field.text() == ""
    answer(room.project, window.table_model.lines[0].talk.first.id, room.boss, "It is")
    window.look()
    qtbot.waitUntil(lambda: _cells(window, 0) == [WAITS] * 3)
    assert window.field.hasFocus()
    window.table.selectRow(1)
    assert window.field.text() == "The long one"
    QTest.keyClick(window.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: _cells(window, 0) == [WAITS, OPEN, WAITS])
    assert window.told == ""


def test_why_they_cant_be_read_is_told_until_they_can(
    room: Room, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise UnreachableError("lab doesn't answer.")

    window = room.window()
    with monkeypatch.context() as patched:
        patched.setattr(window._talks, "read", away)
        window.look()
        qtbot.waitUntil(lambda: window.told == "lab doesn't answer.")
    window.look()
    qtbot.waitUntil(lambda: window.told == "")
    assert len(_cells(window, 0)) == 3


def test_the_home_window_opens_them_for_who_sits_here(
    room: Room, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as it shows their project; what was written and not sent is there at the next opening."""
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    settings.setValue(LAST, "A02")
    monkeypatch.setattr(AnnotatorDialog, "exec", lambda self: self.DialogCode.Accepted)
    window, started = HomeWindow(), list[tuple[str, ...]]()
    qtbot.addWidget(window)
    home = Home(window, CLOCK, settings)
    monkeypatch.setattr(home, "_start", lambda *arguments: started.append(arguments))
    window.comments.emit()
    assert window.findChild(CommentsWindow) is None

    def shown_of(path: Path) -> CommentsWindow:
        home.open(str(path))
        qtbot.waitUntil(lambda: window._for_project.isVisibleTo(window))
        window.comments.emit()
        shown = window.findChild(CommentsWindow)
        assert shown is not None
        qtbot.waitUntil(lambda: bool(shown.table_model.lines) and not shown._busy)
        return shown

    shown = shown_of(room.project.path)
    assert len(shown.table_model.lines) == 3
    assert quoted(room.project.path) in named_here(shown, "Run woz check PROJECT.")
    for row in (0, 1):
        shown.table.selectRow(row)
        shown.open()
    usual = ("annotate", str(room.project.path), "--session")
    assert started == [
        (*usual, SID, "--annotator", "A02"),
        (*usual, SECOND, "--annotator", "A02", "--at", "61.500"),
    ]
    QTest.keyClicks(shown.field, "The long one")
    (tmp_path / "other").mkdir()
    home.open(str(tmp_path / "other"))
    qtbot.waitUntil(lambda: window.findChild(CommentsWindow) is None)
    shown = shown_of(room.project.path)
    assert shown.chosen is not None
    assert (shown.chosen.talk.first.session_id, shown.field.text()) == (SECOND, "The long one")
    home.close()


def test_the_command_opens_them_by_itself(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started = list[tuple[str, ...]]()
    monkeypatch.setattr(Children, "start", lambda _, *arguments: started.append(arguments))
    path, shot = str(room.project.path), tmp_path / "comments.png"

    def choose() -> None:
        shown = (each for each in QApplication.topLevelWidgets() if isinstance(each, CommentsWindow))
        for window in (each for each in shown if each.isVisible() and each.table_model.lines):
            window.table.selectRow(1)
            window.open()
            window.close()

    looking = QTimer()
    looking.timeout.connect(choose)
    looking.start(5)
    assert main(["comments", path, "--open", "--annotator", "A02"]) == 0
    looking.stop()
    assert started == [("annotate", path, "--session", SECOND, "--annotator", "A02", "--at", "61.500")]
    assert main(["comments", path, "--open", "--annotator", "A02", "--shot", str(shot)]) == 0
    assert not QImage(str(shot)).isNull()
    assert main(["comments", path, "--open", "--shot", str(shot)]) == 1
    assert "--annotator" in capsys.readouterr().err


def test_in_a_package_they_are_those_of_whom_it_is_for(room: Room, tmp_path: Path) -> None:
    """Nobody is asked; what others would write there didn't go back to the lab."""
    package = PackageFacts(
        PackageId("p"), "Lab", room.ada.id, room.ada.pseudonym, (SID,), 0, date(2027, 3, 1), "age1nobody"
    )
    package.save(room.project.path)
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    assert [listed_for(room.project, name, settings) for name in ("", "A02")] == [room.ada] * 2
    with pytest.raises(WozError, match="This package is for A02"):
        listed_for(room.project, "A01", settings)
