"""CaptainCook4D's task graphs: `{"steps": {"0": "START", "1": "Whisk-Whisk batter", ...}, "edges": [[0, 1], ...]}`.

An edge leads from what is done before to what is done after. START leads to all that requires nothing, and all that
nothing requires leads to END, so neither needs to be kept. (CaptainCook4D/annotations, task_graphs.)
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from woz.base.errors import WozError
from woz.base.outside import Unsound, read
from woz.model.ids import StepId
from woz.model.procedure import Procedure, Step
from woz.procedures.file_format import ProcedureFormat
from woz.procedures.making import is_number, made_procedure
from woz.procedures.task_graph import TaskGraph

START, END = "START", "END"
Number = Annotated[int, Meta(ge=0, le=10**9)]
Edge = tuple[str, str]


class _Graph(msgspec.Struct):
    steps: dict[str, str]
    edges: list[tuple[Number, Number]]


def _read(raw: bytes, name: str) -> list[Procedure]:
    try:
        graph = read(raw, _Graph)
    except Unsound as error:
        raise WozError(f"This is no task graph of CaptainCook4D: {error}.") from None
    edges = [(str(before), str(after)) for before, after in graph.edges]
    unknown = next((end for edge in edges for end in edge if end not in graph.steps), None)
    if unknown is not None:
        raise WozError(f"An edge of the task graph leads to step {unknown}, which is not among the steps; mend it.")
    steps = {number: text for number, text in graph.steps.items() if text not in (START, END)}
    edges = [edge for edge in edges if edge[0] in steps and edge[1] in steps]
    made = tuple(
        Step(StepId(number), steps[number], i, prerequisites=_before(number, edges))
        for i, number in enumerate(_followable(steps, edges))
    )
    return [made_procedure(name, made)]


def _before(number: str, edges: Iterable[Edge]) -> tuple[StepId, ...]:
    found = dict.fromkeys(before for before, after in edges if after == number)
    return tuple(StepId(before) for before in found)


def _followable(steps: Iterable[str], edges: Sequence[Edge]) -> list[str]:
    """In an order that the graph allows, the lower number first where it leaves a choice; cycles come last."""
    waits = {number: sum(after == number for _, after in edges) for number in steps}
    ready = [_sorting(number) for number, left in waits.items() if not left]
    heapq.heapify(ready)
    found = []
    while ready:
        number = heapq.heappop(ready)[2]
        found.append(number)
        for after in (after for before, after in edges if before == number):
            waits[after] -= 1
            if not waits[after]:
                heapq.heappush(ready, _sorting(after))
    return found + [number for number, left in waits.items() if left]


def _sorting(number: str) -> tuple[int, str, str]:
    return (int(number) if number.isdecimal() else 0, number, number)


def _write(procedures: Sequence[Procedure]) -> str:
    [procedure] = procedures
    graph = TaskGraph(procedure)
    numbers = _numbers(graph.actions)
    start, end = "0", str(max(numbers.values(), default=0) + 1)
    names = {step.id: step.name for step in procedure.steps}
    by_number = sorted(graph.actions, key=numbers.__getitem__)
    steps = {start: START} | {str(numbers[a]): names[a] for a in by_number} | {end: END}
    edges = [[numbers[b], numbers[a]] for a in by_number for b in sorted(graph.direct[a], key=numbers.__getitem__)]
    edges += [[0, numbers[a]] for a in by_number if not graph.direct[a]]
    required = {before for action in graph.actions for before in graph.direct[action]}
    edges += [[numbers[a], int(end)] for a in by_number if a not in required]
    return json.dumps({"steps": steps, "edges": edges}, ensure_ascii=False) + "\n"


def _numbers(actions: Sequence[StepId]) -> dict[StepId, int]:
    """The ids themselves where all are numbers from 1 on, else as they are counted."""
    plain = all(is_number(action) and action != "0" for action in actions)
    return {action: int(action) if plain else i + 1 for i, action in enumerate(actions)}


CAPTAINCOOK = ProcedureFormat(
    "captaincook4d",
    "a task graph of CaptainCook4D",
    ("json",),
    frozenset({"prerequisites"}),
    _read,
    _write,
    lambda raw: b'"edges"' in raw and b'"steps"' in raw,
)
