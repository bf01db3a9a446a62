"""The engine's models by whisperx and pyannote. Only the worker process imports this module."""

from __future__ import annotations

import gc
import importlib.metadata
import os
import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.transcription.catalogue import default_model
from woz.transcription.diarizers import ENCODER_FILE, chosen_diarizer, is_encoder
from woz.transcription.engine import Part, Plain, Plan
from woz.transcription.layouts import has_alignment_heads
from woz.transcription.models import models_folder, require_model
from woz.transcription.packing import Region
from woz.transcription.recogniser import Recogniser
from woz.transcription.task import Settings
from woz.transcription.tracks import RATE
from woz.transcription.voice_encoder import VoiceEncoder
from woz.transcription.voices_apart import voices_apart

os.environ["PYANNOTE_METRICS_ENABLED"] = "0"
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import nltk
import torch
import whisperx
from pyannote.audio import Pipeline
from whisperx.vads import Pyannote
from whisperx.vads.pyannote import Binarize

Samples = NDArray[np.float32]

ONSET, OFFSET = 0.5, 0.363
"""Thresholds of the voice-activity model's hysteresis, as whisperx has them."""
SPEECH_STEP_S = 1.0
"""The model's windows of 5 s lie this far apart; each moment is still judged five times."""
PUNKT_FILES = ("collocations.tab", "sent_starters.txt", "abbrev_types.txt", "ortho_context.tab")
PUNKT_LANGUAGES = ("english", "german", "french", "spanish", "italian")


class WhisperXEngine:
    """Each model is loaded when it is first asked for, and stays. Without a GPU all runs on the CPU."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = Path(settings.models) if settings.models else models_folder()
        self.plan = _first_plan(settings)
        self._first_precision = self.plan.precision
        self._aligners: dict[str, tuple[Any, Any]] = {}
        self._diarizer: Any = None
        self._whisper: Recogniser | None = None
        self._sentences = provide_sentence_data(self._folder)
        if settings.threads:
            torch.set_num_threads(settings.threads)
        self._without_gpu = self.plan.device == "cpu" and settings.device != "cpu"

    @property
    def notes(self) -> list[str]:
        if not self._without_gpu:
            return []
        name = Path(self.model_path()).name
        return [f"no GPU: it runs on the CPU, in {self._first_precision}, with the model {name}"]

    @property
    def made_by(self) -> str:
        parts = [f"{name} {importlib.metadata.version(name)}" for name in ("faster-whisper", "whisperx")]
        return ", ".join([*parts, Path(self.model_path()).name, self.plan.device])

    def model_path(self) -> str:
        """Raises WozError where the model is not here, or not whole."""
        named = self._settings.model
        path = Path(named) if named else default_model(self._folder, self.plan.device)
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
            self.__dict__.pop("_activity", None)
            gc.collect()
            if torch.cuda.is_available():
                torch.cuda.empty_cache()

    @cached_property
    def _activity(self) -> Any:
        vad = Pyannote(torch.device(self.plan.device), vad_onset=ONSET, vad_offset=OFFSET)
        vad.vad_pipeline._segmentation.step = SPEECH_STEP_S
        return vad

    def speech(self, samples: Samples, part: Part) -> list[Region]:
        scores = self._activity({"waveform": torch.from_numpy(samples[None, :]), "sample_rate": RATE})
        found = Binarize(onset=ONSET, offset=OFFSET)(scores).get_timeline().support()
        part(1.0)
        length_s = len(samples) / RATE
        return [(max(0.0, s.start), min(length_s, s.end)) for s in found if s.start < length_s]

    def _recogniser(self) -> Recogniser:
        if self._whisper is None:
            threads = self._settings.threads or os.cpu_count() or 1
            self._whisper = Recogniser(self.model_path(), self.plan, threads, self.times_words())
        return self._whisper

    def times_words(self) -> bool:
        return has_alignment_heads(Path(self.model_path()))

    def language(self, samples: Samples) -> tuple[str, float]:
        return self._recogniser().language(samples)

    def recognise(
        self, samples: Samples, chunks: Sequence[Region], language: str, task: str, part: Part
    ) -> list[Plain]:
        beam, batch = self._settings.beam, self.plan.batch
        return self._recogniser().recognise(samples, chunks, (language, task), beam, batch, part)

    def align(self, segments: list[Plain], samples: Samples, language: str, part: Part) -> list[Plain]:
        model, metadata = self._aligner(language)
        aligned = whisperx.align(
            segments,
            model,
            metadata,
            samples,
            self.plan.device,
            progress_callback=lambda percent: part(percent / 100),
        )
        return [_plain(segment) for segment in aligned["segments"]]

    def _aligner(self, language: str) -> tuple[Any, Any]:
        if language not in self._aligners:
            path = self.aligner_path(language)
            self._aligners[language] = whisperx.load_align_model(
                language, self.plan.device, model_name=path, model_cache_only=True
            )
        return self._aligners[language]

    def diarize(self, samples: Samples, voices: int | None, part: Part) -> list[tuple[float, float, str]]:
        if self._diarizer is None:
            path = self.diarizer_path()
            if path is None:
                raise WozError("Telling voices apart needs a model; woz models list says how to get one.")
            self._diarizer = self._new_diarizer(Path(path))
        if isinstance(self._diarizer, VoiceEncoder):
            model = self._activity.vad_pipeline._segmentation.model
            return voices_apart(model, self._diarizer.embed, samples, voices, self.plan.device, part)
        file = {"waveform": torch.from_numpy(samples[None, :]), "sample_rate": RATE, "uri": "voice"}
        output = self._diarizer(file, num_speakers=voices, hook=_Hook(part))
        turns = output.speaker_diarization.itertracks(yield_label=True)
        return [(float(turn.start), float(turn.end), str(label)) for turn, _, label in turns]

    def _new_diarizer(self, path: Path) -> Any:
        """The voice encoder, or a pyannote pipeline."""
        if is_encoder(path):
            return VoiceEncoder(path / ENCODER_FILE, self.plan.device)
        return Pipeline.from_pretrained(path).to(torch.device(self.plan.device))


class _Hook:
    """pyannote's own report of its steps as one part of a whole."""

    def __init__(self, part: Part) -> None:
        self._part = part

    def __call__(
        self, step: str, artefact: Any, file: Any = None, total: int | None = None, completed: int | None = None
    ) -> None:
        if total and completed is not None:
            first = {"segmentation": 0.0, "embeddings": 0.5}.get(step, 0.9)
            self._part(min(1.0, first + 0.5 * completed / total))


def _first_plan(settings: Settings) -> Plan:
    device = settings.device or ("cuda" if torch.cuda.is_available() else "cpu")
    if device == "cuda" and not torch.cuda.is_available():
        raise WozError("There is no GPU that torch can use; woz doctor says why, or use --device cpu.")
    return Plan(device, settings.precision or ("float16" if device == "cuda" else "int8"), settings.batch)


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
