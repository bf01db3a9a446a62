"""pyannote's own pipeline, which tells voices apart. Only the worker process imports this module."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from woz.base.ffmpeg_logs import keep_out_of_python
from woz.transcription.engine import Part
from woz.transcription.tracks import RATE

os.environ["PYANNOTE_METRICS_ENABLED"] = "0"

import torch
from pyannote.audio import Pipeline

keep_out_of_python()

Samples = NDArray[np.float32]


class PyannoteVoices:
    """A loaded pipeline."""

    def __init__(self, path: Path, device: str, threads: int) -> None:
        if threads:
            torch.set_num_threads(threads)
        self._pipeline: Any = Pipeline.from_pretrained(path).to(torch.device(device))

    def diarize(self, samples: Samples, voices: int | None, part: Part) -> list[tuple[float, float, str]]:
        """As `Engine.diarize` has it."""
        file = {"waveform": torch.from_numpy(samples[None, :]), "sample_rate": RATE, "uri": "voice"}
        output = self._pipeline(file, num_speakers=voices, hook=_Hook(part))
        turns = output.speaker_diarization.itertracks(yield_label=True)
        return [(float(turn.start), float(turn.end), str(label)) for turn, _, label in turns]


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
