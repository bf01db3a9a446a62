"""Where the steps of a task graph are drawn: in columns from left to right, each after all that it requires."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from woz.model.ids import StepId
from woz.procedures.task_graph import TaskGraph

SWEEPS, LEAST_WIDTH = 4, 4


@dataclass(frozen=True, slots=True)
class Layout:
    """`places` are (column, row) of each action; `edges` lead from what is required to what requires it."""

    places: Mapping[StepId, tuple[int, int]]
    edges: tuple[tuple[StepId, StepId], ...]

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return (
            max((column + 1 for column, _ in self.places.values()), default=0),
            max((row + 1 for _, row in self.places.values()), default=0),
        )


def layout_of(graph: TaskGraph) -> Layout:
    """Layered (Sugiyama and others, 1981): columns by the longest way, rows by the middle of the neighbours.

    Edges that follow from others are left out; steps without any stand below, side by side. The graph has no cycle.
    """
    needed = {action: _plain(graph, action) for action in graph.actions}
    tied = {action for action, befores in needed.items() if befores}.union(*needed.values())
    columns = _columns(graph, needed)
    layers: list[list[StepId]] = [[] for _ in range(max(columns.values(), default=-1) + 1)]
    for action in (a for a in graph.actions if a in tied):
        layers[columns[action]].append(action)
    follows: dict[StepId, list[StepId]] = {action: [] for action in graph.actions}
    for action, befores in needed.items():
        for before in befores:
            follows[before].append(action)
    for _ in range(SWEEPS):
        _sort(layers[1:], layers, {a: list(b) for a, b in needed.items()})
        _sort(layers[-2::-1], layers, follows)
    places = {action: (x, y) for x, layer in enumerate(layers) for y, action in enumerate(layer)}
    beneath, width = max(map(len, layers), default=0), max(len(layers), LEAST_WIDTH)
    for i, action in enumerate(a for a in graph.actions if a not in tied):
        places[action] = (i % width, beneath + i // width)
    edges = tuple((before, action) for action in graph.actions for before in sorted(needed[action]))
    return Layout(places, edges)


def _plain(graph: TaskGraph, action: StepId) -> frozenset[StepId]:
    """What an action requires, but for what those require anyway."""
    direct = graph.direct[action]
    return frozenset(b for b in direct if not any(b in graph.before(other) for other in direct if other != b))


def _columns(graph: TaskGraph, needed: Mapping[StepId, frozenset[StepId]]) -> dict[StepId, int]:
    found: dict[StepId, int] = {}
    waiting = list(graph.actions)
    while waiting:
        ready = [a for a in waiting if all(b in found for b in needed[a])]
        if not ready:
            break
        for action in ready:
            found[action] = max((found[b] + 1 for b in needed[action]), default=0)
        waiting = [a for a in waiting if a not in found]
    return found | dict.fromkeys(waiting, 0)


def _sort(some: list[list[StepId]], layers: list[list[StepId]], towards: Mapping[StepId, list[StepId]]) -> None:
    for layer in some:
        row = {action: y for each in layers for y, action in enumerate(each)}

        def middle(action: StepId, row: dict[StepId, int] = row) -> float:
            near = [row[b] for b in towards[action]]
            return sum(near) / len(near) if near else row[action]

        layer.sort(key=middle)
