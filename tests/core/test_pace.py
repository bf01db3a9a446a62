"""How far a batch is, and how long it still takes."""

from __future__ import annotations

from woz.base.clock import ManualClock
from woz.base.interval import NS_PER_S
from woz.batch.pace import Pace


def test_the_time_left_follows_the_last_items() -> None:
    clock = ManualClock()
    pace = Pace(clock, 100)
    assert pace.words(100, 0) == (0, "0 of 100 items")
    for _ in range(10):
        clock.advance(6 * NS_PER_S)
        pace.took()
    assert pace.words(90, 1) == (10, "10 of 100 items, 1 failed; about 9 min left")
    assert pace.words(0, 1) == (100, "100 of 100 items, 1 failed")


def test_it_is_told_once_a_second_and_at_the_end() -> None:
    clock = ManualClock()
    clock.advance(NS_PER_S)
    pace = Pace(clock, 10)
    assert pace.due(9)
    assert not pace.due(8)
    assert pace.due(0)
    clock.advance(NS_PER_S)
    assert pace.due(7)
