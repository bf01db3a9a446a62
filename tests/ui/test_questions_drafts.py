"""What one writes of a question set outlives that it goes from the list meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from storage import Project
from storage.repositories.reviews import Judged
from tests.storage.examples import SID
from tests.ui.test_questions_window import PATIENCE_MS, Ctrl, Key, Room, film, project
from woz.base.errors import UnreachableError
from woz.dataset.review.deeds import TakingBack
from woz.lab.questions import questions_of
from woz.model.ids import AnnotatorId
from woz.model.review import ReviewTask

__all__ = ["film", "project"]


@pytest.mark.parametrize("judged", [1, 3], ids=["another is shown", "none is left"])
def test_what_one_writes_is_there_again_where_its_question_set_went_meanwhile(
    qtbot: QtBot, project: Project, monkeypatch: pytest.MonkeyPatch, judged: int
) -> None:
    """They write on what they are taking back; somebody else has judged it before that is done."""
    room, ben = Room(qtbot, project), project.annotators.named("A02").id
    room.press(*[Key.Key_A] * judged)
    room.kept(judged)
    mine = project.reviews.own(room.desk.person.id)[-1]
    back, take_back = False, project.reviews.take_back

    def absent(by: AnnotatorId, deed: TakingBack) -> Judged | None:
        if not back:
            raise UnreachableError("The lab's computer doesn't answer.")
        return take_back(by, deed)

    monkeypatch.setattr(project.reviews, "take_back", absent)
    room.press(Key.Key_Z, held=Ctrl)
    qtbot.waitUntil(lambda: room.desk.item is not None)
    room.press(Key.Key_R)
    QTest.keyClicks(room.window.focusWidget(), "Which way?")
    theirs = project.reviews.decide(replace(mine, by=ben, id=0, utc_ns=mine.utc_ns + 1)).decision
    back = True
    qtbot.waitUntil(lambda: not room.desk.unkept, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: mine.question_id not in [each.question_id for each in room.desk.waiting])
    project.reviews.take_back(ben, TakingBack.of(theirs, theirs.utc_ns + 1))
    room.window.begin(ReviewTask.TEXT)
    qtbot.waitUntil(lambda: room.desk.item is not None)
    if judged == 1:
        room.press(Key.Key_Left)
    room.press(Key.Key_R)
    room.press(Key.Key_Return, held=Ctrl)
    room.kept(judged)
    assert questions_of(project, SID)[judged - 1].text == "Which way?"
