"""How well the boundaries between segments agree."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence


def boundary_similarity(one: Sequence[int], other: Sequence[int], near: int) -> float | None:
    """Fournier, "Evaluating text segmentation using boundary edit distance", 2013: 1 where all boundaries are the
    same, 0 where none is.

    Boundaries less than `near` apart (in their unit) count as one that was moved, by its share of `near`. None
    where there are no boundaries.
    """
    first, second = set(one), set(other)
    same = len(first & second)
    left, right = sorted(first - second), sorted(second - first)
    moved = _moved(left, right, near)
    alone = len(left) + len(right) - 2 * len(moved)
    total = same + alone + len(moved)
    return 1 - (alone + sum(distance / near for distance in moved)) / total if total else None


def _moved(left: Sequence[int], right: Sequence[int], near: int) -> list[int]:
    """The distances of pairs that are near each other, the nearest first, each boundary in one pair."""
    pairs = sorted((abs(a - b), a, b) for a in left for b in _around(right, a, near))
    used: set[tuple[str, int]] = set()
    found = []
    for distance, a, b in pairs:
        if ("a", a) not in used and ("b", b) not in used:
            used |= {("a", a), ("b", b)}
            found.append(distance)
    return found


def _around(ordered: Sequence[int], at: int, near: int) -> list[int]:
    return list(ordered[bisect_right(ordered, at - near) : bisect_left(ordered, at + near)])
