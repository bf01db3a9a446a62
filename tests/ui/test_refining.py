"""The refine pass by key: edge after edge is played round, moved by frames, found right."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.desk_room import Hand, hand, recorded
from tests.ui.recorded_session import FRAME_NS
from woz.base.interval import NS_PER_S

__all__ = ["hand", "recorded"]


@pytest.fixture
def marked(hand: Hand) -> Hand:
    """Cut from 20 to 40, Stir from 40 to 60; the play head at the beginning."""
    hand.new_tier("Acts")
    for start, end, key in ((20, 40, "1"), (40, 60, "2")):
        hand.stand(start)
        hand.press("I")
        hand.stand(end)
        hand.press(key)
    hand.press("Home")
    return hand


def _round(hand: Hand, frame: int) -> bool:
    """Whether it plays round a frame, slowly."""
    player, near = hand.window.player, NS_PER_S // 2 // FRAME_NS + 2
    return player.playing and player.speed == 0.5 and abs(player.frame_number - frame) <= near


def test_a_refine_pass(marked: Hand, qtbot: QtBot) -> None:
    hand = marked
    hand.press("F5")
    assert _round(hand, 20)
    assert "in time, 1 of 3" in hand.window.ways.status.text("pass")
    hand.press(".", "Shift+.", ",")
    assert hand.spans == [("cut", 30, 40), ("stir", 40, 60)]
    hand.press("Return")
    assert _round(hand, 40)
    hand.press("Shift+,")
    assert "can't end before it starts" in hand.said
    assert hand.spans == [("cut", 30, 40), ("stir", 40, 60)]
    hand.press("Tab")
    assert _round(hand, 60)
    hand.press("Shift+Tab")
    assert _round(hand, 40)
    hand.press("F5")
    assert not hand.plays()
    assert hand.window.player.speed == 1.0


def test_edges_that_touch_are_moved_together_and_a_label_key_relabels(marked: Hand) -> None:
    hand = marked
    hand.press("F5", "Tab")
    assert _round(hand, 40)
    hand.press(",", ",")
    assert hand.spans == [("cut", 20, 38), ("stir", 38, 60)]
    assert _round(hand, 38)
    hand.press("Alt+.")
    assert hand.spans == [("cut", 20, 38), ("stir", 39, 60)]
    hand.press("W")
    assert hand.spans == [("cut", 20, 38), ("wash", 39, 60)]
    hand.press("Up")
    assert _round(hand, 38)
    hand.press("Tab", "Tab", "Return")
    assert "last edge of Acts" in hand.said
    assert not hand.window.ways.refining.on
    assert hand.window.player.frame_number == 60


def test_the_frames_around_the_edge_are_shown(marked: Hand, qtbot: QtBot) -> None:
    hand, strip = marked, marked.window.ways.strip
    assert not strip.isVisible()
    hand.press("F5")
    qtbot.waitUntil(lambda: strip.numbers == tuple(range(16, 25)))
    hand.press(".", ".")
    qtbot.waitUntil(lambda: strip.numbers == tuple(range(18, 27)))
    hand.press("F5")
    assert not strip.isVisible()


def test_what_was_pressed_at_speed_and_not_looked_at_is_most_doubtful(
    marked: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand, late = marked, marked.window._marking.passes.late
    second = hand.items[1]
    with monkeypatch.context() as playing:
        playing.setattr(type(hand.window.player), "playing", property(lambda player: True))
        late.pressed(second.id, False, 60 * FRAME_NS)
    hand.press("Shift+F5")
    assert "by doubt, 1 of 3" in hand.window.ways.status.text("pass")
    assert _round(hand, 60)
    hand.press("Return")
    assert late.doubt(second.id, False) == 0
    assert _round(hand, 20)
    hand.press("Return")
    assert _round(hand, 40)
    hand.press("Return")
    assert "last edge" in hand.said


def test_without_edges_it_says_so(hand: Hand) -> None:
    hand.press("F5")
    assert "Ctrl+N" in hand.said
    hand.new_tier("Acts")
    hand.press("F5")
    assert "no edge of Acts" in hand.said
    assert not hand.window.ways.refining.on
