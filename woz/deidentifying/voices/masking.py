"""Writes the masked copy of a file's sound: each track, each channel, each sample at its time.

`derived/voices/RELEASE/ego.mka`, and what it was made of in `ego.json` beside it. What is converted is kept until
the copy is whole, so that a run that was ended goes on there.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import av
import msgspec
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer

from woz.base.errors import WozError
from woz.base.outside import Unsound, read_file
from woz.base.same_bytes import SAME_BYTES
from woz.deidentifying.voices.converting import Progress, convert_track
from woz.deidentifying.voices.keys import TrackKeys, digest_of
from woz.deidentifying.voices.port import Converter
from woz.recording.folder.session_folder import sha256_of


@dataclass(frozen=True, slots=True)
class Masked:
    """What a masked copy was made of, and its own hash; `keys` tells keys apart without telling them."""

    release: str
    converter: str
    version: str
    keys: str
    source_sha256: str
    copy_sha256: str
    tracks: int


def masked_path(media: Path, release: str) -> Path:
    return media.parent / "derived" / "voices" / release / f"{media.stem}.mka"


def load_masked(media: Path, release: str) -> Masked | None:
    """None where there is none, or its facts can't be read."""
    return _facts(masked_path(media, release))


def is_whole(media: Path, made: Masked) -> bool:
    """Whether the copy is there as it was made. Raises WozError where it can't be read."""
    return _is_whole(masked_path(media, made.release), made)


def mask(
    media: Path,
    release: str,
    tracks: Sequence[TrackKeys],
    converter: Converter,
    progress: Progress = lambda _: True,
    folder: Path | None = None,
) -> Masked | None:
    """As it is where it was made of the same already; None where `progress` said so before it was done.

    `tracks` has the keys of each track of sound; `folder` takes the copy in the place of where it belongs. Raises
    WozError, and leaves what was there, for a file that can't be read, a converter that gives other times, and a
    full disk.
    """
    facts = converter.facts
    wanted = Masked(
        release, facts.name, facts.version, digest_of(tracks), sha256_of(media), copy_sha256="", tracks=len(tracks)
    )
    target = folder / masked_path(media, release).name if folder else masked_path(media, release)
    known = _facts(target)
    if known and replace(known, copy_sha256="") == wanted and _is_whole(target, known):
        return known
    try:
        return _made(media, target, wanted, tracks, converter, progress)
    except (OSError, av.FFmpegError) as error:
        raise WozError(
            f"No masked copy of {media.name} could be made ({error.strerror or error}); make room in"
            f" {media.parent}, or bring back the file, and run it again: it goes on where it was."
        ) from error


def _facts(copy: Path) -> Masked | None:
    try:
        return read_file(copy.with_suffix(".json"), Masked)
    except (OSError, Unsound):
        return None


def _is_whole(copy: Path, made: Masked) -> bool:
    return copy.is_file() and sha256_of(copy) == made.copy_sha256


def _made(
    media: Path, target: Path, wanted: Masked, tracks: Sequence[TrackKeys], converter: Converter, progress: Progress
) -> Masked | None:
    made_of = hashlib.sha256(msgspec.json.encode(wanted)).hexdigest()[:12]
    pieces, part = target.parent / f".{target.stem}-{made_of}", target.with_suffix(".part")
    pieces.mkdir(parents=True, exist_ok=True)
    for track, keys in enumerate(tracks):

        def told(share: float, track: int = track) -> bool:
            return progress((track + share) / len(tracks))

        if not convert_track(media, track, keys, converter, pieces / f"{track}.pcm", told):
            return None
    try:
        _write(media, [pieces / f"{track}.pcm" for track in range(len(tracks))], part)
        _demand_the_same(media, part)
        made = replace(wanted, copy_sha256=sha256_of(part))
        target.with_suffix(".json").unlink(missing_ok=True)
        part.replace(target)
        target.with_suffix(".json").write_bytes(msgspec.json.encode(made))
    finally:
        part.unlink(missing_ok=True)
    shutil.rmtree(pieces, ignore_errors=True)
    return made


def _write(media: Path, pcms: Sequence[Path], part: Path) -> None:
    """The samples of the tracks in the order and at the times of the file's own blocks."""
    with av.open(str(media)) as source, av.open(str(part), "w", format="matroska", options=SAME_BYTES) as out:
        own = {stream.index: n for n, stream in enumerate(source.streams.audio)}
        writers = [_Writer(out, stream, pcm) for stream, pcm in zip(source.streams.audio, pcms, strict=True)]
        for packet in source.demux(list(source.streams.audio)):
            for frame in packet.decode():
                assert isinstance(frame, av.AudioFrame)
                writers[own[packet.stream.index]].write(out, frame)
        for writer in writers:
            out.mux(writer.stream.encode(None))


class _Writer:
    def __init__(self, out: OutputContainer, like: AudioStream, pcm: Path) -> None:
        self._layout = like.codec_context.layout
        self.stream = out.add_stream("flac", rate=like.rate, layout=self._layout.name)
        self.stream.codec_context.format = "s16"
        samples = np.fromfile(pcm, "<i2") if pcm.stat().st_size < 2**20 else np.memmap(pcm, "<i2", "r")
        self._samples = samples.reshape(-1, self._layout.nb_channels)
        self._at = 0

    def write(self, out: OutputContainer, like: av.AudioFrame) -> None:
        block = self._samples[self._at : self._at + like.samples]
        self._at += like.samples
        if not len(block):
            return
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.reshape(1, -1)), "s16", self._layout.name)
        frame.sample_rate, frame.pts, frame.time_base = like.sample_rate, like.pts, like.time_base
        out.mux(self.stream.encode(frame))


def _demand_the_same(media: Path, copy: Path) -> None:
    """Raises WozError where a track begins at another time, or has other than as many samples."""
    with av.open(str(media)) as one, av.open(str(copy)) as other:
        if _lengths(one) != _lengths(other):
            raise WozError(
                f"The masked copy of {media.name} would not have the same times; nothing was kept. Check the file"
                " with woz check."
            )


def _lengths(container: InputContainer) -> list[tuple[int, int]]:
    """Of each track, its first time in milliseconds and how many samples it has."""
    begins, counts = dict[int, int](), dict[int, int]()
    for packet in container.demux(list(container.streams.audio)):
        for frame in packet.decode():
            assert isinstance(frame, av.AudioFrame)
            begins.setdefault(packet.stream.index, round(1000 * (frame.time or 0)))
            counts[packet.stream.index] = counts.get(packet.stream.index, 0) + frame.samples
    return [(begins.get(stream.index, 0), counts.get(stream.index, 0)) for stream in container.streams.audio]
