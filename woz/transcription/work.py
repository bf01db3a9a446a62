"""What all stages of a task share: results kept, memory that runs out, and what a person should know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from woz.transcription.cache import Cache
from woz.transcription.engine import Engine
from woz.transcription.faults import is_out_of_memory
from woz.transcription.steps import Steps

Log = Callable[[str], None]


class Work:
    """One task under way. `faults` make its result doubtful, `notes` only explain it."""

    def __init__(self, engine: Engine, cache: Cache, steps: Steps, log: Log) -> None:
        self.engine, self.steps = engine, steps
        self._cache, self._log = cache, log
        self.faults: list[str] = []
        self.notes: list[str] = list(engine.notes)

    def kept(self, stage: str, make: Callable[[], Any], *depends: object) -> Any:
        """The stage's result as it was kept, or made now; `depends` is all that it follows from."""
        if self._cache.has(stage, *depends):
            self._log(f"{stage}: taken from what was kept")
        return self._cache.get(stage, lambda: self._careful(make), *depends)

    def kept_each(
        self, stage: str, make: Callable[[Sequence[int]], list[Any]], keys: Sequence[tuple[object, ...]]
    ) -> list[Any]:
        """The same for several keys; `make` gives at once all results, by number, of which nothing was kept."""
        lacking = [i for i, key in enumerate(keys) if not self._cache.has(stage, *key)]
        made = dict(zip(lacking, self._careful(lambda: make(lacking)), strict=True)) if lacking else {}

        def result(i: int) -> Any:
            return made[i] if i in made else self._careful(lambda: make([i]))[0]

        for i in range(len(keys)):
            if i not in made:
                self._log(f"{stage}: taken from what was kept")
        return [self._cache.get(stage, partial(result, i), *key) for i, key in enumerate(keys)]

    def fault(self, text: str) -> None:
        self.faults.append(text)
        self._log(text)

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def _careful(self, make: Callable[[], Any]) -> Any:
        """Make it with ever less memory until it fits. Raises what it raises for any other reason."""
        while True:
            try:
                return make()
            except Exception as error:
                smaller = self.engine.plan.smaller() if is_out_of_memory(error) else None
                if smaller is None:
                    raise
                text = f"not enough memory for {self.engine.plan}: going on with {smaller}"
            self._log(text)
            self.note(text)
            self.engine.adopt(smaller)
