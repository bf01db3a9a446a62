"""Sends a voice: Opus in frames of 10 ms, each packet with copies of the two before it, so that a burst of loss of
20 ms costs nothing and no time (in place of Opus's own forward correction, which repairs one frame, less well, and
which FFmpeg's decoder can't use)."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from fractions import Fraction
from typing import Any, cast

import av
import numpy as np
from numpy.typing import NDArray

from woz.base.loop_queue import LoopQueue
from woz.base.settings import AUDIO_RATE
from woz.base.supervision import Supervisor
from woz.link.rtp.packets import VOICE, VoicePacket
from woz.link.rtp.port import MediaPort

FRAME_SAMPLES = AUDIO_RATE // 100
COPIES = 2
BIT_RATE = 64_000
ROOM = 50
"""Blocks that may wait for the loop: half a second, after which a voice is of no use to whoever listens."""

MOST_SENDING = 50
"""Packets that may be on their way into the path at once."""


class VoiceSender:
    """Belongs to the loop's thread, except `offer`; muted, it sends silence, so that no gap hides a fault.

    `pass_on` gets the payload of each packet once it has left, or would have.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, pass_on: Callable[[bytes], None] = lambda payload: None
    ) -> None:
        self._loop = loop
        self._watch = Supervisor.of(loop)
        self._handoff: LoopQueue[tuple[NDArray[np.float32], int]] = LoopQueue(loop, self._take, ROOM)
        self._pass_on = pass_on
        self._codec = _open()
        self._pending: NDArray[np.float32] = np.zeros(0, np.float32)
        self._pending_ns = -1
        self._copies: deque[bytes] = deque(maxlen=COPIES)
        self._sequence = secrets.randbits(14)
        self._samples = 0
        self._port: MediaPort | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._unsent = 0
        self.muted = False

    def start(self, port: MediaPort) -> None:
        self._port = port

    async def stop(self) -> None:
        self._port = None
        await asyncio.gather(*self._sending, return_exceptions=True)

    def offer(self, samples: NDArray[np.float32], said_ns: int) -> None:
        """Put up sound at 48 kHz, mono; from one thread, which never waits. `said_ns`: see `VoicePacket`."""
        self._handoff.put((samples, said_ns))

    @property
    def dropped(self) -> int:
        """Blocks that were not sent, since the loop or the path had no time for them."""
        return self._handoff.dropped + self._unsent

    def _take(self, block: tuple[NDArray[np.float32], int]) -> None:
        self._put(*block)

    def _put(self, samples: NDArray[np.float32], said_ns: int) -> None:
        if said_ns >= 0:
            self._pending_ns = said_ns - len(self._pending) * 1_000_000_000 // AUDIO_RATE
        else:
            self._pending_ns = -1
        self._pending = np.concatenate([self._pending, np.zeros_like(samples) if self.muted else samples])
        while len(self._pending) >= FRAME_SAMPLES:
            frame, self._pending = self._pending[:FRAME_SAMPLES], self._pending[FRAME_SAMPLES:]
            with self._watch.turn("voice sender"):
                self._send(frame, self._pending_ns)
            self._pending_ns += 10_000_000 if self._pending_ns >= 0 else 0

    def _send(self, samples: NDArray[np.float32], said_ns: int) -> None:
        encoded = self._encode(samples)
        if encoded is None:
            return
        payload = VoicePacket(said_ns, (encoded, *self._copies)).encode()
        self._copies.appendleft(encoded)
        if self._port and len(self._sending) >= MOST_SENDING:
            self._unsent += 1
            self._sequence += 1
        elif self._port:
            task = self._watch.task(
                "voice sender", self._port.send(VOICE, self._sequence, self._samples, payload), self._loop
            )
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
            self._sequence += 1
        self._pass_on(payload)

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
