"""What comes often is let through once in a while."""

from __future__ import annotations

from woz.base.clock import ManualClock
from woz.base.throttle import Throttle


def test_it_is_due_at_once_and_then_when_so_long_has_passed() -> None:
    clock = ManualClock()
    throttle, due = Throttle(clock, 10), list[bool]()
    for _ in range(12):
        due.append(throttle.due())
        clock.advance(4)
    assert due == [True, False, False] * 4


def test_later_the_first_time_waits_too() -> None:
    clock = ManualClock(7)
    throttle = Throttle(clock, 10, later=True)
    assert not throttle.due()
    clock.advance(10)
    assert throttle.due()
    assert not throttle.due()
