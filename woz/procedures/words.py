"""A procedure in words, for people who read a terminal."""

from __future__ import annotations

from woz.base.counts import counted as count_words
from woz.model.procedure import Procedure, Step


def procedure_lines(procedure: Procedure) -> list[str]:
    """Its name, then a step a line, parts further in, with what is to be known of each."""
    lines = [f"{procedure.name} ({procedure.id}), {counted(len(procedure.steps), 'step')}"]
    lines += [f"  {line}" for line in procedure.description.splitlines()]
    lines += [f"  Tools: {', '.join(procedure.tools)}"] if procedure.tools else []
    for depth, step in procedure.walk():
        lines += [f"{'  ' * (depth + 1)}{line}" for line in _step_lines(procedure, step)]
    return lines


def counted(number: int, word: str) -> str:
    return count_words(number, word) if number else f"no {word}s"


def _step_lines(procedure: Procedure, step: Step) -> list[str]:
    marks = [word for word, holds in (("optional", step.optional), ("repeatable", step.repeatable)) if holds]
    marks += [f"global id {step.global_id}"] if step.global_id else []
    found = [f"{step.id}  {step.name}" + (f"  ({', '.join(marks)})" if marks else "")]
    found += [f"    {line}" for line in step.description.splitlines()]
    found += [f"    Tools: {', '.join(step.tools)}"] if step.tools else []
    before = [known.name if (known := procedure.step(each)) else each for each in step.prerequisites]
    return found + ([f"    After: {'; '.join(before)}"] if before else [])
