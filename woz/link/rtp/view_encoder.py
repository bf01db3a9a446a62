"""The view's encoder: x264 tuned for no delay, its bit rate changed in place, key frames only when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from woz.base.pictures import reshaped
from woz.base.settings import VideoSettings

TIME_BASE = Fraction(1, 90_000)
BUFFER_S = 0.2
"""How long the path may take to carry the largest frame."""

STEP = 0.05
"""A change of the rate smaller than this part is not worth telling the encoder."""


@dataclass(frozen=True, slots=True)
class EncodedView:
    """One picture as H.264 (Annex B, with parameter sets before each key frame)."""

    key: bool
    capture_ns: int
    data: bytes


class ViewEncoder:
    """A frame in, its bytes out, at once. Sizes may change between frames: that begins with a key frame."""

    def __init__(self, settings: VideoSettings, fps: float) -> None:
        self._highest = settings.link_bit_rate
        self._bit_rate = settings.link_bit_rate
        self._fps = fps
        self._codec: VideoCodecContext | None = None

    def aim(self, bit_rate: int, fps: float) -> None:
        """Spend this many bits a second from the next frame on, at this many frames a second."""
        per_frame = bit_rate * self._fps / max(1.0, fps)
        wanted = min(self._highest, round(per_frame))
        if abs(wanted - self._bit_rate) > STEP * self._bit_rate:
            self._bit_rate = wanted
            if self._codec:
                self._codec.bit_rate = wanted

    def encode(self, image: av.VideoFrame, capture_ns: int, scale: float = 1.0, key: bool = False) -> EncodedView:
        """Encode a yuv420p picture, scaled, as a key frame where wanted."""
        width, height = (round(side * scale) // 2 * 2 for side in (image.width, image.height))
        own = reshaped(image, width, height) if scale != 1.0 else _copy(image)
        codec = self._codec_for(width, height)
        own.pts = capture_ns * TIME_BASE.denominator // 1_000_000_000
        own.time_base = TIME_BASE
        own.pict_type = PictureType.I if key else PictureType.NONE
        packets = codec.encode(own)
        return EncodedView(any(p.is_keyframe for p in packets), capture_ns, b"".join(map(bytes, packets)))

    def _codec_for(self, width: int, height: int) -> VideoCodecContext:
        if self._codec is None or (self._codec.width, self._codec.height) != (width, height):
            self._codec = self._open(width, height)
        return self._codec

    def _open(self, width: int, height: int) -> VideoCodecContext:
        codec = av.CodecContext.create("libx264", "w")
        assert isinstance(codec, VideoCodecContext)
        codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
        codec.time_base = TIME_BASE
        codec.framerate = Fraction(max(1, round(self._fps)), 1)
        codec.bit_rate = self._bit_rate
        codec.gop_size = 1_000_000
        codec.options = {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline", "forced-idr": "1"}
        codec.options |= {"maxrate": str(self._highest), "bufsize": str(round(self._highest * BUFFER_S))}
        codec.options |= {"x264-params": "repeat-headers=1:sliced-threads=1"}
        codec.thread_count = 2
        return codec


def _copy(image: av.VideoFrame) -> av.VideoFrame:
    """The same picture with a time stamp of its own: others encode the original meanwhile."""
    copy = av.VideoFrame(image.width, image.height, image.format.name)
    for plane, original in zip(copy.planes, image.planes, strict=True):
        plane.update(memoryview(original))  # type: ignore[arg-type]
    return copy
