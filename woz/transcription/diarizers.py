"""Which model tells voices apart: the one that is named, pyannote's where it is here, or else the voice encoder."""

from __future__ import annotations

from pathlib import Path

from woz.transcription.catalogue import DIARIZER, ENCODER, RESEMBLYZER
from woz.transcription.models import require_model
from woz.transcription.token import token

ENCODER_FILE = "pretrained.pt"


def chosen_diarizer(named: Path | None, folder: Path) -> str | None:
    """The folder of the model; None where none is here. Raises WozError for one that is named and can't be used."""
    here = [path for path in (folder / DIARIZER, folder / ENCODER) if path.is_dir()]
    path = named or (here[0] if here else None)
    return str(require_model("voices" if is_encoder(path) else "diarizer", path)) if path else None


def fetched_diarizer() -> str:
    """The name of the one that can be fetched: pyannote's is gated, and wants a token."""
    return DIARIZER if token() else ENCODER


def is_encoder(path: Path) -> bool:
    return path.name == ENCODER or (path / ENCODER_FILE).is_file()


def title_of(path: Path) -> str:
    """What a transcript's provenance calls it."""
    return f"whisperx's segmentation and {RESEMBLYZER}'s voice encoder" if is_encoder(path) else path.name
