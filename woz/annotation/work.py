"""How long somebody works on a tier: time between two acts, unless it is so long that nobody sat there."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from woz.base.interval import NS_PER_S
from woz.model.annotation import Annotation
from woz.model.ids import TierId

IDLE_NS = 30 * NS_PER_S
"""Who does nothing for longer while it stands isn't working; nothing of that time counts."""
WATCHED_NS = 120 * NS_PER_S
"""So long after the last act playing counts as watching."""


class WorkMeter:
    """Counts by a clock that only goes forward (ns)."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._tier: TierId | None = None
        self._last = self._last_act = now()
        self._counted: dict[TierId, int] = {}

    def acted(self, tier: TierId | None) -> None:
        """A key, a click, an edit; what comes next is work on this tier."""
        self._count()
        self._tier, self._last_act = tier, self._last

    def plays(self) -> None:
        """It has played since the last word of it, and does still."""
        if self._now() - self._last_act <= WATCHED_NS:
            self._count()

    def take(self) -> dict[TierId, int]:
        """What was counted since it was last taken (ns)."""
        counted, self._counted = self._counted, {}
        return {tier: active for tier, active in counted.items() if active}

    def _count(self) -> None:
        now = self._now()
        gap, self._last = now - self._last, now
        if self._tier is not None and gap <= IDLE_NS:
            self._counted[self._tier] = self._counted.get(self._tier, 0) + gap


def covered_ns(items: Iterable[Annotation], duration_ns: int) -> int:
    """How far a tier is annotated: the end of its last item, no more than the recording."""
    ends = [each.interval.end_ns for each in items if each.start_ns is not None]
    return min(max(ends, default=0), duration_ns)


def rate(active_ns: int, video_ns: int) -> float | None:
    """Seconds of work for a second of video; None where there is no video."""
    return active_ns / video_ns if video_ns > 0 else None
