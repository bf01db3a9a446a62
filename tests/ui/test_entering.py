"""By wheel and keyboard: lists, numbers and buttons, alike in all windows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui import theme
from ui.home.join_dialog import JoinDialog
from ui.home.sessions import SessionLine
from ui.home.tiles import Tile
from ui.home.window import HomeWindow
from ui.widgets.entering import steady
from ui.widgets.parts import button
from ui.widgets.questions import question_box
from woz.model.ids import SessionId
from woz.model.session import SessionState


def _turn_wheel(over: QWidget) -> None:
    at = QPointF(over.rect().center())
    down, none = QPoint(0, -120), QPoint()
    buttons, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    place = QPointF(over.mapToGlobal(at.toPoint()))
    event = QWheelEvent(at, place, none, down, buttons, keys, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(over, event)


@pytest.fixture
def entered(qtbot: QtBot, qapp: QApplication) -> Iterator[tuple[QComboBox, QSpinBox, QLineEdit]]:
    theme.apply(qapp, "light")
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    pick, number, text = QComboBox(), QSpinBox(), QLineEdit()
    pick.addItems(["one", "two", "three"])
    number.setValue(5)
    for field in (pick, number, text):
        column.addWidget(field)
    steady(holder)
    holder.show()
    holder.activateWindow()
    text.setFocus()
    yield pick, number, text
    holder.close()


def test_the_wheel_changes_no_choice_that_it_scrolls_past(
    entered: tuple[QComboBox, QSpinBox, QLineEdit],
) -> None:
    pick, number, _ = entered
    _turn_wheel(pick)
    _turn_wheel(number)
    assert (pick.currentText(), number.value()) == ("one", 5)


def test_the_wheel_turns_a_list_that_has_the_focus(
    entered: tuple[QComboBox, QSpinBox, QLineEdit], qtbot: QtBot
) -> None:
    pick, _, _ = entered
    pick.setFocus()
    qtbot.waitUntil(pick.hasFocus)
    _turn_wheel(pick)
    assert pick.currentText() == "two"


def test_a_number_stands_in_from_the_edge_as_other_text_does(
    entered: tuple[QComboBox, QSpinBox, QLineEdit],
) -> None:
    number = entered[1]
    inside = number.findChild(QLineEdit)
    assert inside
    assert inside.geometry().left() + inside.textMargins().left() >= 8


def test_enter_presses_the_button_that_has_the_focus_in_any_window(qtbot: QtBot) -> None:
    pressed: list[str] = []
    made = button("Record", "record")
    qtbot.addWidget(made)
    made.clicked.connect(lambda: pressed.append("record"))
    made.show()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
        QTest.keyClick(made, key)
    assert pressed == ["record"] * 3


def test_enter_takes_the_first_choice_of_an_empty_project(qtbot: QtBot) -> None:
    window = HomeWindow()
    qtbot.addWidget(window)
    window.show_project("Lamp study", ())
    window.show()
    window.activateWindow()
    wanted: list[str] = []
    window.new_session.connect(lambda: wanted.append("new"))
    tiles = window.findChildren(Tile)
    tile = next(t for t in tiles if t.accessibleName() == "New session")
    tile.setFocus()
    qtbot.waitUntil(tile.hasFocus)
    qtbot.keyClick(tile, Qt.Key.Key_Return)
    assert wanted == ["new"]


def test_enter_annotates_from_the_table_and_not_from_a_button(qtbot: QtBot) -> None:
    window = HomeWindow()
    qtbot.addWidget(window)
    line = SessionLine(SessionId("s"), "Assemble the lamp", SessionState.CLOSED, 0, 10**9, "P07", False)
    window.show_project("Lamp study", (line,))
    window.show()
    window.activateWindow()
    wanted: list[str] = []
    window.annotate.connect(wanted.append)
    window.check.connect(lambda session: wanted.append(f"check {session}"))
    for widget in (window._check, window._table):
        widget.setFocus()
        qtbot.waitUntil(widget.hasFocus)
        qtbot.keyClick(widget, Qt.Key.Key_Return)
    assert wanted == ["check s", "s"]


def test_what_can_not_be_taken_back_is_asked_in_red(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    holder = QWidget()
    qtbot.addWidget(holder)
    box = question_box(holder, "Stop recording?", "Stop and save", "Keep recording")
    doing = next(b for b in box.buttons() if b.text() == "Stop and save")
    box.show()
    middle = doing.grab().toImage().pixelColor(doing.width() // 2, 4)
    box.hide()
    assert middle.red() > 2 * middle.green()


def test_a_project_s_table_has_the_focus_and_enter_annotates_at_once(qtbot: QtBot) -> None:
    window = HomeWindow()
    qtbot.addWidget(window)
    line = SessionLine(SessionId("s"), "Assemble the lamp", SessionState.CLOSED, 0, 10**9, "P07", False)
    window.show_project("Lamp study", (line,))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    wanted: list[str] = []
    window.annotate.connect(wanted.append)
    focused = window.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, Qt.Key.Key_Return)
    assert wanted == ["s"]
    window._search.setFocus()
    window.show_project("Lamp study", (line,))
    assert window.focusWidget() is window._search


def test_a_window_grows_with_what_it_tells(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    dialog = JoinDialog(None)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    dialog.fault.tell("The station can't be reached; ask the operator whether it is open. " * 4)
    qtbot.waitUntil(lambda: dialog.fault.height() >= dialog.fault.heightForWidth(dialog.fault.width()))
    assert dialog.fault.geometry().top() > dialog.link.geometry().bottom()
    dialog.fault.tell("")
