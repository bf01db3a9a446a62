"""Frame-aligned films of a session's takes: frame i of each view's film is the same instant.

A film for each view of a take, as Ego-Exo4D's `frame_aligned_videos` are: of the frames that `timesync.csv` names,
at one rate. Where a view has no frame near an instant, the one before stands (at the beginning, the first of all).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import median

import av
from av.container import OutputContainer
from av.video.stream import VideoStream

from woz.base.colours_kept import keep_colours
from woz.base.commands import quoted, with_project
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.capture.unplayed import kept_parts_objection
from woz.deidentifying.approval import blur_objection
from woz.deidentifying.burning import copy_path
from woz.formats.datasets.timesync import GLASSES, Matched, folder_name, frames_of, matched, take_rows, view_name
from woz.lab.ports import Project
from woz.model.ids import SessionId
from woz.model.session import Take
from woz.playback.frames import FrameReader
from woz.privacy.consent import export_warning
from woz.recording.folder.frame_index import frame_index

Told = Callable[[str], object]
QUALITY = {"crf": "18", "preset": "veryfast"}


@dataclass(frozen=True, slots=True)
class Cut:
    """What was written, and what is to be known of consent; empty where there is nothing to say."""

    films: tuple[Path, ...]
    warning: str


def cut_takes(project: Project, session_id: SessionId, out: Path, tell: Told) -> Cut:
    """OUT/SESSION/TAKE/VIEW.mp4 for each take and view of a session.

    Of the approved blurred copies where the project asks for those. Raises WozError for a session without takes, of
    somebody who withdrew, where a copy isn't approved, and where a film is there already.
    """
    session = project.sessions.get(session_id)
    if not session.takes:
        how = f"woz takes {quoted(project.path)} --add NAME START END"
        raise WozError(f"{session_id} has no take yet; add one with {how}.")
    people = tuple(project.participants.get(each) for each in session.participants)
    warning = export_warning(session, people, False)
    folder, streams = project.session_dir(session_id), project.streams.of_session(session_id)
    found = matched(frames_of(folder, streams))
    views = [(stream, _shown(project, folder / stream.path)) for stream in streams if stream.frames]
    written = []
    for take in session.takes:
        for stream, shown in views:
            name = view_name(stream)
            target = out / str(session_id) / folder_name(take.name) / f"{name}.mp4"
            tell(f"{take.name}: {name}")
            reader = FrameReader(shown, frame_index(shown, folder / stream.frames))
            try:
                _write(target, reader, found, name, take)
            finally:
                reader.close()
            written.append(target)
    return Cut(tuple(written), with_project(warning, project.path))


def _shown(project: Project, film: Path) -> Path:
    """Raises WozError where faces should be blurred and nobody approved how they are, and for a film of several
    parts.
    """
    if not project.blurring.required:
        if film.is_file() and (why := kept_parts_objection(film)):
            raise WozError(why)
        return film
    if why := blur_objection(film):
        raise WozError(why)
    return copy_path(film)


def _write(target: Path, reader: FrameReader, found: Matched, name: str, take: Take) -> None:
    if target.exists():
        raise WozError(f"{target} is there already; name another folder, or take it away first.")
    rows = take_rows(found, take)
    numbers = _standing([found.numbers[name][row] for row in rows])
    if not numbers:
        raise WozError(f"{name} has no frame in the take {take.name!r}; take it away, or set its time anew.")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    try:
        with av.open(str(part), "w", format="mp4") as container:
            _encode(container, _pictures(reader, numbers), _rate(found))
        part.replace(target)
    except OSError as error:
        raise WozError(f"{target} can't be written ({error.strerror}); make room, and cut again.") from error
    finally:
        part.unlink(missing_ok=True)


def _standing(numbers: Sequence[int | None]) -> list[int]:
    """Each instant's frame; empty where there is none at all."""
    first = next((each for each in numbers if each is not None), None)
    stands, found = first, list[int]()
    for number in numbers:
        stands = number if number is not None else stands
        if stands is not None:
            found.append(stands)
    return found


def _pictures(reader: FrameReader, numbers: Sequence[int]) -> Iterator[av.VideoFrame]:
    for number in numbers:
        frame = reader.read(number)
        if frame is None:
            raise WozError(f"Frame {number} of the film can't be decoded; woz check says what is wrong with it.")
        yield frame


def _encode(container: OutputContainer, pictures: Iterator[av.VideoFrame], rate: Fraction) -> None:
    video: VideoStream | None = None
    for i, frame in enumerate(pictures):
        video = video or _stream(container, frame, rate)
        copy = frame.reformat(video.width, video.height, "yuv420p")
        copy.pts, copy.time_base, copy.pict_type = i, 1 / rate, av.video.frame.PictureType.NONE
        container.mux(video.encode(copy))
    if video:
        container.mux(video.encode(None))


def _stream(container: OutputContainer, like: av.VideoFrame, rate: Fraction) -> VideoStream:
    made = container.add_stream("libx264", rate=rate, options=dict(QUALITY))
    made.width, made.height, made.pix_fmt = like.width - like.width % 2, like.height - like.height % 2, "yuv420p"
    made.codec_context.time_base = 1 / rate
    keep_colours(made, like)
    return made


def _rate(found: Matched) -> Fraction:
    """Frames a second of the session's own view, to a thousandth."""
    steps = [b.session_ns - a.session_ns for a, b in pairwise(found.frames[GLASSES])]
    return Fraction(round(NS_PER_S * 1000 / median(steps)), 1000) if steps else Fraction(1)
