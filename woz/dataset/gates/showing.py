"""Pictures for models: taken from a session's film, as JPEGs of a bounded size."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import av
import cv2

from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.dataset.release.clips import JPEG_QUALITY, Film, frame_times, frames_in

MOST_SIDE = 768


def pictures(film: Film, span: Interval, count: int) -> list[bytes]:
    """The frames shown at `frame_times`, each no later than its time; the first where none is shown yet.

    Empty where the film has none in the span. Raises WozError where it can't be read.
    """
    wanted, taken = frame_times(span, count), list[bytes]()
    try:
        with av.open(str(film.path)) as container:
            last: av.VideoFrame | None = None
            for t_ns, frame in frames_in(container, film, span):
                while last is not None and len(taken) < count and wanted[len(taken)] < t_ns:
                    taken.append(_jpeg(last))
                last = frame
            return taken + [_jpeg(last)] * (count - len(taken)) if last is not None else []
    except (av.FFmpegError, OSError, IndexError) as error:
        raise WozError(f"The video {film.path} can't be read; see to it with woz check.") from error


def first_picture(film: Film, span: Interval) -> list[bytes]:
    """The first frame of a clip."""
    try:
        with av.open(str(film.path)) as container:
            return [_jpeg(frame) for _, frame in _first(film, span, container)]
    except (av.FFmpegError, OSError, IndexError) as error:
        raise WozError(f"The video {film.path} can't be read; see to it with woz check.") from error


def _first(film: Film, span: Interval, container: av.container.InputContainer) -> list[tuple[int, av.VideoFrame]]:
    found = next(frames_in(container, film, span), None)
    return [found] if found else []


def another_clip(
    question_id: str, length_ns: int, others: Sequence[tuple[Film, int]], seed: int
) -> tuple[Film, Interval] | None:
    """A clip of the same length from another film, drawn by seed and id; `others` are films with their lengths."""
    fitting = [(film, long) for film, long in others if long >= length_ns]
    if not fitting:
        return None
    drawn = int.from_bytes(hashlib.sha256(f"{seed}/{question_id}/another".encode()).digest()[:8], "big")
    film, long = fitting[drawn % len(fitting)]
    start = (drawn >> 16) % (long - length_ns + 1)
    return film, Interval(start, start + length_ns)


def _jpeg(frame: av.VideoFrame) -> bytes:
    image = frame.to_ndarray(format="bgr24")
    scale = MOST_SIDE / max(image.shape[:2])
    if scale < 1:
        size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".jpg", image, [int(cv2.IMWRITE_JPEG_QUALITY), JPEG_QUALITY])
    assert done
    return data.tobytes()
