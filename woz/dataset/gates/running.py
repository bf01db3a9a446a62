"""All gates that need no model, one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from woz.dataset.gates.balance import balance_gate
from woz.dataset.gates.crossing import crossing_gate
from woz.dataset.gates.duplicates import duplicates_gate
from woz.dataset.gates.item import Gate, Item
from woz.dataset.gates.later import MOST_LATER, later_gate
from woz.dataset.gates.leak import leak_gate
from woz.dataset.gates.of_recording import recording_gate
from woz.dataset.gates.options import options_gate
from woz.dataset.gates.text_classifier import SURE, options_only_gate, question_gate
from woz.model.question import Flag

_PLAIN = (leak_gate, options_gate, duplicates_gate, recording_gate, crossing_gate, balance_gate)
_LEARNT = (options_only_gate, question_gate)


def run_gates(items: Sequence[Item], sure: float = SURE, most_later: float = MOST_LATER) -> list[Gate]:
    """In one order, whatever order the items come in. `sure` is for the classifiers, `most_later` the part of the
    question sets that may be flagged for a wrong answer that is said later.
    """
    ordered = sorted(items, key=lambda item: (item.question.session_id, item.question.at_ns, item.question.id))
    plain = [gate(ordered) for gate in _PLAIN]
    return [*plain, later_gate(ordered, most_later), *(gate(ordered, sure) for gate in _LEARNT)]


def flags_of(gates: Sequence[Gate]) -> dict[str, tuple[Flag, ...]]:
    """The flags of each question by its id: one a gate, with all its reasons."""
    found = dict[str, dict[str, list[str]]]()
    for gate in gates:
        for finding in gate.findings:
            found.setdefault(finding.question_id, {}).setdefault(gate.name, []).append(finding.reason)
    return {
        key: tuple(Flag(name, " ".join(reasons)) for name, reasons in by_gate.items())
        for key, by_gate in found.items()
    }
