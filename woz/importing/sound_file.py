"""The sound of any file: WAV, FLAC, MP3, M4A, WebM, a video's, a VRS recording's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import av
import numpy as np
import soxr

from woz.base.clock import SystemClock
from woz.base.errors import WozError, permitted, unread
from woz.base.interval import NS_PER_S
from woz.base.settings import AUDIO_RATE
from woz.capture.source import AudioBlock
from woz.capture.unplayed import demand_audible
from woz.capture.vrs_file import VrsFileSource
from woz.sound.reading import decoded, readable, refuse_endless
from woz.sound.session_track import SessionTrack
from woz.sound.whitening import RATE, Samples

MISSING_S = 0.5
GUESSED = "mp3"
"""A format whose length, where it has no table, is only guessed from its bit rate."""


def sound_blocks(path: Path) -> Iterator[AudioBlock]:
    """The first sound of a file, mono, in order; times begin with 0 at the file's beginning.

    Raises WozError for a file that is missing, may not be read, holds no sound, is damaged or cut off, or is longer
    than can be held in memory.
    """
    if path.suffix.lower() == ".vrs":
        return _not_endless(path, _of_glasses(VrsFileSource(path, SystemClock())))
    with permitted():
        if not path.is_file():
            raise WozError(f"There is no file {path}; check its name.")
    _refuse_cut_wav(path)
    return _not_endless(path, _of_media(path))


def _not_endless(path: Path, blocks: Iterator[AudioBlock]) -> Iterator[AudioBlock]:
    for block in blocks:
        refuse_endless(block.device_ns, path)
        yield block


def _refuse_cut_wav(path: Path) -> None:
    """FFmpeg takes the shorter of what a WAV says and what is there; a length that isn't known is all ones or 0."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise WozError(unread(path, error)) from error
    size = int.from_bytes(head[4:], "little")
    if head[:4] == b"RIFF" and 0 < size < 2**32 - 1 and path.stat().st_size < size:
        raise WozError(f"{path} is cut off: {size - path.stat().st_size} bytes are missing; copy it again.")


def read_sound(blocks: Iterable[AudioBlock]) -> Samples:
    """Sound from time 0 on at 16 kHz; what is missing in between is silent."""
    track, low = SessionTrack(), soxr.ResampleStream(AUDIO_RATE, RATE, 1, dtype="float32")
    end_ns, parts = 0, []
    for block in blocks:
        parts.append(low.resample_chunk(track.add(block.device_ns, block.samples, block.rate)))
        end_ns = max(end_ns, block.device_ns + len(block.samples) * NS_PER_S // block.rate)
    parts.append(low.resample_chunk(track.finish(end_ns), last=True))
    return np.concatenate(parts)


def _of_glasses(source: VrsFileSource) -> Iterator[AudioBlock]:
    if source.info.audio_rate is None:
        raise WozError(f"{source.info.name} holds no sound; choose another recording.")
    for item in source.items(sound_only=True):
        if isinstance(item, AudioBlock):
            at_ns = item.device_ns - source.begin_ns
            yield AudioBlock(at_ns, at_ns, item.samples, item.rate)


def _of_media(path: Path) -> Iterator[AudioBlock]:
    reach_ns = 0
    try:
        demand_audible(path)
        with av.open(str(path)) as container:
            if not readable(container):
                raise WozError(f"{path} holds no sound that can be read; choose another file.")
            began_ns, length_ns = int(container.start_time or 0) * 1000, _length_ns(container)
            for t_ns, rate, samples in decoded(container, 0):
                at_ns = t_ns - began_ns
                reach_ns = at_ns + len(samples) * NS_PER_S // rate
                yield AudioBlock(at_ns, at_ns, samples, rate)
    except PermissionError as error:
        raise WozError(unread(path, error)) from error
    except (av.FFmpegError, OSError) as error:
        raise WozError(f"{path} can't be read as sound; it is damaged, cut off, or of another kind.") from error
    if not reach_ns or length_ns - reach_ns > max(MISSING_S * NS_PER_S, 0.001 * length_ns):
        raise WozError(
            f"{path} is cut off: {reach_ns / 1e9:.1f} of {length_ns / 1e9:.1f} s are there; copy it again."
        )


def _length_ns(container: av.container.InputContainer) -> int:
    """How long the sound says that it is; 0 where it doesn't say."""
    stream = readable(container)[0]
    if container.format.name == GUESSED:
        return 0
    if stream.duration is not None and stream.time_base is not None:
        return round(stream.duration * stream.time_base * NS_PER_S)
    return int(container.duration or 0) * 1000 if not container.streams.video else 0
