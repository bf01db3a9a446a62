"""EgoBlur's detectors (Apache-2.0), where a lab has their files: TorchScript models, run by torch.

The first generation's models take one picture (3, height, width; blue, green, red; 0 to 255) and give corners,
classes, scores and the picture's size. Their weights are had from projectaria.com only.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from woz.base.errors import WozError
from woz.deidentifying.detectors.port import DetectorFacts, Found, Picture
from woz.recording.folder.session_folder import sha256_of

NAME = "egoblur"
OVERLAP = 0.3


class EgoBlur:
    def __init__(self, path: Path) -> None:
        """Raises WozError where torch isn't installed, or the file is no model."""
        if not path.is_file():
            raise WozError(f"There is no EgoBlur model {path}; get it from projectaria.com/tools/egoblur.")
        try:
            self._torch: Any = importlib.import_module("torch")
        except ImportError:
            raise WozError("EgoBlur needs torch; run: woz add blur") from None
        self._device = "cuda" if self._torch.cuda.is_available() else "cpu"
        try:
            self._model = self._torch.jit.load(str(path), map_location=self._device).eval()
        except RuntimeError:
            raise WozError(
                f"{path} is no TorchScript model; unpack EgoBlur's zip and name its .jit file."
            ) from None
        self._facts = DetectorFacts(NAME, path.stem, sha256_of(path))

    @property
    def facts(self) -> DetectorFacts:
        return self._facts

    def find(self, picture: Picture, least: float) -> list[Found]:
        tensor = self._torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1))).to(self._device)
        with self._torch.no_grad():
            answer = self._model(tensor)
        if not isinstance(answer, tuple) or len(answer) != 4:
            raise WozError("This model does not answer as EgoBlur's first generation does; take one of those.")
        corners, scores = answer[0].cpu().numpy(), answer[2].cpu().numpy()
        boxes = [(float(x0), float(y0), float(x1 - x0), float(y1 - y0)) for x0, y0, x1, y1 in corners]
        kept = cv2.dnn.NMSBoxes(boxes, scores.tolist(), least, OVERLAP) if boxes else ()
        return [Found(*boxes[i], float(scores[i])) for i in np.asarray(kept, np.int64).ravel()]
