"""What waits in the other task is told to somebody who has nothing left in this one."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.test_questions_window import Ctrl, Key, Room, film, project
from woz.model.review import ReviewTask

__all__ = ["film", "project"]


@pytest.mark.parametrize("keys", ["AAD", "DAA", "ADA"])
def test_who_is_done_is_told_what_waits_in_the_other_task(qtbot: QtBot, project: Project, keys: str) -> None:
    """Also by what the last key makes wait."""
    room = Room(qtbot, project)
    room.press(*(Key(ord(key)) for key in keys))
    qtbot.waitUntil(lambda: room.window._empty.text().endswith("Clips that wait for you: 2 (Ctrl+2)."))
    room.press(Key.Key_2, held=Ctrl)
    qtbot.waitUntil(lambda: room.desk.item is not None)
    assert (room.desk.task, room.desk.left) == (ReviewTask.GROUNDING, 2)
    room.press(Key.Key_G, Key.Key_G)
    qtbot.waitUntil(lambda: room.desk.elsewhere == 0)
    assert room.window._empty.text().endswith("← goes back to what you decided.")


def test_what_is_decided_anew_changes_what_waits(qtbot: QtBot, project: Project) -> None:
    room = Room(qtbot, project)
    room.press(Key.Key_D, Key.Key_A, Key.Key_A)
    qtbot.waitUntil(lambda: "Clips that wait for you: 2" in room.window._empty.text())
    room.press(Key.Key_Left, Key.Key_D)
    qtbot.waitUntil(lambda: "Clips that wait for you: 1" in room.window._empty.text())
    assert (room.desk.now, room.desk.left) == (None, 0)


def test_who_finds_no_clip_is_told_whose_words_wait(qtbot: QtBot, project: Project) -> None:
    room = Room(qtbot, project, task=ReviewTask.GROUNDING)
    qtbot.waitUntil(lambda: "whose words wait for you: 3 (Ctrl+1)." in room.window._empty.text())
    assert room.window._empty.text().startswith("No clip waits for you")
