"""A film as a telephone writes it: SDR or HDR, with sound in one codec or several."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream

from tests.core.face_room import HEIGHT, WIDTH, picture

RATES = {"aac": 48_000, "libopencore_amrnb": 8000}
HLG = (9, 18, 9, 1)
"""Primaries and matrix of BT.2020, the transfer of BT.2100's hybrid log-gamma, limited range."""


def write_film(path: Path, codecs: Sequence[str], form: str = "yuv420p", between: int = 0) -> Path:
    """A second; 10-bit pictures have the colours of HLG. Of others so many (B-frames) are stored after one that is
    shown later.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    deep = form == "yuv420p10le"
    with av.open(str(path), "w") as out:
        own = {"x265-params": "log-level=none"} if deep else {"bf": str(between)}
        options = {"preset": "ultrafast"} | own
        video = out.add_stream("libx265" if deep else "libx264", rate=30, options=options)
        assert isinstance(video, VideoStream)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, form
        coloured = video.codec_context
        coloured.color_primaries, coloured.color_trc, coloured.colorspace, coloured.color_range = HLG
        sounds = [out.add_stream(codec, rate=RATES[codec], layout="mono") for codec in codecs]
        for number in range(30):
            shown = av.VideoFrame.from_ndarray(picture(number), "bgr24").reformat(format=form, dst_colorspace=9)
            shown.color_primaries, shown.color_trc, shown.colorspace, shown.color_range = HLG
            shown.pts, shown.time_base = number, Fraction(1, 30)
            out.mux(video.encode(shown))
        out.mux(video.encode(None))
        for codec, sound in zip(codecs, sounds, strict=True):
            assert isinstance(sound, av.AudioStream)
            _encode(out, sound, RATES[codec])
    return path


def _encode(out: OutputContainer, sound: av.AudioStream, rate: int) -> None:
    shape = av.AudioResampler(sound.format, "mono", rate, frame_size=160 if rate == 8000 else 1024)
    wave = (np.sin(np.arange(rate) * 2 * np.pi * 440 / rate) / 4).astype(np.float32)
    block = av.AudioFrame.from_ndarray(wave[None], "flt", "mono")
    block.sample_rate, block.pts, block.time_base = rate, 0, Fraction(1, rate)
    for part in (*shape.resample(block), *shape.resample(None)):
        out.mux(sound.encode(part))
    out.mux(sound.encode(None))
