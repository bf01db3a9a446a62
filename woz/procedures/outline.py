"""Plain text: one step a line, its parts further in below it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from woz.model.procedure import Procedure, Step
from woz.procedures.file_format import ProcedureFormat, text_of
from woz.procedures.making import Draft, made_procedure, steps_of

INDENT = "  "
_TAB = 4
_MARKS = (re.compile(r"[-*•]\s+"), re.compile(r"\d+[.)]\s+"))
"""What lists are written with; taken away where every line has one."""


def steps_from_outline(text: str) -> tuple[Step, ...]:
    """Empty lines are passed over; ids are made of the names."""
    lines = [line.expandtabs(_TAB) for line in text.splitlines() if line.strip()]
    names = _without_marks([line.strip() for line in lines])
    return steps_of([Draft(name, _depth(line)) for name, line in zip(names, lines, strict=True)])


def outline_of(steps: Procedure) -> str:
    """Names only."""
    found = [(depth, " ".join(step.name.split())) for depth, step in steps.walk()]
    names = [name for _, name in found]
    mark = "" if _without_marks(names) == names else "- "
    return "".join(f"{INDENT * depth}{mark}{name}\n" for depth, name in found)


def _read(raw: bytes, name: str) -> list[Procedure]:
    return [made_procedure(name, steps_from_outline(text_of(raw)))]


def _write(procedures: Sequence[Procedure]) -> str:
    [procedure] = procedures
    return outline_of(procedure)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _without_marks(names: list[str]) -> list[str]:
    for mark in _MARKS:
        found = [mark.match(name) for name in names]
        if names and all(match and name[match.end() :] for match, name in zip(found, names, strict=True)):
            return [name[match.end() :] for match, name in zip(found, names, strict=True) if match]
    return names


TEXT = ProcedureFormat(
    "text",
    "plain text, one step a line, parts further in",
    ("txt", "md"),
    frozenset({"parts of steps"}),
    _read,
    _write,
    lambda raw: True,
)
