"""Reads a film's pictures in order, each with its number."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import av

from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS, NS_PER_S
from woz.base.upright import upright
from woz.recording.folder.frame_index import FrameIndex

Progress = Callable[[float], bool]
"""Is told the part (0..1) that is done; False where nobody waits for the rest."""
ROUNDED_NS = NS_PER_MS
"""A blurred copy's times differ from the film's by less."""


class Stopped(Exception):  # noqa: N818
    """Nobody waits for the rest."""


def time_of(stamped: av.VideoFrame | av.Packet[Any]) -> int:
    """When it is shown, in nanoseconds of the film."""
    assert stamped.pts is not None
    assert stamped.time_base is not None
    return round(stamped.pts * NS_PER_S * stamped.time_base.numerator / stamped.time_base.denominator)


def numbered(film: Path, index: FrameIndex, within_ns: int = 0) -> Iterator[tuple[int, int, av.VideoFrame]]:
    """Number, time (ns) and upright picture of each frame whose time is in the index, or so near to one.

    Raises WozError for a film that can't be read.
    """
    try:
        with av.open(str(film)) as container:
            container.streams.video[0].thread_type = "AUTO"
            for frame in container.decode(video=0):
                if frame.pts is None:
                    continue
                t_ns = time_of(frame)
                number = _nearest(index.times, t_ns)
                if number is not None and abs(index.times[number] - t_ns) <= within_ns:
                    yield number, t_ns, upright(frame)
    except (OSError, IndexError, av.FFmpegError) as error:
        raise WozError(f"The video {film} can't be read ({error}).") from error


def _nearest(times: Sequence[int], t_ns: int) -> int | None:
    """The number of the time nearest to one; None of no times."""
    after = bisect_right(times, t_ns)
    beside = range(max(0, after - 1), min(len(times), after + 1))
    return min(beside, key=lambda number: abs(times[number] - t_ns), default=None)
