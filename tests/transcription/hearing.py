"""The engine that hears what a test has it hear: in the stretches of speech it is given, with times of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.transcription.failing import FailingEngine
from tests.transcription.sounds import write_wav
from woz.model.people import Role
from woz.transcription.engine import Part
from woz.transcription.packing import Region
from woz.transcription.stages import Session
from woz.transcription.steps import Steps
from woz.transcription.task import Result, Settings, Task, Track, Voice
from woz.transcription.tracks import RATE


class HearingEngine(FailingEngine):
    def __init__(self, model: Path, stretches: Sequence[Region], aligners: Mapping[str, str] | None = None) -> None:
        super().__init__(Settings(str(model), dict(aligners or {})))
        self._stretches = list(stretches)

    def times_words(self) -> bool:
        return True

    def speech(self, samples: NDArray[np.float32], part: Part) -> list[Region]:
        return self._stretches


def noise(seconds: float) -> NDArray[np.float32]:
    return np.random.default_rng(0).normal(0, 0.1, round(seconds * RATE)).astype(np.float32)


def result_of(
    engine: FailingEngine, sound: NDArray[np.float32], folder: Path, language: str = "en", kept: bool = False
) -> Result:
    """Of the trainee's track alone; what was done is `kept` for the next one in this folder."""
    track = Track(str(write_wav(folder / "track.wav", sound)))
    cache = str(folder / "cache") if kept else ""
    task = Task((Voice(Role.TRAINEE, track),), Settings(language=language), cache)
    return Session(task, engine, Steps(task, lambda *_: None), lambda _: None).run()
