"""Finds the sync marks in recorded files, from pictures and sound alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from woz.errors import WozError
from woz.marks import BURST_NS, PATCH_PART, PERIOD_NS

Samples = NDArray[np.float32]

WHITE, DARK = 190, 120
MIN_LIKENESS = 0.8
"""How much of the sound in the burst's window must be the burst; a burst under louder speech is left out."""
MIN_LEVEL = 1e-3


def patch_times(path: Path) -> tuple[list[int], int, list[int]]:
    """Times (ns) of frames whose corner turns white, the number of frames, and all frames' times.

    Only the picture's corner is looked at. Raises WozError for a file that can't be read.
    """
    marks: list[int] = []
    times: list[int] = []
    was_white = True
    for t_ns, luma in _corners(path):
        times.append(t_ns)
        if luma > WHITE and not was_white:
            marks.append(t_ns)
        was_white = luma > WHITE if not DARK < luma <= WHITE else was_white
    return marks, len(times), times


def _corners(path: Path) -> Iterator[tuple[int, float]]:
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            for frame in container.decode(stream):
                plane = frame.planes[0]
                luma = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
                h, w = frame.height // PATCH_PART, frame.width // PATCH_PART
                middle = luma[h // 4 : h * 3 // 4 : 4, w // 4 : w * 3 // 4 : 4]
                yield round((frame.time or 0.0) * 1e9), float(middle.mean())
    except (OSError, IndexError) as error:
        raise WozError(f"{path} can't be read ({error}).") from error


def read_track(path: Path, track: int) -> tuple[Samples, int, int]:
    """Samples of one audio track of a file, their rate, and the time (ns) of the first one.

    Raises WozError for a file that can't be read.
    """
    blocks: list[Samples] = []
    start_ns, rate = 0, 48_000
    try:
        with av.open(str(path)) as container:
            stream = container.streams.audio[track]
            rate = int(stream.rate or rate)
            for frame in container.decode(stream):
                if not blocks:
                    start_ns = round((frame.time or 0.0) * 1e9)
                blocks.append((frame.to_ndarray().reshape(-1) / 32768).astype(np.float32))
    except (OSError, IndexError) as error:
        raise WozError(f"{path} can't be read ({error}).") from error
    return (np.concatenate(blocks) if blocks else np.zeros(0, np.float32)), rate, start_ns


def burst_times(
    samples: Samples, rate: int, frequency_hz: float, expected_ns: list[int], reach_ns: int
) -> list[int]:
    """For each expected time the onset of a burst within `reach_ns` of it, in ns, where there is one.

    Quadrature matched filter, normalised by the sound's energy in the window: 1 where there is nothing but a tone
    of the frequency. Weighted by its strength, it peaks where the window covers the burst.
    """
    window = round(BURST_NS * rate / 1e9)
    found = []
    for expected in expected_ns:
        first = round((expected - reach_ns) * rate / 1e9)
        last = round((expected + reach_ns) * rate / 1e9) + window
        if first < 0 or last > len(samples):
            continue
        onset = _onset(samples[first:last], rate, frequency_hz, window)
        if onset is not None:
            found.append(round((first + onset) * 1e9 / rate))
    return found


def _onset(part: Samples, rate: int, frequency_hz: float, window: int) -> int | None:
    turn = np.exp(-2j * np.pi * frequency_hz * np.arange(len(part)) / rate)
    amplitude = np.abs(_moving_sum(part * turn, window)) * 2 / window
    power = _moving_sum(np.square(part, dtype=np.float64), window) * 2 / window
    likeness = amplitude / np.sqrt(np.maximum(power, MIN_LEVEL**2))
    peak = int(np.argmax(likeness * amplitude))
    return peak if likeness[peak] > MIN_LIKENESS and amplitude[peak] > MIN_LEVEL else None


def _moving_sum(values: NDArray[Any], window: int) -> NDArray[Any]:
    summed = np.concatenate([[0], np.cumsum(values)])
    sums: NDArray[Any] = summed[window:] - summed[:-window]
    return sums


def mark_grid(start_utc_ns: int, duration_ns: int) -> list[int]:
    """Session times of all whole seconds of UTC within a session."""
    first = -start_utc_ns % PERIOD_NS
    return list(range(first, duration_ns, PERIOD_NS))
