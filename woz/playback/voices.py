"""The voices of a film by the number of their samples, from any place."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.base.settings import AUDIO_RATE
from woz.sound.reading import readable

log = logging.getLogger(__name__)

Samples = NDArray[np.float32]

ROUNDING = AUDIO_RATE // 200
"""Time stamps are whole milliseconds: what goes on nearer than this to the end of what was before follows it."""
RUN_UP = AUDIO_RATE // 5
"""Decoding begins so much earlier than needed: some codecs begin with what isn't right yet."""
NEAR = 2 * AUDIO_RATE
"""What begins less far on is reached by reading on."""
KEPT = 4 * AUDIO_RATE


class Voices:
    """All audio tracks of a film at `AUDIO_RATE`, mixed down to mono each. For one thread."""

    def __init__(self, path: Path) -> None:
        """Raises WozError for a file that can't be read."""
        try:
            self._container = av.open(str(path))
        except (OSError, av.FFmpegError) as error:
            raise WozError(f"The sound of {path} can't be read ({error.strerror}).") from error
        self._streams = tuple(readable(self._container))
        self._packets: Iterator[av.Packet[AudioStream]] = self._container.demux(self._streams)
        self._begin(0)

    @property
    def count(self) -> int:
        return len(self._streams)

    def read(self, first: int, count: int) -> Samples:
        """Samples from `first` on, shape (tracks, count); silence where the file has none."""
        if self._streams:
            self._reach(first, first + count)
        return np.stack([line.part(first, count) for line in self._lines]) if self._lines else _none(count)

    def close(self) -> None:
        self._packets = iter(())
        self._container.close()

    def _reach(self, first: int, end: int) -> None:
        lowest = max(line.first for line in self._lines)
        if self._ended and lowest <= first:
            return
        if not lowest <= first <= max(line.end for line in self._lines) + NEAR:
            self._seek(max(0, first - RUN_UP))
        while min(line.end for line in self._lines) < end and self._decode():
            pass

    def _seek(self, sample: int) -> None:
        """Where there are pictures the place is found by theirs, since files hold an index of those."""
        try:
            self._container.seek(sample * av.time_base // AUDIO_RATE)
            self._packets = self._container.demux(self._streams)
            self._begin(sample)
        except av.FFmpegError as error:
            log.info("the sound at %.1f s can't be found (%s)", sample / AUDIO_RATE, error)
            self._ended = True

    def _begin(self, sample: int) -> None:
        self._from = sample
        self._lines = [_Line(stream, sample) for stream in self._streams]
        self._line_of = {stream.index: line for stream, line in zip(self._streams, self._lines, strict=True)}
        self._ended = False

    def _decode(self) -> bool:
        """One packet; False at the end of the file."""
        try:
            packet = next(self._packets, None)
            if packet is None:
                self._ended = True
                return False
            self._take(packet)
        except av.FFmpegError as error:
            log.info("a part of the sound can't be decoded (%s)", error)
            self._ended = isinstance(error, av.EOFError)
        return not self._ended

    def _take(self, packet: av.Packet[AudioStream]) -> None:
        end = _samples((packet.pts or 0) + (packet.duration or 0), packet)
        if packet.pts is not None and packet.duration and end < self._from:
            return
        for frame in packet.decode():
            assert isinstance(frame, av.AudioFrame)
            self._line_of[packet.stream.index].add(frame)


class NoVoices(Voices):
    """Of a film whose sound can't be read."""

    def __init__(self) -> None:
        self._streams, self._lines = (), []

    def close(self) -> None: ...


class _Line:
    """What is decoded of a track, from one sample on without a hole."""

    def __init__(self, stream: AudioStream, first: int) -> None:
        stream.codec_context.flush_buffers()
        self.first = self.end = first
        self._blocks: list[Samples] = []
        self._mono = av.AudioResampler("flt", "mono", AUDIO_RATE)
        self._began = False

    def add(self, frame: av.AudioFrame) -> None:
        at = self.end if frame.time is None else round(frame.time * AUDIO_RATE)
        for part in self._mono.resample(frame):
            samples = part.to_ndarray().reshape(-1).astype(np.float32)
            if self._began and abs(at - self.end) < ROUNDING:
                at = self.end
            self._put(at, samples)
            at += len(samples)

    def part(self, first: int, count: int) -> Samples:
        out = np.zeros(count, np.float32)
        whole = self._joined()
        begin, end = max(first, self.first), min(first + count, self.end)
        if end > begin:
            out[begin - first : end - first] = whole[begin - self.first : end - self.first]
        return out

    def _put(self, at: int, samples: Samples) -> None:
        """In its place: what lies before the end is cut off, a hole is silence."""
        samples = samples[max(0, self.end - at) :]
        if not len(samples):
            return
        if at > self.end:
            samples = np.concatenate([np.zeros(at - self.end, np.float32), samples])
        self._blocks.append(samples)
        self.end += len(samples)
        self._began = True

    def _joined(self) -> Samples:
        if len(self._blocks) != 1:
            self._blocks = [np.concatenate(self._blocks) if self._blocks else np.zeros(0, np.float32)]
        if len(self._blocks[0]) > 2 * KEPT:
            self._blocks[0] = self._blocks[0][-KEPT:].copy()
            self.first = self.end - KEPT
        return self._blocks[0]


def _samples(stamp: int, packet: av.Packet[Any]) -> int:
    base = packet.time_base
    return stamp * AUDIO_RATE * base.numerator // base.denominator if base else 0


def _none(count: int) -> Samples:
    return np.zeros((0, count), np.float32)


def sample_at(t_ns: int) -> int:
    return t_ns * AUDIO_RATE // NS_PER_S
