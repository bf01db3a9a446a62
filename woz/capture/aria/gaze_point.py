"""Where in the picture the wearer looks: the gaze ray's point, projected by the glasses' own calibration."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

CAMERA = "camera-rgb"
USUAL_DEPTH_M = 1.0
"""For gaze without a depth: the eyes are centimetres from the camera, so the point depends on it little."""


class GazeProjector:
    """Projects gaze with a `projectaria_tools` DeviceCalibration; import it in a child process only."""

    def __init__(self, calibration: Any, generation: int) -> None:
        """Raises ValueError where the calibration knows no colour camera."""
        self._camera = calibration.get_camera_calib(CAMERA)
        if self._camera is None:
            raise ValueError(f"the calibration has no {CAMERA}")
        self._calibration = calibration
        self._sideways = generation == 1

    def point(self, gaze: Any) -> tuple[float, float] | None:
        """A `projectaria_tools` EyeGaze in the upright picture: x, y in 0..1, None where it is outside of it."""
        from projectaria_tools.core.mps.utils import get_gaze_vector_reprojection

        depth_m = gaze.depth if math.isfinite(gaze.depth) and gaze.depth > 0 else USUAL_DEPTH_M
        pixel = get_gaze_vector_reprojection(gaze, CAMERA, self._calibration, self._camera, depth_m)
        if pixel is None:
            return None
        x, y = (np.asarray(pixel) + 0.5) / np.asarray(self._camera.get_image_size())
        return _inside(1 - y, x) if self._sideways else _inside(x, y)


def _inside(x: float, y: float) -> tuple[float, float] | None:
    return (float(x), float(y)) if 0 <= x < 1 and 0 <= y < 1 else None
