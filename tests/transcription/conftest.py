"""The tiny models are made in a process of their own: no test here imports torch."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

MAKE = (
    "import sys; from pathlib import Path; from tests.transcription.tiny import make_whisper, make_aligner\n"
    "make_whisper(Path(sys.argv[1])); make_aligner(Path(sys.argv[1]))"
)


@dataclass(frozen=True)
class Models:
    whisper: Path
    aligner: Path


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    folder = tmp_path_factory.mktemp("models")
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", MAKE, str(folder)], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return Models(folder / "tiny-whisper", folder / "tiny-aligner")
