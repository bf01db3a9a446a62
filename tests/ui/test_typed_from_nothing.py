"""A transcript typed from nothing, by keys alone; half-typed text outlives a killed program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.at_once import AtOnce
from tests.ui.desk_room import Hand, recorded
from tests.ui.recorded_session import CLOCK, FRAME_NS, SID
from ui import theme
from ui.editor.keys import Place
from ui.editor.run import editor_window
from ui.editor.window import EditorWindow
from woz.annotation.typed import TypedFile
from woz.model.origin import Origin
from woz.model.people import Role

__all__ = ["recorded"]
Open = Callable[[], EditorWindow]


@pytest.fixture
def opened(qtbot: QtBot, qapp: QApplication, recorded: Path, tmp_path: Path) -> Iterator[Open]:
    """The editor on a session without a transcript, again and again."""
    theme.apply(qapp, "light")
    with Project.open(recorded, CLOCK) as project:
        (ada,) = project.annotators.all()
        windows: list[EditorWindow] = []

        def again() -> EditorWindow:
            window = editor_window(project, SID, ada.id, AtOnce(), running=tmp_path / "desk.json")
            windows.append(window)
            qtbot.addWidget(window)
            with qtbot.waitExposed(window):
                window.show()
            window.activateWindow()
            qtbot.waitUntil(window.isActiveWindow)
            return window

        yield again
        for window in windows:
            while window.document.undo_name:
                window.document.undo()
            window.close()


def _press(qtbot: QtBot, window: EditorWindow, *keys: str) -> None:
    for key in keys:
        combination = QKeySequence(key)[0]  # type: ignore[index]
        target = window._panel.field or window.focusWidget() or window
        qtbot.keyClick(target, combination.key(), combination.keyboardModifiers())


def _to_turns(qtbot: QtBot, window: EditorWindow) -> None:
    _press(qtbot, window, "Ctrl+T")
    qtbot.waitUntil(lambda: window._keys.place == Place.TRANSCRIPT)


def test_turns_are_typed_with_their_times_and_speakers(opened: Open, qtbot: QtBot) -> None:
    window = opened()
    assert "Ctrl+T, then N" in window._panel._empty.text()
    _to_turns(qtbot, window)
    _press(qtbot, window, "Return")
    assert "N starts one" in window._banner.text
    window.player.show_frame(10)
    _press(qtbot, window, "N")
    field = window._panel.field
    assert field
    qtbot.keyClicks(field, "Which one, in this snag? DXFRM 1234")
    window.player.show_frame(30)
    _press(qtbot, window, "Ctrl+.", "Alt+2", "Ctrl+Shift+N")
    assert window._panel.field
    qtbot.keyClicks(window._panel.field, "The red one")
    _press(qtbot, window, "Alt+1", "Return")
    turns = window._panel.turns
    assert [(t.speaker, t.text) for t in turns] == [
        (Role.EXPERT, "Which one, in this snag? DXFRM 1234"),
        (Role.TRAINEE, "The red one"),
    ]
    first = turns[0].interval
    assert (first.start_ns // FRAME_NS, first.end_ns // FRAME_NS) == (10, 30)
    assert turns[1].interval.start_ns // FRAME_NS == 30
    assert [made.origin for made in window._panel._transcripts] == [Origin.MANUAL]
    assert list(window.document.tiers) == [t for t in window.document.tiers if t.made.origin != Origin.MANUAL]


def test_half_typed_text_is_offered_again(opened: Open, qtbot: QtBot, tmp_path: Path) -> None:
    window = opened()
    _to_turns(qtbot, window)
    _press(qtbot, window, "N")
    field = window._panel.field
    assert field
    qtbot.keyClicks(field, "It was half")
    kept = tmp_path / "desk-typed.json"
    qtbot.waitUntil(lambda: "It was half" in TypedFile(kept).read().values())
    turn, left = window._panel.turn, TypedFile(kept).read()
    assert turn
    _press(qtbot, window, "Escape")
    window.close()
    assert not kept.exists()
    TypedFile(kept).write(left)
    again = opened()
    assert "It was half" in again._banner.text
    _press(qtbot, again, "Ctrl+Shift+T")
    assert again._panel.field
    assert again._panel.field.toPlainText() == "It was half"
    qtbot.keyClicks(again._panel.field, " typed")
    _press(qtbot, again, "Return")
    assert [t.text for t in again._panel.turns if t.id == turn.id] == ["It was half typed"]
    qtbot.waitUntil(lambda: not kept.exists())
    _press(qtbot, again, "Ctrl+Shift+T")
    assert "no typed text" in again._banner.text


def test_a_note_is_kept_also_where_its_field_is_left(opened: Open, qtbot: QtBot) -> None:
    window = opened()
    hand = Hand(qtbot, window)
    hand.new_tier("Acts")
    hand.press("1")
    (item,) = hand.items
    window._inspector.note.setFocus()
    qtbot.keyClicks(window._inspector.note, "odd")
    qtbot.keyClick(window._inspector.note, Qt.Key.Key_Escape)
    window.timeline.setFocus()
    assert window.document.annotation(item.id).note == "odd"


def test_a_file_that_is_none_keeps_nobody_from_working(tmp_path: Path) -> None:
    path = tmp_path / "x" / "typed.json"
    kept = TypedFile(path)
    assert kept.read() == {}
    kept.write({"turn a": "half"})
    assert kept.read() == {"turn a": "half"}
    path.write_text("{", encoding="utf-8")
    assert kept.read() == {}
    kept.write({})
    assert not path.exists()
