"""How late somebody's presses are, learnt from what they, or others, corrected afterwards."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from statistics import median

from woz.base.interval import NS_PER_S

WITHIN_NS = 5 * NS_PER_S
"""A press and a start further apart have nothing to do with each other."""
ENOUGH = 5
"""From so few pairs nothing is learnt."""


def lags_ns(pressed: Iterable[tuple[str, int]], corrected: Iterable[tuple[str, int]]) -> list[int]:
    """Each press less the nearest corrected time (ns) of the same label, where one is near."""
    times: dict[str, list[int]] = {}
    for label, t_ns in corrected:
        times.setdefault(label, []).append(t_ns)
    for each in times.values():
        each.sort()
    found = ((t_ns, _nearest(times.get(label, ()), t_ns)) for label, t_ns in pressed)
    return [t_ns - near for t_ns, near in found if near is not None and abs(t_ns - near) <= WITHIN_NS]


def learnt_lag_ns(lags: Sequence[int]) -> int | None:
    """The median, never less than nothing; None where too few are known."""
    return max(0, round(median(lags))) if len(lags) >= ENOUGH else None


def _nearest(times: Sequence[int], t_ns: int) -> int | None:
    i = bisect_left(times, t_ns)
    return min(times[max(0, i - 1) : i + 1], key=lambda each: abs(each - t_ns), default=None)
