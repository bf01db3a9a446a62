"""Ego-Exo4D's key step taxonomy: a tree of steps for every scenario, in the same file as the annotations or alone.

`taxonomy` is `{scenario: {id: {id, name, is_leafnode, parent_id, parent_name, unique_id (leaves only)}}}`, and
`vocabulary` is `{unique_id: name}`. The root of each tree is the scenario itself. (docs/annotations/keystep.md of
Ego-Exo4D's documentation.)
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from woz.base.errors import WozError
from woz.base.outside import Unsound, read
from woz.model.ids import StepId
from woz.model.procedure import Procedure, Step
from woz.procedures.file_format import ProcedureFormat
from woz.procedures.making import is_number, made_procedure

ROOT = "0"


class _Node(msgspec.Struct):
    id: int | str
    name: str
    parent_id: int | str | None = None
    unique_id: int | str | None = None


class _File(msgspec.Struct):
    taxonomy: dict[str, dict[str, _Node]]


def _read(raw: bytes, _: str) -> list[Procedure]:
    try:
        file = read(raw, _File)
    except Unsound as error:
        raise WozError(f"This is no key step file of Ego-Exo4D: {error}.") from None
    if not file.taxonomy:
        raise WozError("The taxonomy in this file has no scenario; choose a file that has one.")
    return [made_procedure(name, tuple(_steps(name, nodes))) for name, nodes in file.taxonomy.items()]


def _steps(scenario: str, nodes: Mapping[str, _Node]) -> Iterator[Step]:
    root = nodes.get(ROOT)
    is_scenario = root is not None and root.parent_id is None and root.name == scenario
    count: dict[StepId | None, int] = {}
    for key, node in nodes.items():
        if is_scenario and key == ROOT:
            continue
        above = None if node.parent_id is None else str(node.parent_id)
        parent = None if above is None or (is_scenario and above == ROOT) else StepId(above)
        position = count.get(parent, 0)
        count[parent] = position + 1
        known = "" if node.unique_id is None else str(node.unique_id)
        yield Step(StepId(str(node.id)), node.name, position, parent, global_id=known)


def _write(procedures: Sequence[Procedure]) -> str:
    taxonomy = {each.name: _tree(each) for each in procedures}
    leaves = (node for tree in taxonomy.values() for node in tree.values() if "unique_id" in node)
    vocabulary = {str(node["unique_id"]): node["name"] for node in leaves}
    return json.dumps({"taxonomy": taxonomy, "vocabulary": vocabulary}, ensure_ascii=False, indent=1) + "\n"


@lru_cache(maxsize=16)
def numbers_of(procedure: Procedure) -> Mapping[StepId, int]:
    """The number of each step in the taxonomy: its id, or, where ids are no numbers, its place from 1.

    Steps that are each other's parts have a place behind all others.
    """
    if all(is_number(step.id) for step in procedure.steps):
        return {step.id: int(step.id) for step in procedure.steps}
    places = dict.fromkeys([*(step.id for _, step in procedure.walk()), *(step.id for step in procedure.steps)])
    return {step: place for place, step in enumerate(places, 1)}


def _tree(procedure: Procedure) -> dict[str, dict[str, Any]]:
    number = numbers_of(procedure)
    names = {step.id: step.name for step in procedure.steps}
    whole = {step.parent_id for step in procedure.steps}
    rooted = 0 not in number.values()
    found: dict[str, dict[str, Any]] = {}
    if rooted:
        found[ROOT] = _node(0, procedure.name, False, None, None)
    for _, step in procedure.walk():
        above: tuple[int | None, str | None] = (0, procedure.name) if rooted else (None, None)
        if step.parent_id is not None:
            above = (number[step.parent_id], names[step.parent_id])
        node = _node(number[step.id], step.name, step.id not in whole, *above)
        if step.global_id:
            node["unique_id"] = int(step.global_id) if is_number(step.global_id) else step.global_id
        found[str(number[step.id])] = node
    return found


def _node(own: int, name: str, leaf: bool, parent: int | None, parent_name: str | None) -> dict[str, Any]:
    return {"id": own, "is_leafnode": leaf, "name": name, "parent_id": parent, "parent_name": parent_name}


KEYSTEPS = ProcedureFormat(
    "keysteps",
    "Ego-Exo4D's key step taxonomy, a procedure for every scenario",
    ("json",),
    frozenset({"parts of steps", "global ids"}),
    _read,
    _write,
    lambda raw: b'"taxonomy"' in raw,
    several=True,
)
