"""Finds the faces of a film."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from woz.base.errors import WozError
from woz.deidentifying.detectors.port import Detector
from woz.deidentifying.faces import Faces
from woz.deidentifying.films import Progress, Stopped, numbered
from woz.deidentifying.following import Grey, shrunk, small_grey
from woz.deidentifying.tracking import Tracker
from woz.recording.folder.frame_index import FrameIndex
from woz.recording.folder.session_folder import sha256_of

LEAST = 0.2
"""Low: what is no face is told so by a person; a face that was not found may be seen by everybody."""
TELL_EVERY = 25


@dataclass(frozen=True, slots=True)
class Looking:
    """`every` frame of so many is given to the detector; faces are followed through those between."""

    least: float = LEAST
    every: int = 1

    def __post_init__(self) -> None:
        """Raises WozError for what can't be."""
        if not 0 < self.least < 1 or not 1 <= self.every <= 30:
            raise WozError("Faces are looked for with a score between 0 and 1, in each 1st to 30th frame.")


def find_faces(
    film: Path, index: FrameIndex, detector: Detector, looking: Looking, progress: Progress = lambda _: True
) -> Faces:
    """Raises WozError for a film that can't be read, Stopped where `progress` said so."""
    digest, search = sha256_of(film), _Search(index, detector, looking)
    for number, t_ns, frame in numbered(film, index):
        if number % TELL_EVERY == 0 and not progress(number / len(index.times)):
            raise Stopped
        search.take(number, t_ns, frame)
    if search.tracker is None:
        raise WozError(f"The video {film} holds no pictures.")
    tracks = search.tracker.tracks()
    return Faces(digest, len(index.times), *search.size, detector.facts, looking.least, tracks, upright=True)


class _Search:
    def __init__(self, index: FrameIndex, detector: Detector, looking: Looking) -> None:
        self._times = index.times
        self._detector = detector
        self._looking = looking
        self.tracker: Tracker | None = None
        self.size = (0, 0)
        self._next = 0
        self._grey: Grey | None = None

    def take(self, number: int, t_ns: int, frame: av.VideoFrame) -> None:
        """A frame that could not be decoded is taken to show what the one before shows."""
        picture = frame.to_ndarray(format="bgr24").astype(np.uint8, copy=False)
        if self.tracker is None:
            self.size = (picture.shape[1], picture.shape[0])
            self.tracker = Tracker(*self.size, shrunk(self.size[0]))
        if self._grey is not None:
            for lost in range(self._next, number):
                self.tracker.step(lost, self._times[lost], self._grey, None)
        self._grey, self._next = small_grey(picture), number + 1
        looked = number % self._looking.every == 0
        found = self._detector.find(picture, self._looking.least) if looked else None
        self.tracker.step(number, t_ns, self._grey, found)
