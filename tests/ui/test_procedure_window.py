"""The window of procedures: made from nothing by keys, cycles refused, undone, kept, imported and exported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit, QListWidget, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK
from ui.home.window import NO_PROJECT, HomeWindow
from ui.procedures import window as window_module
from ui.procedures.graph_view import GraphView
from ui.procedures.run import NEW, Procedures
from ui.procedures.window import ProcedureWindow
from woz.base.errors import WozError
from woz.lab.taking_in import save_procedure
from woz.model.ids import ProcedureId
from woz.model.procedure import Procedure
from woz.procedures.formats import FORMATS, read_procedures
from woz.procedures.outline import outline_of, steps_from_outline

TEA = Procedure(ProcedureId("tea"), "Tea", steps_from_outline("Boil\nBrew\nDrink\n"))
Key, With = Qt.Key, Qt.KeyboardModifier
Alt, Ctrl, Shift = With.AltModifier, With.ControlModifier, With.ShiftModifier
_INSIDE = QPoint(30, 30)
Widget = TypeVar("Widget", bound=QWidget)


def _discard(window: ProcedureWindow) -> None:
    if window.procedure:
        window.show_saved(window.procedure)


class Room:
    """A project, and its window of procedures."""

    def __init__(self, qtbot: QtBot, project: Project, name: str = "") -> None:
        self.project, self.window = project, ProcedureWindow()
        qtbot.addWidget(self.window, before_close_func=_discard)
        self.work = Procedures(self.window, project)
        self.work.begin(name)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    @property
    def outline(self) -> str:
        assert self.window.procedure
        return outline_of(self.window.procedure)

    def press(self, key: Qt.Key, *with_: Qt.KeyboardModifier) -> None:
        modifiers = Qt.KeyboardModifier.NoModifier
        for each in with_:
            modifiers |= each
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifiers)

    def enter(self, text: str) -> None:
        QTest.keyClicks(self.window.focusWidget(), text)

    def tick(self, name: str) -> None:
        before = self.find(QListWidget, "Must be done before")
        [item] = [before.item(i) for i in range(before.count()) if before.item(i).text().strip() == name]
        other = Qt.CheckState.Unchecked if item.checkState() == Qt.CheckState.Checked else Qt.CheckState.Checked
        item.setCheckState(other)

    def ticked(self) -> list[str]:
        before = self.find(QListWidget, "Must be done before")
        items = (before.item(i) for i in range(before.count()))
        return [item.text().strip() for item in items if item.checkState() == Qt.CheckState.Checked]

    def find(self, kind: type[Widget], name: str) -> Widget:
        children: list[Widget] = self.window.findChildren(kind)
        [found] = [each for each in children if each.accessibleName() == name]
        return found

    def choose(self, step_id: str) -> None:
        self.window.findChildren(GraphView)[0].chosen.emit(step_id)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "lab", "Kitchen", CLOCK) as made:
        yield made


@pytest.fixture
def tea(qtbot: QtBot, project: Project) -> Room:
    save_procedure(project, TEA)
    return Room(qtbot, project, "Tea")


def test_a_procedure_is_made_from_nothing_by_keys(
    qtbot: QtBot, project: Project, no_database_on_the_window: None
) -> None:
    room = Room(qtbot, project)
    assert room.window.procedure
    assert (room.window.procedure.name, room.window.procedure.steps) == (NEW, ())
    name = room.find(QLineEdit, "Name of the procedure")
    name.setFocus()
    name.selectAll()
    room.enter("Cake")
    for step in ("Shop", "Batter", "Whisk", "Pour"):
        room.press(Key.Key_Return, Ctrl)
        room.enter(step)
    for step in ("new-step-3", "new-step-4"):
        room.choose(step)
        room.press(Key.Key_Right, Alt)
    assert room.outline == "Shop\nBatter\n  Whisk\n  Pour\n"
    room.press(Key.Key_Up, Alt)
    assert room.outline == "Shop\nBatter\n  Pour\n  Whisk\n"
    room.choose("new-step-2")
    room.tick("Shop")
    room.press(Key.Key_S, Ctrl)
    assert (room.window.told, room.window.unsaved) == ("", False)
    [kept] = project.procedures.all()
    assert (kept.name, outline_of(kept)) == ("Cake", room.outline)
    assert [(step.id, step.parent_id, step.prerequisites) for step in kept.steps] == [
        ("shop", None, ()),
        ("batter", None, ("shop",)),
        ("pour", "batter", ()),
        ("whisk", "batter", ()),
    ]
    [scheme] = project.schemes.all()
    assert [str(label.id) for label in scheme.tier_types[0].labels] == [str(step.id) for step in kept.steps]
    room.press(Key.Key_Z, Ctrl)
    room.press(Key.Key_Z, Ctrl, Shift)
    room.press(Key.Key_S, Ctrl)
    assert project.procedures.all() == [kept]


def test_what_is_known_of_a_step_is_entered_and_undone(tea: Room) -> None:
    tea.choose("brew")
    tools = tea.find(QLineEdit, "Tools")
    tools.setFocus()
    tea.enter("pot, sieve")
    tea.find(QPlainTextEdit, "Description").setFocus()
    tea.enter("Four minutes.")
    for box in tea.window.findChildren(QCheckBox):
        box.click()
    tea.tick("Boil")
    assert tea.window.procedure
    brew = tea.window.procedure.step("brew")
    assert brew
    assert (brew.tools, brew.description, brew.optional, brew.repeatable, brew.prerequisites) == (
        ("pot", "sieve"),
        "Four minutes.",
        True,
        True,
        ("boil",),
    )
    for _ in range(5):
        tea.press(Key.Key_Z, Ctrl)
    assert tea.window.procedure == TEA
    assert not tea.window.unsaved
    tea.press(Key.Key_Z, Ctrl, Shift)
    assert tea.window.procedure.steps[1].tools == ("pot", "sieve")


def test_steps_that_would_wait_for_each_other_are_refused_in_a_sentence(tea: Room) -> None:
    tea.choose("brew")
    tea.tick("Boil")
    tea.choose("boil")
    tea.tick("Brew")
    assert "'Boil' requires 'Brew', 'Brew' requires 'Boil'" in tea.window.told
    assert tea.ticked() == []
    tea.tick("Drink")
    assert (tea.window.told, tea.ticked()) == ("", ["Drink"])


def test_an_empty_name_is_refused(tea: Room) -> None:
    tea.choose("brew")
    name = tea.find(QLineEdit, "Name")
    name.setFocus()
    name.selectAll()
    tea.press(Key.Key_Delete)
    assert tea.window.told == "A step needs a name."
    assert name.text() == "Brew"


def test_a_step_goes_with_what_required_it(tea: Room) -> None:
    tea.choose("brew")
    tea.tick("Boil")
    tea.choose("boil")
    tea.find(QPushButton, "Delete").click()
    assert tea.outline == "Brew\nDrink\n"
    tea.find(QPushButton, "Undo").click()
    tea.choose("brew")
    assert (tea.outline, tea.ticked()) == ("Boil\nBrew\nDrink\n", ["Boil"])
    tea.find(QPushButton, "Add part").click()
    tea.enter("Wait")
    assert tea.outline == "Boil\nBrew\n  Wait\nDrink\n"


def test_a_file_is_imported_and_another_written(
    tea: Room, shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = shared_data / "annotations" / "captaincook4d" / "ramen.json"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *a: (str(graph), ""))
    tea.press(Key.Key_I, Ctrl)
    assert tea.window.procedure
    assert (tea.window.procedure.name, len(tea.window.procedure.steps), tea.window.unsaved) == ("ramen", 15, True)
    out = tmp_path / "out.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: (str(out), f"{FORMATS['text'].title} (*.txt)"))
    tea.press(Key.Key_E, Ctrl)
    assert "can't hold prerequisites" in tea.window.told
    assert len(read_procedures(out)[0].steps) == 15
    (tmp_path / "bad.yaml").write_text("steps: [\n")
    tea.work.take_in(tmp_path / "bad.yaml")
    assert "bad.yaml" in tea.window.told
    assert tea.window.procedure.name == "ramen"


def test_two_procedures_can_t_have_one_name(tea: Room, tmp_path: Path) -> None:
    (tmp_path / "tea.txt").write_text("Heat\nStir\n")
    tea.work.take_in(tmp_path / "tea.txt")
    assert tea.window.procedure
    assert tea.window.procedure.name == "tea"
    name = tea.find(QLineEdit, "Name of the procedure")
    name.setFocus()
    name.selectAll()
    tea.enter("Tea")
    tea.press(Key.Key_S, Ctrl)
    assert "has a procedure 'Tea' already" in tea.window.told
    assert tea.project.procedures.all() == [TEA]


def test_what_isn_t_saved_is_not_lost_without_a_question(tea: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def no(parent: object, question: str, *words: str) -> bool:
        asked.append(question)
        return False

    monkeypatch.setattr(window_module, "sure", no)
    tea.press(Key.Key_Return, Ctrl)
    assert not tea.window.close()
    tea.press(Key.Key_N, Ctrl)
    assert (len(asked), tea.outline) == (2, "Boil\nNew step\nBrew\nDrink\n")


def test_a_click_in_the_graph_chooses_the_step(tea: Room) -> None:
    tea.choose("drink")
    drawn = tea.window.findChildren(GraphView)[0].widget()
    assert drawn
    QTest.mouseClick(drawn, Qt.MouseButton.LeftButton, pos=_INSIDE)
    assert tea.find(QLineEdit, "Name").text() == "Boil"


def test_an_unknown_procedure_is_refused(qtbot: QtBot, project: Project) -> None:
    with pytest.raises(WozError, match="no procedure 'Soup'"):
        Room(qtbot, project, "Soup")


def test_the_home_window_leads_to_it(qtbot: QtBot) -> None:
    home = HomeWindow()
    qtbot.addWidget(home)
    [entry] = [each for each in home.actions() if each.text() == "Procedures"]
    asked = list[None]()
    home.procedures.connect(lambda: asked.append(None))
    entry.trigger()
    assert (asked, home._banner.text) == ([], NO_PROJECT)
    home.show_project("Lab", ())
    entry.trigger()
    assert len(asked) == 1
