"""Many items at once, by key: chosen, changed, deleted, copied, each as one edit."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from tests.ui.desk_room import Hand, hand, recorded
from tests.ui.recorded_session import FRAME_NS, FRAMES
from woz.base.interval import Interval
from woz.model.annotation import Annotation

__all__ = ["hand", "recorded"]


def _four(hand: Hand) -> None:
    """Cut, stir, cut, wash up: ten frames each."""
    hand.new_tier("Acts")
    for n, key in enumerate("121W"):
        hand.stand(20 * n)
        hand.press("I")
        hand.stand(20 * n + 10)
        hand.press(key)


def _labels(hand: Hand) -> list[str]:
    return [item.label for item in hand.items]


def test_a_range_gets_another_label_as_one_edit(hand: Hand) -> None:
    _four(hand)
    hand.stand(5)
    hand.press("Return", "Shift+PgDown", "Shift+PgDown", "Shift+PgUp")
    assert len(hand.window._marking.chosen_many) == 2
    assert hand.window._inspector.name.text() == "2 items chosen"
    hand.press("W")
    assert _labels(hand) == ["wash", "wash", "cut", "wash"]
    hand.press("Ctrl+Z")
    assert _labels(hand) == ["cut", "stir", "cut", "wash"]


def test_one_attribute_of_all_with_a_label_is_changed_at_once(hand: Hand, qtbot: QtBot) -> None:
    _four(hand)
    hand.stand(5)
    hand.press("Return", "Ctrl+Shift+A")
    done = hand.window._inspector._fields["done"]
    assert isinstance(done, QCheckBox)
    done.setFocus()
    qtbot.keyClick(done, Qt.Key.Key_Space)
    assert [item.value("done") for item in hand.items] == [True, None, True, None]
    hand.window.timeline.setFocus()
    hand.press("Ctrl+Z")
    assert [item.value("done") for item in hand.items] == [None] * 4


def test_items_are_added_and_taken_out_by_key_and_pointer(hand: Hand, qtbot: QtBot) -> None:
    _four(hand)
    hand.stand(5)
    hand.press("Return")
    hand.stand(45)
    hand.press("Ctrl+M")
    assert [item.label for item in hand.window._marking.chosen_many] == ["cut", "cut"]
    line = hand.window.timeline
    row = line._layout.rows.row_of(hand.items[0].tier_id)
    assert row

    def spot(n: int) -> QPoint:
        return line._layout.place(row, n).center().toPoint()

    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, spot(3))
    assert len(hand.window._marking.chosen_many) == 3
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, spot(0))
    assert [item.label for item in hand.window._marking.chosen_many] == ["cut", "wash"]
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot(0))
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, spot(2))
    assert len(hand.window._marking.chosen_many) == 3
    hand.press("Escape")
    assert not hand.window._marking.chosen_many


def test_all_are_deleted_as_one_edit_and_edges_are_moved_one_by_one(hand: Hand) -> None:
    _four(hand)
    hand.press("Ctrl+A", "Shift+I")
    assert "one item at a time" in hand.said
    hand.press("S", "M")
    assert len(hand.items) == 4
    hand.press("Delete")
    assert hand.items == []
    assert hand.document.undo_name == "Delete 4 items"
    hand.press("Ctrl+Z")
    assert len(hand.items) == 4


def _starts(items: list[Annotation]) -> list[int]:
    return [item.interval.start_ns // FRAME_NS for item in items]


def test_copies_are_put_at_the_play_head_where_there_is_room(hand: Hand) -> None:
    _four(hand)
    hand.press("Ctrl+V")
    assert "Ctrl+C" in hand.said
    hand.stand(5)
    hand.press("Return", "Ctrl+C")
    hand.stand(30)
    hand.press("Ctrl+V")
    assert _starts(hand.items) == [0, 20, 30, 40, 60]
    hand.stand(45)
    hand.press("Ctrl+V")
    assert "something else" in hand.said
    assert len(hand.items) == 5
    hand.press("Ctrl+Z")
    assert _starts(hand.items) == [0, 20, 40, 60]
    hand.stand(5)
    hand.press("Return", "Ctrl+X")
    assert _starts(hand.items) == [20, 40, 60]


def test_what_would_reach_beyond_the_session_is_not_pasted(hand: Hand) -> None:
    _four(hand)
    hand.press("Ctrl+A", "Ctrl+C")
    hand.stand(80)
    hand.press("Ctrl+V")
    assert "beyond the end of the session" in hand.said
    assert _starts(hand.items) == [0, 20, 40, 60]


def test_what_begins_on_the_last_frame_ends_with_the_session(hand: Hand) -> None:
    hand.new_tier("Acts")
    hand.stand(FRAMES - 1)
    hand.press("1")
    assert [each.interval for each in hand.items] == [Interval((FRAMES - 1) * FRAME_NS, FRAMES * FRAME_NS)]


def test_nothing_is_begun_where_the_session_ends(hand: Hand) -> None:
    hand.new_tier("Acts")
    hand.window._marking.duration_ns = (FRAMES - 1) * FRAME_NS
    hand.stand(FRAMES - 1)
    hand.press("1")
    assert "The session ends here" in hand.said
    assert not hand.items


def test_all_are_duplicated_to_another_tier_by_their_labels(hand: Hand) -> None:
    _four(hand)
    first = hand.window._tier
    assert first
    hand.press("Ctrl+A", "Ctrl+D")
    assert "no other tier" in hand.said
    hand.new_tier("Acts")
    hand.new_tier("Looks")
    hand.window._choose(first.id, None)
    hand.press("Ctrl+A")
    hand.answer("Ctrl+D", "Looks")
    assert "no label “Cut”" in hand.said
    hand.press("Ctrl+A")
    hand.answer("Ctrl+D", "Acts 2")
    tier = hand.window._tier
    assert tier
    assert tier.name == "Acts 2"
    assert _labels(hand) == ["cut", "stir", "cut", "wash"]
    assert {item.made.by for item in hand.items} == {hand.document.by}
    assert hand.document.undo_name == "Duplicate 4 items"


def test_what_is_said_of_many_goes_with_them(hand: Hand) -> None:
    """Else the line below still says “2 chosen” of a single point."""
    _four(hand)
    hand.press("Ctrl+A")
    assert "chosen: what is changed changes all" in hand.window._saved.text()
    hand.new_tier("Looks")
    assert "chosen" not in hand.window._saved.text()
