"""Procedure understanding: of each step what it required, lacked and allows, by the task graph.

Source: Ego-Exo4D (arXiv 2311.18259), calibrated average precision of five questions: previous, optional, mistake,
missing, next. Labels are `woz.annotation.procedure_labels`. Two levels of supervision: *instance*, segments with
their steps; *procedure*, segments without, and the names of the procedure's steps alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from woz.annotation.procedure_labels import ProcedureLabels, procedure_labels
from woz.base.interval import seconds
from woz.dataset.tasks.material import STEP_TYPES, Rows, kinds_of, segmented
from woz.dataset.tasks.task import Given, Making, Settings, Task
from woz.formats.bundle import SessionBundle
from woz.formats.format import OutFile
from woz.model.procedure import Procedure
from woz.procedures.task_graph import TaskGraph

NAME = "understanding"


class Understanding(Making):
    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._labels = Rows()
        self._levels: dict[tuple[str, str], dict[str, Any]] = {}

    def add(self, given: Given) -> Iterator[OutFile]:
        bundle, procedure = given.bundle, given.bundle.procedure
        assert procedure
        tier = segmented(bundle, kinds_of(NAME, STEP_TYPES, self.settings))[0]
        found = procedure_labels(procedure, bundle.in_tier(tier))
        actions = list(TaskGraph(procedure).actions)
        for each in found:
            for row in _rows(each, actions):
                self._labels.add(given.split, row | {"session": bundle.session.id, "group": given.group})
                self.items[given.split] += 1
        for level in ("instance", "procedure"):
            takes = self._levels.setdefault((level, given.split), {})
            takes[bundle.session.id] = _take(bundle, procedure, found, named=level == "instance")
        yield from ()

    def finish(self) -> Iterator[OutFile]:
        yield from self._labels.files()
        for (level, split), takes in sorted(self._levels.items()):
            yield OutFile(f"{level}/{split}.json", [json.dumps(takes, ensure_ascii=False, indent=1), "\n"])


def _rows(labels: ProcedureLabels, actions: list[Any]) -> Iterator[dict[str, Any]]:
    """A row a question: of a segment, and of a segment with each step."""
    yield {"id": labels.segment, "task": "optional", "label": labels.optional}
    yield {"id": labels.segment, "task": "mistake", "label": labels.mistake}
    lists = {"previous": labels.previous, "missing": labels.missing, "next": labels.next}
    for task, those in lists.items():
        for step in actions:
            yield {"id": f"{labels.segment}/{step}", "task": task, "label": step in those}


def _take(bundle: SessionBundle, procedure: Procedure, found: list[ProcedureLabels], named: bool) -> dict[str, Any]:
    names = {step.id: step.name for _, step in procedure.walk()}
    segments = []
    for each in found:
        span = {"start_time": seconds(each.interval.start_ns), "end_time": seconds(each.interval.end_ns)}
        step = {"step_id": each.step, "step_name": names.get(each.step, each.step)} if named else {}
        segments.append({"segment": each.segment, **span, **step})
    return {"procedure": procedure.name, "steps": names, "segments": segments}


def _fits(bundle: SessionBundle, settings: Settings) -> bool:
    return bundle.procedure is not None and bool(segmented(bundle, kinds_of(NAME, STEP_TYPES, settings)))


TASKS = (
    Task(
        NAME,
        "procedure understanding",
        f"a procedure, and a tier of its steps ({', '.join(STEP_TYPES)}) with intervals",
        "SPLIT.jsonl (labels), instance/SPLIT.json, procedure/SPLIT.json (what may be known)",
        "Ego-Exo4D, arXiv 2311.18259",
        "woz evaluate segments --measure calibrated",
        _fits,
        Understanding,
    ),
)
