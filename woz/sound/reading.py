"""Reads the sound of a recording: blocks of one audio track, or all of it at another rate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import soxr
from av.audio.stream import AudioStream
from av.container import InputContainer
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


def readable(container: InputContainer) -> list[AudioStream]:
    """A file's tracks of sound, without those of a codec that nothing here knows: Apple's `apac` beside AAC."""
    return [stream for stream in container.streams.audio if stream.codec_context is not None]


def sound_blocks(path: Path, track: int) -> Iterator[tuple[int, int, Samples]]:
    """The sound of one audio track of a file in blocks: time (ns), rate, mono samples in -1..1.

    Raises WozError for a file that can't be read.
    """
    try:
        with av.open(str(path)) as container:
            yield from decoded(container, track)
    except (av.FFmpegError, OSError, IndexError) as error:
        raise WozError(f"{path} can't be read ({error}).") from error


def decoded(
    container: InputContainer, track: int, rate: int | None = None, until_ns: int | None = None
) -> Iterator[tuple[int, int, Samples]]:
    """The sound of an open file from where it stands, as `sound_blocks` gives it, at its own rate or another.

    Raises av.FFmpegError, OSError and, where there is no such track, IndexError.
    """
    stream = readable(container)[track]
    mono = av.AudioResampler("flt", "mono", rate or stream.rate)
    t_ns = 0
    for frame in container.decode(stream):
        t_ns = t_ns if frame.time is None else round(frame.time * NS_PER_S)
        if until_ns is not None and t_ns > until_ns:
            return
        own = rate in (None, frame.sample_rate) and (frame.format.name, frame.layout.nb_channels) == OWN_FORM
        parts = [(frame.sample_rate, frame.to_ndarray()[0] / FULL_SCALE)] if own else _blocks(mono.resample(frame))
        for own_rate, samples in parts:
            yield t_ns, own_rate, samples
            t_ns += len(samples) * NS_PER_S // own_rate
    if rate:
        for own_rate, samples in _blocks(mono.resample(None)):
            yield t_ns, own_rate, samples


def _blocks(frames: list[av.AudioFrame]) -> list[tuple[int, Samples]]:
    return [(frame.sample_rate, frame.to_ndarray().reshape(-1).astype(np.float32)) for frame in frames]


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
