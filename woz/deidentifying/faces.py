"""The faces of a film: tracks of boxes, and what people decided on each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import msgspec

from woz.deidentifying.detectors.port import DetectorFacts

Box = tuple[int, int, int, int]
"""Left, top, width, height, in the film's pixels."""


class Decision(StrEnum):
    OPEN = "open"
    BLUR = "blur"
    NO_FACE = "not a face"
    CONSENTED = "has consented"


@dataclass(frozen=True, slots=True)
class Track:
    """One face from its frame number `first` on, a box a frame; its score is 0 where it was followed, not found.

    `by` decided on it or drew it, `checked` is who signed it off as somebody else.
    """

    id: str
    first: int
    boxes: tuple[Box, ...]
    scores: tuple[float, ...]
    decision: Decision = Decision.OPEN
    by: str = ""
    drawn: bool = False
    checked: str = ""

    @property
    def last(self) -> int:
        return self.first + len(self.boxes) - 1

    @property
    def surest(self) -> int:
        """The frame in which it was found most surely."""
        return self.first + max(range(len(self.scores)), key=lambda i: self.scores[i])

    @property
    def score(self) -> float:
        return max(self.scores)

    @property
    def blurred(self) -> bool:
        """What nobody decided on is blurred."""
        return self.decision in (Decision.OPEN, Decision.BLUR)

    def box(self, number: int) -> Box | None:
        return self.boxes[number - self.first] if self.first <= number <= self.last else None


_DIGESTED = ("id", "first", "boxes", "scores", "decision", "by", "drawn")


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who signed off the last of the tracks, and how all were then: `digest` is of them."""

    by: str
    utc_ns: int
    digest: str


@dataclass(frozen=True, slots=True)
class Faces:
    """Of one film of so many frames, told from another by its hash.

    Boxes are in the picture as it is seen where it is `upright`, else as it lies in the file.
    """

    film_sha256: str
    frames: int
    width: int
    height: int
    detector: DetectorFacts
    least: float
    tracks: tuple[Track, ...] = ()
    signed: SignOff | None = None
    upright: bool = False

    @property
    def digest(self) -> str:
        """Of all that a blurred copy follows from."""
        tracks = [{name: getattr(track, name) for name in _DIGESTED} for track in self.tracks]
        return hashlib.sha256(msgspec.json.encode((self.film_sha256, tracks))).hexdigest()

    @property
    def open(self) -> int:
        """How many tracks nobody decided on."""
        return sum(track.decision == Decision.OPEN for track in self.tracks)

    @property
    def unsigned(self) -> int:
        """How many tracks nobody signed off."""
        return sum(not track.checked for track in self.tracks)

    @property
    def approved(self) -> bool:
        """Whether every track, as it is now, was signed off by somebody who did not decide on it."""
        return self.signed is not None and self.signed.digest == self.digest

    def with_track(self, changed: Track) -> Faces:
        """The same with a track in place of the one of its id, or added."""
        tracks = tuple(changed if each.id == changed.id else each for each in self.tracks)
        known = any(each.id == changed.id for each in self.tracks)
        return replace(self, tracks=tracks if known else (*tracks, changed))

    @property
    def decided(self) -> bool:
        """Whether people decided on any track, or signed off that there is none."""
        return bool(self.reviewers() or self.signed)

    def reviewers(self) -> set[str]:
        return {track.by for track in self.tracks if track.by}


def uncertain_first(tracks: Iterable[Track]) -> list[Track]:
    """Those nobody decided on before the others, and of these the least sure first."""
    return sorted(tracks, key=lambda each: (each.decision != Decision.OPEN, each.score, each.first))


def whole(spot: Sequence[float], size: tuple[int, int]) -> Box:
    """Whole pixels within a picture (width, height) that hold a box; at least one of them."""
    left, top = (min(max(0, int(at)), side - 1) for at, side in zip(spot[:2], size, strict=True))
    right, bottom = (min(side, int(spot[i] + spot[i + 2]) + 1) for i, side in enumerate(size))
    return left, top, max(1, right - left), max(1, bottom - top)


def overlap(one: Sequence[float], other: Sequence[float]) -> float:
    """Intersection over union of two boxes."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    common = width * height
    return float(common / (one[2] * one[3] + other[2] * other[3] - common))
