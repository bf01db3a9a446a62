"""What really sounds in a sink of PulseAudio, and when: its monitor, with the daemon's own times."""

from __future__ import annotations

import ctypes
import threading
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS, NS_PER_S
from woz.base.settings import AUDIO_RATE
from woz.demo.pulse_api import S16LE, USUAL, BufferAttr, SampleSpec
from woz.demo.pulse_client import PulseClient
from woz.demo.pulse_stream import SAMPLE_BYTES
from woz.recording.check.sync_mark_reader import burst_onset
from woz.timing.sync_marks import PERIOD_NS

EVERY_S = 0.05
FRAGMENT_BYTES = AUDIO_RATE // 20 * SAMPLE_BYTES
AROUND_S = 0.45
NEAR_NS = 3 * NS_PER_S


class SinkListener(PulseClient):
    """Listens until the context ends. What a listener fetches late waits at the daemon, and none of it is lost."""

    def __init__(self, server: str, sink: str) -> None:
        super().__init__("woz listener", server)
        self._source = f"{sink}.monitor".encode()
        self._sound: list[bytes] = []
        self._readings: list[tuple[int, int]] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"listener of {sink}")

    def __enter__(self) -> SinkListener:
        super().__enter__()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        super().__exit__(kind, error, trace)

    def mark_errors_ms(self, frequency_hz: float) -> list[float]:
        """How much later than its whole second of UTC each sync mark sounded."""
        sound = np.divide(np.frombuffer(b"".join(self._sound), "<i2"), 32768, dtype=np.float32)
        zeros = np.array([(at_ns, at_ns - index * NS_PER_S // AUDIO_RATE) for index, at_ns in self._readings])
        first_ns, end_ns = int(zeros[0, 1]), int(zeros[0, 1]) + len(sound) * NS_PER_S // AUDIO_RATE
        marks = range(-(-first_ns // PERIOD_NS) * PERIOD_NS, end_ns, PERIOD_NS)
        errors = (_error_ms(sound, mark_ns - _zero_ns(zeros, mark_ns), frequency_hz) for mark_ns in marks)
        return [error for error in errors if error is not None]

    def _connected(self) -> Any:
        spec = SampleSpec(S16LE, AUDIO_RATE, 1)
        stream = self._pulse.pa_stream_new(self._context, self._name, ctypes.byref(spec), None)
        sizes = BufferAttr(USUAL, USUAL, USUAL, USUAL, FRAGMENT_BYTES)
        self._pulse.pa_stream_connect_record(stream, self._source, ctypes.byref(sizes), 0)
        return stream

    def _run(self) -> None:
        try:
            while not self._ended.wait(EVERY_S):
                timing = self._timing()
                at_us = timing.utc_us + timing.sink_usec - timing.source_usec
                self._readings.append((timing.write_index // SAMPLE_BYTES, at_us * 1_000))
                self._locked(self._fetch)
        except WozError:
            return

    def _fetch(self) -> None:
        data, length = ctypes.c_void_p(), ctypes.c_size_t()
        while True:
            self._pulse.pa_stream_peek(self._stream, ctypes.byref(data), ctypes.byref(length))
            if not length.value:
                return
            hole = bytes(length.value)
            self._sound.append(ctypes.string_at(data.value, length.value) if data.value else hole)
            self._pulse.pa_stream_drop(self._stream)


def _zero_ns(zeros: NDArray[np.int64], at_ns: int) -> int:
    """When the sink's sample 0 would have sounded, by the quickest readings near a time: none comes early."""
    near = np.abs(zeros[:, 0] - at_ns) < NEAR_NS
    return int(zeros[near, 1].min() if near.any() else zeros[:, 1].min())


def _error_ms(sound: NDArray[np.float32], due_ns: int, frequency_hz: float) -> float | None:
    due = due_ns * AUDIO_RATE / NS_PER_S
    begin, end = round(due - AROUND_S * AUDIO_RATE), round(due + AROUND_S * AUDIO_RATE)
    if begin < 0 or end > len(sound):
        return None
    onset = burst_onset(sound[begin:end], AUDIO_RATE, frequency_hz)
    return None if onset is None else round((begin + onset - due) * NS_PER_S / AUDIO_RATE / NS_PER_MS, 3)
