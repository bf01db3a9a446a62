"""Sends a voice: Opus in frames of 10 ms, each packet with copies of the two before it, so that a burst of loss of
20 ms costs nothing and no time (in place of Opus's own forward correction, which repairs one frame, less well, and
which FFmpeg's decoder can't use)."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from fractions import Fraction
from typing import Any, cast

import av
import numpy as np
from numpy.typing import NDArray

from woz.link.media.port import MediaPort
from woz.link.media.wire import VOICE, VoicePacket
from woz.settings import AUDIO_RATE

FRAME_SAMPLES = AUDIO_RATE // 100
COPIES = 2
BIT_RATE = 64_000


class VoiceSender:
    """Belongs to the loop's thread, except `offer`; muted, it sends silence, so that no gap hides a fault."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._codec = _open()
        self._pending: NDArray[np.float32] = np.zeros(0, np.float32)
        self._pending_ns = -1
        self._copies: deque[bytes] = deque(maxlen=COPIES)
        self._sequence = secrets.randbits(14)
        self._samples = 0
        self._port: MediaPort | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self.muted = False

    def start(self, port: MediaPort) -> None:
        self._port = port

    async def stop(self) -> None:
        self._port = None
        await asyncio.gather(*self._sending, return_exceptions=True)

    def offer(self, samples: NDArray[np.float32], said_ns: int) -> None:
        """Put up sound at 48 kHz, mono; from any thread. `said_ns`: see `VoicePacket`."""
        self._loop.call_soon_threadsafe(self._put, samples, said_ns)

    def _put(self, samples: NDArray[np.float32], said_ns: int) -> None:
        if said_ns >= 0:
            self._pending_ns = said_ns - len(self._pending) * 1_000_000_000 // AUDIO_RATE
        else:
            self._pending_ns = -1
        self._pending = np.concatenate([self._pending, np.zeros_like(samples) if self.muted else samples])
        while len(self._pending) >= FRAME_SAMPLES:
            self._send(self._pending[:FRAME_SAMPLES], self._pending_ns)
            self._pending = self._pending[FRAME_SAMPLES:]
            self._pending_ns += 10_000_000 if self._pending_ns >= 0 else 0

    def _send(self, samples: NDArray[np.float32], said_ns: int) -> None:
        encoded = self._encode(samples)
        if encoded is None or self._port is None:
            return
        payload = VoicePacket(said_ns, (encoded, *self._copies)).encode()
        self._copies.appendleft(encoded)
        task = self._loop.create_task(self._port.send(VOICE, self._sequence, self._samples, payload))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        self._sequence += 1

    def _encode(self, samples: NDArray[np.float32]) -> bytes | None:
        frame = av.AudioFrame.from_ndarray(np.clip(samples, -1, 1).reshape(1, -1), format="flt", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = AUDIO_RATE, self._samples, Fraction(1, AUDIO_RATE)
        self._samples += FRAME_SAMPLES
        return next((bytes(packet) for packet in self._codec.encode(frame)), None)


def _open() -> Any:
    codec = cast(Any, av.CodecContext.create("libopus", "w"))
    codec.sample_rate, codec.layout, codec.format, codec.bit_rate = AUDIO_RATE, "mono", "flt", BIT_RATE
    codec.time_base = Fraction(1, AUDIO_RATE)
    codec.options = {"application": "lowdelay", "frame_duration": "10", "vbr": "off"}
    return codec
