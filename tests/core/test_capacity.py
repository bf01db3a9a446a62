"""The demo's view is as large as the machine carries."""

from __future__ import annotations

from pathlib import Path

import pytest

from woz.demo.capacity import SIZES, IdleWatch, choose, frame_cost_s


def cost_s(size: int) -> float:
    """22 ms at 1408x1408, and less by its area."""
    return 0.022 * (size / 1408) ** 2


@pytest.mark.parametrize(
    ("free", "size"), [(8.0, 1408), (1.4, 1408), (1.2, 1056), (1.0, 704), (0.95, 480), (0.2, 480)]
)
def test_the_largest_size_that_finds_room_is_taken(free: float, size: int) -> None:
    assert choose(8, free, cost_s).size == size


def test_a_smaller_size_is_told_with_its_reason() -> None:
    assert choose(2, 1.9, cost_s).words == ""
    assert choose(2, 1.0, cost_s).words == (
        "The view is drawn at 704x704: 1.0 of 2 cores are free, and 1408x1408 would take 1.1"
    )
    assert choose(2, 0.2, cost_s).words.endswith("would take 1.1; even so there may be gaps")


def test_a_larger_picture_costs_more() -> None:
    assert frame_cost_s(SIZES[0]) > frame_cost_s(SIZES[-1]) > 0


@pytest.mark.parametrize(
    ("after", "free"),
    [("cpu  600 0 100 1200 100 0 0 0 0 0", 1.0), ("cpu  100 0 100 800 0 0 0 0 0 0", 2.0), ("", 2.0)],
)
def test_what_nobody_used_is_free(tmp_path: Path, after: str, free: float) -> None:
    """Half of a thousand ticks: 400 idle and 100 waiting for a disk; none at all; a system that doesn't tell."""
    stat = tmp_path / "stat"
    stat.write_text("cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 1 2 3 4 5 6 7 8 9 10\n")
    watch = IdleWatch(2, stat)
    stat.write_text(after)
    assert watch.free_cores() == pytest.approx(free)
