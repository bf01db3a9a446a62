"""How well a film's faces are covered: figures from a person's count on samples, or from boxes that are known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple, dataclass
from typing import Any

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.deidentifying.bounds import upper_bound
from woz.deidentifying.covering import covered
from woz.deidentifying.faces import Box, Faces

SECONDS_AN_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Known:
    """A face that is known to be in a film: a box a frame from `first` on."""

    first: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """A face-second is one face in one second of the film; it is missed where it is uncovered in any frame."""

    seconds: int
    leaking_seconds: int
    face_seconds: int
    missed_face_seconds: int
    tracks: int
    leaking_tracks: int

    def __post_init__(self) -> None:
        """Raises WozError for more misses than there was to miss."""
        pairs = (
            (self.leaking_seconds, self.seconds),
            (self.missed_face_seconds, self.face_seconds),
            (self.leaking_tracks, self.tracks),
        )
        if any(not 0 <= misses <= of for misses, of in pairs):
            raise WozError("More faces are counted as uncovered than were seen; count again.")

    def figures(self) -> dict[str, Any]:
        """With bounds of 95 %; None where nothing of the kind was counted."""
        return {
            **asdict(self),
            "recall_face_second": _rest(self.missed_face_seconds, self.face_seconds),
            "recall_face_second_at_least": 1 - upper_bound(self.missed_face_seconds, self.face_seconds),
            "tracks_covered": _rest(self.leaking_tracks, self.tracks),
            "tracks_covered_at_least": 1 - upper_bound(self.leaking_tracks, self.tracks),
            "leaks_an_hour": SECONDS_AN_HOUR * self.leaking_seconds / self.seconds if self.seconds else None,
            "leaks_an_hour_at_most": SECONDS_AN_HOUR * upper_bound(self.leaking_seconds, self.seconds),
        }


NOTHING = Count(0, 0, 0, 0, 0, 0)


def together(counts: Iterable[Count]) -> Count:
    """Of several films."""
    return Count(*(sum(each) for each in zip(*map(astuple, (NOTHING, *counts)), strict=True)))


def measured(faces: Faces, times: Sequence[int], known: Sequence[Known]) -> Count:
    """Against boxes that are known in all frames of the film. A face is covered where one blurred box holds it.

    Raises WozError where they reach beyond the film.
    """
    if any(each.first < 0 or each.first + len(each.boxes) > len(times) for each in known):
        raise WozError("The boxes that are known reach beyond the film; they are of another one.")
    seen, missed = set[tuple[int, int]](), set[tuple[int, int]]()
    for face, each in enumerate(known):
        for number, box in enumerate(each.boxes, each.first):
            second = times[number] // NS_PER_S
            seen.add((face, second))
            if not _covers(covered(faces, faces.tracks, number), box):
                missed.add((face, second))
    return Count(
        times[-1] // NS_PER_S + 1,
        len({second for _, second in missed}),
        len(seen),
        len(missed),
        len(known),
        len({face for face, _ in missed}),
    )


def _covers(boxes: Sequence[Box], face: Box) -> bool:
    left, top, width, height = face
    return any(x <= left and y <= top and x + w >= left + width and y + h >= top + height for x, y, w, h in boxes)


def _rest(misses: int, of: int) -> float | None:
    return 1 - misses / of if of else None
