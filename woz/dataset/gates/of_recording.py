"""What may be about the recording, the connection or the session, and not about the task."""

from __future__ import annotations

from collections.abc import Sequence

from woz.dataset.gates.item import Finding, Gate, Item
from woz.dataset.questions.of_recording import near_recording

NAME = "about the recording"


def recording_gate(items: Sequence[Item]) -> Gate:
    findings = [Finding(item.question.id, reason) for item in items if (reason := _reason(item))]
    return Gate(NAME, len(items), tuple(findings))


def _reason(item: Item) -> str:
    question = item.question
    if not item.put and near_recording(question.text):
        return "The question may be about the recording, not about the task."
    return "The answer may be about the recording, not about the task." if near_recording(question.answer) else ""
