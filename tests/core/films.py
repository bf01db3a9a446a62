"""Films whose pictures hold their number: as woz records, with uneven times, reordered frames, long groups."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream

from woz.capture.frame_code import draw_number

WIDTH, HEIGHT = 320, 240
COUNT = 240


def write_film(
    path: Path, codec: str, options: dict[str, str], times_ms: list[int], group: int, between: int
) -> None:
    """Frames at these times; `group` is the longest distance of key frames, `between` the most reordered frames."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        stream.codec_context.options = options
        stream.codec_context.gop_size = group
        stream.codec_context.max_b_frames = between
        for number, t_ms in enumerate(times_ms):
            planes = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
            planes[: HEIGHT - 20, (number * 7) % WIDTH :] = 90
            draw_number(planes[:HEIGHT], number)
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = t_ms, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def even(count: int = COUNT) -> list[int]:
    return [40 * n for n in range(count)]


def uneven(count: int = COUNT) -> list[int]:
    """As a phone's film has it: distances of 3 to 300 ms."""
    steps = np.random.default_rng(4).choice([3, 16, 17, 33, 34, 50, 300], count - 1)
    return [0, *np.cumsum(steps).tolist()]
