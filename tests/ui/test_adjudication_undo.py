"""Undo in the adjudication window takes back what was decided in its gold, and nothing that was done elsewhere."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK, SID
from tests.ui.test_adjudication_window import Fingers, adjudicating, small  # noqa: F401
from tests.ui.test_handing_in import Later
from ui.adjudication.window import NOTHING_TO_REDO, NOTHING_TO_UNDO
from woz.annotation.edits import Edit
from woz.lab.adjudicating import table
from woz.lab.tiers import move_tier
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId
from woz.model.tier import Tier, TierState

CTRL = Qt.KeyboardModifier.ControlModifier


def _accept(project: Project) -> Tier:
    """The first one's, by who adjudicates: the last that they do elsewhere."""
    boss, ada = (project.annotators.named(name) for name in ("A01", "A02"))
    (work,) = project.assignments.all(SID, ada.id)
    move_tier(project, SID, work.tier_id, TierState.ACCEPTED, boss, "")
    return _now(project, work.tier_id)


def _now(project: Project, tier_id: str) -> Tier:
    return next(each for each in project.annotations.load(SID) if isinstance(each, Tier) and each.id == tier_id)


def test_keys_that_are_faster_than_the_store_stop_at_the_first_decision(
    small: Project,  # noqa: F811
    qtbot: QtBot,
) -> None:
    accepted = _accept(small)
    window = adjudicating(small, qtbot, store := Later())
    fingers = Fingers(window, qtbot)
    fingers.press(Qt.Key.Key_1)
    store.catch_up()
    for _ in range(3):
        fingers.press(Qt.Key.Key_Z, CTRL)
    store.catch_up()
    assert (window.told, len(window.state.open)) == (NOTHING_TO_UNDO, 8)
    assert _now(small, accepted.id) == accepted
    for _ in range(2):
        fingers.press(Qt.Key.Key_Y, CTRL)
    store.catch_up()
    assert (window.told, len(window.state.open)) == (NOTHING_TO_REDO, 7)
    window.close()


def test_a_gold_that_others_began_leaves_what_was_done_elsewhere(
    small: Project,  # noqa: F811
    qtbot: QtBot,
) -> None:
    boss, ben = (small.annotators.named(name) for name in ("A01", "A03"))
    gold = table(small, SID, "steps", boss, CLOCK).gold
    some = next(each for each in small.annotations.load(SID) if isinstance(each, Annotation))
    theirs = replace(some, id=AnnotationId("theirs"), tier_id=gold)
    small.annotations.record(SID, Edit("Begin", (), (theirs,)), ben.id)
    accepted = _accept(small)
    window = adjudicating(small, qtbot)
    assert window.state.marks
    Fingers(window, qtbot).press(Qt.Key.Key_Z, CTRL)
    assert window.told == NOTHING_TO_UNDO
    assert _now(small, accepted.id) == accepted
    window.close()
