"""Cuts a clip from a session's film: frames up to the question's end at their own times, sound up to the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.container import InputContainer, OutputContainer
from av.video.stream import VideoStream

from woz.base.colours_kept import keep_colours
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval, seconds
from woz.base.same_bytes import ALIKE, SAME_BYTES, encode_alike
from woz.base.upright import upright
from woz.sound.reading import Samples, decoded

TICKS = 1_000_000
"""A clip's time stamps are whole microseconds."""
RATE = 48_000
ENCODER = {
    "video": "libx264",
    "preset": "veryfast",
    "crf": "20",
    "threads": "1",
    **ALIKE,
    "sound": "aac",
    "sound_rate": str(RATE),
}
JPEG_QUALITY = 90
_OPTIONS = {"preset": ENCODER["preset"], "crf": ENCODER["crf"], "bf": "0", "g": "30", "threads": ENCODER["threads"]}
_CONTAINER = {"movflags": "faststart", "video_track_timescale": str(TICKS), **SAME_BYTES}


@dataclass(frozen=True, slots=True)
class Film:
    """A session's film; `exact` has frames' session times by their times in the film, where a table has them.

    `sound` is the file that its voices are taken from, the film itself where it is None; `muted` is silent, of
    `withheld` no picture leaves the lab.
    """

    path: Path
    exact: Mapping[int, int] = field(default_factory=dict)
    sound: Path | None = None
    muted: tuple[Interval, ...] = ()
    withheld: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """`span` of session time; sound from `silent_from_ns` on is the answer's, and is left silent."""

    span: Interval
    silent_from_ns: int
    frames: int


def frame_times(span: Interval, count: int) -> list[int]:
    """The times whose frames are taken: the middles of so many equal parts of the clip."""
    return [span.start_ns + (2 * i + 1) * span.duration_ns // (2 * count) for i in range(count)]


def cut_clip(film: Film, cut: Cut, clip: Path, pictures: Sequence[Path]) -> list[int]:
    """Write the clip, and as pictures the frames shown at `frame_times`; the answer has these frames' times (ns).

    Raises WozError where the film has no frame in the span or can't be read, OSError where nothing can be written.
    """
    taken = Pictures(frame_times(cut.span, cut.frames), pictures)
    with opened(film.path) as container, av.open(str(clip), "w", format="mp4", options=_CONTAINER) as out:
        video = None
        sound_track = out.add_stream("aac", rate=RATE, layout="mono") if container.streams.audio else None
        for t_ns, frame in frames_in(container, film, cut.span):
            video = video or _video(out, frame)
            taken.offer(t_ns, frame)
            frame.pts, frame.time_base = (t_ns - cut.span.start_ns) * TICKS // NS_PER_S, Fraction(1, TICKS)
            frame.pict_type = av.video.frame.PictureType.NONE
            out.mux(video.encode(frame))
        if video is None:
            raise WozError(_outside(film, cut.span))
        out.mux(video.encode(None))
        if sound_track is not None:
            _encode_sound(out, sound_track, sound_of(film, cut))
    taken.finish()
    return taken.times


def frames_in(container: InputContainer, film: Film, span: Interval) -> Iterator[tuple[int, av.VideoFrame]]:
    """The frames whose session time lies in a span, with it."""
    stream = container.streams.video[0]
    assert stream.time_base
    container.seek(int(max(0, span.start_ns - NS_PER_S) / NS_PER_S / stream.time_base), stream=stream)
    for frame in container.decode(stream):
        shown = 0 if frame.time is None else round(frame.time * 1000) * 1_000_000
        t_ns = film.exact.get(shown, shown)
        if t_ns >= span.end_ns:
            return
        if t_ns >= span.start_ns:
            yield t_ns, upright(frame)


def sound_of(film: Film, cut: Cut) -> Samples:
    """All tracks of a film in a span, mixed; silent from where the answer begins, and where the film is muted."""
    length = cut.span.duration_ns * RATE // NS_PER_S
    mixed: Samples = np.zeros(length, np.float32)
    until_ns = min(cut.span.end_ns, cut.silent_from_ns)
    with opened(film.sound or film.path, film.sound is None) as container:
        tracks = len(container.streams.audio)
        for track in range(tracks):
            stream = container.streams.audio[track]
            assert stream.time_base
            container.seek(int(cut.span.start_ns / NS_PER_S / stream.time_base), stream=stream)
            for t_ns, _, samples in decoded(container, track, RATE, until_ns):
                _add(mixed, samples, _at(t_ns, cut))
    mixed[max(0, _at(until_ns, cut)) :] = 0
    for each in film.muted:
        mixed[max(0, _at(each.start_ns, cut)) : max(0, _at(each.end_ns, cut))] = 0
    return np.clip(mixed, -1, 1)


def _at(t_ns: int, cut: Cut) -> int:
    """The number of a sample in a cut."""
    return (t_ns - cut.span.start_ns) * RATE // NS_PER_S


def _add(mixed: Samples, samples: Samples, at: int) -> None:
    first, last = max(0, at), min(len(mixed), at + len(samples))
    if first < last:
        mixed[first:last] += samples[first - at : last - at]


def _video(out: OutputContainer, like: av.VideoFrame) -> VideoStream:
    video = out.add_stream("libx264", rate=30, options=dict(_OPTIONS))
    video.width, video.height, video.pix_fmt = like.width - like.width % 2, like.height - like.height % 2, "yuv420p"
    video.codec_context.time_base = Fraction(1, TICKS)
    encode_alike(video)
    keep_colours(video, like)
    return video


def _encode_sound(out: OutputContainer, track: av.AudioStream, sound: Samples) -> None:
    for first in range(0, len(sound), 1024):
        part = np.ascontiguousarray(sound[None, first : first + 1024])
        frame = av.AudioFrame.from_ndarray(part, "fltp", "mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, first, Fraction(1, RATE)
        out.mux(track.encode(frame))
    out.mux(track.encode(None))


def opened(path: Path, film: bool = True) -> InputContainer:
    """Raises WozError for a file that can't be read, or is no film where it should be one."""
    try:
        container = av.open(str(path))
    except (av.FFmpegError, OSError) as error:
        raise WozError(f"The video {path} can't be read ({error.strerror}); release it --without-clips.") from error
    if film and not container.streams.video:
        container.close()
        raise WozError(f"{path} holds no pictures; release it --without-clips.")
    return container


def _outside(film: Film, span: Interval) -> str:
    where = f"{seconds(span.start_ns):.1f} s to {seconds(span.end_ns):.1f} s"
    return f"A clip from {where} lies outside the video {film.path}; mend its question's time, or reject it."


class Pictures:
    """Takes of frames that come by time those that are shown at the wanted times."""

    def __init__(self, wanted: Sequence[int], paths: Sequence[Path]) -> None:
        self._waiting = list(zip(wanted, paths, strict=True))[::-1]
        self._last: tuple[int, av.VideoFrame] | None = None
        self._written: tuple[int, bytes] | None = None
        self.times: list[int] = []

    def offer(self, t_ns: int, frame: av.VideoFrame) -> None:
        """What came before is shown until now; the first frame also for what is wanted before it."""
        while self._last and self._waiting and self._waiting[-1][0] < t_ns:
            self._take()
        self._last = (t_ns, frame)

    def finish(self) -> None:
        while self._last and self._waiting:
            self._take()

    def _take(self) -> None:
        assert self._last
        t_ns, frame = self._last
        if self._written is None or self._written[0] != t_ns:
            quality = [int(cv2.IMWRITE_JPEG_QUALITY), JPEG_QUALITY]
            done, data = cv2.imencode(".jpg", frame.to_ndarray(format="bgr24"), quality)
            assert done
            self._written = (t_ns, data.tobytes())
        self._waiting.pop()[1].write_bytes(self._written[1])
        self.times.append(t_ns)
