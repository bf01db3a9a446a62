"""Keys in an order that nobody thought of: what is under way ends in order, and is said."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from tests.ui.desk_room import Hand, hand, once_open, recorded
from ui.editor.label_list import LabelList

__all__ = ["hand", "recorded"]


def _segment(hand: Hand, key: str, start: int, end: int) -> None:
    hand.stand(start)
    hand.press("I")
    hand.stand(end)
    hand.press(key)


def _play_on(hand: Hand, frames: int = 2) -> None:
    player = hand.window.player
    if not player.playing:
        hand.press("Space")
    from_frame = player.frame_number
    hand.qtbot.waitUntil(lambda: player.playing and player.frame_number > from_frame + frames)


def test_a_tap_that_runs_goes_with_its_tier_when_that_is_undone(hand: Hand) -> None:
    hand.new_tier("Hands")
    hand.new_tier("Acts")
    hand.press("Home")
    _play_on(hand)
    hand.press("1")
    assert hand.running() == "cut"
    hand.press("Ctrl+Z")
    assert "gone with its tier" in hand.said
    assert hand.running() is None
    assert [each.tier_type for each in hand.document.tiers] == ["hands"]
    hand.press("2")
    _play_on(hand)
    hand.press("Space", "2")
    assert [each.label for each in hand.items] == ["right"]


def test_a_key_that_is_held_ends_nothing_once_its_tier_is_undone(hand: Hand) -> None:
    hand.new_tier("Acts")
    hand.new_tier("Hands")
    hand.press("Home", "F4")
    _play_on(hand)
    QTest.keyPress(hand.window.timeline, Qt.Key.Key_1)
    assert "Left runs" in hand.window.ways.status.text("pass")
    hand.press("Ctrl+Z")
    _play_on(hand)
    QTest.keyRelease(hand.window.timeline, Qt.Key.Key_1)
    hand.press("Space")
    assert "gone with its tier" in hand.said
    assert hand.window._tier.tier_type == "acts"  # type: ignore[union-attr]
    assert hand.items == []


def test_an_undo_while_a_key_is_held_takes_back_the_edit_before_and_what_is_held_stays(hand: Hand) -> None:
    hand.new_tier("Hands")
    _segment(hand, "1", 60, 66)
    hand.press("Home", "F4")
    _play_on(hand)
    QTest.keyPress(hand.window.timeline, Qt.Key.Key_2)
    hand.press("Ctrl+Z")
    _play_on(hand, 4)
    QTest.keyRelease(hand.window.timeline, Qt.Key.Key_2)
    hand.press("Space")
    assert [each.label for each in hand.items] == ["right"]


def test_a_tap_before_the_beginning_of_what_runs_is_said(hand: Hand) -> None:
    hand.new_tier("Acts")
    hand.stand(40)
    _play_on(hand)
    hand.press("1", "Space")
    hand.stand(10)
    hand.press("2")
    assert hand.said == "Cut would end before it begins, so it isn't made."
    assert hand.running() == "stir"
    assert hand.items == []
    hand.stand(20)
    hand.press("2")
    assert [each.label for each in hand.items] == ["stir"]


def test_what_runs_is_said_to_go_where_another_tier_is_chosen_before_its_beginning(hand: Hand) -> None:
    hand.new_tier("Hands")
    acts = hand.new_tier("Acts")
    hand.stand(40)
    _play_on(hand)
    hand.press("1", "Space")
    hand.stand(10)
    hand.press("Tab")
    assert hand.said == "Cut would end before it begins, so it isn't made."
    assert hand.running() is None
    assert list(hand.document.annotations(acts)) == []


def test_what_was_begun_is_forgotten_with_escape_and_with_the_tier(hand: Hand) -> None:
    hand.new_tier("Hands")
    hand.new_tier("Acts")
    hand.stand(10)
    hand.press("I", "Escape")
    hand.stand(30)
    hand.press("1")
    assert hand.spans[0][:2] == ("cut", 30), "not from where I was pressed"
    hand.stand(5)
    hand.press("I")
    assert "In at" in hand.window._saved.text()
    hand.press("Tab")
    assert "In at" not in hand.window._saved.text()
    hand.press("O")
    assert hand.said.startswith("Press I where it starts first")


@pytest.mark.parametrize(("tier", "said"), [("Looks", "points"), ("Skill", "whole session")])
def test_points_and_what_is_for_the_session_have_no_beginning(hand: Hand, tier: str, said: str) -> None:
    hand.press("I")
    assert "Ctrl+N" in hand.said
    hand.new_tier(tier)
    hand.press("I")
    assert said in hand.said
    hand.press("1", "1")
    assert len(hand.items) == 1, "the second one labels what the first one made"


def test_a_label_key_is_typed_where_the_list_of_labels_is_open(hand: Hand) -> None:
    hand.new_tier("Acts")
    hand.stand(10)
    seen: list[str] = []

    def into(dialog: QDialog) -> None:
        assert isinstance(dialog, LabelList)
        for key in (Qt.Key.Key_W, Qt.Key.Key_A):
            QTest.keyClick(dialog.field, key)
        seen.append(dialog.field.text())
        QTest.keyClick(dialog, Qt.Key.Key_Return)

    once_open(into)
    hand.press("F")
    assert seen == ["wa"]
    assert [each.label for each in hand.items] == ["wash"]


def test_the_right_button_drags_no_edge(hand: Hand) -> None:
    hand.new_tier("Acts")
    _segment(hand, "1", 20, 40)
    line, spans = hand.window.timeline, hand.spans
    row = line._layout.rows.row_of(hand.items[0].tier_id)
    assert row
    box = line._layout.place(row, 0)
    places = (QPointF(box.left(), box.center().y()), QPointF(box.left() + 60, box.center().y()))
    right, none = Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier
    for kind, place in (
        (QEvent.Type.MouseButtonPress, places[0]),
        (QEvent.Type.MouseMove, places[1]),
        (QEvent.Type.MouseButtonRelease, places[1]),
    ):
        QApplication.sendEvent(line, QMouseEvent(kind, place, line.mapToGlobal(place), right, right, none))
    assert hand.spans == spans
