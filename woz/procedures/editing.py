"""Changes of a procedure, each a new one; and the way back.

All keep steps in the order of a walk, and raise WozError, with nothing changed, for what can't be followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from woz.base.errors import WozError
from woz.model.ids import StepId
from woz.model.procedure import Procedure, Step
from woz.procedures.making import id_of
from woz.procedures.problems import require_sound

NEW_STEP = "New step"
_NEW_ID = id_of(NEW_STEP)


def added(procedure: Procedure, after: StepId | None, name: str = NEW_STEP) -> tuple[Procedure, StepId]:
    """A new step right after another one, as a part of the same; the last of all without one."""
    beside = procedure.step(after) if after else None
    new = Step(StepId(id_of(name, {step.id for step in procedure.steps})), name, 0)
    if beside is None:
        position = len(procedure.parts_of(None))
        return _placed(procedure, (*procedure.steps, replace(new, position=position))), new.id
    new = replace(new, parent_id=beside.parent_id, position=beside.position + 1)
    return _placed(procedure, (*_shifted(procedure, new), new)), new.id


def changed(procedure: Procedure, step_id: StepId, **fields: Any) -> Procedure:
    """Raises WozError for a name without a word, and for what a step can't require."""
    if not str(fields.get("name", NEW_STEP)).strip():
        raise WozError("A step needs a name.")
    steps = tuple(replace(step, **fields) if step.id == step_id else step for step in procedure.steps)
    return _placed(procedure, steps)


def removed(procedure: Procedure, step_id: StepId) -> Procedure:
    """Without a step and its parts; nothing requires them any more."""
    gone = {step_id, *_below(procedure, step_id)}
    left = (step for step in procedure.steps if step.id not in gone)
    steps = (replace(step, prerequisites=tuple(b for b in step.prerequisites if b not in gone)) for step in left)
    return _placed(procedure, steps)


def requiring(procedure: Procedure, step_id: StepId, before: StepId, wanted: bool) -> Procedure:
    """Raises WozError where the steps would wait for each other."""
    step = procedure.step(step_id)
    if step is None:
        return procedure
    others = tuple(each for each in step.prerequisites if each != before)
    return changed(procedure, step_id, prerequisites=(*others, before) if wanted else others)


def moved(procedure: Procedure, step_id: StepId, by: int) -> Procedure:
    """Up (-1) or down (1) among the steps that it stands beside; as it is at an end."""
    step = procedure.step(step_id)
    beside = procedure.parts_of(step.parent_id) if step else []
    at = next((i for i, each in enumerate(beside) if each.id == step_id), -1)
    if step is None or not 0 <= at + by < len(beside):
        return procedure
    other = beside[at + by]
    place = {step.id: at + by, other.id: at}
    new = {each.id: place.get(each.id, i) for i, each in enumerate(beside)}
    return _placed(procedure, (replace(s, position=new.get(s.id, s.position)) for s in procedure.steps))


def inwards(procedure: Procedure, step_id: StepId) -> Procedure:
    """The last part of the step above it; as it is where it is the first."""
    step = procedure.step(step_id)
    beside = procedure.parts_of(step.parent_id) if step else []
    at = next((i for i, each in enumerate(beside) if each.id == step_id), 0)
    if step is None or at == 0:
        return procedure
    above = beside[at - 1]
    return changed(procedure, step_id, parent_id=above.id, position=len(procedure.parts_of(above.id)))


def outwards(procedure: Procedure, step_id: StepId) -> Procedure:
    """After the step that it is a part of; as it is where it is of none."""
    step = procedure.step(step_id)
    whole = procedure.step(step.parent_id) if step and step.parent_id else None
    if step is None or whole is None:
        return procedure
    new = replace(step, parent_id=whole.parent_id, position=whole.position + 1)
    others = (each for each in _shifted(procedure, new) if each.id != step_id)
    return _placed(procedure, (*others, new))


def named_ids(procedure: Procedure, kept: Iterable[StepId]) -> Procedure:
    """With ids that say what the steps are, but for those that were kept before, which annotations may hold."""
    held = set(kept)
    taken = {str(step.id) for step in procedure.steps if step.id in held or not step.id.startswith(_NEW_ID)}
    ids: dict[StepId, StepId] = {}
    for step in procedure.steps:
        ids[step.id] = step.id
        if str(step.id) not in taken:
            ids[step.id] = StepId(id_of(step.name, taken))
        taken.add(str(ids[step.id]))
    return replace(procedure, steps=tuple(_with_ids(step, ids) for step in procedure.steps))


def _with_ids(step: Step, ids: Mapping[StepId, StepId]) -> Step:
    parent = ids[step.parent_id] if step.parent_id else None
    before = tuple(ids[each] for each in step.prerequisites)
    return replace(step, id=ids[step.id], parent_id=parent, prerequisites=before)


def _shifted(procedure: Procedure, new: Step) -> Iterable[Step]:
    """All steps, those beside the new one from its place on one further."""
    for step in procedure.steps:
        makes_room = step.parent_id == new.parent_id and step.position >= new.position
        yield replace(step, position=step.position + 1) if makes_room else step


def _below(procedure: Procedure, step_id: StepId) -> Iterable[StepId]:
    for part in procedure.parts_of(step_id):
        yield part.id
        yield from _below(procedure, part.id)


def _placed(procedure: Procedure, steps: Iterable[Step]) -> Procedure:
    """In the order of a walk, counted from 0."""
    new = replace(procedure, steps=tuple(steps))
    require_sound(new if new.name.strip() else replace(new, name=NEW_STEP))
    count: dict[StepId | None, int] = {}
    ordered = []
    for _, step in new.walk():
        position = count.get(step.parent_id, 0)
        count[step.parent_id] = position + 1
        ordered.append(replace(step, position=position))
    return replace(new, steps=tuple(ordered))


class Undoing:
    """A procedure with all that it was before. Changes of one `field`, one after the other, are one to undo."""

    def __init__(self, procedure: Procedure) -> None:
        self.now = procedure
        self._before: list[Procedure] = []
        self._after: list[Procedure] = []
        self._field = ""

    def change(self, new: Procedure, field: str = "") -> bool:
        """Whether anything changed."""
        if new == self.now:
            return False
        if not (field and field == self._field):
            self._before.append(self.now)
        self.now, self._field = new, field
        self._after.clear()
        return True

    def put(self, same: Procedure) -> None:
        """The same under other ids: nothing to undo."""
        self.now, self._field = same, ""

    def undo(self) -> bool:
        return self._step(self._before, self._after)

    def redo(self) -> bool:
        return self._step(self._after, self._before)

    @property
    def can_undo(self) -> bool:
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        return bool(self._after)

    def _step(self, source: list[Procedure], target: list[Procedure]) -> bool:
        self._field = ""
        if source:
            target.append(self.now)
            self.now = source.pop()
            return True
        return False
