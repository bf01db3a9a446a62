"""The view on the wire: H.264 with each picture's capture time in a supplemental message beside it.

The time travels as "user data unregistered" (ITU-T H.264, D.1.7), which decoders hand over with the picture and
players ignore.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, cast
from uuid import UUID

import av
from av.sidedata.sidedata import SideData
from av.sidedata.sidedata import Type as SideDataType
from av.video.codeccontext import VideoCodecContext

from woz.settings import VideoSettings

CAPTURE_TIME = UUID("8f1d8f0a-56a1-4d0b-9d1f-3a0c7f5b2e11")
RTP_CLOCK = 90_000
_START_CODE = b"\x00\x00\x00\x01"
_SEI, _USER_DATA_UNREGISTERED, _STOP_BIT = 6, 5, b"\x80"


class ViewEncoder:
    """x264 tuned for no delay: a frame in, its packet out. Sizes may change between frames."""

    def __init__(self, settings: VideoSettings, fps: float) -> None:
        self._settings = settings
        self._fps = max(1, round(fps))
        self._codec: VideoCodecContext | None = None

    def encode(self, image: av.VideoFrame, capture_ns: int) -> av.Packet[Any]:
        """Encode a yuv420p picture; the packet's time stamp is the capture time at RTP's 90 kHz."""
        codec = self._codec_for(image)
        image = _copy(image)
        image.pts = capture_ns * RTP_CLOCK // 1_000_000_000
        image.time_base = Fraction(1, RTP_CLOCK)
        encoded = b"".join(bytes(packet) for packet in codec.encode(image))
        packet: av.Packet[Any] = av.Packet(_capture_time_nal(capture_ns) + encoded)
        packet.pts = image.pts
        packet.time_base = Fraction(1, RTP_CLOCK)
        return packet

    def _codec_for(self, image: av.VideoFrame) -> VideoCodecContext:
        if self._codec is None or (self._codec.width, self._codec.height) != (image.width, image.height):
            self._codec = self._open(image.width, image.height)
        return self._codec

    def _open(self, width: int, height: int) -> VideoCodecContext:
        codec = av.CodecContext.create("libx264", "w")
        assert isinstance(codec, VideoCodecContext)
        codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
        codec.time_base = Fraction(1, RTP_CLOCK)
        codec.framerate = Fraction(self._fps, 1)
        codec.bit_rate = self._settings.link_bit_rate
        codec.gop_size = max(1, round(self._fps * self._settings.key_frame_every_s))
        rate = str(self._settings.link_bit_rate)
        codec.options = {"preset": "ultrafast", "tune": "zerolatency", "maxrate": rate, "bufsize": rate}
        codec.options |= {"profile": "baseline", "level": "5.1", "x264-params": "repeat-headers=1:sliced-threads=1"}
        codec.thread_count = 2
        return codec


def capture_time(image: av.VideoFrame) -> int | None:
    """The capture time that travelled with a decoded picture, in nanoseconds; None where there is none."""
    messages = cast(Iterable[SideData], image.side_data)
    data = next((d for d in messages if d.type == SideDataType.SEI_UNREGISTERED), None)
    if data is None:
        return None
    raw = bytes(data)
    if len(raw) != 24 or raw[:16] != CAPTURE_TIME.bytes:
        return None
    return int(struct.unpack(">q", raw[16:])[0])


def _copy(image: av.VideoFrame) -> av.VideoFrame:
    """The same picture with a time stamp of its own: others encode the original meanwhile."""
    copy = av.VideoFrame(image.width, image.height, image.format.name)
    for plane, original in zip(copy.planes, image.planes, strict=True):
        plane.update(cast(bytes, memoryview(original)))
    return copy


def _capture_time_nal(capture_ns: int) -> bytes:
    payload = CAPTURE_TIME.bytes + struct.pack(">q", capture_ns)
    body = bytes([_USER_DATA_UNREGISTERED, len(payload)]) + payload + _STOP_BIT
    return _START_CODE + bytes([_SEI]) + _with_emulation_prevention(body)


def _with_emulation_prevention(body: bytes) -> bytes:
    """Three-byte start codes must not occur inside a NAL unit (ITU-T H.264, 7.4.1)."""
    out = bytearray()
    zeros = 0
    for byte in body:
        if zeros >= 2 and byte <= 3:
            out.append(3)
            zeros = 0
        out.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(out)
