"""What lies between the voice that arrives and the earpiece: as short a buffer as the path's jitter allows."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any, cast

import av
import numpy as np
from numpy.typing import NDArray

from woz.base.settings import AUDIO_RATE
from woz.link.rtp.packets import VoicePacket, unwrapped

FRAME = AUDIO_RATE // 100
FRAME_NS = 10_000_000
LONGEST = 2 * FRAME
"""Of what one packet may decode to; honest ones hold one frame."""
LEAST_MARGIN, MOST_MARGIN = 0.004, 0.120
"""Seconds of sound that should be left when the earpiece has taken its part."""

TRIM_QUIET_S, TRIM_LOUD_S = 0.010, 0.040
"""Excess that is worth a cut in a pause, and in the midst of speech."""

LOUD = 0.01
WATCH_PULLS = 50
PULLS_BETWEEN_CUTS = 10
MAX_WAITING = 100
"""Frames of 10 ms that may wait at all."""


class JitterBuffer:
    """Packets go in as they arrive, samples come out as the earpiece asks; silence where there are none.

    A lost frame is awaited until the moment it is needed, then concealed. The margin grows each time the buffer
    runs dry and shrinks while it doesn't; what waits beyond it is cut where the voice is quiet.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._codec = _open()
        self._frames: dict[int, tuple[bytes, int]] = {}
        self._near: int | None = None
        self._next: int | None = None
        self._ready: NDArray[np.float32] = np.zeros(0, np.float32)
        self._ready_said_ns = -1
        self._last: NDArray[np.float32] = np.zeros(FRAME, np.float32)
        self._filling = True
        self._margin_s = LEAST_MARGIN
        self._left: deque[int] = deque(maxlen=WATCH_PULLS)
        self._since_cut = 0
        self._delays: deque[int] = deque(maxlen=1000)
        self.concealed = 0
        self.trimmed = 0
        self.dry_times = 0

    def push(self, short: int, packet: VoicePacket) -> None:
        """Take a packet by its 16-bit sequence number."""
        with self._lock:
            self._near = newest = unwrapped(short, self._near if self._near is not None else short)
            if self._next is not None and abs(newest - self._next) > MAX_WAITING:
                self._restart()
            if self._next is None:
                self._next = newest
            for back, data in enumerate(packet.frames):
                number = newest - back
                if number >= self._next and number not in self._frames:
                    said_ns = packet.said_ns - back * FRAME_NS if packet.said_ns >= 0 else -1
                    self._frames[number] = (data, said_ns)

    def pull(self, n: int, heard_ns: int | None = None) -> NDArray[np.float32]:
        """Exactly n samples. `heard_ns`: when the first leaves the earpiece, on the clock of the said times."""
        with self._lock:
            if self._filling and self._waiting < n + round(self._margin_s * AUDIO_RATE):
                return np.zeros(n, np.float32)
            self._filling = False
            while len(self._ready) < n and not self._filling:
                self._decode_next()
            return self._give(n, heard_ns)

    def take_delays(self) -> list[int]:
        """Said to heard, in ns, of the blocks played since the last call; at most the last thousand."""
        with self._lock:
            delays = list(self._delays)
            self._delays.clear()
            return delays

    @property
    def playing(self) -> bool:
        """There is sound to play now."""
        return not self._filling

    def clear(self) -> None:
        with self._lock:
            self._restart()

    @property
    def _waiting(self) -> int:
        return len(self._ready) + len(self._frames) * FRAME

    def _restart(self) -> None:
        self._frames.clear()
        self._next = self._near = None
        self._ready = self._ready[:0]
        self._filling = True
        self._left.clear()

    def _give(self, n: int, heard_ns: int | None) -> NDArray[np.float32]:
        out = np.zeros(n, np.float32)
        got = self._ready[:n]
        out[: len(got)] = got
        if heard_ns is not None and self._ready_said_ns >= 0 and len(got):
            self._delays.append(heard_ns - self._ready_said_ns)
        self._ready = self._ready[len(got) :]
        if self._ready_said_ns >= 0:
            self._ready_said_ns += len(got) * 1_000_000_000 // AUDIO_RATE
        self._watch()
        return out

    def _decode_next(self) -> None:
        assert self._next is not None
        found = self._frames.pop(self._next, None)
        if found is None and not self._frames:
            self._run_dry()
            return
        self._next += 1
        samples = self._decode(found[0]) if found else self._conceal()
        if not len(self._ready):
            self._ready_said_ns = found[1] if found else -1
        self._ready = np.concatenate([self._ready, samples])
        self._last = samples

    def _decode(self, data: bytes) -> NDArray[np.float32]:
        try:
            frames = self._codec.decode(av.Packet(data))
        except av.FFmpegError:
            return self._conceal()
        if not frames:
            return self._conceal()
        samples: NDArray[np.float32] = np.concatenate([mono(frame) for frame in frames])[:LONGEST]
        return np.clip(np.nan_to_num(samples), np.float32(-1), np.float32(1))

    def _conceal(self) -> NDArray[np.float32]:
        self.concealed += 1
        faded: NDArray[np.float32] = self._last * np.linspace(0.9, 0.3, len(self._last), dtype=np.float32)
        return faded

    def _run_dry(self) -> None:
        self.dry_times += 1
        self._filling = True
        self._margin_s = min(MOST_MARGIN, self._margin_s * 1.5 + 0.002)
        self._left.clear()

    def _watch(self) -> None:
        """Cut what has waited needlessly during the last pulls."""
        self._left.append(self._waiting)
        self._since_cut += 1
        if len(self._left) < WATCH_PULLS:
            return
        excess_s = min(self._left) / AUDIO_RATE - self._margin_s
        quiet = float(np.abs(self._last).max(initial=0)) < LOUD
        worth = excess_s > (TRIM_QUIET_S if quiet else TRIM_LOUD_S)
        if worth and (quiet or self._since_cut >= PULLS_BETWEEN_CUTS):
            self._cut()
        elif self._since_cut >= WATCH_PULLS:
            self._since_cut = 0
            self._margin_s = max(LEAST_MARGIN, self._margin_s * 0.95)

    def _cut(self) -> None:
        """Blend the next two frames into one."""
        if self._next is None or not {self._next, self._next + 1} <= self._frames.keys():
            return
        pair = [self._frames.pop(self._next + n) for n in range(2)]
        first, second = (self._decode(data) for data, _ in pair)
        fade = np.linspace(0, 1, FRAME, dtype=np.float32)
        if not len(self._ready):
            self._ready_said_ns = pair[1][1]
        self._ready = np.concatenate([self._ready, first[:FRAME] * (1 - fade) + second[:FRAME] * fade])
        self._next += 2
        self.trimmed += 1
        self._since_cut = 0
        self._left = deque((n - FRAME for n in self._left), maxlen=WATCH_PULLS)


def mono(frame: av.AudioFrame) -> NDArray[np.float32]:
    """A decoded frame of floats, planar or packed, as mono samples in -1..1."""
    array = frame.to_ndarray()
    samples: NDArray[np.float32] = array.reshape(-1, frame.layout.nb_channels).mean(axis=1, dtype=np.float32)
    return samples


def _open() -> Any:
    codec = cast(Any, av.CodecContext.create("libopus", "r"))
    codec.sample_rate, codec.layout = AUDIO_RATE, "mono"
    codec.options = {"request_sample_fmt": "flt"}
    return codec
