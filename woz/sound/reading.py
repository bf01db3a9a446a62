"""Reads the sound of a recording: blocks of one audio track, or all of it at another rate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import soxr
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S

Samples = NDArray[np.float32]

OWN_FORM, FULL_SCALE = ("s16", 1), np.float32(32768)
"""How our own recordings come out of their decoder: read without a converter, which takes most of the time."""
CHUNK_S = 1.0
LONGEST_HOURS = 8
"""Sound that is held in memory whole is no longer: a small silent file can say that it lasts for years."""


def refuse_endless(end_ns: int, path: Path) -> None:
    """Raises WozError for sound that reaches further than can be held in memory."""
    if end_ns > LONGEST_HOURS * 3600 * NS_PER_S:
        raise WozError(f"{path} holds more than {LONGEST_HOURS} hours of sound, or says so; cut it into parts.")


def sound_blocks(path: Path, track: int) -> Iterator[tuple[int, int, Samples]]:
    """The sound of one audio track of a file in blocks: time (ns), rate, mono samples in -1..1.

    Raises WozError for a file that can't be read.
    """
    try:
        with av.open(str(path)) as container:
            stream = container.streams.audio[track]
            mono = av.AudioResampler(format="flt", layout="mono", rate=stream.rate)
            for frame in container.decode(stream):
                t_ns = round((frame.time or 0.0) * 1e9)
                if (frame.format.name, frame.layout.nb_channels) == OWN_FORM:
                    yield t_ns, frame.sample_rate, frame.to_ndarray()[0] / FULL_SCALE
                    continue
                for block in mono.resample(frame):
                    yield t_ns, block.sample_rate, block.to_ndarray().reshape(-1).astype(np.float32)
    except (av.FFmpegError, OSError, IndexError) as error:
        raise WozError(f"{path} can't be read ({error}).") from error


def read_track(path: Path, track: int, rate: int) -> tuple[Samples, int]:
    """One audio track of a file, resampled, and the time (ns) of its first sample.

    Raises WozError for a file that can't be read, or is longer than `LONGEST_HOURS`.
    """
    blocks: list[Samples] = []
    read_ns = 0
    resampler: soxr.ResampleStream | None = None
    start_ns = 0
    for t_ns, own_rate, samples in _chunks(path, track):
        if resampler is None:
            start_ns, resampler = t_ns, soxr.ResampleStream(own_rate, rate, 1, dtype="float32")
        blocks.append(resampler.resample_chunk(samples))
        read_ns += len(samples) * NS_PER_S // own_rate
        refuse_endless(read_ns, path)
    if resampler is None:
        return np.zeros(0, np.float32), 0
    blocks.append(resampler.resample_chunk(np.zeros(0, np.float32), last=True))
    return np.concatenate(blocks), start_ns


def _chunks(path: Path, track: int) -> Iterator[tuple[int, int, Samples]]:
    """As `sound_blocks`, but in blocks of a second: hours go through a resampler faster so."""
    waiting: list[Samples] = []
    begin_ns = rate = length = 0
    for t_ns, rate, samples in sound_blocks(path, track):
        begin_ns = begin_ns if waiting else t_ns
        waiting.append(samples)
        length += len(samples)
        if length >= CHUNK_S * rate:
            yield begin_ns, rate, np.concatenate(waiting)
            waiting, length = [], 0
    if waiting:
        yield begin_ns, rate, np.concatenate(waiting)
