"""What has to be done before what: the task graph of a procedure, laid down to the steps that have no parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from woz.model.ids import StepId
from woz.model.procedure import Procedure, Step


class TaskGraph:
    """Nodes are the *actions*, the steps without parts, in the order of the procedure.

    A step that has parts is done when all of them are that aren't optional. Its parts require what it requires, but
    for what lies within it. To require it is to require its parts.
    """

    def __init__(self, procedure: Procedure) -> None:
        self._steps = {step.id: step for step in procedure.steps}
        self._above = {step.id: self._ancestors(step) for step in procedure.steps}
        whole = {step.parent_id for step in procedure.steps}
        self.actions: tuple[StepId, ...] = tuple(step.id for _, step in procedure.walk() if step.id not in whole)
        self._within: dict[StepId, list[StepId]] = {step_id: [] for step_id in self._steps}
        for action in self.actions:
            for step_id in (action, *self._above[action]):
                self._within[step_id].append(action)
        self.optional: frozenset[StepId] = frozenset(a for a in self.actions if self.is_optional(a))
        """Actions that aren't essential, or are part of what isn't."""
        self.direct: Mapping[StepId, frozenset[StepId]] = {a: self._required(a) for a in self.actions}
        """The actions that each requires itself, or as a part of what requires them."""
        self._closed: dict[StepId, frozenset[StepId]] = {}

    def within(self, step_id: StepId) -> tuple[StepId, ...]:
        """The actions that a step consists of: itself where it has no parts; none where there is no such step."""
        return tuple(self._within.get(step_id, ()))

    def before(self, step_id: StepId) -> frozenset[StepId]:
        """All actions that have to be done before a step, those before them included."""
        if step_id not in self._closed:
            self._closed[step_id] = self._all_before(step_id) if step_id in self._steps else frozenset()
        return self._closed[step_id]

    def is_optional(self, step_id: StepId) -> bool:
        ways = (step_id, *self._above.get(step_id, ()))
        return any(self._steps[each].optional for each in ways if each in self._steps)

    def cycle(self) -> list[StepId]:
        """Actions of which each requires the next and the last the first; empty where there are none."""
        settled: set[StepId] = set()
        for start in self.actions:
            way: list[StepId] = [start]
            waiting = [iter(sorted(self.direct[start]))] if start not in settled else []
            while waiting:
                following = next(waiting[-1], None)
                if following is None:
                    settled.add(way.pop())
                    waiting.pop()
                elif following in way:
                    return way[way.index(following) :]
                elif following not in settled:
                    way.append(following)
                    waiting.append(iter(sorted(self.direct[following])))
        return []

    def _ancestors(self, step: Step) -> tuple[StepId, ...]:
        found: list[StepId] = []
        above = step.parent_id
        while above is not None and above not in found and above != step.id and above in self._steps:
            found.append(above)
            above = self._steps[above].parent_id
        return tuple(found)

    def _required(self, step_id: StepId) -> frozenset[StepId]:
        found: set[StepId] = set()
        for owner in (step_id, *self._above[step_id]):
            needed = {a for before in self._steps[owner].prerequisites for a in self.within(before)}
            found |= needed if owner == step_id else needed - set(self._within[owner])
        return frozenset(found)

    def _all_before(self, step_id: StepId) -> frozenset[StepId]:
        own = set(self._within[step_id])
        found: set[StepId] = set()
        waiting = self._required(step_id) - (own if step_id not in self.direct else set())
        while waiting:
            found |= waiting
            waiting = frozenset(b for a in waiting for b in self.direct[a]) - found
        return frozenset(found)


def in_order(graph: TaskGraph, actions: Iterable[StepId]) -> tuple[StepId, ...]:
    """In the order of the procedure."""
    wanted = set(actions)
    return tuple(action for action in graph.actions if action in wanted)
