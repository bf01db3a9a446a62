"""Questions in verbs: what each key answers, and that no answer changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.questions import sure

QUESTION, DO, LEAVE = "Stop recording and save the session?", "Stop and save", "Keep recording"


def _answered(qtbot: QtBot, answer: Callable[[QMessageBox], None]) -> bool:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()

    def give() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        try:
            answer(box)
        finally:
            box.close()

    QTimer.singleShot(50, give)
    return sure(window, QUESTION, DO, LEAVE)


def _click(text: str) -> Callable[[QMessageBox], None]:
    return lambda box: next(b for b in box.buttons() if b.text() == text).click()


def test_the_verb_is_what_is_done(qtbot: QtBot) -> None:
    assert _answered(qtbot, _click(DO))
    assert not _answered(qtbot, _click(LEAVE))


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Space])
def test_a_key_pressed_unawares_changes_nothing(qtbot: QtBot, key: Qt.Key) -> None:
    assert not _answered(qtbot, lambda box: qtbot.keyClick(box.focusWidget() or box, key))


def test_closing_the_question_changes_nothing(qtbot: QtBot) -> None:
    assert not _answered(qtbot, QMessageBox.reject)


def test_the_question_can_be_answered_by_keyboard_alone(qtbot: QtBot) -> None:
    def tab_and_press(box: QMessageBox) -> None:
        qtbot.keyClick(box.focusWidget() or box, Qt.Key.Key_Tab)
        focused = box.focusWidget()
        assert isinstance(focused, QAbstractButton)
        assert focused.text() == DO
        qtbot.keyClick(focused, Qt.Key.Key_Space)

    assert _answered(qtbot, tab_and_press)


def test_it_says_verbs_and_no_yes_or_no(qtbot: QtBot) -> None:
    seen: list[str] = []

    def read(box: QMessageBox) -> None:
        seen.extend([box.text(), *(button.text() for button in box.buttons())])
        box.close()

    _answered(qtbot, read)
    assert sorted(seen) == sorted([QUESTION, DO, LEAVE])
