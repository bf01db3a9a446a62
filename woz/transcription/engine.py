"""What recognises speech, seen from the stages: models that are loaded once and answer in plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from woz.transcription.packing import Region

Samples = NDArray[np.float32]
Part = Callable[[float], None]
"""Told how much of a stage is done, 0 to 1."""
Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """Where and how the models run: "cuda" or "cpu", CTranslate2's name of a precision, windows at once."""

    device: str
    precision: str
    batch: int

    def smaller(self) -> Plan | None:
        """The same work with less memory: half the batch, then the precision, then the CPU; None after the last."""
        if self.batch > 1:
            return replace(self, batch=self.batch // 2)
        if self.device == "cuda":
            if self.precision in ("float32", "float16", "bfloat16"):
                return replace(self, precision=f"int8_{self.precision}")
            return replace(self, device="cpu", precision="int8")
        return replace(self, precision="int8") if self.precision != "int8" else None

    def __str__(self) -> str:
        return f"batches of {self.batch} in {self.precision} on the {'GPU' if self.device == 'cuda' else 'CPU'}"


class Engine(Protocol):
    """Times are seconds of the samples that a method is given (mono, float32, 16 kHz)."""

    plan: Plan
    hotwords: str
    """What will probably be said, as names and tools: `recognise` tells it the model."""

    @property
    def libraries(self) -> Mapping[str, str]:
        """What runs the models, by version; another version may give another result."""
        ...

    @property
    def notes(self) -> list[str]:
        """What a person should know about how it runs."""
        ...

    @property
    def made_by(self) -> str: ...

    def model_path(self) -> str: ...

    def times_words(self) -> bool:
        """Whether `recognise` gives words with times."""
        ...

    def aligner_path(self, language: str) -> str | None: ...

    def diarizer_path(self) -> str | None: ...

    def adopt(self, plan: Plan) -> None:
        """Go on by another plan; what was loaded for the old one is let go."""
        ...

    def speech(self, samples: Samples, part: Part) -> list[Region]:
        """Where anybody speaks."""
        ...

    def languages(self, samples: Samples) -> dict[str, float]:
        """How likely at most half a minute is in each language."""
        ...

    def recognise(self, clips: Sequence[Samples], language: str, task: str, part: Part) -> list[Plain]:
        """A segment for each clip of at most half a minute: text, start, end, avg_logprob, no_speech, cut.

        The text may be empty; "cut" says that its room was full before the model ended it, though it neither goes
        round in circles nor is a guess. `task` is "transcribe" or "translate" (to English). What is transcribed has
        its words, too, as `align` gives them, where the model can tell their times.
        """
        ...

    def align(self, segments: list[Plain], samples: Samples, language: str, part: Part) -> list[Plain]:
        """The segments with their words: word, and start, end, score where they could be aligned."""
        ...

    def diarize(self, samples: Samples, voices: int | None, part: Part) -> list[tuple[float, float, str]]:
        """Who speaks when: start, end, a label of the voice. Spans may overlap."""
        ...
