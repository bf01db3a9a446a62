"""The tracks that a seat sends: the view, newest first, and a voice, in order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import av
import numpy as np
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av.packet import Packet
from numpy.typing import NDArray

from woz.link.view_codec import ViewEncoder
from woz.settings import AUDIO_RATE, VideoSettings

FRAME_SAMPLES = AUDIO_RATE // 50
MAX_WAITING = 15
"""Voice frames of 20 ms that may wait; older ones are dropped, and counted."""


class ViewTrack(MediaStreamTrack):
    """Sends the newest frame when the encoder is free; frames overtaken by a newer one are dropped, and counted."""

    kind = "video"

    def __init__(self, settings: VideoSettings, fps: float, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._encoder = ViewEncoder(settings, fps)
        self._live: asyncio.AbstractEventLoop = loop
        self._newest: tuple[av.VideoFrame, int] | None = None
        self._fresh = asyncio.Event()
        self.dropped = 0
        self.sent = 0
        self.on_packet: Callable[[Packet[Any]], None] = lambda packet: None

    def offer(self, image: av.VideoFrame, capture_ns: int) -> None:
        """Put up a picture for sending; from any thread. `capture_ns` is on the station's clock."""
        self._live.call_soon_threadsafe(self._put, image, capture_ns)

    def _put(self, image: av.VideoFrame, capture_ns: int) -> None:
        self.dropped += self._newest is not None
        self._newest = (image, capture_ns)
        self._fresh.set()

    async def recv(self) -> Packet[Any]:
        await self._fresh.wait()
        if self.readyState != "live" or self._newest is None:
            raise MediaStreamError
        image, capture_ns = self._newest
        self._newest = None
        self._fresh.clear()
        packet = await self._live.run_in_executor(None, self._encoder.encode, image, capture_ns)
        self.sent += 1
        self.on_packet(packet)
        return packet

    def stop(self) -> None:
        super().stop()
        self._fresh.set()


class VoiceTrack(MediaStreamTrack):
    """Sends a voice in frames of 20 ms, stamped by the sound card's own sample count; muted, it sends silence."""

    kind = "audio"

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._live: asyncio.AbstractEventLoop = loop
        self._pending: NDArray[np.float32] = np.zeros(0, np.float32)
        self._next_sample = 0
        self._frames: deque[av.AudioFrame] = deque()
        self._fresh = asyncio.Event()
        self.muted = False
        self.dropped = 0

    def offer(self, device_ns: int, samples: NDArray[np.float32]) -> None:
        """Put up sound at 48 kHz, mono; from any thread. `device_ns` is when it began on the card's clock."""
        self._live.call_soon_threadsafe(self._put, device_ns, samples)

    def _put(self, device_ns: int, samples: NDArray[np.float32]) -> None:
        start = round(device_ns * AUDIO_RATE / 1e9)
        if abs(start - self._next_sample - len(self._pending)) > FRAME_SAMPLES:
            self._pending = np.zeros(0, np.float32)
            self._next_sample = start
        quiet = np.zeros_like(samples) if self.muted else samples
        self._pending = np.concatenate([self._pending, quiet])
        while len(self._pending) >= FRAME_SAMPLES:
            self._frames.append(self._frame(self._pending[:FRAME_SAMPLES]))
            self._pending = self._pending[FRAME_SAMPLES:]
            self._next_sample += FRAME_SAMPLES
        while len(self._frames) > MAX_WAITING:
            self._frames.popleft()
            self.dropped += 1
        if self._frames:
            self._fresh.set()

    def _frame(self, samples: NDArray[np.float32]) -> av.AudioFrame:
        pcm = (np.clip(samples, -1, 1) * 32767).astype(np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
        frame.sample_rate = AUDIO_RATE
        frame.pts = self._next_sample
        frame.time_base = Fraction(1, AUDIO_RATE)
        return frame

    async def recv(self) -> av.AudioFrame:
        while not self._frames and self.readyState == "live":
            self._fresh.clear()
            await self._fresh.wait()
        if self.readyState != "live":
            raise MediaStreamError
        return self._frames.popleft()

    def stop(self) -> None:
        super().stop()
        self._fresh.set()
