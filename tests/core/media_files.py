"""Small media files for tests."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

CODECS = {"wav": "pcm_s16le", "flac": "flac", "mp3": "libmp3lame", "m4a": "aac", "webm": "libopus", "mkv": "flac"}
FPS = 10


def write_sound(path: Path, sound: Samples, rate: int = 48_000) -> Path:
    """Mono sound in the format that the file's name says."""
    with av.open(str(path), "w") as container:
        _write_sound(container, CODECS[path.suffix[1:]], sound, rate)
    return path


def write_video(path: Path, sound: Samples | None, rate: int, seconds: float, size: int = 96) -> Path:
    """Grey pictures, ten a second, each a little brighter, with sound."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=FPS)
        video.width = video.height = size
        video.pix_fmt = "yuv420p"
        audio = None if sound is None else container.add_stream("aac", rate=rate, layout="mono")
        for i in range(round(seconds * FPS)):
            frame = av.VideoFrame.from_ndarray(np.full((size * 3 // 2, size), 40 + i % 180, np.uint8), "yuv420p")
            frame.pts, frame.time_base = i, Fraction(1, FPS)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if sound is not None and audio is not None:
            _encode(container, audio, sound, rate)
    return path


def _write_sound(container: av.container.OutputContainer, codec: str, sound: Samples, rate: int) -> None:
    stream = container.add_stream(codec, rate=rate, layout="mono")
    assert isinstance(stream, av.AudioStream)
    _encode(container, stream, sound, rate)


def _encode(container: av.container.OutputContainer, stream: av.AudioStream, sound: Samples, rate: int) -> None:
    shape = av.AudioResampler(stream.format, "mono", rate)
    for first in range(0, len(sound), 4800):
        frame = av.AudioFrame.from_ndarray(sound[None, first : first + 4800], "flt", "mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, first, Fraction(1, rate)
        for block in shape.resample(frame):
            container.mux(stream.encode(block))
    container.mux(stream.encode(None))
