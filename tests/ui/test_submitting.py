"""A tier is submitted by key; what blocks it is listed and led to."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.desk_room import SID, Hand, hand, opened, recorded
from tests.ui.recorded_session import CLOCK, FRAME_NS
from tests.ui.test_selection import _four
from woz.annotation.edits import Edit
from woz.base.interval import Interval
from woz.lab.assigning import Order, assign
from woz.lab.schemes import begin_tiers, take_in_scheme
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.tier import TierState
from woz.schemes.shipped import shipped

__all__ = ["hand", "recorded"]


def _state(hand: Hand) -> TierState:
    tier = hand.window._tier
    assert tier
    return tier.state


def test_errors_block_it_and_are_listed(hand: Hand) -> None:
    hand.press("Ctrl+Shift+S")
    assert "Ctrl+N" in hand.said
    _four(hand)
    hand.press("Ctrl+Shift+S")
    assert "4 errors block the submission of Acts" in hand.said
    listed = hand.window._findings_list.list
    assert hand.window._findings_list.isVisible()
    assert listed.count() == 4
    third = listed.item(2)
    assert third
    listed.itemActivated.emit(third)
    assert hand.window._segment() == hand.items[2]
    hand.window._findings_list.close()
    assert _state(hand) == TierState.IN_WORK


def test_what_is_right_is_submitted_closed_and_taken_back(hand: Hand) -> None:
    hand.new_tier("Looks")
    hand.stand(10)
    hand.press("1", "Ctrl+Shift+S")
    assert _state(hand) == TierState.SUBMITTED
    assert hand.window.timeline._layout.rows.row_of(hand.items[0].tier_id).name == "Looks: submitted"  # type: ignore[union-attr]
    hand.stand(30)
    hand.press("Ctrl+Shift+S")
    assert _state(hand) == TierState.IN_WORK
    hand.press("1")
    assert len(hand.items) == 2


def test_a_tier_that_must_be_filled_and_isnt_begun_is_refused_without_an_error(
    qtbot: QtBot, qapp: QApplication, recorded: Path, tmp_path: Path
) -> None:
    """Who has just opened a session has made no error: the sign is a warning's, and the refusal says what to do."""
    lab = Path(shutil.copytree(recorded, tmp_path / "p"))
    with Project.open(lab, CLOCK) as project:
        (ada,) = project.annotators.all()
        begin_tiers(project, SID, take_in_scheme(project, shipped("egoinstruct")), ada)
        hand = opened(qtbot, qapp, project)
        window = hand.window
        states = next(each for each in hand.document.tiers if each.tier_type == "conversation")
        window._choose(states.id, None)
        qtbot.waitUntil(lambda: bool(window._findings.list))
        assert [str(each.level) for each in window._findings.list] == ["warning"]
        hand.press("Ctrl+Shift+S")
        assert hand.said == (
            "Conversation states can't be submitted yet: nothing is marked in it yet, and it must be filled from"
            " start to end."
        )
        assert _state(hand) == TierState.IN_WORK
        window.close()


def test_a_tier_that_is_given_in_windows_is_submitted_with_these_filled(
    qtbot: QtBot, qapp: QApplication, recorded: Path, tmp_path: Path
) -> None:
    """The list beside the time line misses nothing elsewhere either; a mark reaches over the edge."""
    lab = Path(shutil.copytree(recorded, tmp_path / "p"))
    with Project.open(lab, CLOCK) as project:
        (ada,) = project.annotators.all()
        take_in_scheme(project, shipped("egoinstruct"))
        given = (Interval(20 * FRAME_NS, 40 * FRAME_NS),)
        made = assign(project, SID, Order("conversation", ada, ada, windows=given), CLOCK)
        hand = opened(qtbot, qapp, project)
        window = hand.window
        window._choose(made.tier_id, None)
        hand.press("Ctrl+Shift+S")
        assert "it must be filled from 0:0" in hand.said
        made_by = Made(Origin.MANUAL, ada.id)
        one, two = (
            Annotation(AnnotationId(str(start)), made.tier_id, start * FRAME_NS, end * FRAME_NS, "silence", made_by)
            for start, end in ((15, 30), (30, 50))
        )
        hand.document.apply(Edit("Mark", (), (one,)))
        qtbot.waitUntil(lambda: len(window._findings.list) == 1 and not window._findings.list[0].unbegun)
        hand.press("Ctrl+Shift+S")
        assert "1 error blocks the submission of Conversation states" in hand.said
        window._findings_list.close()
        hand.document.apply(Edit("Mark", (), (two,)))
        qtbot.waitUntil(lambda: window._findings.list == [])
        hand.press("Ctrl+Shift+S")
        assert _state(hand) == TierState.SUBMITTED
        window.close()
