"""How long after it was said the expert's voice was heard, over a session, from the two recordings of it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from woz.interval import NS_PER_MS, NS_PER_S, Interval
from woz.recording.folder import SessionFolder
from woz.recording.mark_reader import read_track
from woz.session import StreamKind
from woz.sync.clockmap import ClockMap

Samples = NDArray[np.float32]

STEP_RATE = 8_000
WINDOW_NS = 4 * NS_PER_S
LONGEST_NS = 1_500 * NS_PER_MS
LIKELY = 0.3
"""The least normalised correlation that counts as the same sound."""


@dataclass(frozen=True, slots=True)
class HeardDelay:
    """Delays (ns) at times said (session time, ns), in between the nearest one counts; none where unknown."""

    said_ns: tuple[int, ...]
    delay_ns: tuple[int, ...]

    def at(self, said_ns: int) -> int:
        """The delay of what was said at a session time; 0 where nothing is known."""
        if not self.said_ns:
            return 0
        i = bisect_left(self.said_ns, said_ns)
        near = [j for j in (i - 1, i) if 0 <= j < len(self.said_ns)]
        return self.delay_ns[min(near, key=lambda j: abs(self.said_ns[j] - said_ns))]

    def heard(self, said: Interval) -> Interval:
        return said.shifted(self.at(said.start_ns))


def heard_delay(folder: SessionFolder) -> HeardDelay:
    """By cross-correlation of windows in which the expert speaks. Raises WozError for files that can't be read."""
    entry = folder.manifest().stream(StreamKind.EXPERT_SAID)
    if entry is None or entry.clock_map is None:
        return HeardDelay((), ())
    to_session = ClockMap.from_json(entry.clock_map)
    said, rate, _ = read_track(folder.expert, 0)
    heard, _, _ = read_track(folder.ego, 1)
    said, heard = _thinned(said, rate), _thinned(heard, rate)
    times, delays = [], []
    for start_ns in range(0, round(len(said) * 1e9 / STEP_RATE) - WINDOW_NS + 1, WINDOW_NS // 2):
        at_ns = to_session.to_session(start_ns)
        found = _delay(_cut(said, start_ns, WINDOW_NS), _cut(heard, at_ns, WINDOW_NS + LONGEST_NS))
        if found is not None:
            times.append(at_ns + WINDOW_NS // 2)
            delays.append(found)
    return HeardDelay(tuple(times), tuple(delays))


def _delay(said: Samples, heard: Samples) -> int | None:
    if not len(said) or len(heard) < len(said) or float(np.std(said)) < 1e-3:
        return None
    size = 1 << (len(heard) + len(said)).bit_length()
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(said, size))
    lags = np.fft.irfft(spectrum, size)[: len(heard) - len(said) + 1]
    best = int(np.argmax(lags))
    matched = heard[best : best + len(said)]
    likeness = lags[best] / (np.linalg.norm(said) * np.linalg.norm(matched) + 1e-9)
    return round(best * 1e9 / STEP_RATE) if likeness > LIKELY else None


def _cut(samples: Samples, start_ns: int, length_ns: int) -> Samples:
    first = round(start_ns * STEP_RATE / 1e9)
    return samples[max(0, first) : max(0, first + round(length_ns * STEP_RATE / 1e9))]


def _thinned(samples: Samples, rate: int) -> Samples:
    out: Samples = soxr.resample(samples, rate, STEP_RATE)
    return out
