"""The child process of a queue of transcriptions: `python -m woz.transcription.worker`.

Reads a task as one line of JSON on standard input, and the next when it is done; models stay loaded between them.
Writes JSON objects, one a line: {"stage", "part"}, {"log"}, and at a task's end {"result"} or {"error"}. A text
to be timed comes as {"timing"} and is answered with {"times"} or {"error"}.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TextIO

from woz.base.interval import Interval
from woz.transcription.diagnosis import versions
from woz.transcription.engine import Engine, Plan
from woz.transcription.faults import as_woz
from woz.transcription.stages import Session
from woz.transcription.steps import Steps
from woz.transcription.task import Result, Settings, Task, Timing
from woz.transcription.timing import timed

Tell = Callable[..., None]


class Worker:
    """Keeps one engine for as long as tasks ask for the same models."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._engine: Engine | None = None
        self._settings: Settings | None = None
        self._plan: Plan | None = None

    def run(self, task: Task) -> Result:
        """Raises WozError, and whatever the libraries raise."""
        steps = Steps(task, lambda stage, part: self._tell(stage=stage, part=part))
        known, engine = self._engine, self._engine_for(task.settings)
        if engine is not known:
            for note in engine.notes:
                self._tell(log=note)
        self._back_to_the_gpu(engine)
        session = Session(task, engine, steps, lambda text: self._tell(log=text))
        if engine.plan != self._plan:
            session.note(f"memory ran out earlier: it runs with {engine.plan}, not with {self._plan}")
        result = session.run()
        self._tell(stage="done", part=1.0)
        return result

    def time(self, timing: Timing) -> list[Interval]:
        """Raises as `run` does."""
        return timed(timing, self._engine_for(timing.settings))

    def _back_to_the_gpu(self, engine: Engine) -> None:
        """Where one task had no memory on it, the next one may have."""
        if self._plan and engine.plan.device != self._plan.device:
            self._tell(log=f"trying {self._plan} again")
            engine.adopt(self._plan)

    def _engine_for(self, settings: Settings) -> Engine:
        models = replace(settings, language=None, translate=False, voices=None, hotwords="")
        if self._engine is None or self._settings != models:
            self._tell(stage="loading the models", part=0.0)
            module, _, name = settings.engine.partition(":")
            engine: Engine = getattr(importlib.import_module(module), name)(settings)
            self._engine, self._settings, self._plan = engine, models, engine.plan
        return self._engine


def main() -> int:
    own = _private_stdout()

    def tell(**news: object) -> None:
        own.write(json.dumps(news) + "\n")
        own.flush()

    worker = Worker(tell)
    for line in sys.stdin:
        try:
            answer = _answer(worker, json.loads(line))
        except Exception as error:
            traceback.print_exc()
            tell(error=str(as_woz(error, versions())))
        else:
            tell(**answer)
    return 0


def _answer(worker: Worker, wish: dict[str, Any]) -> dict[str, Any]:
    if "timing" in wish:
        times = worker.time(Timing.from_data(wish["timing"]))
        return {"times": [(span.start_ns, span.end_ns) for span in times]}
    return {"result": worker.run(Task.from_data(wish)).to_data()}


def _private_stdout() -> TextIO:
    """Libraries print what they like: it goes to the error stream."""
    own = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return own


if __name__ == "__main__":
    sys.exit(main())
