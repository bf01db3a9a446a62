"""Which encoder writes the view: hardware where it works, else x264 as slow as this machine can afford."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import av
import cv2
import numpy as np
from av.codec.context import Flags
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from woz.base.colours_kept import Colours
from woz.base.settings import VideoSettings

log = logging.getLogger(__name__)

MILLISECOND = Fraction(1, 1000)
"""Matroska's time base as FFmpeg writes it."""
SOFTWARE = "libx264"
HARDWARE = ("h264_nvenc", "h264_qsv", "h264_videotoolbox", "h264_amf", "h264_vaapi")
PRESETS = ("faster", "veryfast", "superfast", "ultrafast")
"""From slow to fast. With `SAME_HEADERS` they write the same parameter sets, so that one file may change over."""
SAME_HEADERS = "ref=1:weightp=0:8x8dct=1:cabac=1:bframes=0:deblock=0,0"
MARGIN = 0.4
"""The part of a frame's time that its encoding may take, measured while nothing else runs."""
FRAMES = 8
PATIENCE_S = 2.5


def open_encoder(
    settings: VideoSettings, width: int, height: int, fps: float, colours: Colours | None = None
) -> VideoCodecContext:
    """An encoder of yuv420p frames timed in milliseconds, without B-frames, that makes key frames when asked to.

    Raises OSError, av.FFmpegError where there is none of that name, or it doesn't work on this machine.
    """
    codec = av.CodecContext.create(settings.record_codec, "w")
    assert isinstance(codec, VideoCodecContext)
    configure(codec, settings, width, height, fps, colours)
    codec.open()
    return codec


def configure(
    codec: VideoCodecContext,
    settings: VideoSettings,
    width: int,
    height: int,
    fps: float,
    colours: Colours | None = None,
) -> None:
    """Set an encoder up that isn't open yet."""
    if colours:
        colours.put_on(codec)
    codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
    codec.time_base, codec.framerate = MILLISECOND, Fraction(max(1, round(fps)))
    codec.gop_size = max(1, round(10 * fps * settings.key_frame_every_s))
    codec.max_b_frames = 0
    codec.flags |= Flags.global_header
    codec.options = _options(settings)
    if settings.record_codec == SOFTWARE:
        codec.thread_count = 2


def faster_than(settings: VideoSettings) -> VideoSettings | None:
    """The next faster preset; None where there is none."""
    if settings.record_codec != SOFTWARE or settings.record_preset not in PRESETS[:-1]:
        return None
    return replace(settings, record_preset=PRESETS[PRESETS.index(settings.record_preset) + 1])


def choose_encoder(
    settings: VideoSettings,
    width: int,
    height: int,
    fps: float,
    hardware: Sequence[str] = HARDWARE,
    margin: float = MARGIN,
) -> VideoSettings:
    """Hardware that was tried and works, else the slowest preset that keeps up; takes some seconds at most."""
    for name in hardware:
        candidate = replace(settings, record_codec=name)
        if name in av.codecs_available and _keeps_up(candidate, width, height, fps, margin):
            return candidate
    until = time.monotonic() + PATIENCE_S
    chosen = replace(settings, record_codec=SOFTWARE, record_preset=PRESETS[-1])
    for preset in reversed(PRESETS[:-1]):
        candidate = replace(chosen, record_preset=preset)
        if time.monotonic() > until or not _keeps_up(candidate, width, height, fps, margin):
            break
        chosen = candidate
    return chosen


def _options(settings: VideoSettings) -> dict[str, str]:
    crf = str(settings.record_crf)
    if settings.record_codec == SOFTWARE:
        parameters = f"scenecut=0:rc-lookahead=0:sync-lookahead=0:{SAME_HEADERS}"
        profile = {"preset": settings.record_preset, "crf": crf, "forced-idr": "1", "profile": "high"}
        return {**profile, "x264-params": parameters}
    return {
        "h264_nvenc": {"preset": "p5", "rc": "vbr", "cq": crf, "forced-idr": "1", "delay": "0", "zerolatency": "1"},
        "h264_qsv": {"global_quality": crf, "async_depth": "1", "forced_idr": "1"},
        "h264_videotoolbox": {"q": "65", "realtime": "1"},
        "h264_amf": {"rc": "cqp", "qp_i": crf, "qp_p": crf, "forced_idr": "1"},
    }.get(settings.record_codec, {})


def _keeps_up(settings: VideoSettings, width: int, height: int, fps: float, margin: float) -> bool:
    """Try it: whether each frame comes out, key where asked, within its part of the time."""
    try:
        took_s = _trial(settings, width, height, fps)
    except (av.FFmpegError, OSError, ValueError, RuntimeError) as error:
        log.info("%s doesn't work here (%s)", settings.record_codec, error)
        return False
    log.info("%s %s: %.1f ms a frame", settings.record_codec, settings.record_preset, took_s * 1e3)
    return took_s < margin / fps


def _trial(settings: VideoSettings, width: int, height: int, fps: float) -> float:
    """Seconds that a frame of a moving, textured picture takes; the median."""
    encoder = open_encoder(settings, width, height, fps)
    texture = np.random.default_rng(1).integers(60, 180, (height * 3 // 2, width), np.uint8)
    texture = cv2.GaussianBlur(texture, (5, 5), 0)
    took, packets, keys = [], 0, 0
    for n in range(FRAMES):
        frame = av.VideoFrame.from_ndarray(np.roll(texture, 3 * n, axis=1), format="yuv420p")
        frame.pts, frame.time_base = round(n * 1000 / fps), MILLISECOND
        frame.pict_type = PictureType.I if n in (0, FRAMES // 2) else PictureType.NONE
        began = time.perf_counter()
        made = encoder.encode(frame)
        took.append(time.perf_counter() - began)
        packets, keys = packets + len(made), keys + sum(packet.is_keyframe for packet in made)
    made = encoder.encode(None)
    if packets + len(made) != FRAMES or keys + sum(packet.is_keyframe for packet in made) != 2:
        raise ValueError("it leaves out frames, or makes no key frames when asked to")
    return float(np.median(took[1:]))
