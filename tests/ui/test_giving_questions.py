"""The window of work gives question sets to people to judge, says what would come of it, and takes them back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID, question
from ui.assignments.desk import WorkDesk
from ui.assignments.giving_questions import GiveQuestionsDialog
from ui.assignments.window import AssignmentsWindow
from woz.annotation.edits import Edit
from woz.lab.annotators import add_annotator
from woz.model.review import ReviewRule

Ticked, Unticked = Qt.CheckState.Checked, Qt.CheckState.Unchecked
THEIRS = [f"{name}: 2 question sets given to judge (text), 0 done, 2 open" for name in ("A02", "A03")]


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Project]:
    """Two question sets, which two people judge each; A01 may do everything."""
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        project.sessions.save(SESSION)
        for name in ("A01", "A02", "A03"):
            add_annotator(project, name)
        asked = (question("q"), replace(question("r"), asked_ns=9))
        project.annotations.record(SID, Edit("Propose", (), asked), "woz")
        project.reviews.set_rule(ReviewRule(2))
        yield project


def _window(qtbot: QtBot, lab: Project, name: str) -> AssignmentsWindow:
    window = AssignmentsWindow(WorkDesk(lab, lab.annotators.named(name), CLOCK))
    qtbot.addWidget(window)
    qtbot.waitUntil(lambda: bool(window._sight.people))
    return window


def _told(dialog: GiveQuestionsDialog) -> list[str]:
    return [dialog.told.item(at).text() for at in range(dialog.told.count())]


def _tick(dialog: GiveQuestionsDialog, *names: str) -> None:
    for at in range(dialog.whose.count()):
        item = dialog.whose.item(at)
        item.setCheckState(Ticked if item.text() in names else Unticked)


def _left(window: AssignmentsWindow) -> None:
    window.close()
    if window._look:
        window._look.join()


def test_sets_are_given_and_taken_back(qtbot: QtBot, lab: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    window, told = _window(qtbot, lab, "A01"), list[list[str]]()

    def drive(dialog: GiveQuestionsDialog) -> QDialog.DialogCode:
        assert _told(dialog) == ["Tick who is to judge them."]
        assert not dialog.go.isEnabled()
        _tick(dialog, "A02", "A03")
        for pressed in (dialog.try_it, dialog.go):
            pressed.click()
            told.append(_told(dialog))
        _tick(dialog, "A03")
        dialog.back.click()
        told.append(_told(dialog))
        return QDialog.DialogCode.Rejected

    monkeypatch.setattr(GiveQuestionsDialog, "exec", drive)
    window._give_questions()
    assert told == [
        ["Of 2 question sets 2 would be given to A02, A03 to judge (text)."],
        ["Of 2 question sets 2 were given to A02, A03 to judge (text).", *THEIRS],
        ["Taken back: 2; judged already, and kept: 0.", THEIRS[0]],
    ]
    ada = lab.annotators.named("A02").id
    assert [(each.given.question_id, each.given.to) for each in lab.question_work.all()] == [("q", ada), ("r", ada)]
    _left(window)


def test_who_may_give_nothing_is_told_so(qtbot: QtBot, lab: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    window, told = _window(qtbot, lab, "A02"), list[str]()

    def drive(dialog: GiveQuestionsDialog) -> QDialog.DialogCode:
        _tick(dialog, "A03")
        dialog.go.click()
        told.extend(_told(dialog))
        return QDialog.DialogCode.Rejected

    monkeypatch.setattr(GiveQuestionsDialog, "exec", drive)
    window._give_questions()
    (line,) = told
    assert line.startswith("⚠ Only a curator or a manager gives question sets to people")
    assert lab.question_work.all() == []
    _left(window)
