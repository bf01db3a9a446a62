"""What measures of agreement beyond chance are made of."""

from __future__ import annotations

from dataclasses import dataclass

_NONE = 1e-15
"""Less than this of a chance is none: what doubles leave of 1 - 1."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """How much there is, and how much chance alone would make, in one unit; the measure is 1 less the one over the
    other.
    """

    observed: float
    by_chance: float


def beyond_chance(found: Disagreement | None) -> float | None:
    """None where chance makes no disagreement, too."""
    return None if found is None or found.by_chance <= _NONE else 1 - found.observed / found.by_chance
