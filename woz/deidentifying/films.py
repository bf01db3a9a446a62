"""Reads a film's pictures in order, each with its number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.recording.folder.frame_index import FrameIndex

Progress = Callable[[float], bool]
"""Is told the part (0..1) that is done; False where nobody waits for the rest."""


class Stopped(Exception):  # noqa: N818
    """Nobody waits for the rest."""


def time_of(stamped: av.VideoFrame | av.Packet[Any]) -> int:
    """When it is shown, in nanoseconds of the film."""
    assert stamped.pts is not None
    assert stamped.time_base is not None
    return round(stamped.pts * NS_PER_S * stamped.time_base.numerator / stamped.time_base.denominator)


def numbered(film: Path, index: FrameIndex) -> Iterator[tuple[int, int, av.VideoFrame]]:
    """Number, time (ns) and picture of each frame. Raises WozError for a film that can't be read."""
    numbers = {t_ns: number for number, t_ns in enumerate(index.times)}
    try:
        with av.open(str(film)) as container:
            container.streams.video[0].thread_type = "AUTO"
            for frame in container.decode(video=0):
                if frame.pts is not None and (t_ns := time_of(frame)) in numbers:
                    yield numbers[t_ns], t_ns, frame
    except (OSError, IndexError, av.FFmpegError) as error:
        raise WozError(f"The video {film} can't be read ({error}).") from error
