"""What a trainee does: a procedure and its key steps, in a tree and with what each requires."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from woz.model.ids import ProcedureId, StepId


@dataclass(frozen=True, slots=True)
class Step:
    """A key step of a procedure; `position` orders the steps of one parent from 0.

    `prerequisites` are done before it. An optional step is not essential: the procedure is complete without it.
    A repeatable step may be done again. `global_id` is the same in every procedure of a taxonomy.
    """

    id: StepId
    name: str
    position: int
    parent_id: StepId | None = None
    prerequisites: tuple[StepId, ...] = ()
    description: str = ""
    tools: tuple[str, ...] = ()
    optional: bool = False
    repeatable: bool = False
    global_id: str = ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """`tools` are what lies ready for the whole of it, ingredients and parts included."""

    id: ProcedureId
    name: str
    steps: tuple[Step, ...] = ()
    description: str = ""
    tools: tuple[str, ...] = ()

    def step(self, step_id: str) -> Step | None:
        return next((step for step in self.steps if step.id == step_id), None)

    def parts_of(self, step_id: StepId | None) -> list[Step]:
        """The steps right below one, or those at the top, in their order."""
        return sorted((step for step in self.steps if step.parent_id == step_id), key=lambda step: step.position)

    def walk(self) -> Iterator[tuple[int, Step]]:
        """Every step after the one that it is a part of, with its depth from 0.

        Steps whose parent isn't there, or that are parts of themselves, are passed over.
        """
        below: dict[StepId | None, list[Step]] = {}
        for step in sorted(self.steps, key=lambda step: step.position):
            below.setdefault(step.parent_id, []).append(step)
        waiting = [(0, step) for step in reversed(below.get(None, []))]
        while waiting:
            depth, step = waiting.pop()
            yield depth, step
            waiting += [(depth + 1, part) for part in reversed(below.get(step.id, []))]
