"""A stream into a PulseAudio sink whose samples are placed by the sink's own count."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from numpy.typing import NDArray

from woz.base.settings import AUDIO_RATE
from woz.demo.pulse_api import S16LE, SEEK_ABSOLUTE, USUAL, BufferAttr, SampleSpec
from woz.demo.pulse_client import PulseClient, gone

Pcm = NDArray[np.int16]

SAMPLE_BYTES = 2
HASTE_BYTES = AUDIO_RATE // 25 * SAMPLE_BYTES
"""The sink is asked to render no further ahead than this; what waits before it may be more."""


class PulseStream(PulseClient):
    """Mono, 16 bit, `AUDIO_RATE`, into the sink that PulseAudio's own environment names.

    The sink counts its samples without a hole, whatever comes in: a stream that has nothing to give only leaves
    silence, and nothing after it moves.
    """

    def __init__(self, name: str, holds_s: float) -> None:
        """`holds_s`: how much sound may wait at the daemon."""
        super().__init__(name)
        self._holds = round(holds_s * AUDIO_RATE) * SAMPLE_BYTES

    def write(self, index: int, samples: Pcm) -> None:
        """These sound from the sink's sample `index` on; what comes too late for its place is not heard.

        Raises WozError where the daemon is gone.
        """
        data, place = samples.astype("<i2").tobytes(), index * SAMPLE_BYTES
        write = self._pulse.pa_stream_write
        if self._locked(write, self._stream, data, len(data), None, place, SEEK_ABSOLUTE):
            raise gone()

    def reading(self) -> tuple[int, int]:
        """The sink's next sample, and when it sounds, UTC in nanoseconds.

        A busy machine makes the time late, never early. Raises WozError where the daemon is gone.
        """
        timing = self._timing()
        return timing.read_index // SAMPLE_BYTES, (timing.utc_us + timing.sink_usec) * 1_000

    def _connected(self) -> Any:
        spec = SampleSpec(S16LE, AUDIO_RATE, 1)
        stream = self._pulse.pa_stream_new(self._context, self._name, ctypes.byref(spec), None)
        sizes = BufferAttr(self._holds, HASTE_BYTES, 0, HASTE_BYTES // 4, USUAL)
        self._pulse.pa_stream_connect_playback(stream, None, ctypes.byref(sizes), 0, None, None)
        return stream
