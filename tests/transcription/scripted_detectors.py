"""TorchScript modules with the signatures of EgoBlur's two generations, which see red; run through woz's adapter.

    python -m tests.transcription.scripted_detectors FOLDER

They are made, not EgoBlur's: its weights are not tried.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import torch

from woz.base.errors import WozError
from woz.deidentifying.detectors.egoblur import EgoBlur


def red_box(image: torch.Tensor) -> torch.Tensor:
    """Corners (n, 4) of what is red in a picture (blue, green, red); n is 0 or 1."""
    red = (image[2].int() - image[1].int()) > 60
    if not bool(red.any()):
        return torch.zeros((0, 4))
    rows, columns = torch.nonzero(red.any(dim=1)), torch.nonzero(red.any(dim=0))
    return torch.stack([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]).float().reshape(1, 4)


class First(torch.nn.Module):
    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        boxes = red_box(image)
        count = boxes.shape[0]
        size = torch.tensor([image.shape[1], image.shape[2]])
        return boxes, torch.zeros(count), torch.full([count], 0.9), size


class Traced(torch.nn.Module):
    def forward(
        self, image: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        boxes = red_box(image)
        count = boxes.shape[0]
        size = torch.tensor([image.shape[1], image.shape[2]])
        return boxes, torch.zeros(count), torch.zeros(count), torch.full([count], 0.8), size


@torch.jit.script
class Boxes:
    def __init__(self, tensor: torch.Tensor) -> None:
        self.tensor = tensor


@torch.jit.script
class Instances:
    def __init__(self, boxes: Boxes, scores: torch.Tensor) -> None:
        self._pred_boxes = boxes
        self._scores = scores


class Second(torch.nn.Module):
    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return image

    @torch.jit.export
    def inference(self, batch: list[dict[str, torch.Tensor]], do_postprocess: bool) -> list[Instances]:
        assert not do_postprocess
        found: list[Instances] = []
        for each in batch:
            boxes = red_box(each["image"])
            found.append(Instances(Boxes(boxes), torch.full([boxes.shape[0]], 0.7)))
        return found


class Other(torch.nn.Module):
    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return image


def _save(module: torch.nn.Module, path: Path) -> None:
    torch.jit.save(torch.jit.script(module), str(path))  # type: ignore[no-untyped-call]


def main(folder: Path) -> None:
    picture, empty = (np.full((900, 2400, 3), 90, np.uint8) for _ in range(2))
    picture[200:300, 400:560] = (20, 20, 220)
    told: dict[str, object] = {}
    for name, module in (("first", First()), ("traced", Traced()), ("second", Second())):
        path = folder / f"{name}.jit"
        _save(module, path)
        detector = EgoBlur(path)
        found = [(f.left, f.top, f.width, f.height, round(f.score, 2)) for f in detector.find(picture, 0.2)]
        told[name] = {
            "found": found,
            "nothing": len(detector.find(empty, 0.2)),
            "unsure": len(detector.find(picture, 0.95)),
            "version": detector.facts.version,
        }
    _save(Other(), folder / "other.jit")
    try:
        EgoBlur(folder / "other.jit").find(picture, 0.2)
    except WozError as error:
        told["other"] = str(error)
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
