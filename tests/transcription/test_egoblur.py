"""EgoBlur's signatures through woz's adapter, by made modules in a process of their own; no real weights."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import av
import pytest

from woz.base.errors import WozError
from woz.deidentifying.detectors.egoblur import EgoBlur

ROOT = Path(__file__).parents[2]


def test_both_generations_give_boxes_in_the_picture_s_pixels(tmp_path: Path) -> None:
    asked = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.transcription.scripted_detectors", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert asked.returncode == 0, asked.stderr
    told = json.loads(asked.stdout)
    for name, score, near in (("first", 0.9, 0.0), ("traced", 0.8, 0.0), ("second", 0.7, 2.0)):
        [found] = told[name]["found"]
        assert found == pytest.approx([400, 200, 160, 100, score], abs=near + 0.01)
        assert (told[name]["nothing"], told[name]["unsure"], told[name]["version"]) == (0, 0, name)
    assert "does not answer as EgoBlur's" in told["other"]


def test_what_is_no_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(WozError, match="There is no EgoBlur model"):
        EgoBlur(tmp_path / "none.jit")


def test_ffmpeg_s_logs_stay_away_from_the_interpreter(tmp_path: Path) -> None:
    path = tmp_path / "words.jit"
    path.write_text("no model")
    with pytest.raises(WozError, match="no TorchScript model"):
        EgoBlur(path)
    assert av.logging.get_level() is None
