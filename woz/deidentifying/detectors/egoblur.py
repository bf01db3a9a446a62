"""EgoBlur's detectors of faces and of plates (Apache-2.0), where a lab has their files: TorchScript, run by torch.

Both generations take pictures (3, height, width; blue, green, red; 0 to 255). A model of the first is called with
one and gives corners, classes, scores and the picture's size; a traced one of the second gives a fifth value before
the scores. A scripted one of the second has `inference`, which takes a batch of {"image": picture}, shrunk to 1200
pixels, and gives for each an object that holds `pred_boxes` and `scores` (facebookresearch/EgoBlur,
gen2/script/predictor.py). Their weights are had from projectaria.com only, and were never tried here.
"""

from __future__ import annotations

import contextlib
import importlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.base.ffmpeg_logs import keep_out_of_python
from woz.deidentifying.detectors.port import DetectorFacts, Found, Picture
from woz.recording.folder.session_folder import sha256_of

NAME = "egoblur"
OVERLAP = 0.3
LARGEST_GEN2 = 1200
"""The longer side of the picture that a scripted model of the second generation sees, in pixels."""
SCORES = {4: 2, 5: 3}
"""Which value of so many has the scores."""

Values = NDArray[np.float32]


def _bring_operations() -> None:
    """Torchvision's, of which models may be made."""
    with contextlib.suppress(ImportError):
        importlib.import_module("torchvision")
        keep_out_of_python()


class EgoBlur:
    def __init__(self, path: Path) -> None:
        """Raises WozError where torch isn't installed, or the file is no model."""
        if not path.is_file():
            raise WozError(f"There is no EgoBlur model {path}; get it from projectaria.com/tools/egoblur.")
        try:
            self._torch: Any = importlib.import_module("torch")
        except ImportError:
            raise WozError("EgoBlur needs torch; run: woz add blur") from None
        _bring_operations()
        self._device = "cuda" if self._torch.cuda.is_available() else "cpu"
        try:
            self._model = self._torch.jit.load(str(path), map_location=self._device).eval()
        except RuntimeError:
            raise WozError(
                f"{path} is no TorchScript model, or needs torchvision; name the file that EgoBlur's zip holds."
            ) from None
        self._facts = DetectorFacts(NAME, path.stem, sha256_of(path))
        self._scripted = hasattr(self._model, "inference")

    @property
    def facts(self) -> DetectorFacts:
        return self._facts

    def find(self, picture: Picture, least: float) -> list[Found]:
        with self._torch.no_grad():
            corners, scores = self._second(picture) if self._scripted else self._first(picture)
        boxes = [(float(x0), float(y0), float(x1 - x0), float(y1 - y0)) for x0, y0, x1, y1 in corners]
        kept = cv2.dnn.NMSBoxes(boxes, scores.tolist(), least, OVERLAP) if boxes else ()
        return [Found(*boxes[i], float(scores[i])) for i in np.asarray(kept, np.int64).ravel()]

    def _first(self, picture: Picture) -> tuple[Values, Values]:
        answer = self._model(self._tensor(picture))
        if not isinstance(answer, tuple) or len(answer) not in SCORES:
            raise WozError("This model does not answer as EgoBlur's do; take one of its two generations.")
        return _values(answer[0]), _values(answer[SCORES[len(answer)]])

    def _second(self, picture: Picture) -> tuple[Values, Values]:
        height, width = picture.shape[:2]
        scale = min(1.0, LARGEST_GEN2 / max(height, width))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        [found] = self._model.inference([{"image": self._tensor(small)}], False)
        boxes = _field(found, "pred_boxes")
        corners = _values(getattr(boxes, "tensor", boxes))
        back = np.array([width / size[0], height / size[1]] * 2, np.float32)
        return np.asarray(corners * back, np.float32), _values(_field(found, "scores"))

    def _tensor(self, picture: Picture) -> Any:
        return self._torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1))).to(self._device)


def _field(found: Any, name: str) -> Any:
    """Scripted objects keep their fields below another name than they are asked for by."""
    for known in (f"_{name}", name):
        value = getattr(found, known, None)
        if value is not None:
            return value
    raise WozError("This model does not answer as EgoBlur's second generation does; take one of those.")


def _values(tensor: Any) -> Values:
    return np.asarray(tensor.detach().cpu().numpy(), np.float32)
