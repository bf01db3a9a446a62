"""Recipes of the Watch, Talk and Guide study: a title, *Ingredients*, *Tools and Utensils*, and numbered *Steps*.

A step may go on in the next line. (sled-group/Watch-Talk-and-Guide.)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from woz.base.errors import WozError
from woz.model.ids import StepId
from woz.model.procedure import Procedure, Step
from woz.procedures.file_format import ProcedureFormat, text_of
from woz.procedures.making import made_procedure

INGREDIENTS, TOOLS, STEPS = "Ingredients", "Tools and Utensils", "Steps"
_NUMBERED = re.compile(r"(\d+)\.\s+(\S.*)")


def _read(raw: bytes, name: str) -> list[Procedure]:
    lines = [line.strip() for line in text_of(raw).splitlines() if line.strip()]
    if not _is_recipe(raw):
        raise WozError(f"This is no recipe: it must have the headings {INGREDIENTS} and {STEPS}.")
    parts: dict[str, list[str]] = {"": []}
    heading = ""
    for line in lines:
        if line in (INGREDIENTS, TOOLS, STEPS) and line not in parts:
            heading, parts[line] = line, []
        else:
            parts[heading].append(line)
    described = "\n".join([INGREDIENTS, *parts[INGREDIENTS]])
    title = " ".join(parts[""]) or name
    return [made_procedure(title, _steps(parts[STEPS]), "", described, tuple(parts.get(TOOLS, ())))]


def _steps(lines: Sequence[str]) -> tuple[Step, ...]:
    found: list[tuple[str, str]] = []
    for line in lines:
        if match := _NUMBERED.fullmatch(line):
            found.append((match[1], match[2]))
        elif found:
            number, text = found[-1]
            found[-1] = (number, f"{text}{'' if text.endswith('-') else ' '}{line}")
    return tuple(Step(StepId(number), text, i) for i, (number, text) in enumerate(found))


def _write(procedures: Sequence[Procedure]) -> str:
    [procedure] = procedures
    described = [line for line in procedure.description.splitlines() if line.strip() not in ("", INGREDIENTS)]
    numbered = [f"{i + 1}. {' '.join(step.name.split())}" for i, (_, step) in enumerate(procedure.walk())]
    parts = [[procedure.name], [INGREDIENTS, *described], [TOOLS, *procedure.tools], [STEPS, *numbered]]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _is_recipe(raw: bytes) -> bool:
    try:
        lines = {line.strip() for line in text_of(raw).splitlines()}
    except UnicodeDecodeError:
        return False
    return {INGREDIENTS, STEPS} <= lines


RECIPE = ProcedureFormat(
    "wtag",
    "a recipe of the Watch, Talk and Guide study",
    ("txt",),
    frozenset({"the procedure's description", "the procedure's tools"}),
    _read,
    _write,
    _is_recipe,
)
