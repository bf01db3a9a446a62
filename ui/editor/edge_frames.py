"""Where an edge stands among the frames, and where it is some frames further."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from woz.annotation.placing import NEVER_ENDS


def count_of(times: Sequence[int], edge_ns: int, snapped_ns: int) -> int:
    """The number of the frame that an edge is at; as many as there are where it lies after the last one."""
    return len(times) if edge_ns > times[-1] else bisect_left(times, snapped_ns)


def edge_after(times: Sequence[int], duration_ns: int, edge_ns: int, number: int, at_start: bool) -> int:
    """The time of a frame in nanoseconds; an end may lie where the session ends, after the last frame."""
    number, last_ns = max(0, number), times[-1]
    if number < len(times):
        return times[number]
    ends = not at_start and last_ns < duration_ns < NEVER_ENDS
    return max(edge_ns, duration_ns if ends else last_ns)
