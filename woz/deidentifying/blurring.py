"""Makes the boxes of a picture unrecognisable, in its own planes: what lies outside them is not touched."""

from __future__ import annotations

from collections.abc import Sequence

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from woz.deidentifying.faces import Box

CELLS = 5
"""A box keeps so many by so many means of its brightness and colours; smoothing alone can be undone in part."""
FORMATS = ("yuv420p", "yuvj420p")

Plane = NDArray[np.uint8]


def blurred(frame: av.VideoFrame, boxes: Sequence[Box]) -> av.VideoFrame:
    """The same frame, of the first of FORMATS where it has another."""
    if frame.format.name not in FORMATS:
        frame = frame.reformat(format=FORMATS[0])
    if not boxes:
        return frame
    name, height, width = frame.format.name, frame.height, frame.width
    planes = frame.to_ndarray().astype(np.uint8)
    colours = planes[height:].reshape(2, height // 2, width // 2)
    for left, top, wide, high in boxes:
        _hide(planes[top : top + high, left : left + wide])
        for colour in colours:
            _hide(colour[top // 2 : (top + high + 1) // 2, left // 2 : (left + wide + 1) // 2])
    made = av.VideoFrame.from_ndarray(planes, format=name)
    made.color_range, made.colorspace = frame.color_range, frame.colorspace
    return made


def _hide(region: Plane) -> None:
    """In place."""
    if region.size:
        height, width = region.shape
        means = cv2.resize(region, (min(CELLS, width), min(CELLS, height)), interpolation=cv2.INTER_AREA)
        region[:] = cv2.resize(means, (width, height), interpolation=cv2.INTER_LINEAR)
