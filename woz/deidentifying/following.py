"""Follows a box from one picture to another by the median flow of points in it (Kalal et al. 2010)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
"""Height, width."""
Spot = tuple[float, float, float, float]
"""Left, top, width, height."""

POINTS = 7
"""A side of the grid of points."""
MIDDLE = 0.7
"""The part of a box, each way, in which they lie: at its edges is what is behind it."""
LEAST_POINTS = 6
MOST_ERROR = 1.5
"""Pixels between a point and where it comes back to when it is followed there and back."""
MOST_CHANGE = 1.04
"""Of a box's size, from one picture to the next."""
WINDOW, LEVELS = (15, 15), 3
SMALL_WIDTH = 480
"""Of the pictures in which boxes are followed."""


def small_grey(picture: NDArray[np.uint8]) -> Grey:
    """Of a picture (height, width, 3: blue, green, red)."""
    height, width = picture.shape[:2]
    scale = shrunk(width)
    small = cv2.resize(picture, (round(width / scale), round(height / scale)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)


def shrunk(width: int) -> float:
    """How many of its pixels are one of the small picture's."""
    return max(1.0, width / SMALL_WIDTH)


def scaled(spot: Spot, by: float) -> Spot:
    return spot[0] * by, spot[1] * by, spot[2] * by, spot[3] * by


def followed(before: Grey, after: Grey, spot: Spot) -> Spot | None:
    """Where a box has gone; None where that can't be told."""
    points = _grid(spot, before.shape)
    if len(points) < LEAST_POINTS:
        return None
    there, found, _ = cv2.calcOpticalFlowPyrLK(before, after, points, None, winSize=WINDOW, maxLevel=LEVELS)
    back, returned, _ = cv2.calcOpticalFlowPyrLK(after, before, there, None, winSize=WINDOW, maxLevel=LEVELS)
    error = np.linalg.norm(back - points, axis=2).ravel()
    good = (found.ravel() == 1) & (returned.ravel() == 1) & (error < MOST_ERROR)
    if good.sum() < LEAST_POINTS:
        return None
    old, new = points[good][:, 0], there[good][:, 0]
    shift = np.median(new - old, axis=0)
    scale = float(np.clip(_growth(old, new), 1 / MOST_CHANGE, MOST_CHANGE))
    left, top, width, height = spot
    middle = (left + width / 2 + shift[0], top + height / 2 + shift[1])
    width, height = width * scale, height * scale
    return float(middle[0] - width / 2), float(middle[1] - height / 2), width, height


def _grid(spot: Spot, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Points of a box that lie in the picture: n by 1 by 2."""
    left, top, width, height = spot
    parts = 0.5 + MIDDLE * np.linspace(-0.5, 0.5, POINTS)
    xs, ys = left + width * parts, top + height * parts
    xs, ys = xs[(xs >= 0) & (xs < shape[1])], ys[(ys >= 0) & (ys < shape[0])]
    return np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 1, 2).astype(np.float32)


def _growth(old: NDArray[np.float32], new: NDArray[np.float32]) -> float:
    """The median of how much the distances of two points grow."""
    one, other = np.triu_indices(len(old), 1)
    before = np.linalg.norm(old[one] - old[other], axis=1)
    after = np.linalg.norm(new[one] - new[other], axis=1)
    return float(np.median(after / np.maximum(before, 1e-6)))
