"""A map from a stream's own clock to session time, with figures that say how good it is."""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import asdict, dataclass, replace
from itertools import accumulate

from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.base.outside import Count, Whole, read


@dataclass(frozen=True, slots=True)
class MapQuality:
    """Residuals of the samples that a map was estimated from, in nanoseconds, as absolute values."""

    samples: Count = 0
    residual_p50_ns: Whole = 0
    residual_p95_ns: Whole = 0
    residual_max_ns: Whole = 0
    residual_p99_ns: Whole = 0


@dataclass(frozen=True, slots=True)
class ClockMap:
    """Piecewise linear: `knots` are (stream_ns, session_ns) pairs, both strictly rising; at least two.

    Outside its knots the map goes on along its first and last piece; `valid` is the session time in which it rests
    on readings, None where that isn't known. Raises ValueError for other knots.
    """

    knots: tuple[tuple[Whole, Whole], ...]
    quality: MapQuality = MapQuality()
    valid: Interval | None = None

    def __post_init__(self) -> None:
        pairs = zip(self.knots, self.knots[1:], strict=False)
        if len(self.knots) < 2 or any(b[0] <= a[0] or b[1] <= a[1] for a, b in pairs):
            raise ValueError("a clock map needs two or more knots that rise in both clocks")

    @classmethod
    def shift(cls, offset_ns: int) -> ClockMap:
        """The map of a clock that runs at session time's rate, `offset_ns` before it."""
        return cls(((0, offset_ns), (1_000_000_000, 1_000_000_000 + offset_ns)))

    @classmethod
    def line(cls, at_ns: int, offset_ns: int, drift_ppm: float, quality: MapQuality | None = None) -> ClockMap:
        """A straight map: at stream time `at_ns` the session time is `at_ns + offset_ns`.

        A positive drift means that session time gains `drift_ppm` microseconds each second of the stream's clock.
        """
        span = 1_000_000_000_000
        far = at_ns + span
        far_session = far + offset_ns + round(span * drift_ppm * 1e-6)
        return cls(((at_ns, at_ns + offset_ns), (far, far_session)), quality or MapQuality())

    @property
    def offset_ns(self) -> int:
        """Session time minus stream time at the first knot."""
        return self.knots[0][1] - self.knots[0][0]

    @property
    def drift_ppm(self) -> float:
        """How much faster session time runs than the stream's clock, in parts per million.

        It is the median over the knots' time, so that a clock that was set, or sound that was lost, is no drift.
        """
        pairs = zip(self.knots, self.knots[1:], strict=False)
        pieces = sorted(((d - c) / (b - a), b - a) for (a, c), (b, d) in pairs)
        reached = list(accumulate(length for _, length in pieces))
        return (pieces[bisect_right(reached, reached[-1] // 2)][0] - 1) * 1e6

    def to_session(self, stream_ns: int) -> int:
        return _interpolate(self.knots, stream_ns, 0, 1)

    def from_session(self, session_ns: int) -> int:
        return _interpolate(self.knots, session_ns, 1, 0)

    def shifted(self, by_ns: int) -> ClockMap:
        """The same map onto a clock that reads `by_ns` more."""
        valid = self.valid.shifted(by_ns) if self.valid else None
        return replace(self, knots=tuple((a, b + by_ns) for a, b in self.knots), valid=valid)

    def from_origin(self, origin_ns: int) -> ClockMap:
        """The same map from a clock whose zero is `origin_ns` of this one's."""
        return replace(self, knots=tuple((a - origin_ns, b) for a, b in self.knots))

    def to_json(self) -> str:
        quality = asdict(self.quality)
        figures = {"offset_ns": self.offset_ns, "drift_ppm": round(self.drift_ppm, 4)}
        valid = [self.valid.start_ns, self.valid.end_ns] if self.valid else None
        return json.dumps({"knots": self.knots, **figures, "quality": quality, "valid": valid})

    @classmethod
    def from_json(cls, text: str) -> ClockMap:
        """Raises WozError for a text that is no clock map."""
        try:
            written = read(text, _Written)
            return cls(written.knots, written.quality, Interval(*written.valid) if written.valid else None)
        except ValueError as error:
            raise WozError(f"A clock map can't be read ({error}); restore the session's manifest.") from error


@dataclass(frozen=True, slots=True)
class _Written:
    """A map as JSON has it."""

    knots: tuple[tuple[Whole, Whole], ...]
    quality: MapQuality
    valid: tuple[Whole, Whole] | None = None


def _interpolate(knots: tuple[tuple[int, int], ...], t: int, given: int, wanted: int) -> int:
    i = bisect_right(knots, t, key=lambda knot: knot[given]) - 1
    a, b = knots[max(0, min(i, len(knots) - 2))], knots[max(0, min(i, len(knots) - 2)) + 1]
    span, rise = b[given] - a[given], b[wanted] - a[wanted]
    return a[wanted] + ((t - a[given]) * rise + span // 2) // span
