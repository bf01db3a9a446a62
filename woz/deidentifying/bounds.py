"""How sure a share is that was counted on samples."""

from __future__ import annotations

import math

MISTAKE = 0.05
STEPS = 60


def upper_bound(misses: int, of: int) -> float:
    """The share that misses stay below with 95 % certainty, one-sided.

    Without a miss it is 3/n ("rule of three"), else Clopper and Pearson's exact bound (1934); 1 where nothing was
    counted.
    """
    if of == 0 or misses >= of:
        return 1.0
    if misses == 0:
        return min(1.0, 3 / of)
    low, high = misses / of, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(misses, of, middle) > MISTAKE else (low, middle)
    return high


def _at_most(misses: int, of: int, share: float) -> float:
    """The probability of so many misses or fewer."""
    return sum(math.exp(_log_probability(k, of, share)) for k in range(misses + 1))


def _log_probability(k: int, of: int, share: float) -> float:
    ways = math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1)
    return ways + k * math.log(share) + (of - k) * math.log1p(-share)
