"""Which speech models are on this machine, and whether the programs that use them are installed."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from woz.errors import WozError

NEEDED = {
    "whisper": ("model.bin", "config.json", "tokenizer.json"),
    "aligner": ("config.json", "preprocessor_config.json", "vocab.json"),
}
"""The files that make a folder a Whisper model in CTranslate2 form, or a Wav2Vec2 model in Hugging Face form."""
MARKS = {"whisper": "model.bin", "aligner": "vocab.json"}
EITHER_VOCABULARY = ("vocabulary.json", "vocabulary.txt")


@dataclass(frozen=True, slots=True)
class ModelInfo:
    kind: str
    name: str
    path: Path
    size_bytes: int
    missing: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "path": str(self.path)}


def models_folder() -> Path:
    """Where models are kept: $WOZ_MODELS, or the user's data folder."""
    named = os.environ.get("WOZ_MODELS")
    return Path(named) if named else user_data_path("woz") / "models"


def is_installed() -> bool:
    """whisperx and pyannote.audio are here; nothing is imported to find out."""
    return all(importlib.util.find_spec(name) for name in ("whisperx", "torch", "pyannote"))


def find_models(folder: Path) -> list[ModelInfo]:
    """Every folder below, at most two deep, that looks like a model, whole or not."""
    if not folder.is_dir():
        return []
    places = [path for pattern in ("*", "*/*") for path in sorted(folder.glob(pattern)) if path.is_dir()]
    return [info for path in places for kind in NEEDED if (info := _look(kind, path))]


def require_model(kind: str, path: Path) -> Path:
    """The path of a whole model. Raises WozError for a folder that is missing or lacks a file."""
    if not path.is_dir():
        raise WozError(f"There is no model folder {path}; woz models lists those that are here.")
    missing = _missing(kind, path)
    if missing:
        raise WozError(f"The model in {path} is not whole: {', '.join(missing)} is missing; copy it again.")
    return path


def _look(kind: str, path: Path) -> ModelInfo | None:
    if not (path / MARKS[kind]).is_file():
        return None
    size = sum(file.stat().st_size for file in path.iterdir() if file.is_file())
    return ModelInfo(kind, path.name, path, size, _missing(kind, path))


def _missing(kind: str, path: Path) -> tuple[str, ...]:
    missing = [name for name in NEEDED[kind] if not (path / name).is_file()]
    if kind == "whisper" and not any((path / name).is_file() for name in EITHER_VOCABULARY):
        missing.append(EITHER_VOCABULARY[0])
    return tuple(missing)
