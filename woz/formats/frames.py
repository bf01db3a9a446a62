"""Times and frames of a video at a declared frame rate."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S


@dataclass(frozen=True, slots=True)
class FrameRate:
    """Frames are counted from 0; frame n spans [n, n + 1) / rate."""

    rate: Fraction

    @classmethod
    def of(cls, per_second: float) -> FrameRate:
        """Raises WozError for a rate that no video has."""
        if not 0.01 <= per_second <= 100_000:
            raise WozError(f"{per_second} is no frame rate; give the video's frames a second.")
        return cls(Fraction(Decimal(str(per_second))))

    def at(self, t_ns: int) -> int:
        """The frame that is shown at a time."""
        return floor(t_ns * self.rate / NS_PER_S)

    def until(self, t_ns: int) -> int:
        """The first frame that begins at a time or after it."""
        return ceil(t_ns * self.rate / NS_PER_S)

    def begin_ns(self, frame: int) -> int:
        """The nearest nanosecond to a frame's begin."""
        return round(frame * NS_PER_S / self.rate)
