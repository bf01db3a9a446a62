"""The engine's models by faster-whisper, whisperx and pyannote. Only the worker process imports this module.

Loading torch, whisperx and pyannote.audio takes longer than transcribing a minute: each is loaded only for what
can't be done without it.
"""

from __future__ import annotations

import gc
import importlib.metadata
import os
import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ctranslate2
import numpy as np
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.transcription.catalogue import default_model
from woz.transcription.diarizers import ENCODER_FILE, chosen_diarizer, is_encoder
from woz.transcription.engine import Part, Plain, Plan
from woz.transcription.layouts import has_alignment_heads
from woz.transcription.models import models_folder, require_model
from woz.transcription.packing import Region
from woz.transcription.recogniser import How, Recogniser
from woz.transcription.segmentation import Segmentation, carried_weights
from woz.transcription.task import Settings
from woz.transcription.voice_activity import voice_activity

if TYPE_CHECKING:
    from woz.transcription.forced_alignment import ForcedAligner

Samples = NDArray[np.float32]

LIBRARIES = ("ctranslate2", "faster-whisper", "pyannote-audio", "torch", "whisperx")


class WhisperXEngine:
    """Each model is loaded when it is first asked for, and stays. Without a GPU all runs on the CPU."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = Path(settings.models) if settings.models else models_folder()
        self.hotwords = settings.hotwords
        self.plan = self._first = _first_plan(settings)
        self._aligners: dict[str, ForcedAligner] = {}
        self._diarizer: Any = None
        self._whisper: Recogniser | None = None
        self._without_gpu = self.plan.device == "cpu" and settings.device != "cpu"

    @property
    def libraries(self) -> dict[str, str]:
        return {name: importlib.metadata.version(name) for name in LIBRARIES}

    @property
    def notes(self) -> list[str]:
        if not self._without_gpu:
            return []
        name = Path(self.model_path()).name
        return [f"no GPU: it runs on the CPU, in {self._first.precision}, with the model {name}"]

    @property
    def made_by(self) -> str:
        parts = [f"{name} {importlib.metadata.version(name)}" for name in ("faster-whisper", "whisperx")]
        return ", ".join([*parts, Path(self.model_path()).name, self.plan.device])

    def model_path(self) -> str:
        """The same also where memory ran out and the CPU took over.

        Raises WozError where the model is not here, or not whole.
        """
        named = self._settings.model
        path = Path(named) if named else default_model(self._folder, self._first.device)
        return str(require_model("whisper", path))

    def aligner_path(self, language: str) -> str | None:
        aligners = self._settings.aligners
        named = aligners.get(language) or aligners.get("*")
        path = Path(named) if named else self._folder / f"aligner-{language}"
        return str(require_model("aligner", path)) if named or path.is_dir() else None

    def diarizer_path(self) -> str | None:
        named = self._settings.diarizer
        return chosen_diarizer(Path(named) if named else None, self._folder)

    def adopt(self, plan: Plan) -> None:
        elsewhere = (plan.device, plan.precision) != (self.plan.device, self.plan.precision)
        self.plan = plan
        if elsewhere:
            self._whisper, self._diarizer, self._aligners = None, None, {}
            gc.collect()
            torch: Any = sys.modules.get("torch")
            if torch and torch.cuda.is_available():
                torch.cuda.empty_cache()

    @property
    def _threads(self) -> int:
        return self._settings.threads or os.cpu_count() or 1

    @cached_property
    def _segmentation(self) -> Segmentation:
        return Segmentation(carried_weights(), self._threads)

    def speech(self, samples: Samples, part: Part) -> list[Region]:
        return voice_activity(self._segmentation, samples, part)

    def _recogniser(self) -> Recogniser:
        if self._whisper is None:
            self._whisper = Recogniser(self.model_path(), self.plan, self._threads, self.times_words())
        return self._whisper

    def times_words(self) -> bool:
        return has_alignment_heads(Path(self.model_path()))

    def languages(self, samples: Samples) -> dict[str, float]:
        return self._recogniser().languages(samples)

    def recognise(self, clips: Sequence[Samples], language: str, task: str, part: Part) -> list[Plain]:
        how = How(language, task, self._settings.beam, self.hotwords)
        return self._recogniser().recognise(clips, how, self.plan.batch, part)

    def align(self, segments: list[Plain], samples: Samples, language: str, part: Part) -> list[Plain]:
        return self._aligner(language).align(segments, samples, part)

    def _aligner(self, language: str) -> ForcedAligner:
        if language not in self._aligners:
            from woz.transcription.forced_alignment import ForcedAligner

            path = self.aligner_path(language)
            self._aligners[language] = ForcedAligner(
                language, path, self.plan.device, self._settings.threads, self._folder
            )
        return self._aligners[language]

    def diarize(self, samples: Samples, voices: int | None, part: Part) -> list[tuple[float, float, str]]:
        path = self.diarizer_path()
        if path is None:
            raise WozError("Telling voices apart needs a model; woz models list says how to get one.")
        if is_encoder(Path(path)):
            from woz.transcription.voices_apart import voices_apart

            return voices_apart(self._segmentation, self._encoder(Path(path)).embed, samples, voices, part)
        return list(self._pipeline(Path(path)).diarize(samples, voices, part))

    def _encoder(self, path: Path) -> Any:
        if self._diarizer is None:
            from woz.transcription.voice_encoder import VoiceEncoder

            self._diarizer = VoiceEncoder(path / ENCODER_FILE, self.plan.device)
        return self._diarizer

    def _pipeline(self, path: Path) -> Any:
        if self._diarizer is None:
            from woz.transcription.pyannote_voices import PyannoteVoices

            self._diarizer = PyannoteVoices(path, self.plan.device, self._settings.threads)
        return self._diarizer


def _first_plan(settings: Settings) -> Plan:
    gpus = ctranslate2.get_cuda_device_count()
    device = settings.device or ("cuda" if gpus else "cpu")
    if device == "cuda":
        if not gpus:
            raise WozError("There is no GPU that can be used; woz doctor says why, or use --device cpu.")
        _load_gpu_libraries()
    return Plan(device, settings.precision or _usual_precision(device), settings.batch)


def _usual_precision(device: str) -> str:
    """Half precision on a GPU; older ones compute faster in single precision, and CTranslate2 offers no other."""
    if device == "cpu":
        return "int8"
    return "float16" if "float16" in ctranslate2.get_supported_compute_types(device) else "float32"


def _load_gpu_libraries() -> None:
    """CTranslate2 finds cuBLAS and cuDNN where torch has loaded its own."""
    import torch

    if not torch.cuda.is_available():
        raise WozError("There is a GPU, but torch can't use it; woz doctor says why, or use --device cpu.")
