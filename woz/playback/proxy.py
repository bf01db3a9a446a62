"""A small copy of a film each of whose frames is coded by itself: near any frame at once, where groups are long.

`derived/ego.proxy.mkv` has the same numbers of frames: a frame's time in it is its number in milliseconds. Its
pictures stand in only while one drags; what rests, and each time, is the film's own. All of it can be deleted.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream

from woz.base.colours_kept import keep_colours
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.base.pictures import reshaped
from woz.base.same_bytes import SAME_BYTES, encode_alike
from woz.playback.frames import FrameReader
from woz.recording.folder.frame_index import FrameIndex
from woz.recording.folder.waves import source_mark

log = logging.getLogger(__name__)

LONG_NS = 2 * NS_PER_S
"""Groups of pictures longer than this take too long to decode while one drags."""
HEIGHT = 540
CODECS = ("libx264", "mjpeg")
"""The first that is there."""
LOOKS = {"libx264": {"preset": "ultrafast", "crf": "23", "tune": "fastdecode"}, "mjpeg": {"qscale": "4"}}
NUMBER = Fraction(1, 1000)
TELL_EVERY = 50
MARK = "woz_source"
Progress = Callable[[float], bool]
"""Is told the part (0..1) that is done; False where nobody waits for the rest."""


def proxy_path(film: Path) -> Path:
    return film.parent / "derived" / f"{film.stem}.proxy.mkv"


def needs_proxy(index: FrameIndex) -> bool:
    """Whether the film has groups of pictures that are long."""
    edges = np.array(index.times, np.int64)[np.append(index.keys, len(index.times) - 1)]
    return bool(len(edges) > 1 and np.diff(edges).max() > LONG_NS)


def delete_proxy(film: Path) -> None:
    """Raises WozError where it can't be deleted."""
    try:
        proxy_path(film).unlink(missing_ok=True)
    except OSError as error:
        raise WozError(
            f"{proxy_path(film)} can't be deleted ({error.strerror}); see who may write there."
        ) from error


class Proxy:
    """For one thread."""

    def __init__(self, film: Path) -> None:
        """Raises WozError where there is none of this very film."""
        path = proxy_path(film)
        try:
            self._container = av.open(str(path))
            of, wanted = self._container.metadata.get(MARK.upper()), source_mark(film)
            if of != wanted:
                self._container.close()
                raise WozError(f"{path} is of another film.")
            self._stream = self._container.streams.video[0]
        except IndexError as error:
            raise WozError(f"{path} can't be read (it holds no pictures).") from error
        except (OSError, av.FFmpegError) as error:
            raise WozError(f"{path} can't be read ({error.strerror}).") from error

    def read(self, number: int) -> av.VideoFrame | None:
        """The small picture of a frame; None where there is none."""
        try:
            self._container.seek(number, stream=self._stream)
            frame = next(self._container.decode(self._stream), None)
        except av.FFmpegError as error:
            log.info("frame %d of the proxy can't be decoded (%s)", number, error)
            return None
        return frame if frame is not None and frame.pts == number else None

    def close(self) -> None:
        self._container.close()


def make_proxy(
    film: Path, index: FrameIndex, progress: Progress = lambda _: True, folder: Path | None = None
) -> bool:
    """In `folder`, beside the film where it is left out. False where `progress` said to stop; nothing is left then.

    Raises WozError for a film that can't be read, and where the disk takes no more.
    """
    target = (folder or proxy_path(film).parent) / proxy_path(film).name
    part = target.with_suffix(".part")
    try:
        target.parent.mkdir(exist_ok=True)
        done = _write(film, index, part, progress)
        if done:
            part.replace(target)
        return done
    except (OSError, av.FFmpegError) as error:
        raise WozError(f"No proxy of {film.name} could be made ({error.strerror}); it plays without.") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _write(film: Path, index: FrameIndex, part: Path, progress: Progress) -> bool:
    reader = FrameReader(film, index, cache_bytes=1, threads=1)
    try:
        with av.open(str(part), "w", format="matroska", options=SAME_BYTES) as container:
            container.metadata[MARK] = source_mark(film)
            stream: VideoStream | None = None
            for number in range(len(index.times)):
                if number % TELL_EVERY == 0 and not progress(number / len(index.times)):
                    return False
                frame = reader.read(number)
                if frame is None:
                    continue
                stream = stream or _stream(container, frame)
                small = reshaped(frame, stream.width, stream.height, stream.pix_fmt, "BILINEAR")
                small.pts, small.time_base = number, NUMBER
                container.mux(stream.encode(small))
            if stream:
                container.mux(stream.encode(None))
    finally:
        reader.close()
    return stream is not None


def _stream(container: av.container.OutputContainer, frame: av.VideoFrame) -> VideoStream:
    codec = next(name for name in CODECS if name in av.codecs_available)
    scale = min(1.0, HEIGHT / frame.height)
    stream = container.add_stream(codec, rate=25)
    assert isinstance(stream, VideoStream)
    stream.width, stream.height = (max(2, round(side * scale / 2) * 2) for side in (frame.width, frame.height))
    stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    if codec != "mjpeg":
        keep_colours(stream, frame)
    stream.time_base = stream.codec_context.time_base = NUMBER
    stream.codec_context.options = LOOKS[codec]
    stream.codec_context.gop_size, stream.codec_context.max_b_frames = 1, 0
    encode_alike(stream)
    return stream
