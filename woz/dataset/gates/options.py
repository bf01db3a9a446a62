"""What of the options gives the right one away, or makes two of them one."""

from __future__ import annotations

from collections.abc import Sequence

from woz.dataset.distractors.option_checks import option_problems
from woz.dataset.gates.item import Finding, Gate, Item

NAME = "options"


def options_gate(items: Sequence[Item]) -> Gate:
    findings = [
        Finding(item.question.id, reason)
        for item in items
        for reason in option_problems(item.question.answer, [each.text for each in item.question.distractors])
    ]
    return Gate(NAME, len(items), tuple(findings))
