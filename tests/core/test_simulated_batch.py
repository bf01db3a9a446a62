"""The simulation of a batch: bounds that hold whatever is drawn."""

from __future__ import annotations

import pytest

from tests.benchmarks.simulate_batch import GIVEN_S, WANTED_S, lengths, simulated


def test_workers_share_the_work_without_losing_any() -> None:
    items = lengths([0.5], 100.0)
    assert sum(items) == pytest.approx(0.5 * 100 * 3600, rel=0.02)
    found = {workers: simulated(items, workers, 6900) for workers in (1, 8, 64)}
    for workers, one in found.items():
        assert one.hours * 3600 >= sum(items) / workers + WANTED_S
        assert 0.0 < one.busy <= 1.0
    assert found[1].hours > found[8].hours > found[64].hours
    assert found[1].renewed > found[64].renewed


def test_more_workers_than_items_wait_for_the_longest() -> None:
    items = [100.0] * 10
    one = simulated(items, 512, 6900)
    assert one.hours * 3600 == pytest.approx(WANTED_S + 9 * GIVEN_S + 100, rel=0.01) or one.lost
    assert one.busy < 0.02
