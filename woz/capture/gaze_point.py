"""Where in the picture the wearer looks."""

from __future__ import annotations

import math

from woz.capture.source import GazeSample

FOCAL = 0.43
"""Of the glasses' view camera, as a part of the picture's width: 611 of 1408 pixels with both generations."""

Point = tuple[float, float]


def gaze_point(sample: GazeSample) -> Point | None:
    """The point as parts of the upright picture's width and height, 0..1; None where it is outside.

    Sources without a calibration give angles alone: then the point is about right, since the camera's own direction
    against the eyes' is not corrected.
    """
    if sample.x is not None and sample.y is not None:
        return sample.x, sample.y
    x, y = (0.5 - math.tan(angle) * FOCAL for angle in (sample.yaw_rad, sample.pitch_rad))
    return (x, y) if 0 <= x <= 1 and 0 <= y <= 1 else None
