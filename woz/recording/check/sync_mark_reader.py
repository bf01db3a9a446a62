"""Finds the sync marks in recorded files, from pictures and sound alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.recording.check.how_far import Done, unmeasured
from woz.sound.reading import Samples, sound_blocks
from woz.timing.sync_marks import BURST_NS, PATCH_PART, PERIOD_NS

WHITE, DARK = 190, 120
MIN_LIKENESS = 0.93
"""How much of the sound in the burst's window and band must be the burst; one under louder speech is left out."""
MIN_LEVEL = 1e-3
ALONE = 0.5
"""Just before the burst, and just after it, the tone is weaker than this part of it: a voice holds tones longer."""
BAND = 2**0.5


def patch_times(path: Path, spans: list[Interval], done: Done = unmeasured) -> list[int]:
    """Times (ns) of the frames within the spans whose corner turns white. Only the corner is looked at.

    Raises WozError for a file that can't be read.
    """
    marks: list[int] = []
    for span in spans:
        was_white = True
        for t_ns, luma in _corners(path, span):
            done(t_ns / spans[-1].end_ns)
            if luma > WHITE and not was_white:
                marks.append(t_ns)
            was_white = luma > WHITE if not DARK < luma <= WHITE else was_white
    return marks


def _corners(path: Path, span: Interval) -> Iterator[tuple[int, float]]:
    """Time (ns) and brightness (0 to 255) of the corner of each frame within a span."""
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            container.seek(max(0, span.start_ns // 1000))
            for frame in container.decode(stream):
                t_ns = round((frame.time or 0.0) * 1e9)
                if t_ns >= span.end_ns:
                    return
                if t_ns >= span.start_ns:
                    yield t_ns, _brightness(frame)
    except (av.FFmpegError, OSError, IndexError) as error:
        raise WozError(f"{path} can't be read ({error}).") from error


def _brightness(frame: av.VideoFrame) -> float:
    plane = frame.planes[0]
    luma = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    h, w = frame.height // PATCH_PART, frame.width // PATCH_PART
    return float(luma[h // 4 : h * 3 // 4 : 4, w // 4 : w * 3 // 4 : 4].mean())


def bursts_in(
    path: Path, track: int, frequencies: Sequence[float], spans: list[Interval], done: Done = unmeasured
) -> list[list[int]]:
    """For each frequency the onsets (ns) of the bursts in an audio track, at most one in each span.

    A span holds the times at which a burst may begin. Raises WozError for a file that can't be read.
    """
    found: list[list[int]] = [[] for _ in frequencies]
    for part, rate, start_ns in _parts(path, track, spans):
        done(start_ns / spans[-1].end_ns)
        for onsets, frequency in zip(found, frequencies, strict=True):
            onset = burst_onset(part, rate, frequency)
            if onset is not None:
                onsets.append(start_ns + round(onset * 1e9 / rate))
    return found


def _parts(path: Path, track: int, spans: list[Interval]) -> Iterator[tuple[Samples, int, int]]:
    """The sound of each span, with the length of a burst beyond it: samples, rate, time (ns) of the first.

    The spans are in order and at least a burst apart.
    """
    waiting = deque(spans)
    blocks: list[Samples] = []
    begin_ns = 0
    for t_ns, rate, samples in sound_blocks(path, track):
        end_ns = t_ns + round(len(samples) * 1e9 / rate)
        if not waiting:
            return
        if end_ns <= waiting[0].start_ns:
            blocks = []
            continue
        begin_ns = begin_ns if blocks else t_ns
        blocks.append(samples)
        if end_ns >= waiting[0].end_ns + BURST_NS:
            span = waiting.popleft()
            first = round((span.start_ns - begin_ns) * rate / 1e9)
            last = first + round((span.duration_ns + BURST_NS) * rate / 1e9)
            if first >= 0:
                yield np.concatenate(blocks)[first:last], rate, begin_ns + round(first * 1e9 / rate)
            blocks, begin_ns = [samples], t_ns


def burst_onset(part: Samples, rate: int, frequency_hz: float) -> int | None:
    """The sample at which the clearest burst of a frequency begins; None where there is no clear one.

    Quadrature matched filter, normalised by the sound's energy in the burst's window, within half an octave of
    the frequency on either side: 1 where there is nothing but the tone. Weighted by the tone's strength, it peaks
    where the window covers the burst. Under speech, in a kitchen's noise and through Opus, the onsets that it finds
    are within 0.5 ms, most of them within 0.05 ms.
    """
    window = round(BURST_NS * rate / 1e9)
    if len(part) < window:
        return None
    sound = _band(part, rate, frequency_hz / BAND, frequency_hz * BAND)
    turn = np.exp(-2j * np.pi * frequency_hz * np.arange(len(sound)) / rate)
    amplitude = np.abs(_moving_sum(sound * turn, window)) * 2 / window
    power = _moving_sum(np.square(sound), window) * 2 / window
    likeness = amplitude / np.sqrt(np.maximum(power, MIN_LEVEL**2))
    around = np.maximum(_shifted(amplitude, window), _shifted(amplitude, -window))
    clear = (likeness > MIN_LIKENESS) & (amplitude > MIN_LEVEL) & (around < ALONE * amplitude)
    return int(np.argmax(np.where(clear, likeness * amplitude, 0))) if clear.any() else None


def _shifted(values: NDArray[Any], by: int) -> NDArray[Any]:
    """Moved later by some samples, or earlier; 0 where there was nothing."""
    moved = np.zeros_like(values)
    if abs(by) < len(values):
        moved[max(0, by) : len(values) + min(0, by)] = values[max(0, -by) : len(values) - max(0, by)]
    return moved


def _band(part: Samples, rate: int, low_hz: float, high_hz: float) -> NDArray[np.float64]:
    spectrum = np.fft.rfft(part)
    frequencies = np.fft.rfftfreq(len(part), 1 / rate)
    spectrum[(frequencies < low_hz) | (frequencies > high_hz)] = 0
    return np.fft.irfft(spectrum, len(part))


def _moving_sum(values: NDArray[Any], window: int) -> NDArray[Any]:
    summed = np.concatenate([[0], np.cumsum(values)])
    sums: NDArray[Any] = summed[window:] - summed[:-window]
    return sums


def mark_grid(start_utc_ns: int, duration_ns: int) -> list[int]:
    """Session times of all whole seconds of UTC within a session."""
    first = -start_utc_ns % PERIOD_NS
    return list(range(first, duration_ns, PERIOD_NS))
