"""The one engine that fails on purpose: it does the least, and where it is told to fail, it does."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from woz.transcription.engine import Part, Plain, Plan
from woz.transcription.packing import Region
from woz.transcription.task import Settings

ORDERS = "WOZ_TEST_FAULTS"
"""A file that maps a stage to what happens in it: "killed", "slow", or the words of an error; gone when done."""


class FailingEngine:
    def __init__(self, settings: Settings) -> None:
        self.plan = Plan("cuda", "float16", settings.batch)
        self.hotwords = settings.hotwords
        self.libraries: dict[str, str] = {}
        self.notes: list[str] = []
        self._settings = settings
        self.made_by = "an engine that fails"

    def model_path(self) -> str:
        return str(self._settings.model)

    def times_words(self) -> bool:
        return False

    def aligner_path(self, language: str) -> str | None:
        return self._settings.aligners.get("*")

    def diarizer_path(self) -> str | None:
        return self._settings.diarizer

    def adopt(self, plan: Plan) -> None:
        self.plan = plan

    def speech(self, samples: NDArray[np.float32], part: Part) -> list[Region]:
        self._fault("speech")
        return [(0.5, len(samples) / 16_000 - 0.5)]

    def languages(self, samples: NDArray[np.float32]) -> dict[str, float]:
        self._fault("language")
        return {"it": 0.95, "es": 0.05}

    def recognise(self, clips: Sequence[NDArray[np.float32]], language: str, task: str, part: Part) -> list[Plain]:
        self._fault("translate" if task == "translate" else "recognise")
        text = "one two three four five six seven eight nine ten eleven twelve"
        return [{"text": text, "start": 0.0, "end": len(c) / 16_000} for c in clips]

    def align(self, segments: list[Plain], samples: NDArray[np.float32], language: str, part: Part) -> list[Plain]:
        self._fault("align")
        return segments

    def diarize(
        self, samples: NDArray[np.float32], voices: int | None, part: Part
    ) -> list[tuple[float, float, str]]:
        self._fault("diarize")
        return [(0.0, 4.0, "A"), (3.0, len(samples) / 16_000, "B")]

    def _fault(self, stage: str) -> None:
        path = Path(os.environ[ORDERS])
        orders: dict[str, Any] = json.loads(path.read_text())
        with path.with_suffix(".calls").open("a") as calls:
            calls.write(f"{stage} {self.plan}\n")
        order = orders.pop(stage, None)
        if order == "killed":
            path.write_text(json.dumps(orders))
            os.kill(os.getpid(), signal.SIGKILL)
        if order == "slow":
            time.sleep(60)
            with path.with_suffix(".calls").open("a") as calls:
                calls.write(f"end of {stage}\n")
        if order and order.startswith("memory"):
            if self.plan.device == "cpu":
                return
            orders[stage] = order
            raise RuntimeError("CUDA failed with error out of memory")
        if order:
            path.write_text(json.dumps(orders))
            raise RuntimeError(order)
