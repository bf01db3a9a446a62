"""Waveforms of a session's voices as files, so that no editor decodes hours of sound to draw them.

`derived/ego.0.wave` is the trainee's, `ego.1.wave` the expert's. JSON in 256 bytes says of which file it was made
and how many bins each level has; the levels follow, a byte a value. All of it can be made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import av
import numpy as np

from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS, NS_PER_S
from woz.recording.folder.session_folder import derived_of
from woz.sound.waveform import Bins, Folding, Waveform

VERSION = 1
HEADER = 256
PART = 65_536
"""So many bytes of the beginning and of the end tell a file from another of its size."""
GAP_NS = 5 * NS_PER_MS
TELL_NS = 5 * NS_PER_S
Progress = Callable[[float], bool]
"""Is told the part (0..1) that is done; False where nobody waits for the rest."""


def wave_path(media: Path, track: int) -> Path:
    return derived_of(media) / f"{media.stem}.{track}.wave"


def load_wave(media: Path, track: int) -> Waveform | None:
    """The waveform of a track as it lies on the disk, mapped; None where there is none of this very file."""
    path = wave_path(media, track)
    try:
        with path.open("rb") as file:
            about = json.loads(file.read(HEADER))
        if about["version"] != VERSION or about["source"] != source_mark(media):
            return None
        whole = np.memmap(path, np.int8, "r", HEADER)
        levels, at = [], 0
        for bins in about["bins"]:
            levels.append(whole[at : at + 2 * bins].reshape(bins, 2))
            at += 2 * bins
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Waveform(tuple(levels))


def save_waves(media: Path, tracks: Sequence[Bins], folder: Path | None = None) -> tuple[Waveform, ...]:
    """Keep the waveforms of a file's tracks beside it, or in a folder. Raises OSError where the disk is full."""
    made = tuple(Waveform.of(bins) for bins in tracks)
    mark = source_mark(media)
    for track, wave in enumerate(made):
        path = wave_path(media, track)
        path = folder / path.name if folder else path
        path.parent.mkdir(exist_ok=True)
        about = {"version": VERSION, "source": mark, "bins": [len(level) for level in wave.levels]}
        temporary = path.with_suffix(".part")
        with temporary.open("wb") as file:
            file.write(json.dumps(about).encode().ljust(HEADER))
            for level in wave.levels:
                file.write(level.tobytes())
        temporary.replace(path)
    return made


def make_waves(media: Path, progress: Progress = lambda _: True) -> tuple[Waveform, ...] | None:
    """Decode a file's voices, keep their waveforms beside it where the disk lets us, and give them.

    None where `progress` said to stop. Raises WozError for a file that can't be read.
    """
    tracks = fold_waves(media, progress)
    if tracks is None:
        return None
    with contextlib.suppress(OSError):
        return save_waves(media, tracks)
    return tuple(Waveform.of(bins) for bins in tracks)


def fold_waves(media: Path, progress: Progress = lambda _: True) -> list[Bins] | None:
    """Decode a file's voices to the finest level of their waveforms, all audio tracks in one pass.

    None where `progress` said to stop. Raises WozError for a file that can't be read.
    """
    try:
        with av.open(str(media)) as container:
            return _folded(container, progress)
    except (av.FFmpegError, OSError) as error:
        raise WozError(f"The sound of {media} can't be read ({error.strerror}).") from error


def source_mark(media: Path) -> str:
    """Tells a file's content by its size, beginning and end. Raises OSError where it can't be read."""
    size = media.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with media.open("rb") as file:
        digest.update(file.read(PART))
        file.seek(max(0, size - PART), os.SEEK_SET)
        digest.update(file.read(PART))
    return digest.hexdigest()


def _folded(container: av.container.InputContainer, progress: Progress) -> list[Bins] | None:
    """All audio tracks in one pass."""
    streams = container.streams.audio
    if not streams:
        return []
    tracks = {stream.index: _Track(stream.rate) for stream in streams}
    length_ns, told_ns = max(1, (container.duration or 0) * 1000), 0
    for packet in container.demux(streams):
        track = tracks[packet.stream.index]
        for frame in packet.decode():
            assert isinstance(frame, av.AudioFrame)
            track.add(frame)
        if track.folding.end_ns - told_ns > TELL_NS:
            told_ns = track.folding.end_ns
            if not progress(min(1.0, told_ns / length_ns)):
                return None
    return [track.folding.finish() for track in tracks.values()]


class _Track:
    def __init__(self, rate: int) -> None:
        self.folding = Folding(rate)
        self._mono = av.AudioResampler("s16", "mono", rate)

    def add(self, frame: av.AudioFrame) -> None:
        if frame.time is not None and round(frame.time * NS_PER_S) - self.folding.end_ns > GAP_NS:
            self.folding.silence_to(round(frame.time * NS_PER_S))
        for part in self._mono.resample(frame):
            self.folding.add(part.to_ndarray()[0])
