"""Carries a box that a person drew along with what it shows: forwards and backwards to where that is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import av
import cv2
import numpy as np

from woz.deidentifying.faces import Box, whole
from woz.deidentifying.following import MIDDLE, Grey, Spot, followed, scaled, shrunk, small_grey

MOST_FRAMES = 900
"""Each way: half a minute of a usual film."""
LEAST_INSIDE = 0.5
"""The part of a box that has to lie in the picture."""
LEAST_LIKE = 0.45
"""How much what a box shows has to be like what was drawn around: a normalised correlation, 1 for the same."""
RENEWED = 0.85
"""From so much on it is taken as what is looked for from now on: a face turns slowly."""
AROUND = 0.3
"""Of a box's size, looked through on each side of where it is thought to be."""
SIZES = (0.85, 1.0, 1.18)
"""Of what is looked for, since a followed size drifts."""

Read = Callable[[int], av.VideoFrame | None]
"""A frame by its number; None where there is none, or nobody waits any more."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A box a frame, from frame number `first` on."""

    first: int
    boxes: tuple[Box, ...]


def carried(read: Read, number: int, box: Box) -> Carried:
    """The box drawn in a frame, before and after it."""
    before = list(carried_from(read, number, box, -1))[::-1]
    return Carried(number - len(before), (*before, box, *carried_from(read, number, box, 1)))


def carried_from(read: Read, number: int, box: Box, step: int, most: int = MOST_FRAMES) -> Iterator[Box]:
    """The box in the next frames, or (`step` is -1) in those before, until what it shows is lost."""
    drawn = read(number)
    if drawn is None:
        return
    size, scale = (drawn.width, drawn.height), shrunk(drawn.width)
    grey = _grey(drawn)
    spot = scaled((float(box[0]), float(box[1]), float(box[2]), float(box[3])), 1 / scale)
    look = _Look(grey, spot)
    for n in range(number + step, number + step * (most + 1), step):
        frame = read(n)
        if frame is None:
            return
        now = _grey(frame)
        moved = followed(grey, now, spot)
        if moved is None or _inside(moved, now) < LEAST_INSIDE or not look.seen(now, moved):
            return
        grey, spot = now, moved
        yield whole(scaled(spot, scale), size)


class _Look:
    """What was drawn around: its middle, since at the edges is what is behind it; renewed as it slowly changes."""

    def __init__(self, grey: Grey, spot: Spot) -> None:
        self._middle = _cut(grey, _middle(spot))

    def seen(self, grey: Grey, spot: Spot) -> bool:
        """Whether it is at a place, or right beside it, in a size near to what that says."""
        best = max(self._likeness(grey, _middle(spot), size) for size in SIZES)
        if best > RENEWED:
            self._middle = _cut(grey, _middle(spot))
        return best >= LEAST_LIKE

    def _likeness(self, grey: Grey, middle: Spot, by: float) -> float:
        """The best normalised correlation, 1 for the same."""
        wide, high = max(4, round(by * middle[2])), max(4, round(by * middle[3]))
        reach = AROUND * middle[2], AROUND * middle[3]
        window = middle[0] - reach[0], middle[1] - reach[1], middle[2] + 2 * reach[0], middle[3] + 2 * reach[1]
        searched = _cut(grey, window)
        if searched.shape[0] < high or searched.shape[1] < wide:
            return -1.0
        wanted = cv2.resize(self._middle, (wide, high), interpolation=cv2.INTER_AREA)
        return float(cv2.matchTemplate(searched, wanted, cv2.TM_CCOEFF_NORMED).max())


def _grey(frame: av.VideoFrame) -> Grey:
    return small_grey(frame.to_ndarray(format="bgr24").astype(np.uint8, copy=False))


def _inside(spot: Spot, grey: Grey) -> float:
    height, width = grey.shape
    wide = min(width, spot[0] + spot[2]) - max(0.0, spot[0])
    high = min(height, spot[1] + spot[3]) - max(0.0, spot[1])
    return float(max(0.0, wide) * max(0.0, high) / max(1e-9, spot[2] * spot[3]))


def _middle(spot: Spot) -> Spot:
    left, top, width, height = spot
    edge = (1 - MIDDLE) / 2
    return left + edge * width, top + edge * height, MIDDLE * width, MIDDLE * height


def _cut(grey: Grey, spot: Spot) -> Grey:
    left, top, width, height = whole(spot, (grey.shape[1], grey.shape[0]))
    return grey[top : top + height, left : left + width]
