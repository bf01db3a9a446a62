"""How long a console asks for a place that is taken."""

from __future__ import annotations

import pytest

from woz.base.clock import ManualClock
from woz.link.handshake.busy import BusyError, Patience

MS = 1_000_000


def _asked(heard_ms: list[int | None]) -> int:
    """How many answers, 900 ms apart, are waited for; each says how long ago the other one was heard."""
    clock = ManualClock()
    patience = Patience(clock)
    for count, ago in enumerate(heard_ms, 1):
        if not patience.goes_on(BusyError("taken", None if ago is None else ago * MS)):
            return count
        clock.advance(900 * MS)
    return len(heard_ms) + 1


def test_who_was_heard_since_we_first_asked_stays() -> None:
    assert _asked([20, 20, 20, 20]) == 2


def test_who_was_not_heard_since_may_have_crashed() -> None:
    assert _asked([100, 1000, 1900]) == 4


@pytest.mark.parametrize("ago", [None, 10_000_000])
def test_a_station_that_does_not_know_is_asked_until_it_must_have_missed_somebody(ago: int | None) -> None:
    assert _asked([ago] * 20) == 6


def test_what_was_on_the_way_proves_nothing() -> None:
    assert _asked([0, 850, 1750, 2650]) == 5
