"""Decoded pictures as they are to be seen: films of telephones say by a display matrix how theirs are turned."""

from __future__ import annotations

from collections.abc import Callable
from struct import unpack_from
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from woz.base.pictures import reshaped

PLANAR = ("yuv420p", "yuvj420p")
"""Formats that are turned plane by plane; others become the first of them."""
Pixels = NDArray[np.uint8]
Turn = Callable[[Pixels], Pixels]


def upright(frame: av.VideoFrame) -> av.VideoFrame:
    """A picture turned by quarters, and mirrored, as its display matrix says; its time and colours are kept.

    The same object where nothing is to be turned. The matrix (ISO/IEC 14496-12, 6.2.2) takes a point (x, y) to
    (a x + c y, b x + d y); the nearest quarter is taken of turns between them.
    """
    said: Any = frame.side_data.get("DISPLAYMATRIX")
    if said is None:
        return frame
    a, b, _, c, d = unpack_from("=5i", said)
    across = abs(b) + abs(c) > abs(a) + abs(d)
    left_right, upside_down = (c < 0, b < 0) if across else (a < 0, d < 0)
    if not (across or left_right or upside_down):
        return frame

    def turn(pixels: Pixels) -> Pixels:
        found = cv2.transpose(pixels) if across else pixels
        rows, columns = (slice(None, None, -1 if flip else 1) for flip in (upside_down, left_right))
        return np.ascontiguousarray(found[rows, columns]).astype(np.uint8, copy=False)

    made = _turned(frame, turn)
    made.pts, made.time_base = frame.pts, frame.time_base
    made.color_trc, made.color_primaries = frame.color_trc, frame.color_primaries
    return made


def _turned(frame: av.VideoFrame, turn: Turn) -> av.VideoFrame:
    if frame.width % 2 or frame.height % 2:
        return av.VideoFrame.from_ndarray(turn(frame.to_ndarray(format="rgb24").astype(np.uint8)), format="rgb24")
    whole = frame if frame.format.name in PLANAR else reshaped(frame, pixel_format=PLANAR[0])
    planes = whole.to_ndarray().astype(np.uint8, copy=False)
    colours = planes[whole.height :].reshape(2, whole.height // 2, whole.width // 2)
    light = turn(planes[: whole.height])
    turned = np.concatenate([light.ravel(), *(turn(colour).ravel() for colour in colours)])
    made = av.VideoFrame.from_ndarray(turned.reshape(-1, light.shape[1]), format=whole.format.name)
    made.color_range, made.colorspace = whole.color_range, whole.colorspace
    return made
