"""Whoever was given question sets to judge sees these at the window, and others, too, where they choose so."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import SID
from tests.ui.test_questions_window import Key, Room, film, project
from ui.questions.window import GIVEN
from woz.lab.questions import questions_of
from woz.model.review import GivenQuestion, ReviewTask

__all__ = ["film", "project"]


def _others(room: Room) -> QCheckBox:
    (found,) = [box for box in room.window.findChildren(QCheckBox) if box.text() == "Others, too (O)"]
    return found


def _listed(room: Room) -> list[str]:
    return [each.question_id for each in room.desk.waiting]


def test_what_was_given_is_shown_alone_and_others_too_by_key(qtbot: QtBot, project: Project) -> None:
    first, second, third = questions_of(project, SID)
    mine = GivenQuestion(third.id, SID, ReviewTask.TEXT, project.annotators.named("A01").id)
    project.question_work.add([mine])
    room = Room(qtbot, project)
    assert (room.question, _listed(room), _others(room).isHidden()) == (third.text, [third.id], False)
    room.press(Key.Key_A)
    room.kept(1)
    qtbot.waitUntil(lambda: room.desk.now is None)
    assert any(each.text().startswith(GIVEN) for each in room.window.findChildren(QLabel) if each.isVisible())
    room.press(Key.Key_O)
    qtbot.waitUntil(lambda: room.desk.loaded and _listed(room) == [third.id, first.id, second.id])
    assert room.desk.left == 2
    room.press(Key.Key_O)
    qtbot.waitUntil(lambda: room.desk.loaded and _listed(room) == [third.id])


def test_who_was_given_nothing_sees_all_but_what_is_kept_for_others(qtbot: QtBot, project: Project) -> None:
    first, second, third = questions_of(project, SID)
    kept = GivenQuestion(second.id, SID, ReviewTask.TEXT, project.annotators.named("A01").id)
    project.question_work.add([kept])
    room = Room(qtbot, project, "A02")
    assert (_listed(room), _others(room).isHidden()) == ([first.id, third.id], True)
    room.press(Key.Key_O)
    assert (room.desk.loaded, _listed(room)) == (True, [first.id, third.id])
