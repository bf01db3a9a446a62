"""A key that repeats is not let go, however late the other half of a repeat comes; one that is let go is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from pytestqt.qtbot import QtBot

from ui.editor.passes.key_up import KeyUp


def _event(kind: QEvent.Type, stamp_ms: int, scan: int = 10) -> QKeyEvent:
    made = QKeyEvent(kind, Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier, scan, 0, 0)
    made.setTimestamp(stamp_ms)
    return made


def _press(stamp_ms: int, scan: int = 10) -> QKeyEvent:
    return _event(QEvent.Type.KeyPress, stamp_ms, scan)


def _release(stamp_ms: int, scan: int = 10) -> QKeyEvent:
    return _event(QEvent.Type.KeyRelease, stamp_ms, scan)


@pytest.fixture
def up(qtbot: QtBot) -> KeyUp:
    parent = QObject()
    made = KeyUp(parent, waits=True)
    made.parent_kept = parent  # type: ignore[attr-defined]
    return made


def test_repeats_let_nothing_go_and_the_last_release_does(up: KeyUp, qtbot: QtBot) -> None:
    let_go = list[str]()
    for stamp_ms in (500, 533, 566):
        up.released(_release(stamp_ms), lambda: let_go.append("repeat"))
        assert up.repeats(_press(stamp_ms))
    up.released(_release(600), lambda: let_go.append("true"))
    assert let_go == []
    qtbot.waitUntil(lambda: let_go == ["true"])


def test_a_key_that_is_pressed_anew_was_let_go_before(up: KeyUp) -> None:
    let_go = list[int]()
    up.released(_release(500), lambda: let_go.append(10))
    up.released(_release(510, 11), lambda: let_go.append(11))
    assert not up.repeats(_press(520))
    assert let_go == [10], "another key is still waited for"
    up.settle()
    assert let_go == [10, 11]
    assert not up.repeats(_press(530))


def test_elsewhere_than_on_x_a_release_is_one_at_once(qtbot: QtBot) -> None:
    parent, let_go = QObject(), list[str]()
    KeyUp(parent, waits=False).released(_release(500), lambda: let_go.append("now"))
    KeyUp(parent, waits=True).released(_release(0), lambda: let_go.append("without a time"))
    assert let_go == ["now", "without a time"]
