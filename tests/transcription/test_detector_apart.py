"""EgoBlur's detectors in a process of their own answer as they do in this one."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

from woz.base.errors import WozError
from woz.deidentifying.detectors.apart import Apart
from woz.deidentifying.detectors.egoblur import EgoBlur

torch = pytest.importorskip("torch")
HEIGHT, WIDTH = 40, 60


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of EgoBlur's form that finds one face as wide as the picture, scored by its mean brightness."""

    class Bright(torch.nn.Module):  # type: ignore[misc, name-defined]
        def forward(self, picture):  # type: ignore[no-untyped-def]
            size = torch.tensor([picture.shape[1], picture.shape[2]])
            corners = torch.tensor([[0.0, 0.0, float(picture.shape[2]), 10.0]])
            score = picture.float().mean().reshape(1) / 255.0
            return corners, torch.zeros(1), score, size

    path = tmp_path_factory.mktemp("model") / "bright.jit"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.trace(Bright(), torch.zeros(3, HEIGHT, WIDTH)).save(str(path))
    return path


def test_it_answers_as_in_this_process(model: Path) -> None:
    apart, here = Apart(model), EgoBlur(model)
    try:
        assert apart.facts == here.facts
        for brightness in (250, 200, 10):
            picture = np.full((HEIGHT, WIDTH, 3), brightness, np.uint8)
            assert apart.find(picture, 0.5) == here.find(picture, 0.5)
        assert len(apart.find(np.full((HEIGHT, WIDTH, 3), 250, np.uint8), 0.5)) == 1
    finally:
        apart.close()


def test_a_file_that_is_no_model_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jit"
    broken.write_bytes(b"no model")
    with pytest.raises(WozError, match="no TorchScript model"):
        Apart(broken)


def test_a_process_that_ends_is_told(model: Path) -> None:
    apart = Apart(model)
    apart._process.kill()
    apart._process.wait()
    with pytest.raises(WozError, match=r"The detector ended"):
        apart.find(np.zeros((HEIGHT, WIDTH, 3), np.uint8), 0.5)
    apart.close()
