"""Which speech models are on this machine, where they are kept, and whether their programs are installed."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_config_path, user_data_path

from woz.base.errors import WozError
from woz.base.outside import Unsound, read_file
from woz.parts.known import part_named
from woz.parts.place import is_here
from woz.transcription.layouts import form_fault, is_hugging_face_whisper, whisper_fault, whisper_remark

NEEDED = {
    "whisper": ("model.bin", "config.json", "tokenizer.json"),
    "aligner": ("config.json", "preprocessor_config.json", "vocab.json"),
    "diarizer": (
        "config.yaml",
        "segmentation/pytorch_model.bin",
        "embedding/pytorch_model.bin",
        "plda/plda.npz",
        "plda/xvec_transform.npz",
    ),
    "voices": ("pretrained.pt",),
    "faces": ("centerface.onnx",),
    "names": ("meta.json", "config.cfg", "tokenizer", "ner/model", "vocab/strings.json"),
}
"""The files of a Whisper model in CTranslate2 form, a Wav2Vec2 model in Hugging Face form, a pyannote pipeline,
Resemblyzer's voice encoder, CenterFace, and a pipeline of spaCy's."""
EITHER = {"whisper": ("vocabulary.json", "vocabulary.txt"), "aligner": ("model.safetensors", "pytorch_model.bin")}
"""One of these must be there, too."""
MARKS = {
    "whisper": "model.bin",
    "aligner": "vocab.json",
    "diarizer": "config.yaml",
    "voices": "pretrained.pt",
    "faces": "centerface.onnx",
    "names": "config.cfg",
}

ENCODER_BYTES = 17_090_379
"""Of Resemblyzer's pretrained.pt; there is one only."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    kind: str
    name: str
    path: Path
    size_bytes: int
    missing: tuple[str, ...]
    fault: str = ""
    """Why it can't be used, in a sentence."""
    remark: str = ""
    """What it lacks, though it can be used."""

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "path": str(self.path)}


def models_folder() -> Path:
    """Where models are kept: $WOZ_MODELS, the folder chosen by `use_folder`, or the user's data folder."""
    named = os.environ.get("WOZ_MODELS")
    if named:
        return Path(named)
    return _chosen("folder") or user_data_path("woz") / "models"


def use_folder(folder: Path) -> list[ModelInfo]:
    """Take models from this folder from now on, or, where it is one Whisper model itself, that one as the default.

    The answer is what it holds. Raises WozError where it holds no model, or one that can't be used.
    """
    if not folder.is_dir():
        raise WozError(f"There is no folder {folder}; name the one that the models were carried in.")
    own = _look("whisper", folder)
    found = [own] if own else find_models(folder)
    if not found:
        raise WozError(f"{folder} holds no speech model; carry the whole folder that woz models list names.")
    for info in found:
        require_model(info.kind, info.path)
    _choose(
        {"folder": str(_chosen("folder") or models_folder()), "whisper": str(folder.absolute())}
        if own
        else {"folder": str(folder.absolute())}
    )
    return found


def chosen_whisper() -> Path | None:
    """The one Whisper model that `use_folder` was given; None where it was given a folder of models."""
    return None if os.environ.get("WOZ_MODELS") else _chosen("whisper")


def _chosen(what: str) -> Path | None:
    try:
        return Path(read_file(_choice(), dict[str, str])[what])
    except (OSError, Unsound, KeyError):
        return None


def _choose(choice: dict[str, str]) -> None:
    try:
        _choice().parent.mkdir(parents=True, exist_ok=True)
        _choice().write_text(json.dumps(choice), encoding="utf-8")
    except OSError as error:
        raise WozError(f"The choice can't be kept in {_choice()} ({error.strerror}); set WOZ_MODELS.") from error


def _choice() -> Path:
    return user_config_path("woz") / "models.json"


SPEECH = part_named("speech")


def is_installed() -> bool:
    """whisperx and pyannote.audio are here, or in an environment of their own; nothing is imported to find out."""
    return is_here(SPEECH)


def require_installed(then: str = ", then woz transcribe PROJECT --fetch") -> None:
    """Raises WozError where recognition is not installed; `then` goes on from the command that installs it."""
    if not is_installed():
        raise WozError(f"Recognition is not installed (8 GB with CUDA, 2 GB without); run: woz add speech{then}")


def find_models(folder: Path) -> list[ModelInfo]:
    """Every folder below, at most two deep, that looks like a model, whole or not."""
    if not folder.is_dir():
        return []
    places = [path for pattern in ("*", "*/*") for path in sorted(folder.glob(pattern)) if path.is_dir()]
    return [info for path in places for kind in NEEDED if (info := _look(kind, path))]


def is_whole(kind: str, path: Path) -> bool:
    """Whether all files of a model are in a folder; one whose fetching was broken off lacks some."""
    return path.is_dir() and not _missing(kind, path)


def require_model(kind: str, path: Path) -> Path:
    """The path of a whole model. Raises WozError for a folder that is missing or lacks a file."""
    if not path.is_dir():
        raise WozError(f"There is no model folder {path}; woz models lists those that are here.")
    fault = model_fault(kind, path)
    if fault:
        raise WozError(fault)
    return path


def model_fault(kind: str, path: Path) -> str:
    """Why the model in a folder can't be used, in a sentence; empty where it can."""
    if kind == "whisper" and (fault := form_fault(path)):
        return fault
    missing = _missing(kind, path)
    if missing:
        are = "is" if len(missing) == 1 else "are"
        return f"The model in {path} is not whole: {', '.join(missing)} {are} missing; fetch or copy it again."
    if kind == "voices" and (size := (path / "pretrained.pt").stat().st_size) != ENCODER_BYTES:
        return f"The voice encoder in {path} has {size} bytes instead of {ENCODER_BYTES}; fetch or copy it again."
    return whisper_fault(path) if kind == "whisper" else ""


def _look(kind: str, path: Path) -> ModelInfo | None:
    if not (path / MARKS[kind]).is_file() and not (kind == "whisper" and is_hugging_face_whisper(path)):
        return None
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    fault = model_fault(kind, path)
    remark = whisper_remark(path) if kind == "whisper" and not fault else ""
    return ModelInfo(kind, path.name, path, size, _missing(kind, path), fault, remark)


def _missing(kind: str, path: Path) -> tuple[str, ...]:
    missing = [name for name in NEEDED[kind] if not (path / name).is_file()]
    either = EITHER.get(kind, ())
    if either and not any((path / name).is_file() for name in either):
        missing.append(either[0])
    return tuple(missing)
