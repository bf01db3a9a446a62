"""What a trainee does: a procedure and its key steps."""

from __future__ import annotations

from dataclasses import dataclass

from woz.model.ids import ProcedureId, StepId


@dataclass(frozen=True, slots=True)
class Step:
    """A key step of a procedure; `position` orders the steps of one parent from 0."""

    id: StepId
    name: str
    position: int
    parent_id: StepId | None = None
    prerequisites: tuple[StepId, ...] = ()


@dataclass(frozen=True, slots=True)
class Procedure:
    id: ProcedureId
    name: str
    steps: tuple[Step, ...] = ()
