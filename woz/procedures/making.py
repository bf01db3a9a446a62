"""Procedures made of what a file or a text says, which may leave ids out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from woz.base.errors import WozError
from woz.model.ids import ProcedureId, StepId
from woz.model.procedure import Procedure, Step

MOST_ID = 60
_NO_WORD = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Draft:
    """A step as it was written, so far in: `requires` are ids or names, and it may have no id."""

    name: str
    depth: int = 0
    id: str = ""
    requires: tuple[str, ...] = ()
    description: str = ""
    tools: tuple[str, ...] = ()
    optional: bool = False
    repeatable: bool = False
    global_id: str = ""


def id_of(name: str, taken: Iterable[str] = ()) -> str:
    """An id that people recognise, made of a name: "Whisk the batter" is whisk-the-batter, the next one -2."""
    plain = _NO_WORD.sub("-", name.lower()).strip("-_")[:MOST_ID].strip("-") or "step"
    return free_id(plain, set(taken))


def free_id(wanted: str, taken: set[str]) -> str:
    """The id that is wanted, or with a number from 2 on behind it."""
    found, number = wanted, 2
    while found in taken:
        found, number = f"{wanted}-{number}", number + 1
    return found


def is_number(text: str) -> bool:
    """Whether it is a whole number, written as programs write it."""
    return text.isdecimal() and len(text) < 10 and str(int(text)) == text


def steps_of(drafts: Sequence[Draft]) -> tuple[Step, ...]:
    """Each a part of the last one before it that stands further out. Raises WozError for a name that is unclear."""
    ids = _ids(drafts)
    names = Counter(draft.name for draft in drafts)
    by_name = {draft.name: step_id for draft, step_id in zip(drafts, ids, strict=True) if names[draft.name] == 1}
    made: list[Step] = []
    way: list[tuple[int, StepId]] = []
    count: Counter[StepId | None] = Counter()
    for draft, step_id in zip(drafts, ids, strict=True):
        while way and way[-1][0] >= draft.depth:
            way.pop()
        parent = way[-1][1] if way else None
        requires = tuple(_required(name, set(ids), by_name, names) for name in draft.requires)
        made.append(_step(draft, step_id, count[parent], parent, requires))
        count[parent] += 1
        way.append((draft.depth, step_id))
    return tuple(made)


def made_procedure(
    name: str, steps: tuple[Step, ...], own_id: str = "", description: str = "", tools: tuple[str, ...] = ()
) -> Procedure:
    return Procedure(ProcedureId(own_id or id_of(name)), name, steps, description, tools)


def _step(draft: Draft, own: StepId, position: int, parent: StepId | None, requires: tuple[StepId, ...]) -> Step:
    return Step(
        own,
        draft.name,
        position,
        parent,
        tuple(dict.fromkeys(requires)),
        draft.description,
        draft.tools,
        draft.optional,
        draft.repeatable,
        draft.global_id,
    )


def _ids(drafts: Sequence[Draft]) -> list[StepId]:
    taken = {draft.id for draft in drafts if draft.id}
    found = []
    for draft in drafts:
        own = draft.id or id_of(draft.name, taken)
        taken.add(own)
        found.append(StepId(own))
    return found


def _required(name: str, ids: set[StepId], by_name: dict[str, StepId], names: Counter[str]) -> StepId:
    """What is neither an id nor a name stays as it is, for the check to find."""
    if name in ids:
        return StepId(name)
    if names[name] > 1:
        raise WozError(f"There are {names[name]} steps named {name!r}; give them ids, and require one by its id.")
    return by_name.get(name, StepId(name))
