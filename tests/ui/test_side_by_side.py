"""Several projects in the home window, work lists from a search, and a hit that is played in place."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID, TRANSCRIPT, TURN
from ui.home.all_sessions import AllSessionsWindow
from ui.home.columns import COLUMNS
from ui.home.run import Home
from ui.home.search_dialog import SearchDialog
from ui.home.window import HomeWindow
from ui.home.worklists_dialog import WorkListsDialog
from ui.widgets.fitting import FRAME_WIDTH
from ui.widgets.place_preview import PlacePreview
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.lab.taking_in import take_in_turns
from woz.lab.worklists import Place, WorkList, WorkLists
from woz.model.session import Session, SessionState


class Preview(PlacePreview):
    def __init__(self) -> None:
        super().__init__()
        self.played: list[tuple[str, Path, Interval]] = []
        self.closed = 0

    def play(self, session: Session, media: Path, place: Interval) -> None:
        self.played.append((session.id, media, place))

    def close_player(self) -> None:
        self.closed += 1


def project(path: Path, title: str) -> Path:
    with Project.create(path, path.name, CLOCK) as made:
        made.sessions.save(replace(SESSION, title=title, state=SessionState.CLOSED))
        take_in_turns(made, TRANSCRIPT, [TURN])
    return path


@pytest.fixture
def previews() -> list[Preview]:
    return []


@pytest.fixture
def home(qtbot: QtBot, tmp_path: Path, previews: list[Preview]) -> Iterator[Home]:
    window = HomeWindow()
    qtbot.addWidget(window)

    def preview() -> Preview:
        previews.append(Preview())
        return previews[-1]

    made = Home(window, CLOCK, QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat), preview)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield made
    made.close()


def _titles(window: HomeWindow) -> list[str]:
    model = window._table.model()
    return [model.index(at, 0).data() for at in range(model.rowCount())]


def test_projects_lie_side_by_side(home: Home, qtbot: QtBot, tmp_path: Path) -> None:
    window, tabs = home._window, home._window.open_projects
    first, second = project(tmp_path / "kitchen", "Cake"), project(tmp_path / "workshop", "Bike")
    home.open(str(first))
    qtbot.waitUntil(lambda: _titles(window) == ["Cake"])
    assert tabs.isHidden()
    home.open(str(second))
    qtbot.waitUntil(lambda: _titles(window) == ["Bike"])
    assert (tabs.isHidden(), tabs.paths) == (False, [str(first), str(second)])
    tabs.step(1)
    qtbot.waitUntil(lambda: _titles(window) == ["Cake"])
    assert window._project.text() == "kitchen"
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").touch()
    home.open(str(tmp_path / "other"))
    assert tabs.paths == [str(first), str(second)]
    tabs.tabCloseRequested.emit(0)
    qtbot.waitUntil(lambda: _titles(window) == ["Bike"])
    assert tabs.isHidden()


@pytest.mark.usefixtures("caplog")  # a look that is under way as the folder goes warns of it
def test_all_open_projects_in_one_table(
    home: Home, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sessions of the same id are told apart by their projects; keys act in the session's own."""
    window, started = home._window, list[tuple[str, ...]]()
    monkeypatch.setattr(home, "_start", lambda *arguments: started.append(arguments))
    first, second = project(tmp_path / "kitchen", "Cake"), project(tmp_path / "workshop", "Bike")
    home.open(str(first))
    window._ask_all()
    assert window.findChild(AllSessionsWindow) is None
    assert "Ctrl+O" in window._banner.text
    home.open(str(second))
    qtbot.waitUntil(lambda: _titles(window) == ["Bike"])
    window._ask_all()
    shown = window.findChild(AllSessionsWindow)
    assert shown is not None
    rows = shown._filter
    at = {column.key: n for n, column in enumerate(COLUMNS)}

    def cells(key: str) -> list[str]:
        return [rows.index(n, at[key]).data() for n in range(rows.rowCount())]

    qtbot.waitUntil(lambda: rows.rowCount() == 2)
    assert dict(zip(cells("project"), cells("title"), strict=True)) == {"kitchen": "Cake", "workshop": "Bike"}
    shown._filter.narrow({"Project": {"kitchen"}})
    assert cells("title") == ["Cake"]
    shown._table.setCurrentIndex(rows.index(0, 0))
    QTest.keyClick(shown, Qt.Key.Key_Return)
    assert started == [("annotate", str(first), "--session", SID)]
    QTest.keyClick(shown, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: _titles(window) == ["Cake"] and window.selected == SID)
    assert window.open_projects.currentIndex() == 0
    second.rename(tmp_path / "elsewhere")
    shown.look()
    qtbot.waitUntil(lambda: "no such folder" in shown._banner.text)
    home._show_there(str(second), SID)
    window._search.setText("Cake")
    home._shown = None
    home.refresh()
    qtbot.waitUntil(lambda: home._shown is not None)
    assert window._search.text() == "Cake"
    shown.close()


def test_all_open_projects_have_room_for_their_columns(
    home: Home, qtbot: QtBot, tmp_path: Path, qapp: QApplication
) -> None:
    """On a screen 1280 pixels wide, with the facets and a bar to scroll many sessions."""
    home.open(str(project(tmp_path / "kitchen", "Cake")))
    qtbot.waitUntil(lambda: _titles(home._window) == ["Cake"])
    home.open(str(project(tmp_path / "workshop", "Bike")))
    qtbot.waitUntil(lambda: _titles(home._window) == ["Bike"])
    home._window._ask_all()
    shown = home._window.findChild(AllSessionsWindow)
    assert shown is not None
    qtbot.waitUntil(lambda: shown._filter.rowCount() == 2)
    shown._table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    shown.resize(1280 - FRAME_WIDTH, 700)
    qapp.processEvents()
    assert shown._table.horizontalScrollBar().maximum() == 0
    shown.close()


def test_a_hit_is_played_in_place_and_all_become_a_work_list(
    home: Home, qtbot: QtBot, tmp_path: Path, previews: list[Preview], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project(tmp_path / "kitchen", "Cake")
    home.open(str(folder))
    qtbot.waitUntil(lambda: _titles(home._window) == ["Cake"])
    home._search()
    dialog = home._window.findChild(SearchDialog)
    assert dialog is not None
    assert not dialog._list.isEnabled()
    dialog._word.setText("mix")
    dialog.search()
    qtbot.waitUntil(lambda: dialog._table.rowCount() > 0)
    dialog._play.click()
    [preview] = previews
    assert preview.played == [(SID, folder / "sessions" / SID / "ego.mkv", Interval(20, 40))]
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: (" mixing ", True))
    dialog._list.click()
    assert [each.name for each in WorkLists(folder).all()] == ["mixing"]
    assert "Ctrl+Shift+T" in dialog._told.text()
    dialog._list.click()
    assert "already" in dialog._told.text()
    dialog.reject()
    assert preview.closed == 1


def test_a_search_stays_with_its_project(
    home: Home, qtbot: QtBot, tmp_path: Path, previews: list[Preview], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another project, with a session of the same id, is shown meanwhile."""
    kitchen, other = project(tmp_path / "kitchen", "Cake"), project(tmp_path / "other", "Copy")
    home.open(str(kitchen))
    qtbot.waitUntil(lambda: _titles(home._window) == ["Cake"])
    home._search()
    dialog = home._window.findChild(SearchDialog)
    assert dialog is not None
    dialog._word.setText("mix")
    dialog.search()
    qtbot.waitUntil(lambda: dialog._table.rowCount() > 0)
    home.open(str(other))
    qtbot.waitUntil(lambda: _titles(home._window) == ["Copy"])
    dialog._play.click()
    assert previews[0].played == [(SID, kitchen / "sessions" / SID / "ego.mkv", Interval(20, 40))]
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr(home._children, "start", lambda *words: started.append(words))
    dialog._open()
    assert started == [("annotate", str(kitchen), "--session", SID, "--at", "0.000")]
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("mixing", True))
    dialog._list.click()
    assert [len(WorkLists(each).all()) for each in (kitchen, other)] == [1, 0]
    dialog.reject()


def test_a_project_that_is_gone_loses_its_tab(home: Home, qtbot: QtBot, tmp_path: Path) -> None:
    tabs = home._window.open_projects
    first, second = project(tmp_path / "kitchen", "Cake"), project(tmp_path / "workshop", "Bike")
    home.open(str(first))
    home.open(str(second))
    qtbot.waitUntil(lambda: _titles(home._window) == ["Bike"])
    shutil.move(first, tmp_path / "moved")
    tabs.step(1)
    qtbot.waitUntil(lambda: tabs.paths == [str(second)])
    assert not first.exists()
    assert _titles(home._window) == ["Bike"]


def test_lists_say_what_is_left_and_go_on(qtbot: QtBot) -> None:
    places = tuple(Place(SID, "Cake", at, "turn", str(at), at == 0) for at in range(3))
    removed: list[str] = []
    dialog = WorkListsDialog([WorkList("mixing", places)], removed.append)
    qtbot.addWidget(dialog)
    assert dialog._list.item(0).text() == "mixing   2 of 3 left"
    with qtbot.waitSignal(dialog.opened) as opened:
        dialog._go.click()
    assert opened.args == ["mixing"]
    empty = WorkListsDialog([], removed.append)
    qtbot.addWidget(empty)
    assert not empty._go.isEnabled()
    assert "Search" in empty._told.text()


def test_a_list_is_removed_after_a_question_in_verbs(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []
    answers = iter([False, True])

    def sure(dialog: WorkListsDialog, *words: str) -> bool:
        asked.append(words)
        return next(answers)

    monkeypatch.setattr("ui.home.worklists_dialog.sure", sure)
    removed: list[str] = []
    dialog = WorkListsDialog([WorkList("mixing", (Place(SID, "Cake", 0, "turn", "t"),))], removed.append)
    qtbot.addWidget(dialog)
    dialog._away.click()
    assert (dialog._list.count(), removed) == (1, [])
    dialog._away.click()
    assert (dialog._list.count(), removed) == (0, ["mixing"])
    assert asked[0][:3] == ("Remove the work list “mixing”?", "Remove the list", "Keep it")


def test_a_list_that_cannot_be_removed_stays_and_says_why(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise WozError(f"The work list “{name}” can't be removed.")

    monkeypatch.setattr("ui.home.worklists_dialog.sure", lambda *_: True)
    dialog = WorkListsDialog([WorkList("mixing", (Place(SID, "Cake", 0, "turn", "t"),))], refuse)
    qtbot.addWidget(dialog)
    dialog._away.click()
    assert (dialog._list.count(), dialog._told.text()) == (1, "The work list “mixing” can't be removed.")


@pytest.mark.parametrize("asked", ["import_media", "progress", "compare", "back_up"])
def test_what_the_database_refuses_is_said_by_the_window(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    home.open(str(project(tmp_path / "one", "Lamp")))
    away = "The project's server can't be reached; look whether it runs."

    def refuse(*_: object) -> None:
        raise WozError(away)

    monkeypatch.setattr("ui.home.run.waited", refuse)
    getattr(home._window, asked).emit()
    assert home._window._banner._label.text() == away
