"""What a row of the time line holds, as sorted arrays: what is in view is found without a look at the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Small = NDArray[np.int32]
Bools = NDArray[np.bool_]
Pixels = NDArray[np.floating[Any]]
MOST_LANES = 4
"""Items that overlap more than so many others are drawn over them."""


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Sorted by start. `kinds` numbers the colour of each, `lanes` where it lies among those that it overlaps.

    `reach` is the latest end (ns) of all items up to one; `points` have no length.
    """

    starts: Ints
    ends: Ints
    reach: Ints
    kinds: Small
    lanes: Small
    points: Bools
    lane_count: int = 1

    @classmethod
    def of(cls, starts: Ints, ends: Ints, kinds: Small, points: Bools) -> Spans:
        reach = np.maximum.accumulate(ends) if len(ends) else ends
        lanes = _lanes(starts, ends, reach)
        return cls(starts, ends, reach, kinds, lanes, points, int(lanes.max(initial=0)) + 1)

    @classmethod
    def none(cls) -> Spans:
        whole, small = np.zeros(0, np.int64), np.zeros(0, np.int32)
        return cls.of(whole, whole, small, np.zeros(0, np.bool_))

    def seen(self, start_ns: int, end_ns: int) -> slice:
        """All that reach from before `end_ns` to after `start_ns`; where items overlap, a few more."""
        first = int(np.searchsorted(self.reach, start_ns, "left"))
        return slice(first, max(first, int(np.searchsorted(self.starts, end_ns, "right"))))

    def at(self, t_ns: int, slack_ns: int, lane: int = 0) -> int | None:
        """The number of the item of a lane that a time lies in, or of the nearest point within `slack_ns` of it."""
        part = self.seen(t_ns - slack_ns, t_ns + slack_ns)
        here = self.lanes[part] == min(lane, self.lane_count - 1)
        spans = here & (self.starts[part] <= t_ns) & (t_ns < self.ends[part])
        away = np.where(here & self.points[part], np.abs(self.starts[part] - t_ns), slack_ns + 1)
        if len(away) and away.min() <= slack_ns:
            return int(part.start) + int(away.argmin())
        return int(part.start) + int(np.flatnonzero(spans)[0]) if spans.any() else None


def _lanes(starts: Ints, ends: Ints, reach: Ints) -> Small:
    """The first lane that is free, for each; all in one where none overlap."""
    lanes = np.zeros(len(starts), np.int32)
    if len(starts) < 2 or not (starts[1:] < reach[:-1]).any():
        return lanes
    free: list[int] = []
    for n, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        lane = next((i for i, until in enumerate(free) if until <= start), len(free))
        if lane == MOST_LANES:
            lane = min(range(MOST_LANES), key=free.__getitem__)
        if lane == len(free):
            free.append(end)
        free[lane] = max(free[lane], end, start + 1)
        lanes[n] = lane
    return lanes


@dataclass(frozen=True, slots=True)
class View:
    """A part of the session on so many pixels, the first of them at x = `left`."""

    start_ns: int
    end_ns: int
    left: float
    width: int

    @property
    def per_ns(self) -> float:
        """Pixels."""
        return self.width / max(1, self.end_ns - self.start_ns)

    def x(self, t_ns: int) -> float:
        return self.left + (t_ns - self.start_ns) * self.per_ns

    def xs(self, times: Ints) -> Pixels:
        return self.left + (times - self.start_ns) * self.per_ns

    def t(self, x: float) -> int:
        return self.start_ns + round((x - self.left) / self.per_ns)


def covered(left: Pixels, right: Pixels, kinds: Small, width: int, count: int) -> tuple[Small, Pixels]:
    """For each of `width` columns, which of `count` kinds covers most of it, and how much (0..1) all of them cover.

    The spans are shorter than a few columns: each counts where its middle lies.
    """
    column = np.clip((left + right) * 0.5, 0, width - 1).astype(np.int64)
    cells = np.bincount(column * count + kinds, np.maximum(right - left, 0.02), width * count)
    by_kind = cells.reshape(width, count)
    return by_kind.argmax(1).astype(np.int32), np.minimum(by_kind.sum(1), 1.0)
