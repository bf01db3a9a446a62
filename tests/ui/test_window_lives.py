"""Every main window, from its opening to its end, as a command runs it: none waits for the database itself."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QWidget

from storage import Project
from tests.core.face_room import NO_TABLE, Reds, index_of, write_film
from tests.storage.examples import CLOCK, TRANSCRIPT
from tests.ui.adjudication_room import SID, doubled_project
from tests.ui.conftest import WINDOWS
from tests.ui.person import Person, Step, later, on
from tests.ui.test_questions_commands import LINES, S
from ui.adjudication.run import run_adjudication
from ui.adjudication.window import AdjudicationWindow
from ui.agreement.run import run_agreement
from ui.agreement.window import AgreementWindow
from ui.assignments.giving import GiveDialog
from ui.assignments.run import run_assignments
from ui.assignments.window import AssignmentsWindow, HistoryList
from ui.faces.run import run_faces
from ui.faces.window import FacesWindow
from ui.home.all_sessions import AllSessionsWindow
from ui.home.backup_dialog import BackupDialog
from ui.home.comments_window import CommentsWindow
from ui.home.comparing_dialog import AdjudicationDialog, AgreementDialog
from ui.home.consent_page import ConsentDialog
from ui.home.export_dialog import ExportDialog
from ui.home.import_dialog import ImportDialog
from ui.home.people_run import run_people
from ui.home.people_window import PeopleWindow
from ui.home.progress_dialog import ProgressDialog
from ui.home.run import run_home
from ui.home.search_dialog import SearchDialog
from ui.home.window import HomeWindow
from ui.procedures.run import run_procedures
from ui.procedures.window import ProcedureWindow
from ui.questions.curator_window import CuratorWindow
from ui.questions.run import CURATE, Choices, run_review
from ui.questions.window import QuestionsWindow
from ui.schemes.run import run_schemes
from ui.schemes.window import SchemeWindow
from ui.widgets.annotator_dialog import AnnotatorDialog
from ui.widgets.who import LAST
from woz.annotation.adjudication.clusters import Matter
from woz.annotation.adjudication.rulings import Choice
from woz.base.interval import Interval
from woz.deidentifying.detecting import Looking, find_faces
from woz.deidentifying.keeping import save_faces
from woz.lab.blurring import SessionFilm
from woz.lab.commenting import Place, comment
from woz.lab.questions import propose_questions
from woz.lab.taking_in import take_in_turns
from woz.model.ids import TurnId
from woz.model.review import Verdict
from woz.model.tier import TierState
from woz.model.transcript import Turn

UI = Path(__file__).parents[2] / "ui"
FRAMES = 20


@pytest.fixture(autouse=True)
def no_database_on_the_window() -> None:
    """Here the program's own guard is tried."""


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path) -> None:
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    QSettings("woz", "woz").setValue(LAST, "A01")


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """Two codings that differ, turns, questions of them, and a comment."""
    turns = [
        Turn(TurnId(str(n)), TRANSCRIPT.id, who, Interval(at * S, (at + 1) * S), text)
        for n, (who, at, text) in enumerate(LINES)
    ]
    with doubled_project(tmp_path / "lab", 8, 2) as project:
        take_in_turns(project, TRANSCRIPT, turns)
        propose_questions(project, [SID], CLOCK)
        comment(project, Place(SID), project.annotators.named("A02"), "Which?", project.annotators.named("A01"))
    return tmp_path / "lab"


def closed(kind: type[QWidget]) -> Step:
    return on(kind, lambda window: window.close())


# what is done in each window


def _procedures() -> Iterator[Step]:
    def save(window: ProcedureWindow) -> bool:
        window.save.emit()
        return not window.unsaved

    yield on(ProcedureWindow, save)
    yield on(ProcedureWindow, lambda window: window.wanted.emit(0))
    yield closed(ProcedureWindow)


def _schemes() -> Iterator[Step]:
    yield on(SchemeWindow, lambda window: window.copy())
    yield on(SchemeWindow, lambda window: window.keep_draft())
    yield on(SchemeWindow, lambda window: later(window.use))
    yield on(QDialog, lambda dialog: dialog.accept())
    yield closed(SchemeWindow)


def _questions() -> Iterator[Step]:
    def discard(window: QuestionsWindow) -> bool:
        there = window.desk.item is not None
        window.decide(Verdict.DISCARD)
        return there

    yield on(QuestionsWindow, discard)
    yield on(QuestionsWindow, lambda window: window.desk.item is not None)
    yield closed(QuestionsWindow)


def _curating() -> Iterator[Step]:
    yield on(CuratorWindow, lambda window: bool(window.figures))
    yield closed(CuratorWindow)


def _agreement() -> Iterator[Step]:
    def open_list(window: AgreementWindow) -> bool:
        if window.page is None:
            return False
        window.open_list(next(each for each in window.page.lists.values() if each.cards()))
        return True

    yield on(AgreementWindow, open_list)
    yield on(AgreementWindow, lambda window: bool(window.cards))
    yield closed(AgreementWindow)


def _adjudication() -> Iterator[Step]:
    first: list[Matter | None] = []

    def decide(window: AdjudicationWindow) -> None:
        first.append(window.matter)
        window._decide(Choice(0, 0))

    yield on(AdjudicationWindow, decide)
    yield on(AdjudicationWindow, lambda window: window.document.saved and window.matter not in first)
    yield on(AdjudicationWindow, lambda window: window.document.undo(None))
    yield on(AdjudicationWindow, lambda window: window.document.saved)
    yield closed(AdjudicationWindow)


def run_on_film(path: Path) -> int:
    """The window of faces, on a film with one."""
    film = write_film(path / "film" / "ego.mkv", FRAMES)
    save_faces(film, find_faces(film, index_of(film), Reds(), Looking()), None)
    with Project.open(path, CLOCK) as project:
        return run_faces(project, [("s1  ego.mkv", SessionFilm(film, NO_TABLE))], "A01", "light", None)


def _faces() -> Iterator[Step]:
    def decide(window: FacesWindow) -> bool:
        QTest.keyClick(window, Qt.Key.Key_B)
        return "sign off" in window.state

    yield on(FacesWindow, decide)
    yield closed(FacesWindow)


def _assignments() -> Iterator[Step]:
    def choose(window: AssignmentsWindow) -> bool:
        window.table.selectRow(0)
        return len(window.chosen) == 1

    def give(asked: GiveDialog) -> None:
        asked._tick_all()
        asked.try_it.click()
        asked.reject()

    yield on(AssignmentsWindow, choose)
    yield on(AssignmentsWindow, lambda window: later(window._show_history))
    yield on(HistoryList, lambda shown: shown.reject())
    yield on(AssignmentsWindow, lambda window: window._move(TierState.ACCEPTED))
    yield on(AssignmentsWindow, lambda window: later(window._give))
    yield on(GiveDialog, give)
    yield closed(AssignmentsWindow)


def _people() -> Iterator[Step]:
    for tab in (3, 2, 1, 0):
        turn = lambda window, tab=tab: window.show_tab(tab)  # noqa: E731
        yield on(PeopleWindow, turn)
    yield closed(PeopleWindow)


def _home() -> Iterator[Step]:
    ask: tuple[tuple[str, tuple[object, ...], type[QDialog]], ...] = (
        ("import_media", (), ImportDialog),
        ("consents", (SID,), ConsentDialog),
        ("export", ([SID],), ExportDialog),
        ("search_all", (), SearchDialog),
        ("progress", (), ProgressDialog),
        ("compare", (), AgreementDialog),
        ("adjudicate", (), AdjudicationDialog),
        ("back_up", (), BackupDialog),
    )
    for signal, carried, dialog in ask:
        emit = lambda window, s=signal, c=carried: later(lambda: getattr(window, s).emit(*c))  # noqa: E731
        yield on(HomeWindow, emit)
        yield on(dialog, lambda shown: shown.reject())
    yield closed(HomeWindow)


def _all_sessions() -> Iterator[Step]:
    yield on(HomeWindow, lambda window: later(window.all_sessions.emit))
    yield on(AllSessionsWindow, lambda window: window.look())
    yield closed(AllSessionsWindow)
    yield closed(HomeWindow)


def _comments() -> Iterator[Step]:
    yield on(HomeWindow, lambda window: later(window.comments.emit))
    yield on(AnnotatorDialog, lambda asked: asked.accept())
    yield on(CommentsWindow, lambda window: bool(window.table_model.lines))
    yield on(CommentsWindow, lambda window: window.settle())
    yield on(CommentsWindow, lambda window: not window.table_model.lines[0].talk.first.open)
    yield closed(CommentsWindow)
    yield closed(HomeWindow)


LIVES: dict[type[QMainWindow], tuple[Callable[[Path], int], Callable[[], Iterator[Step]]]] = {
    ProcedureWindow: (lambda path: run_procedures(path, "", "light"), _procedures),
    SchemeWindow: (lambda path: run_schemes(path, "gearbox", "light", None), _schemes),
    QuestionsWindow: (lambda path: run_review(path, Choices("A01"), "light", None), _questions),
    CuratorWindow: (lambda path: run_review(path, Choices("A01", CURATE), "light", None), _curating),
    AgreementWindow: (lambda path: run_agreement(path, "steps", None, (), "", S, "light", None), _agreement),
    AdjudicationWindow: (lambda path: run_adjudication(path, SID, "steps", "A01", S, "light", None), _adjudication),
    FacesWindow: (run_on_film, _faces),
    AssignmentsWindow: (lambda path: run_assignments(path, "A01", "light", None), _assignments),
    PeopleWindow: (lambda path: run_people(path, 0, "light", None), _people),
    HomeWindow: (lambda path: run_home(path, "light"), _home),
    AllSessionsWindow: (lambda path: run_home(path, "light"), _all_sessions),
    CommentsWindow: (lambda path: run_home(path, "light"), _comments),
}
ELSEWHERE = {"ConsoleWindow", "EditorWindow", "StationWindow"}
"""The console has no project; test_window_thread.py has the editor's life, test_forth_and_back.py the station's."""
APPLICATION = {"console/run.py"}
"""Whose windows need no project."""


@pytest.mark.parametrize("window", LIVES, ids=lambda window: window.__name__)
def test_no_window_waits_for_the_database(window: type[QMainWindow], lab: Path, qapp: QApplication) -> None:
    run, steps = LIVES[window]
    person = Person(steps())
    assert run(lab) == 0
    assert person.step is None


def test_every_main_window_is_known_here() -> None:
    found = {
        node.name
        for path in UI.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and "QMainWindow" in {ast.unparse(base) for base in node.bases}
    }
    assert found == {window.__name__ for window in LIVES} | ELSEWHERE


def test_every_process_with_a_project_arms_the_guard() -> None:
    """Outside ui/application nobody takes the application without it, nor makes one."""
    without = {
        path.relative_to(UI).as_posix()
        for path in UI.rglob("*.py")
        if path.parent.name != "application" and _takes_it_bare(path.read_text(encoding="utf-8"))
    }
    assert without == APPLICATION
    for name in APPLICATION:
        assert "import storage" not in (text := (UI / name).read_text(encoding="utf-8"))
        assert "from storage" not in text


def _takes_it_bare(text: str) -> bool:
    return "import application\n" in text or "QApplication(" in text


@pytest.mark.parametrize("room", [path.parent for path in sorted(UI.glob("*/run.py"))], ids=lambda room: room.name)
def test_the_tests_own_guard_knows_every_room_with_a_window(room: Path) -> None:
    assert str(room) in WINDOWS
