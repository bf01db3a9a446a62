"""Recognition and alignment by whisperx. Only the worker process imports this module."""

from __future__ import annotations

import importlib.metadata
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from woz.transcription.task import Heard, Task
from woz.transcription.tracks import RATE

os.environ.setdefault("PYANNOTE_METRICS_ENABLED", "0")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import nltk
import torch
import whisperx

Samples = NDArray[np.float32]
Say = Callable[[str, float], None]

PUNKT_FILES = ("collocations.tab", "sent_starters.txt", "abbrev_types.txt", "ortho_context.tab")


class WhisperXEngine:
    """Models stay loaded for all voices of a task. Without a GPU it runs on the CPU with 8-bit weights."""

    def __init__(self, task: Task, say: Say) -> None:
        self._task = task
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.notes: list[str] = []
        if self.device == "cpu":
            self.notes.append("no GPU: recognised on the CPU with 8-bit weights")
        say("loading the model", 0.0)
        self._model = whisperx.load_model(
            task.model,
            self.device,
            compute_type="float16" if self.device == "cuda" else "int8",
            language=task.language,
            vad_method="pyannote",
            local_files_only=True,
            threads=os.cpu_count() or 1,
        )
        self._aligner: tuple[Any, Any] | None = None

    @property
    def made_by(self) -> str:
        return f"whisperx {importlib.metadata.version('whisperx')}, {Path(self._task.model).name}"

    def recognise(self, samples: Samples) -> dict[str, Any]:
        """Segments of text with times in seconds, and the language."""
        result: dict[str, Any] = self._model.transcribe(samples, batch_size=self._task.batch)
        return {"segments": list(result["segments"]), "language": str(result["language"])}

    def speech_ns(self, samples: Samples) -> int:
        """How much of the voice is speech, by the voice-activity model that whisperx carries."""
        if not len(samples):
            return 0
        found = self._model.vad_model({"waveform": torch.from_numpy(samples[None, :]), "sample_rate": RATE})
        active = np.asarray(found.data).reshape(len(found.data), -1).max(axis=1) > 0.5
        return round(float(active.mean()) * len(samples) / RATE * 1e9)

    def words(self, recognised: dict[str, Any], samples: Samples) -> list[Heard]:
        """Words with times: aligned where there is a model for it, else spread over their segment."""
        segments = [segment for segment in recognised["segments"] if segment["text"].strip()]
        if not self._task.align_model or not segments:
            self._note("no alignment model: word times are spread over their segments")
            return [word for segment in segments for word in _spread(segment)]
        model, metadata = self._load_aligner(recognised["language"])
        aligned = whisperx.align(segments, model, metadata, samples, self.device, return_char_alignments=False)
        if any(not segment["words"] for segment in aligned["segments"]):
            self._note("some segments could not be aligned: their words are spread over them")
        return [word for segment in aligned["segments"] for word in _aligned(segment) or _spread(segment)]

    def _load_aligner(self, language: str) -> tuple[Any, Any]:
        if self._aligner is None:
            _provide_sentence_data()
            self._aligner = whisperx.load_align_model(
                language, self.device, model_name=self._task.align_model, model_cache_only=True
            )
        return self._aligner

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


def _spread(segment: dict[str, Any]) -> list[Heard]:
    texts = segment["text"].split()
    edges = np.linspace(segment["start"], segment["end"], len(texts) + 1) * 1e9
    return [Heard(text, round(edges[i]), round(edges[i + 1])) for i, text in enumerate(texts)]


def _aligned(segment: dict[str, Any]) -> list[Heard]:
    """Words that could not be aligned get the time between their neighbours."""
    words = segment["words"]
    found: list[Heard] = []
    at = float(segment["start"])
    for i, word in enumerate(words):
        start = float(word.get("start", at))
        later = (float(w["start"]) for w in words[i + 1 :] if "start" in w)
        end = float(word.get("end", next(later, segment["end"])))
        at = max(start, end)
        score = word.get("score")
        found.append(
            Heard(word["word"], round(start * 1e9), round(at * 1e9), None if score is None else float(score))
        )
    return found


def _provide_sentence_data() -> None:
    """whisperx wants NLTK's sentence data, for sentences that we don't use: empty tables do."""
    folder = Path(tempfile.mkdtemp(prefix="woz-nltk-"))
    for language in ("english", "german", "french", "spanish", "italian"):
        place = folder / "tokenizers" / "punkt_tab" / language
        place.mkdir(parents=True)
        for name in PUNKT_FILES:
            (place / name).touch()
    nltk.data.path.append(str(folder))
