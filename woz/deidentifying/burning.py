"""Writes the copy of a film in which faces are blurred: the same frame times, the sound's packets as they are. Its
pictures lie upright in it, where the film says by a display matrix how they are to be turned.

Times are those of the film, to the millisecond that Matroska keeps: at most half of one is lost of a film with
finer times. What a film has before its time 0 to begin decoding with, as AAC's first packet in MP4, stays before
it; what a trimmed film's edit list cuts away is not in the copy.

`derived/ego.blurred.mkv`, and what it was made of in `derived/ego.blurred.json`, can be made anew from the film and
its faces. The film itself is only read.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import msgspec
from av.container import InputContainer, OutputContainer
from av.video.stream import VideoStream

from woz.base.colours_kept import keep_colours
from woz.base.edit_lists import UNSHIFTED, heard
from woz.base.errors import WozError
from woz.base.outside import Unsound, read_file
from woz.base.same_bytes import SAME_BYTES, encode_alike
from woz.base.upright import upright
from woz.deidentifying.blurring import FORMATS, blurred
from woz.deidentifying.covering import covered
from woz.deidentifying.faces import Faces
from woz.deidentifying.films import ROUNDED_NS, Progress, Stopped, time_of
from woz.recording.folder.frame_index import FrameIndex
from woz.recording.folder.session_folder import sha256_of
from woz.sound.passing_on import passed_on
from woz.sound.reading import readable

LOOKS = {"preset": "veryfast", "crf": "18", "bf": "0"}
TELL_EVERY = 25


@dataclass(frozen=True, slots=True)
class Copy:
    """What a blurred copy was made of, and its own hash."""

    film_sha256: str
    faces: str
    copy_sha256: str
    frames: int
    blurred_frames: int


def copy_path(film: Path) -> Path:
    return film.parent / "derived" / f"{film.stem}.blurred.mkv"


def load_copy(film: Path) -> Copy | None:
    """None where there is none, or its facts can't be read."""
    try:
        return read_file(copy_path(film).with_suffix(".json"), Copy)
    except (OSError, Unsound):
        return None


def burn(
    film: Path,
    index: FrameIndex,
    faces: Faces,
    progress: Progress = lambda _: True,
    folder: Path | None = None,
) -> Copy:
    """In `folder`, among what is derived of the session where it is left out.

    Raises WozError, and leaves what was there, for another film, one that can't be read, and a full disk; Stopped
    where `progress` said so.
    """
    if sha256_of(film) != faces.film_sha256:
        raise WozError(f"{film.name} was changed since faces were looked for; run: woz blur detect PROJECT --again")
    target = (folder or copy_path(film).parent) / copy_path(film).name
    part = target.with_suffix(".part")
    try:
        target.parent.mkdir(exist_ok=True)
        burning = _Burning(index, faces, progress)
        burning.write(film, part)
        _demand_the_same(film, part)
        made = Copy(faces.film_sha256, faces.digest, sha256_of(part), burning.frames, burning.blurred_frames)
        target.with_suffix(".json").unlink(missing_ok=True)
        part.replace(target)
        target.with_suffix(".json").write_bytes(msgspec.json.encode(made))
    except (OSError, av.FFmpegError) as error:
        raise WozError(
            f"No blurred copy of {film.name} could be made ({error.strerror}); make room in {target.parent}, or"
            " bring back the film."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return made


class _Burning:
    def __init__(self, index: FrameIndex, faces: Faces, progress: Progress) -> None:
        self._numbers = {t_ns: number for number, t_ns in enumerate(index.times)}
        self._faces = faces
        self._progress = progress
        self.frames = self.blurred_frames = 0

    def write(self, film: Path, part: Path) -> None:
        with (
            av.open(str(film)) as source,
            av.open(str(part), "w", format="matroska", options=UNSHIFTED | SAME_BYTES) as out,
        ):
            shown = source.streams.video[0]
            shown.thread_type = "AUTO"
            made = _stream(out, shown, self._faces)
            tracks = readable(source)
            sounds = passed_on(out, tracks, film)
            for packet in source.demux([shown, *tracks]):
                if packet.stream.index == shown.index:
                    for frame in packet.decode():
                        assert isinstance(frame, av.VideoFrame)
                        self._take(self._upright(frame), made, out)
                elif packet.dts is not None and heard(packet):
                    packet.stream = sounds[packet.stream.index]
                    out.mux(packet)
            out.mux(made.encode(None))

    def _take(self, frame: av.VideoFrame, made: VideoStream, out: OutputContainer) -> None:
        if self.frames % TELL_EVERY == 0 and not self._progress(self.frames / max(1, len(self._numbers))):
            raise Stopped
        number = self._numbers.get(time_of(frame), self.frames)
        boxes = covered(self._faces, self._faces.tracks, number)
        shown = blurred(frame, boxes)
        shown.pts, shown.time_base = frame.pts, frame.time_base
        shown.pict_type = av.video.frame.PictureType.NONE
        out.mux(made.encode(shown))
        self.frames += 1
        self.blurred_frames += bool(boxes)

    def _upright(self, frame: av.VideoFrame) -> av.VideoFrame:
        """Raises WozError where an earlier woz looked for faces in the picture as it lies in the file."""
        turned = upright(frame)
        if turned is not frame and not self._faces.upright:
            raise WozError(
                "The film's pictures lie sideways or upside down in its file, and faces were looked for as they"
                " lie; run: woz blur detect PROJECT --again"
            )
        return turned


def _stream(out: OutputContainer, like: VideoStream, faces: Faces) -> VideoStream:
    """As large as the pictures in which faces were looked for."""
    made = out.add_stream("libx264", rate=like.average_rate or 30, options=dict(LOOKS))
    made.width, made.height = faces.width, faces.height
    made.pix_fmt = like.pix_fmt if like.pix_fmt in FORMATS else FORMATS[0]
    made.time_base = made.codec_context.time_base = like.time_base or Fraction(1, 1000)
    made.codec_context.gop_size = 30
    encode_alike(made)
    keep_colours(made, like.codec_context)
    return made


def _demand_the_same(film: Path, copy: Path) -> None:
    """Raises WozError where a byte of sound differs, or a time by more than Matroska rounds."""
    with av.open(str(film)) as one, av.open(str(copy)) as other:
        if not _same(_facts(one), _facts(other)):
            raise WozError(
                f"The blurred copy of {film.name} would not have the same frame times and sound; nothing was kept."
                " Check the film with woz check."
            )


@dataclass(frozen=True, slots=True)
class _Facts:
    """When each frame is shown and each track of sound begins (ns), and a digest of each of these."""

    shown: list[int]
    began: list[int]
    sounds: list[str]


def _same(one: _Facts, other: _Facts) -> bool:
    return one.sounds == other.sounds and _near(one.shown, other.shown) and _near(one.began, other.began)


def _near(one: Sequence[int], other: Sequence[int]) -> bool:
    return len(one) == len(other) and all(abs(a - b) < ROUNDED_NS for a, b in zip(one, other, strict=True))


def _facts(container: InputContainer) -> _Facts:
    shown, began = list[int](), dict[int, int]()
    tracks = readable(container)
    sounds = {each.index: hashlib.sha256() for each in tracks}
    for packet in container.demux([container.streams.video[0], *tracks]):
        track = packet.stream.index
        if not (heard(packet) if track in sounds else not packet.is_discard):
            continue
        if track in sounds:
            sounds[track].update(bytes(packet))
        if packet.pts is None:
            continue
        if track in sounds:
            began.setdefault(track, time_of(packet))
        else:
            shown.append(time_of(packet))
    in_order = [began[track] for track in sounds if track in began]
    return _Facts(sorted(shown), in_order, [each.hexdigest() for each in sounds.values()])
