"""How many examples a property that costs much is tried with."""

from __future__ import annotations

from hypothesis import settings

USUAL = 100
"""What a property has in the suite's profile where it says nothing."""


def scaled(number: int) -> int:
    """So many in the suite; in another profile (`--hypothesis-profile thorough`) as many times more as all have."""
    return number * settings().max_examples // USUAL
