"""What a file format of procedures is: its reader, its writer, and what of a procedure it can hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from woz.model.procedure import Procedure

Read = Callable[[bytes, str], list[Procedure]]
"""The procedures in a file's bytes; the name is for a format that has none. Raises WozError for no such file."""
Write = Callable[[Sequence[Procedure]], str]

FEATURES: Mapping[str, Callable[[Procedure], bool]] = {
    "parts of steps": lambda p: any(step.parent_id for step in p.steps),
    "prerequisites": lambda p: any(step.prerequisites for step in p.steps),
    "what is optional": lambda p: any(step.optional for step in p.steps),
    "what is repeatable": lambda p: any(step.repeatable for step in p.steps),
    "descriptions of steps": lambda p: any(step.description for step in p.steps),
    "tools of steps": lambda p: any(step.tools for step in p.steps),
    "global ids": lambda p: any(step.global_id for step in p.steps),
    "the procedure's description": lambda p: bool(p.description),
    "the procedure's tools": lambda p: bool(p.tools),
}
"""What a format may be unable to hold, in the words that people read, and whether a procedure has it."""


@dataclass(frozen=True, slots=True)
class ProcedureFormat:
    """`carries` are keys of `FEATURES`; `recognised` is asked of files with one of the endings, the surest first.

    `several`: one file may hold many procedures.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    carries: frozenset[str]
    read: Read
    write: Write
    recognised: Callable[[bytes], bool]
    several: bool = False

    def loses(self, procedures: Sequence[Procedure]) -> list[str]:
        """What of these procedures the format can't hold."""
        missing = (name for name in FEATURES if name not in self.carries)
        return [name for name in missing if any(FEATURES[name](each) for each in procedures)]


def text_of(raw: bytes) -> str:
    """Raises UnicodeDecodeError for what is no UTF-8."""
    return raw.decode("utf-8-sig")
