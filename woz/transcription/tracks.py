"""Reads a voice for recognition: 16 kHz, mono."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.sound.reading import decoded, refuse_endless

RATE = 16_000
CLIPPED = 0.999
CLIPPED_PART = 0.005
"""More full-scale samples than this make a track clipped."""
Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sound:
    """Samples in -1..1, the time (ns) of the first one, and what is wrong with them (empty: nothing)."""

    samples: Samples
    start_ns: int
    fault: str = ""

    @property
    def content(self) -> str:
        return hashlib.sha256(self.samples.tobytes()).hexdigest()


def read_voice(path: Path, track: int) -> tuple[Samples, int]:
    """The samples and the time of the first one, as `read_sound` gives them."""
    sound = read_sound(path, track)
    return sound.samples, sound.start_ns


def read_sound(path: Path, track: int) -> Sound:
    """An audio stream of a file, any rate and any number of channels; what a damaged file still gives is read.

    Raises WozError for a file that is missing, holds no sound at all for damage, has no such stream, or is longer
    than can be held in memory.
    """
    if not path.is_file():
        raise WozError(f"There is no file {path} to transcribe.")
    blocks: list[Samples] = []
    start_ns, length, fault = 0, 0, ""
    try:
        for time_s, block in _blocks(path, track):
            if not blocks:
                start_ns = round(time_s * 1e9)
            blocks.append(block)
            length += len(block)
            refuse_endless(length * NS_PER_S // RATE, path)
    except av.FFmpegError as error:
        if not blocks:
            raise WozError(f"The sound of {path} can't be read ({error.strerror}); the file is damaged.") from error
        seconds = sum(len(block) for block in blocks) / RATE
        fault = f"{path.name} is damaged: its sound ends after {seconds:.1f} s"
    samples = np.concatenate(blocks) if blocks else np.zeros(0, np.float32)
    return Sound(samples, start_ns, fault or _quality(samples, path))


def read_part(path: Path, track: int, span: Interval) -> tuple[Samples, int]:
    """The samples of a stretch of an audio stream, and the time (ns) of the first one.

    Raises WozError where the file can't be read or has no sound there.
    """
    try:
        found = [
            (time_s, block)
            for time_s, block in _blocks(path, track, span)
            if time_s * NS_PER_S < span.end_ns and time_s * NS_PER_S + len(block) * NS_PER_S / RATE > span.start_ns
        ]
    except (av.FFmpegError, OSError) as error:
        raise WozError(f"The sound of {path} can't be read ({error.strerror}).") from error
    if not found:
        raise WozError(f"{path.name} has no sound at this time.")
    samples, start_ns = np.concatenate([block for _, block in found]), round(found[0][0] * NS_PER_S)
    first = max(0, (span.start_ns - start_ns) * RATE // NS_PER_S)
    last = max(first + 1, (span.end_ns - start_ns) * RATE // NS_PER_S)
    return samples[first:last], start_ns + first * NS_PER_S // RATE


def _blocks(path: Path, track: int, span: Interval | None = None) -> Iterator[tuple[float, Samples]]:
    """All of a stream, or what holds a span of it."""
    with av.open(str(path)) as container:
        if track >= len(container.streams.audio):
            raise WozError(f"{path} has no voice number {track + 1}; this session was not recorded with it.")
        if span:
            container.seek(span.start_ns // 1000, backward=True)
        for t_ns, _, samples in decoded(container, track, RATE, span.end_ns if span else None):
            yield t_ns / NS_PER_S, samples


def _quality(samples: Samples, path: Path) -> str:
    if not len(samples):
        return f"{path.name} holds no sound"
    if float(np.max(np.abs(samples))) == 0.0:
        return f"{path.name} is silent"
    if float(np.mean(np.abs(samples) >= CLIPPED)) > CLIPPED_PART:
        return f"{path.name} is clipped: record it with less gain"
    return ""
