"""The tiny models are made in a process of their own: no test here imports torch."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.real_models import Unavailable, real_model
from tests.transcription.failing import ORDERS

MAKE = (
    "import sys; from pathlib import Path; from tests.transcription.tiny import make_all\n"
    "make_all(Path(sys.argv[1]))"
)


@dataclass(frozen=True)
class Models:
    folder: Path

    @property
    def whisper(self) -> Path:
        return self.folder / "tiny-whisper"

    @property
    def aligner(self) -> Path:
        return self.folder / "tiny-aligner"

    @property
    def diarizer(self) -> Path:
        return self.folder / "tiny-diarizer"


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    """Made once a run, by the first of the processes that share its tests."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with (shared / "models.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "models.made").exists():
            _make(shared / "models")
            (shared / "models.made").touch()
    return Models(shared / "models")


def _make(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", MAKE, str(folder)], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="session")
def real_tiny() -> Path:
    """OpenAI's Whisper tiny.en, from the cache or fetched into it; skips where neither can be."""
    try:
        return real_model("tiny")
    except Unavailable as error:
        pytest.skip(str(error))


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that stands for a model's, for an engine that no fault is ordered of."""
    orders = tmp_path / "orders.json"
    orders.write_text("{}")
    monkeypatch.setenv(ORDERS, str(orders))
    folder = tmp_path / "model"
    folder.mkdir()
    return folder
