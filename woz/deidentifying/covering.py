"""What of a frame is blurred: the boxes of its faces, larger by a fifth on each side, and over where they move."""

from __future__ import annotations

from collections.abc import Sequence

from woz.deidentifying.faces import Box, Faces, Track

GROWTH = 0.2
"""Of a box's size, added on each side."""


def covered(faces: Faces, tracks: Sequence[Track], number: int) -> list[Box]:
    """The boxes of these tracks that are blurred in a frame, within the picture."""
    found = [_hull(track, number) for track in tracks if track.first <= number <= track.last and track.blurred]
    return [_grown(box, faces.width, faces.height) for box in found]


def _hull(track: Track, number: int) -> Box:
    """Over the boxes of the frames beside it too."""
    near = [box for n in (number - 1, number, number + 1) if (box := track.box(n))]
    left, top = min(box[0] for box in near), min(box[1] for box in near)
    right, bottom = max(box[0] + box[2] for box in near), max(box[1] + box[3] for box in near)
    return left, top, right - left, bottom - top


def _grown(box: Box, width: int, height: int) -> Box:
    left, right = _side(box[0], box[2], width)
    top, bottom = _side(box[1], box[3], height)
    return left, top, right - left, bottom - top


def _side(at: int, length: int, end: int) -> tuple[int, int]:
    """Even numbers, since colours have half the picture's size."""
    more = round(GROWTH * length)
    first, last = max(0, at - more), min(end, at + length + more)
    return first - first % 2, min(end, last + last % 2)
