"""A picture of the view, as the expert saw it, in a file of its own."""

from __future__ import annotations

from pathlib import Path

import av
import cv2

from woz.base.errors import WozError
from woz.base.pictures import reshaped


def write_png(image: av.VideoFrame, path: Path) -> None:
    """Write the picture at its full resolution. Raises WozError where it can't be written."""
    _, png = cv2.imencode(".png", reshaped(image, pixel_format="bgr24").to_ndarray())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(png.tobytes())
    except OSError as error:
        raise WozError(f"The snapshot {path.name} can't be written ({error.strerror}).") from error
