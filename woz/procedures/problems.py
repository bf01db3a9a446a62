"""What is wrong with a procedure, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from woz.base.errors import WozError
from woz.model.ids import StepId
from woz.model.procedure import Procedure, Step
from woz.procedures.task_graph import TaskGraph

MOST_STEPS, MOST_DEPTH = 2_000, 8


def require_sound(procedure: Procedure) -> None:
    """Raises WozError with the first thing that is wrong."""
    if found := problems(procedure):
        raise WozError(found[0])


def problems(procedure: Procedure) -> list[str]:
    """A sentence each; empty where the procedure can be followed."""
    if len(procedure.steps) > MOST_STEPS:
        return [f"A procedure has {MOST_STEPS} steps at most, and this one has {len(procedure.steps)}; divide it."]
    found = [] if procedure.name.strip() else ["The procedure has no name; give it one."]
    found += _of_ids(procedure)
    found += [_nameless(procedure, step) for step in procedure.steps if not step.name.strip()]
    tree = list(_of_tree(procedure))
    requires = list(_of_prerequisites(procedure))
    found += tree + requires
    if not tree and not requires and (cycle := TaskGraph(procedure).cycle()):
        found.append(_round(procedure, cycle))
    return found


def _of_ids(procedure: Procedure) -> list[str]:
    count = Counter(step.id for step in procedure.steps)
    twice = [f"Two steps have the id {step_id!r}; give each its own." for step_id, n in count.items() if n > 1]
    return twice + (["A step has an empty id; give it one."] if "" in count else [])


def _nameless(procedure: Procedure, step: Step) -> str:
    return f"Step {procedure.steps.index(step) + 1} ({step.id}) has no name; give it one."


def _of_tree(procedure: Procedure) -> Iterator[str]:
    known = {step.id for step in procedure.steps}
    depths = {step.id: depth for depth, step in procedure.walk()}
    deepest = max(procedure.walk(), key=lambda pair: pair[0], default=None)
    if deepest and deepest[0] >= MOST_DEPTH:
        yield f"{deepest[1].name!r} lies {deepest[0] + 1} steps deep; {MOST_DEPTH} are enough, so move it out."
    for step in procedure.steps:
        if step.parent_id is not None and step.parent_id not in known:
            yield f"{step.name!r} is a part of {step.parent_id!r}, which is no step of this procedure; correct it."
        elif step.id not in depths and _in_itself(procedure, step):
            yield f"{step.name!r} is a part of itself; move it out."


def _in_itself(procedure: Procedure, step: Step) -> bool:
    parents = {each.id: each.parent_id for each in procedure.steps}
    seen: set[StepId] = set()
    above = step.parent_id
    while above is not None and above not in seen:
        if above == step.id:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def _of_prerequisites(procedure: Procedure) -> Iterator[str]:
    parents = {step.id: step.parent_id for step in procedure.steps}
    for step in procedure.steps:
        for before in step.prerequisites:
            if before == step.id:
                yield f"{step.name!r} requires itself; take that away."
            elif before not in parents:
                yield (
                    f"{step.name!r} requires {before!r}, which is no step of this procedure;"
                    " correct it or take it away."
                )
            elif before in _above(parents, step):
                yield f"{step.name!r} can't require {name_of(procedure, before)!r}, which it is a part of."


def _above(parents: dict[StepId, StepId | None], step: Step) -> set[StepId]:
    found: set[StepId] = set()
    above = step.parent_id
    while above is not None and above not in found:
        found.add(above)
        above = parents.get(above)
    return found


def _round(procedure: Procedure, cycle: list[StepId]) -> str:
    names = [repr(name_of(procedure, step_id)) for step_id in cycle]
    if len(names) == 1:
        return f"{names[0]} requires a step that it is a part of; take that away."
    way = ", ".join(f"{one} requires {other}" for one, other in zip(names, [*names[1:], names[0]], strict=True))
    return f"These steps wait for each other, so that none can be first: {way}; take one of these away."


def name_of(procedure: Procedure, step_id: StepId) -> str:
    step = procedure.step(step_id)
    return step.name if step else step_id
