"""What each segment of a tier of steps says of how the procedure was followed: Ego-Exo4D's procedure understanding.

Of each segment, from those that began before it and the task graph:

- previous: what the graph requires before it, transitively
- optional: the step isn't essential
- mistake: it was done before something that it requires
- missing: what that is; never what is optional
- next: what isn't done after it, and could be done without a mistake
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from woz.base.interval import Interval
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, StepId
from woz.model.procedure import Procedure
from woz.procedures.task_graph import TaskGraph, in_order


@dataclass(frozen=True, slots=True)
class ProcedureLabels:
    """Of one segment. `previous`, `missing` and `next` are steps without parts, in the order of the procedure.

    A segment whose label is no step of the procedure requires nothing, and nothing is done by it.
    """

    segment: AnnotationId
    step: StepId
    interval: Interval
    previous: tuple[StepId, ...]
    optional: bool
    mistake: bool
    missing: tuple[StepId, ...]
    next: tuple[StepId, ...]


def procedure_labels(procedure: Procedure, segments: Iterable[Annotation]) -> list[ProcedureLabels]:
    """In the order in which the segments begin; what has no time, since it was left out, was not done."""
    timed = sorted((s for s in segments if s.start_ns is not None and s.end_ns is not None), key=_order)
    graph = TaskGraph(procedure)
    done: set[StepId] = set()
    found = []
    for segment, actions in zip(timed, _done_by(graph, timed), strict=True):
        step = StepId(segment.label)
        previous = graph.before(step)
        missing = previous - done - graph.optional
        done |= set(actions)
        found.append(
            ProcedureLabels(
                segment.id,
                step,
                segment.interval,
                in_order(graph, previous),
                graph.is_optional(step),
                bool(missing),
                in_order(graph, missing),
                tuple(_next(graph, done)),
            )
        )
    return found


def _order(segment: Annotation) -> tuple[int, int, str]:
    return segment.start_ns or 0, segment.end_ns or 0, segment.id


def _done_by(graph: TaskGraph, timed: Sequence[Annotation]) -> Iterator[tuple[StepId, ...]]:
    """The actions that each stands for; none where a whole step is segmented, and in it its parts."""
    for segment in timed:
        actions = graph.within(StepId(segment.label))
        parts = set(actions) - {segment.label}
        divided = bool(parts) and any(
            s.label != segment.label and parts.issuperset(graph.within(StepId(s.label)) or " ")
            for s in timed
            if segment.interval & s.interval == s.interval
        )
        yield () if divided else actions


def _next(graph: TaskGraph, done: set[StepId]) -> Iterator[StepId]:
    for action in graph.actions:
        if action not in done and not graph.before(action) - done - graph.optional:
            yield action
