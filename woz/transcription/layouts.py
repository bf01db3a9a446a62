"""Which of the forms a Whisper model comes in a folder has, and what hinders its use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from woz.base.commands import quoted
from woz.base.errors import WozError
from woz.base.outside import read_file
from woz.transcription.weights import WHISPER, read_weights

HUGGING_FACE = ("model.safetensors", "pytorch_model.bin", "model.safetensors.index.json")
TEXTS = ("config.json", "tokenizer.json", "vocabulary.json")
CARRIED = ("tokenizer.json", "preprocessor_config.json")
"""What faster-whisper reads as Hugging Face has it."""
END = 64
"""Bytes that are read to see whether such a file is whole."""
METHODS = {1: "AWQ", 2: "AWQ (GEMV)"}
"""By CTranslate2's numbers."""


def is_hugging_face_whisper(folder: Path) -> bool:
    """Weights in Hugging Face's form, which has to be converted."""
    has_weights = any((folder / name).is_file() for name in HUGGING_FACE)
    return has_weights and _config(folder).get("model_type") == "whisper"


def form_fault(folder: Path) -> str:
    """Why a Whisper model's form is not faster-whisper's, in a sentence that says what to do; empty where it is."""
    if is_hugging_face_whisper(folder) and not (folder / "model.bin").is_file():
        carried = [name for name in CARRIED if (folder / name).is_file()]
        beside = " ".join(["", "--copy_files", *carried]) if carried else ""
        return (
            f"The Whisper model in {folder} is in Hugging Face's form; convert it: ct2-transformers-converter "
            f"--model {quoted(folder)} --output_dir NEW --quantization int8{beside}"
        )
    if not (folder / "tokenizer.json").is_file() and (folder / "model.bin").is_file():
        return (
            f"The model in {folder} is as CTranslate2 converts it, without what faster-whisper needs: "
            "tokenizer.json is missing; copy it from the folder that the model was converted from."
        )
    return ""


def whisper_fault(folder: Path) -> str:
    """Why a model in faster-whisper's form can't be used, in a sentence; empty where it can."""
    try:
        weights = read_weights(folder / "model.bin")
    except WozError as error:
        return str(error)
    if cut := next((name for name in TEXTS if _is_cut(folder / name)), ""):
        return f"The model in {folder} is not whole: {cut} is cut short; copy it again."
    if weights.kind != WHISPER:
        return f"The model in {folder} is of another kind ({weights.kind}), not Whisper; choose another folder."
    method = _config(folder).get("quantization_type", 0)
    if method:
        return (
            f"The model in {folder} is quantised by {METHODS.get(method, method)}, which CTranslate2 runs for no "
            "Whisper model; take it in int8, float16 or float32."
        )
    return ""


def whisper_remark(folder: Path) -> str:
    """What a usable model lacks, in a sentence; empty where it lacks nothing."""
    if has_alignment_heads(folder):
        return ""
    return (
        f"The model in {folder} names no alignment heads of its own, as distilled models may: it can't tell when "
        "words are said, and without an alignment model they are spread over each stretch of speech."
    )


def has_alignment_heads(folder: Path) -> bool:
    """Whether a Whisper model in CTranslate2 form says which of its attention heads tell the time of words.

    Heads that were taken over from a model with more layers are none.
    """
    heads = _config(folder).get("alignment_heads")
    if not isinstance(heads, list) or not heads:
        return False
    try:
        layers = read_weights(folder / "model.bin").decoder_layers
        return all(0 <= int(layer) < layers for layer, _ in heads)
    except (WozError, TypeError, ValueError):
        return False


def _is_cut(path: Path) -> bool:
    """A JSON file that is there, and doesn't end as one; only its end is read."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - END))
            return not file.read().rstrip().endswith((b"}", b"]"))
    except OSError:
        return False


def _config(folder: Path) -> dict[str, Any]:
    try:
        return read_file(folder / "config.json", dict[str, Any])
    except (OSError, ValueError):
        return {}
