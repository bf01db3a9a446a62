"""The tiny models are made in a process of their own: no test here imports torch."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

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
    folder = tmp_path_factory.mktemp("models")
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", MAKE, str(folder)], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return Models(folder)
