"""Where the steps of a task graph are drawn: in columns from left to right, each after all that it requires."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from woz.model.ids import StepId
from woz.procedures.task_graph import TaskGraph

SWEEPS, LEAST_WIDTH = 4, 4
Place = tuple[int, int]
"""Column and row."""
Node = StepId | tuple[StepId, StepId, int]
"""An action, or where the edge between two passes a column."""


@dataclass(frozen=True, slots=True)
class Edge:
    """From what is required to what requires it, through places that are kept free for it."""

    before: StepId
    after: StepId
    through: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    places: Mapping[StepId, Place]
    edges: tuple[Edge, ...]

    @property
    def size(self) -> Place:
        """Columns and rows."""
        used = [*self.places.values(), *(place for edge in self.edges for place in edge.through)]
        columns = max((column + 1 for column, _ in used), default=0)
        return columns, max((row + 1 for _, row in used), default=0)


def layout_of(graph: TaskGraph) -> Layout:
    """Layered (Sugiyama and others, 1981): columns by the longest way, rows by the middle of the neighbours.

    Edges that follow from others are left out; steps without any stand below, side by side. The graph has no cycle.
    """
    needed = {action: _plain(graph, action) for action in graph.actions}
    tied = {action for action, befores in needed.items() if befores}.union(*needed.values())
    columns = _columns(graph, needed)
    chains = [_chain(columns, before, a) for a in graph.actions for before in sorted(needed[a])]
    layers = _layers([a for a in graph.actions if a in tied], columns, chains)
    _sort_rows(layers, chains)
    at: dict[Node, Place] = {node: (x, y) for x, layer in enumerate(layers) for y, node in enumerate(layer)}
    places = {action: at[action] for action in graph.actions if action in tied}
    beneath, width = max(map(len, layers), default=0), max(len(layers), LEAST_WIDTH)
    for i, action in enumerate(a for a in graph.actions if a not in tied):
        places[action] = (i % width, beneath + i // width)
    return Layout(places, tuple(_edge(chain, at) for chain in chains))


def _edge(chain: Sequence[Node], at: Mapping[Node, Place]) -> Edge:
    first, *between, last = chain
    assert isinstance(first, str)
    assert isinstance(last, str)
    return Edge(first, last, tuple(at[node] for node in between))


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


def _chain(columns: Mapping[StepId, int], before: StepId, after: StepId) -> list[Node]:
    between: list[Node] = [(before, after, x) for x in range(columns[before] + 1, columns[after])]
    return [before, *between, after]


def _layers(
    actions: Sequence[StepId], columns: Mapping[StepId, int], chains: Sequence[Sequence[Node]]
) -> list[list[Node]]:
    layers: list[list[Node]] = [[] for _ in range(max((columns[a] for a in actions), default=-1) + 1)]
    for action in actions:
        layers[columns[action]].append(action)
    for chain in chains:
        for node in chain[1:-1]:
            layers[int(node[2])].append(node)
    return layers


def _sort_rows(layers: list[list[Node]], chains: Sequence[Sequence[Node]]) -> None:
    before: dict[Node, list[Node]] = {node: [] for layer in layers for node in layer}
    after: dict[Node, list[Node]] = {node: [] for layer in layers for node in layer}
    for chain in chains:
        for one, other in pairwise(chain):
            after[one].append(other)
            before[other].append(one)
    for _ in range(SWEEPS):
        _sort(layers[1:], layers, before)
        _sort(layers[-2::-1], layers, after)


def _sort(some: list[list[Node]], layers: list[list[Node]], towards: Mapping[Node, list[Node]]) -> None:
    row = {node: y for each in layers for y, node in enumerate(each)}
    for layer in some:
        middle = {n: sum(row[b] for b in towards[n]) / len(towards[n]) if towards[n] else row[n] for n in layer}
        layer.sort(key=middle.__getitem__)
        row |= {node: y for y, node in enumerate(layer)}
