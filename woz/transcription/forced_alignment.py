"""Times of a text's words by the sound, with whisperx and a Wav2Vec2 model. Only the worker imports this module."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import nltk
import numpy as np
import torch
import whisperx
from numpy.typing import NDArray

from woz.base.ffmpeg_logs import keep_out_of_python
from woz.transcription.engine import Part, Plain

Samples = NDArray[np.float32]

PUNKT_FILES = ("collocations.tab", "sent_starters.txt", "abbrev_types.txt", "ortho_context.tab")
PUNKT_LANGUAGES = ("english", "german", "french", "spanish", "italian")


class ForcedAligner:
    """The loaded model of one language. `models` is where a lab's own sentence data may lie."""

    def __init__(self, language: str, path: str | None, device: str, threads: int, models: Path) -> None:
        self._sentences = provide_sentence_data(models)
        if threads:
            torch.set_num_threads(threads)
        self._device = device if torch.cuda.is_available() else "cpu"
        self._model, self._metadata = whisperx.load_align_model(
            language, self._device, model_name=path, model_cache_only=True
        )
        keep_out_of_python()

    def align(self, segments: list[Plain], samples: Samples, part: Part) -> list[Plain]:
        """As `Engine.align` has it."""
        aligned = whisperx.align(
            segments,
            self._model,
            self._metadata,
            samples,
            self._device,
            progress_callback=lambda percent: part(percent / 100),
        )
        return [_plain(segment) for segment in aligned["segments"]]


def _plain(segment: Plain) -> Plain:
    """The same with numbers that JSON knows."""
    words = [
        {key: value if isinstance(value, str) else float(value) for key, value in word.items()}
        for word in segment["words"]
    ]
    return {**segment, "start": float(segment["start"]), "end": float(segment["end"]), "words": words}


def provide_sentence_data(models: Path) -> Any:
    """whisperx wants NLTK's sentence data, for sentences that we don't use: a lab's own copy, or empty tables."""
    carried = models / "nltk_data"
    if (carried / "tokenizers" / "punkt_tab").is_dir():
        nltk.data.path.append(str(carried))
        return None
    folder = tempfile.TemporaryDirectory(prefix="woz-nltk-")
    for language in PUNKT_LANGUAGES:
        place = Path(folder.name) / "tokenizers" / "punkt_tab" / language
        place.mkdir(parents=True)
        for name in PUNKT_FILES:
            (place / name).touch()
    nltk.data.path.append(folder.name)
    return folder
