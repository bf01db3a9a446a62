"""A picture of each track, for whoever decides: where it was found most surely, with what is around it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
import cv2
import numpy as np

from woz.base.errors import WozError
from woz.deidentifying.detectors.port import Picture
from woz.deidentifying.faces import Box, Track
from woz.deidentifying.films import numbered
from woz.recording.folder.frame_index import FrameIndex

AROUND = 0.6
"""Of a box's size, shown on each side of it."""
HEIGHT = 240
RED = (60, 60, 230)


def write_thumbnails(film: Path, index: FrameIndex, tracks: Sequence[Track], folder: Path) -> None:
    """`01-f3.jpg` and so on, in the order of the tracks, into a new folder, which is not to leave the lab.

    Raises WozError where the folder exists or can't be written.
    """
    wanted = dict[int, list[tuple[int, Track]]]()
    for place, track in enumerate(tracks, 1):
        wanted.setdefault(track.surest, []).append((place, track))
    try:
        folder.mkdir(parents=True)
        for number, _, frame in numbered(film, index):
            for place, track in wanted.get(number, ()):
                box = track.box(number)
                assert box
                (folder / f"{place:02d}-{track.id}.jpg").write_bytes(_thumbnail(frame, box))
    except FileExistsError:
        raise WozError(f"{folder} exists already; name a new folder for the pictures.") from None
    except OSError as error:
        raise WozError(f"The pictures can't be written to {folder} ({error.strerror}); make room.") from error


def _thumbnail(frame: av.VideoFrame, box: Box) -> bytes:
    """As a JPEG."""
    return bytes(cv2.imencode(".jpg", around(frame, box))[1])


def around(frame: av.VideoFrame, box: Box, height: int = HEIGHT) -> Picture:
    """What a box shows and what is around it, so many pixels high, with the box in red."""
    picture = np.ascontiguousarray(frame.to_ndarray(format="bgr24").astype(np.uint8))
    left, top, wide, high = box
    cv2.rectangle(picture, (left, top), (left + wide, top + high), RED, max(1, wide // 60))
    more = round(AROUND * max(wide, high))
    cut = picture[max(0, top - more) : top + high + more, max(0, left - more) : left + wide + more]
    scale = height / cut.shape[0]
    return np.asarray(cv2.resize(cut, (max(1, round(cut.shape[1] * scale)), height)), np.uint8)
