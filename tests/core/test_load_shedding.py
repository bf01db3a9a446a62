"""A machine that is too slow shows fewer pictures, and says so."""

from __future__ import annotations

import pytest

from woz.base.clock import ManualClock
from woz.base.interval import NS_PER_S
from woz.live.station.load_shedding import SHOWN_OF, TOLD_NS, LoadShedding


def test_all_pictures_are_shown_while_the_recorder_keeps_up() -> None:
    shedding = LoadShedding(ManualClock())
    assert all(shedding.shows(0.1) for _ in range(100))
    assert (shedding.spared, shedding.problem) == (0, "")


@pytest.mark.parametrize(("behind_s", "of"), SHOWN_OF)
def test_few_are_shown_while_it_does_not_and_the_operator_is_told(behind_s: float, of: int) -> None:
    clock = ManualClock()
    shedding = LoadShedding(clock)
    shown = [shedding.shows(behind_s + 0.01) for _ in range(8 * of)]
    assert sum(shown) == 8
    assert shedding.spared == len(shown) - 8
    assert "nothing is left out of the recording" in shedding.problem
    assert shedding.shows(0)
    clock.advance(TOLD_NS + NS_PER_S)
    assert not shedding.problem
