"""A tier is submitted by key; what blocks it is listed and led to."""

from __future__ import annotations

from tests.ui.desk_room import Hand, hand, recorded
from tests.ui.test_selection import _four
from woz.model.tier import TierState

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
