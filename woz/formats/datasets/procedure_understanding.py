"""Procedure understanding as Ego-Exo4D has it, in JSON: what each step required, lacked, and what comes next."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from woz.annotation.procedure_labels import ProcedureLabels, procedure_labels
from woz.base.errors import WozError
from woz.base.interval import seconds
from woz.formats.bundle import SessionBundle
from woz.formats.format import Format, OutFile, Writing
from woz.formats.parts import Lost
from woz.model.own_schemes import STEPS
from woz.model.procedure import Procedure
from woz.model.tier import Tier

ENDING = "procedure.json"


def understanding(bundle: SessionBundle, procedure: Procedure) -> dict[str, Any]:
    """Times in s; `previous`, `missing` and `next` are ids of steps, in the order of the procedure."""
    return {
        "session": bundle.session.id,
        "procedure": {"id": procedure.id, "name": procedure.name},
        "steps": {
            step.id: {"name": step.name, "unique_id": step.global_id or None} for _, step in procedure.walk()
        },
        "tiers": [_tier(bundle, tier, procedure) for tier in bundle.tiers if tier.tier_type == STEPS],
    }


def _tier(bundle: SessionBundle, tier: Tier, procedure: Procedure) -> dict[str, Any]:
    labels = procedure_labels(procedure, bundle.in_tier(tier))
    return {
        "tier": tier.id,
        "name": tier.name,
        "annotator": bundle.maker(tier),
        "segments": [_segment(each, bundle.label_name(tier, each.step)) for each in labels],
    }


def _segment(labels: ProcedureLabels, name: str) -> dict[str, Any]:
    return {
        "segment": labels.segment,
        "start_time": seconds(labels.interval.start_ns),
        "end_time": seconds(labels.interval.end_ns),
        "step_id": labels.step,
        "step_name": name,
        "previous": labels.previous,
        "is_optional": labels.optional,
        "is_mistake": labels.mistake,
        "missing": labels.missing,
        "next": labels.next,
    }


def _write(bundles: Sequence[SessionBundle], _: Writing) -> Iterable[OutFile]:
    if bundles and not any(bundle.procedure for bundle in bundles):
        raise WozError("None of these sessions has a procedure, so nothing is known of what each step requires.")
    return [OutFile(f"{b.session.id}.{ENDING}", _text(b, b.procedure)) for b in bundles if b.procedure]


def _text(bundle: SessionBundle, procedure: Procedure) -> Iterator[str]:
    yield json.dumps(understanding(bundle, procedure), ensure_ascii=False, indent=1) + "\n"


def _losses(bundles: Sequence[SessionBundle]) -> Iterator[Lost]:
    if without := sum(bundle.procedure is None for bundle in bundles):
        yield Lost("sessions without a procedure", without)


FORMATS = (
    Format(
        "procedure-understanding",
        "what each step required, lacked and allowed, from the task graph, JSON",
        ENDING,
        ("steps", "previous, missing and next steps", "mistakes of order"),
        ("turns", "other tiers", "notes", "attributes"),
        "docs/procedures.md",
        write=_write,
        losses=_losses,
    ),
)
