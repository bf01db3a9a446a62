"""Reads a film's pictures in order, each with its number."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
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


APART_NS = 5 * NS_PER_S
"""Between frames that are so far apart it is quicker to seek than to decode."""


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


def picked(
    film: Path, index: FrameIndex, wanted: Collection[int], within_ns: int = 0
) -> Iterator[tuple[int, av.VideoFrame]]:
    """Number and upright picture of these frames, without those far between them; as near to their times.

    Raises WozError for a film that can't be read.
    """
    left = set(wanted)
    try:
        with av.open(str(film)) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            for first_ns, last_ns in _stretches([index.times[number] for number in sorted(left)]):
                assert stream.time_base
                container.seek(int(max(0, first_ns - within_ns) / NS_PER_S / stream.time_base), stream=stream)
                for frame in container.decode(stream):
                    if frame.pts is None:
                        continue
                    t_ns = time_of(frame)
                    number = _nearest(index.times, t_ns)
                    if number is not None and number in left and abs(index.times[number] - t_ns) <= within_ns:
                        left.discard(number)
                        yield number, upright(frame)
                    if t_ns >= last_ns + within_ns:
                        break
    except (OSError, IndexError, av.FFmpegError) as error:
        raise WozError(f"The video {film} can't be read ({error}).") from error
    if left:  # a seek missed
        yield from ((number, frame) for number, _, frame in numbered(film, index, within_ns) if number in left)


def _stretches(times: Sequence[int]) -> list[tuple[int, int]]:
    """The first and last of times, in their order, that are near each other."""
    found: list[tuple[int, int]] = []
    for t_ns in times:
        if found and t_ns - found[-1][1] <= APART_NS:
            found[-1] = (found[-1][0], t_ns)
        else:
            found.append((t_ns, t_ns))
    return found


def _nearest(times: Sequence[int], t_ns: int) -> int | None:
    """The number of the time nearest to one; None of no times."""
    after = bisect_right(times, t_ns)
    beside = range(max(0, after - 1), min(len(times), after + 1))
    return min(beside, key=lambda number: abs(times[number] - t_ns), default=None)
