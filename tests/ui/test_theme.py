"""What the theme draws: a tick in a checked box, and a frame around whatever has the keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDoubleSpinBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from ui import theme
from ui.theme import colours


@pytest.fixture(params=["light", "dark"], autouse=True)
def dressed(request: pytest.FixtureRequest, qapp: QApplication) -> None:
    theme.apply(qapp, request.param)


def _editable() -> QComboBox:
    made = QComboBox()
    made.setEditable(True)
    return made


CONTROLS: list[Callable[[], QWidget]] = [
    QComboBox,
    _editable,
    QSpinBox,
    QDoubleSpinBox,
    QDateEdit,
    QLineEdit,
    QPlainTextEdit,
    QCheckBox,
    QPushButton,
]


def _count(image: QImage, colour: str) -> int:
    wanted = QColor(colour).rgb()
    return sum(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


@pytest.mark.parametrize("make", CONTROLS)
def test_what_has_the_keyboard_has_a_frame_in_the_accent_colour(qtbot: QtBot, make: Callable[[], QWidget]) -> None:
    window, other, control = QWidget(), QPushButton("other"), make()
    layout = QVBoxLayout(window)
    layout.addWidget(other)
    layout.addWidget(control)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    other.setFocus()
    assert _count(control.grab().toImage(), colours().accent) == 0
    control.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(control.hasFocus)
    assert _count(control.grab().toImage(), colours().accent) > control.width()


def test_a_checked_box_has_a_tick_and_an_empty_one_has_none(qtbot: QtBot) -> None:
    box = QCheckBox("Agreed")
    qtbot.addWidget(box)
    box.show()
    box.setChecked(True)
    image = box.grab(box.rect().adjusted(0, 0, 22 - box.width(), 0)).toImage()
    ticked = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y) == QColor(colours().on_accent)
    ]
    left, right = min(ticked), max(ticked)
    assert right[0] - left[0] >= 6, "the tick is as wide as half the box"
    assert right[1] < left[1], "its long arm rises to the right"
    box.setChecked(False)
    assert _count(box.grab().toImage(), colours().accent) == 0
