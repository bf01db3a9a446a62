"""The home window as somebody meets it who has nothing yet, and as it is refreshed under somebody's hands."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from ui import theme
from ui.application.background import waited
from ui.home.columns import COLUMNS, USUAL, SessionLine
from ui.home.facets import WIDTH
from ui.home.import_dialog import ImportDialog
from ui.home.new_project import NewProjectDialog, fault_of
from ui.home.run import Home
from ui.home.session_lines import session_lines
from ui.home.sessions import SessionTable, sorted_and_searched
from ui.home.tiles import Tile
from ui.home.window import FIRST_SIZE, HomeWindow
from ui.home.work import WorkDialog
from ui.theme import GRID
from ui.widgets.fitting import FRAME_WIDTH
from woz.base.clock import SystemClock
from woz.model.ids import SessionId
from woz.model.session import Session, SessionState
from woz.recording.folder.lock import RecordingLock
from woz.recording.folder.session_folder import SessionFolder

DAY_NS = 86_400 * 10**9
LINES = [
    SessionLine(SessionId(f"s{n}"), f"Lamp {n}", SessionState.CLOSED, (n + 1) * 17 * DAY_NS, 10**9, "P01")
    for n in range(60)
]


@pytest.fixture
def window(qtbot: QtBot) -> HomeWindow:
    made = HomeWindow()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def _texts(window: HomeWindow) -> set[str]:
    return {b.accessibleName() for b in window.findChildren(QAbstractButton) if b.isVisible()}


def test_an_empty_program_offers_what_to_begin_with(window: HomeWindow, qtbot: QtBot) -> None:
    assert {"New project", "Open project", "Import", "Join as expert"} <= _texts(window)
    window.show_recent(["/tmp/lab"])
    qtbot.waitUntil(lambda: "Open /tmp/lab" in _texts(window))
    window.show_project("Lab", ())
    assert {"New session", "Import"} <= _texts(window)


def test_sessions_sort_by_time_not_by_its_words() -> None:
    shown = sorted_and_searched(SessionTable(LINES))
    shown.sort(1, Qt.SortOrder.AscendingOrder)
    titles = [shown.index(n, 0).data() for n in range(shown.rowCount())]
    assert titles == [line.title for line in LINES]


def test_a_refresh_keeps_what_is_selected_and_where_it_is(window: HomeWindow) -> None:
    window.show_project("Lab", LINES)
    window._table.selectRow(40)
    window._table.verticalScrollBar().setValue(30)
    chosen = window.selected
    window.show_project("Lab", [*LINES, replace(LINES[0], id=SessionId("new"))])
    assert window.selected == chosen
    assert window._table.verticalScrollBar().value() == 30


@pytest.mark.parametrize("width", [1280 - FRAME_WIDTH, FIRST_SIZE[0]])
def test_the_usual_columns_are_all_seen_at_the_first_size(
    qapp: QApplication, window: HomeWindow, qtbot: QtBot, width: int
) -> None:
    """Of the window, or of a small screen; that of tests is smaller still."""
    theme.apply(qapp, "light")
    window.resize(width, FIRST_SIZE[1])
    window.show_project("Lab", LINES)
    table = window._table
    header, least = table.horizontalHeader(), width - WIDTH - 100
    qtbot.waitUntil(lambda: table.viewport().width() > least and table.horizontalScrollBar().maximum() == 0)
    for at, column in enumerate(COLUMNS):
        if column.key in USUAL:
            assert header.sectionSize(at) > header.fontMetrics().horizontalAdvance(column.header) + GRID * 2
        else:
            assert table.isColumnHidden(at)


def test_a_running_recording_is_told_from_one_left_open(qapp: QApplication, tmp_path: Path) -> None:
    """By the lock on its folder, which whoever records it holds."""
    with Project.create(tmp_path / "lab", "Lab", SystemClock()) as project:
        for line in LINES[:2]:
            project.sessions.save(Session(line.id, line.title, SessionState.RECORDING, line.start_utc_ns))
            SessionFolder.create(project.sessions_dir, line.id, line.start_utc_ns)
        lock = RecordingLock(SessionFolder(project.session_dir(LINES[0].id)).lock)
        assert lock.take()
        words = {line.id: line.state_words for line in waited(lambda: session_lines(project))}
        lock.release()
        assert words == {LINES[0].id: "● recording now", LINES[1].id: "not closed"}
        assert not any(line.running for line in waited(lambda: session_lines(project)))


@pytest.mark.parametrize("first", ["death", "sessions"])
def test_why_a_station_died_stands_beside_that_its_session_is_not_closed(
    window: HomeWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    """Its death changes the sessions, too, of which the window tells anew; either may be seen first."""
    with Project.create(tmp_path / "lab", "Lab", SystemClock()) as project:
        line = LINES[0]
        project.sessions.save(Session(line.id, line.title, SessionState.RECORDING, line.start_utc_ns))
        SessionFolder.create(project.sessions_dir, line.id, line.start_utc_ns)
        lock = RecordingLock(SessionFolder(project.session_dir(line.id)).lock)
        assert lock.take()
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    with closing(Home(window, SystemClock(), settings)) as home:
        home.open(str(tmp_path / "lab"))
        qtbot.waitUntil(lambda: any(line.running for line in home._shown or ()))
        died = iter(["The window of woz station ended early (Aborted)."])
        seen = [
            lambda: monkeypatch.setattr(home._children, "last_words", lambda: next(died, "")),
            lambda: _released(qtbot, lock, window),
        ]
        for see in seen if first == "death" else reversed(seen):
            see()
        qtbot.waitUntil(lambda: "ended early (Aborted)" in window._banner.text)
        assert "not closed" in window._banner.text


def _released(qtbot: QtBot, lock: RecordingLock, window: HomeWindow) -> None:
    lock.release()
    qtbot.waitUntil(lambda: "not closed" in window._banner.text)


def test_a_new_project_is_made_in_a_new_folder(window: HomeWindow, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = NewProjectDialog(tmp_path / "not" / "yet")
    qtbot.addWidget(dialog)
    making = next(b for b in dialog.findChildren(QAbstractButton) if b.text() == "Make the project")
    assert not making.isEnabled()
    dialog._name.setText("Kitchen")
    assert making.isEnabled()
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    with closing(Home(window, SystemClock(), settings)) as home:
        home.open(str(dialog.path))
        assert (tmp_path / "not" / "yet" / "Kitchen" / "project.sqlite").is_file()
        assert f"Open {dialog.path}" in {b.accessibleName() for b in window.findChildren(QAbstractButton)}


def test_an_import_into_a_new_project_asks_what_once_it_is_made(
    window: HomeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def named(dialog: NewProjectDialog) -> int:
        dialog._place.setText(str(tmp_path))
        dialog._name.setText("Kitchen")
        dialog.setResult(1)
        return 1

    def seen(dialog: ImportDialog) -> int:
        asked.append(dialog.windowTitle())
        return 0

    monkeypatch.setattr(NewProjectDialog, "exec", named)
    monkeypatch.setattr(ImportDialog, "exec", seen)
    with closing(Home(window, SystemClock(), QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))):
        next(t for t in window._first_page.findChildren(Tile) if t.accessibleName() == "Import").click()
        assert (tmp_path / "Kitchen" / "project.sqlite").is_file()
        assert len(asked) == 1


def test_a_project_is_opened_and_looked_at_beside_the_window(
    window: HomeWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    with Project.create(tmp_path / "lab", "Lab", SystemClock()) as project:
        project.sessions.save(Session(LINES[0].id, "Lamp", SessionState.CLOSED, 0, 10**9))
        with closing(
            Home(window, SystemClock(), QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
        ) as home:
            home.open(str(project.path))
            qtbot.waitUntil(lambda: window._table.model().rowCount() == 1)
            project.sessions.save(Session(LINES[1].id, "Lid", SessionState.CLOSED, 0, 10**9))
            qtbot.waitUntil(lambda: window._table.model().rowCount() == 2)
            assert {line.title for line in home._shown or ()} == {"Lamp", "Lid"}


def test_a_wrong_place_is_told_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    assert "name" in fault_of("", str(tmp_path))
    assert "not empty" in fault_of("full", str(tmp_path))
    assert "can't be named" in fault_of("a/b", str(tmp_path))
    assert fault_of("new", str(tmp_path)) == ""


def test_work_runs_beside_the_window_and_says_why_it_failed(qtbot: QtBot, tmp_path: Path) -> None:
    work = WorkDialog("Check", ["check", str(tmp_path / "none")])
    with qtbot.waitSignal(work.ended, timeout=120_000) as ended:
        work.begin()
    assert ended.args == [1]
    assert "no woz project" in work.running.words
    work.close()


def test_a_project_without_its_recordings_says_so(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Project.create(tmp_path / "lab", "Lab", SystemClock()).close()
    monkeypatch.setenv("WOZ_MEDIA_ROOT", str(tmp_path / "unplugged"))
    window = HomeWindow()
    qtbot.addWidget(window)
    with closing(
        Home(window, SystemClock(), QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    ) as home:
        home.open(str(tmp_path / "lab"))
        qtbot.waitUntil(lambda: "nothing can be played" in window._banner.text)
        assert str(tmp_path / "unplugged") in window._banner.text


def test_checking_a_project_shows_which_session_of_how_many(qtbot: QtBot, tmp_path: Path) -> None:
    with Project.create(tmp_path / "lab", "Lab", SystemClock()) as project:
        for line in LINES[:2]:
            project.sessions.save(Session(line.id, line.title, SessionState.RECORDING, line.start_utc_ns))
            SessionFolder.create(project.sessions_dir, line.id, line.start_utc_ns)
    for verb, *more in (("check", "--progress"), ("recover",)):
        work = WorkDialog(verb, [verb, str(tmp_path / "lab"), *more])
        stages: list[str] = []
        work.running.command.staged.connect(lambda _, what, told=stages: told.append(what))
        with qtbot.waitSignal(work.ended, timeout=120_000):
            work.begin()
        which = list(dict.fromkeys(stage.rsplit(", ")[-1] for stage in stages))
        assert which == ["session 1 of 2", "session 2 of 2"], work.running.words
        work.close()
