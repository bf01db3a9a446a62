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
    same, edits = len(set(one) & set(other)), boundary_edits(one, other, near)
    total = same + len(edits)
    return 1 - sum(cost for *_, cost in edits) / total if total else None


def boundary_edits(
    one: Sequence[int], other: Sequence[int], near: int
) -> list[tuple[int | None, int | None, float]]:
    """By time: boundaries that were moved, with the share of `near` by which they were, and those that the other
    has not (None), which cost 1.
    """
    first, second = set(one), set(other)
    left, right = sorted(first - second), sorted(second - first)
    moved = _moved(left, right, near)
    gone, come = set(left) - {a for a, _ in moved}, set(right) - {b for _, b in moved}
    edits: list[tuple[int | None, int | None, float]] = [(a, b, abs(a - b) / near) for a, b in moved]
    edits += [(a, None, 1.0) for a in gone]
    edits += [(None, b, 1.0) for b in come]
    return sorted(edits, key=_at)


def _at(edit: tuple[int | None, int | None, float]) -> int:
    return min(t for t in edit[:2] if t is not None)


def _moved(left: Sequence[int], right: Sequence[int], near: int) -> list[tuple[int, int]]:
    """Pairs that are near each other, the nearest first, each boundary in one pair."""
    pairs = sorted((abs(a - b), a, b) for a in left for b in _around(right, a, near))
    used: set[tuple[str, int]] = set()
    found = []
    for _, a, b in pairs:
        if ("a", a) not in used and ("b", b) not in used:
            used |= {("a", a), ("b", b)}
            found.append((a, b))
    return found


def _around(ordered: Sequence[int], at: int, near: int) -> list[int]:
    return list(ordered[bisect_right(ordered, at - near) : bisect_left(ordered, at + near)])
