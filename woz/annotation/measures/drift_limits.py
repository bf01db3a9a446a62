"""How far somebody's coding may lie from the others' until it is told: what a lab has agreed."""

from __future__ import annotations

from dataclasses import dataclass

from woz.base.interval import NS_PER_MS, hundredths


@dataclass(frozen=True, slots=True)
class DriftLimits:
    """So much later or earlier (ns, median) may starts be, and ends, and so large a share of pairs may have another
    label. Of fewer than `pairs` nothing is told, since chance alone makes much of few.
    """

    offset_ns: int = 250_000_000
    other_label: float = 0.1
    pairs: int = 20

    def offset_exceeded(self, apart_ns: float) -> bool:
        """By what is told, which is rounded to a hundredth of a second."""
        return abs(hundredths(apart_ns)) * 10 * NS_PER_MS > self.offset_ns

    def other_label_exceeded(self, share: float) -> bool:
        """By what is told, which is rounded to one of 100."""
        return round(100 * share) / 100 > self.other_label
