"""A database that is away for a while: what is edited meanwhile waits, and is stored in its order, once."""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from tests.rig.postgresql import Server
from tests.storage.examples import CLOCK, SESSION, SID, TIER, segment
from tests.ui.adjudication_room import STEPS, add_doubled
from ui.adjudication.matter_panel import left_to_do
from ui.adjudication.run import shared_adjudication
from ui.adjudication.window import HANDED_IN_NOW, AdjudicationWindow
from ui.editor.run import shared_editor
from ui.editor.sharing import KEPT
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.annotation.patience import BACK, Patience
from woz.annotation.unstored import Unstored
from woz.annotation.writing import Background
from woz.base.errors import UnreachableError, WozError
from woz.base.supervision import Supervisor
from woz.lab.adjudicating import Table, table
from woz.lab.annotators import add_annotator
from woz.model.annotator import Annotator
from woz.model.tier import TierState

PATIENCE_S = 180


class Desk:
    """A document on a store that may be away; `waits` holds what its patience told."""

    def __init__(self, project: Project, path: Path) -> None:
        self.path, self.unstored = path, Unstored(path)
        self.waits: queue.SimpleQueue[UnreachableError | None] = queue.SimpleQueue()
        self.told: list[WozError] = []
        self.patience = Patience(self.waits.put)
        self._posted: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._executor = Background(Supervisor(), self._posted.put)
        opened = project.annotations.open(SID, "ada")
        by = (project.annotations, "ada", self._executor, self.told.append)
        self.document = Document(SID, opened, *by, ask=self.patience.ask, unstored=self.unstored)

    def add(self, *ids: str) -> None:
        for each in ids:
            self.document.apply(Edit(each, (), (segment(each),)))

    def settle(self) -> None:
        """Until all is stored that was done so far."""
        while not self.document.saved:
            self._posted.get(timeout=PATIENCE_S)()

    def close(self) -> None:
        self._executor.close()
        while not self._posted.empty():
            self._posted.get()()


def _go_away(server: Server, project: Project) -> str:
    """Nobody is let in, and whoever was is put out."""
    name = str(project.database.name).split()[2]
    server.run("ALTER DATABASE {} ALLOW_CONNECTIONS false", name)
    with server.connect("postgres") as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
    return name


@pytest.fixture
def desk(server_project: Project, tmp_path: Path) -> Desk:
    server_project.annotations.record(SID, Edit("tier", (), (TIER,)), "ada")
    return Desk(server_project, tmp_path / "desk.unstored")


def test_what_is_edited_while_the_database_is_away_is_stored(
    server: Server, server_project: Project, desk: Desk
) -> None:
    desk.add("before")
    desk.settle()
    name = _go_away(server, server_project)
    desk.add("a", "b")
    assert isinstance(desk.waits.get(timeout=PATIENCE_S), UnreachableError)
    assert not desk.document.saved
    desk.add("c")
    server.run("ALTER DATABASE {} ALLOW_CONNECTIONS true", name)
    assert desk.waits.get(timeout=PATIENCE_S) is None
    desk.close()
    assert (desk.document.saved, desk.told) == (True, [])
    names = [logged.name for logged in server_project.annotations.history(SID)]
    assert names == ["tier", "before", "a", "b", "c"]
    assert set(desk.document.items) == set(server_project.annotations.load(SID))


def test_what_a_window_that_closes_could_not_store_is_stored_at_the_next_opening(
    server: Server, server_project: Project, desk: Desk
) -> None:
    name = _go_away(server, server_project)
    desk.add("a", "b")
    assert isinstance(desk.waits.get(timeout=PATIENCE_S), UnreachableError)
    desk.unstored.waits(True)
    desk.document.undo()
    desk.patience.close()
    desk.close()
    server.run("ALTER DATABASE {} ALLOW_CONNECTIONS true", name)
    assert [logged.name for logged in server_project.annotations.history(SID)] == ["tier"]
    again = Desk(server_project, desk.path)
    again.document.resume(again.unstored.read())
    again.close()
    assert (again.document.saved, again.told, desk.path.exists()) == (True, [], False)
    assert [logged.name for logged in server_project.annotations.history(SID)] == ["tier", "a", "b", "b"]
    assert set(again.document.items) == set(server_project.annotations.load(SID))


def test_where_it_is_away_for_a_reading_nothing_is_lost(
    server: Server, server_project: Project, desk: Desk
) -> None:
    server_project.annotations.record(SID, Edit("theirs", (), (segment("theirs"),)), "ben")
    name = _go_away(server, server_project)
    desk.document.follow()
    assert desk.waits.get(timeout=PATIENCE_S)
    server.run("ALTER DATABASE {} ALLOW_CONNECTIONS true", name)
    desk.close()
    assert "theirs" in {item.id for item in desk.document.items}


def test_what_is_adjudicated_while_the_database_is_away_is_stored(
    server: Server, server_project: Project, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    """The server goes in the middle: the keys go on, and all is there once it answers. The loss is logged."""
    boss, found = _to_adjudicate(server_project)
    with _adjudicating(server_project, found, boss, qtbot) as window:
        _decide(window, 2)
        qtbot.waitUntil(lambda: window.document.saved, timeout=PATIENCE_S * 1000)
        name = _go_away(server, server_project)
        _decide(window, 3)
        qtbot.waitUntil(lambda: window.told.endswith(KEPT), timeout=PATIENCE_S * 1000)
        left = len(window.state.open)
        _decide(window, 1)
        assert len(window.state.open) == left - 1
        assert window.told.endswith(KEPT)
        server.run("ALTER DATABASE {} ALLOW_CONNECTIONS true", name)
        qtbot.waitUntil(lambda: window.document.saved, timeout=PATIENCE_S * 1000)
        open_then = [str(each) for each in window.state.open]
    assert "was lost" in caplog.text
    again = found.state(server_project.annotations.load(SID))
    assert [str(each) for each in again.open] == open_then


def _submit_while_away(server: Server, project: Project, window: AdjudicationWindow, qtbot: QtBot) -> str:
    """The last decision and the submission wait; the answer is the name of the database that is away."""
    QTest.keyClick(window, Qt.Key.Key_A)
    _decide(window, len(window.state.open) - 1)
    qtbot.waitUntil(lambda: window.document.saved, timeout=PATIENCE_S * 1000)
    name = _go_away(server, project)
    _decide(window, 1)
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.told.endswith(KEPT), timeout=PATIENCE_S * 1000)
    return name


def test_a_gold_that_is_submitted_while_the_database_is_away_is_once_it_answers(
    server: Server, server_project: Project, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    """Behind the decisions that wait, none of which may find it closed."""
    boss, found = _to_adjudicate(server_project)
    with _adjudicating(server_project, found, boss, qtbot) as window:
        name = _submit_while_away(server, server_project, window, qtbot)
        server.run("ALTER DATABASE {} ALLOW_CONNECTIONS true", name)
        qtbot.waitUntil(lambda: window.state.gold.state == TierState.SUBMITTED, timeout=PATIENCE_S * 1000)
    assert "was lost" in caplog.text
    again = found.state(server_project.annotations.load(SID))
    assert (left_to_do(again), again.gold.state) == ("", TierState.SUBMITTED)


def test_a_gold_whose_window_closes_while_the_database_is_away_is_submitted_at_the_next_opening(
    server: Server, server_project: Project, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    """With all that was decided, and without a question as it closes."""
    boss, found = _to_adjudicate(server_project)
    with _adjudicating(server_project, found, boss, qtbot) as window:
        name = _submit_while_away(server, server_project, window, qtbot)
    server.run("ALTER DATABASE {} ALLOW_CONNECTIONS true", name)
    before = found.state(server_project.annotations.load(SID))
    assert (len(before.open), before.gold.state) == (1, TierState.ASSIGNED)
    with _adjudicating(server_project, found, boss, qtbot) as again:
        qtbot.waitUntil(lambda: again.told == HANDED_IN_NOW, timeout=PATIENCE_S * 1000)
    assert "was lost" in caplog.text
    after = found.state(server_project.annotations.load(SID))
    assert (left_to_do(after), after.gold.state) == ("", TierState.SUBMITTED)


def _to_adjudicate(project: Project) -> tuple[Annotator, Table]:
    """A01, and what is before them: eight disagreements, and four that agree."""
    project.schemes.add(STEPS)
    for name in ("A01", "A02", "A03"):
        add_annotator(project, name)
    add_doubled(project, SESSION, 8, 4)
    boss = project.annotators.named("A01")
    return boss, table(project, SID, "steps", boss, CLOCK)


@contextlib.contextmanager
def _adjudicating(project: Project, found: Table, boss: Annotator, qtbot: QtBot) -> Iterator[AdjudicationWindow]:
    """An opening of the window, on the screen and with the keyboard; it closes at the end."""
    with shared_adjudication(project, found, boss) as window:
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        yield window
        window.close()


def test_where_nothing_waits_it_is_said_that_it_goes_on_and_that_the_database_is_there_again(
    server: Server, server_project: Project, qtbot: QtBot, qapp: QApplication, caplog: pytest.LogCaptureFixture
) -> None:
    with shared_editor(server_project, SID, "ada") as window:
        qtbot.addWidget(window)
        window.show()
        name = _go_away(server, server_project)
        qtbot.waitUntil(lambda: window._banner.text.endswith(KEPT), timeout=PATIENCE_S * 1000)
        server.run("ALTER DATABASE {} ALLOW_CONNECTIONS true", name)
        qtbot.waitUntil(lambda: window._banner.text == BACK, timeout=PATIENCE_S * 1000)
        window.close()
    assert "was lost" in caplog.text


def _decide(window: AdjudicationWindow, count: int) -> None:
    for _ in range(count):
        was = len(window.state.open)
        QTest.keyClick(window, Qt.Key.Key_1)
        assert len(window.state.open) < was
