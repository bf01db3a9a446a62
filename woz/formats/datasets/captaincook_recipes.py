"""The recipes of a CaptainCook4D file as procedures, with the task graphs that lie beside it.

A graph names steps by their texts and numbers them itself; the annotations number the steps of all recipes. A
step's number in the annotations is its global id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from woz.base.errors import WozError
from woz.model.ids import ProcedureId, StepId
from woz.model.procedure import Procedure, Step
from woz.procedures.captaincook import CAPTAINCOOK

Texts = dict[int, str]
"""The texts of a recipe's steps, by number."""
MOST_STEPS = 2000
"""Of one recipe, and of all beyond the first; further ones are known by their numbers alone."""
_MOST_BYTES = 200_000
_FOLDERS = (".", "task_graphs", "../task_graphs")


class Recipes:
    """`of` an activity is its procedure."""

    def __init__(self, texts: Mapping[str, Texts], path: Path) -> None:
        graphs = _graphs(path)
        self._known = {activity: _procedure(activity, own, graphs) for activity, own in texts.items()}

    def of(self, activity: str) -> Procedure:
        return self._known.get(activity) or _plain(activity, {})


def step_label(procedure: Procedure, number: int | None) -> str:
    """The id of the step with a number; "none" without one."""
    if number is None:
        return "none"
    found = next((step.id for step in procedure.steps if step.global_id == str(number)), None)
    return str(found or _step_id(number))


def step_number(procedure: Procedure | None, label: str) -> int | None:
    """The number of the step with an id; None where it has none."""
    step = procedure.step(label) if procedure else None
    known = step.global_id if step else label.removeprefix("step-")
    return int(known) if known.isascii() and known.isdecimal() and len(known) < 10 else None


def _step_id(number: int) -> StepId:
    return StepId(f"step-{number}")


def _procedure(activity: str, texts: Texts, graphs: list[Procedure]) -> Procedure:
    graph = next((graph for graph in graphs if _fits(graph, texts)), None)
    return _joined(graph, texts) if graph else _plain(activity, texts)


def _fits(graph: Procedure, texts: Texts) -> bool:
    shared = {step.name for step in graph.steps} & set(texts.values())
    return 2 * len(shared) > max(len(graph.steps), len(set(texts.values())))


def _joined(graph: Procedure, texts: Texts) -> Procedure:
    numbers: dict[str, list[int]] = {}
    for number, text in texts.items():
        numbers.setdefault(text, []).append(number)
    steps = []
    for step in graph.steps:
        free = numbers.get(step.name)
        steps.append(replace(step, global_id=str(free.pop(0))) if free else step)
    left = {number: texts[number] for free in numbers.values() for number in free}
    return replace(graph, steps=(*steps, *_steps(left, len(steps))))


def _plain(activity: str, texts: Texts) -> Procedure:
    name = f"CaptainCook4D activity {activity}"
    return Procedure(ProcedureId(f"captaincook4d-{activity}"), name, _steps(texts, 0))


def _steps(texts: Texts, first: int) -> tuple[Step, ...]:
    numbered = enumerate(sorted(texts.items()), first)
    return tuple(Step(_step_id(number), text, i, global_id=str(number)) for i, (number, text) in numbered)


def _graphs(path: Path) -> list[Procedure]:
    folders = dict.fromkeys((path.parent / folder).resolve() for folder in _FOLDERS)
    files = [file for folder in folders for file in sorted(folder.glob("*.json"))[:200]]
    return [found for file in files if (found := _graph(file))]


def _graph(file: Path) -> Procedure | None:
    """None for what is none."""
    try:
        if file.stat().st_size > _MOST_BYTES:
            return None
        raw = file.read_bytes()
        return CAPTAINCOOK.read(raw, file.stem)[0] if CAPTAINCOOK.recognised(raw) else None
    except (OSError, WozError):
        return None
