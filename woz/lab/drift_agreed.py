"""What is agreed in a project on how far somebody's coding may lie from the others'."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from woz.annotation.measures.drift_limits import DriftLimits
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.interval import nanoseconds, seconds
from woz.lab.ports import Project

MOST_S, MOST_PAIRS = 3600.0, 1_000_000


def agree_on_drift(
    project: Project,
    offset_s: float | None = None,
    other_label: float | None = None,
    pairs: int | None = None,
) -> DriftLimits:
    """From now on; what is None stays. `other_label` is a share. Raises WozError for what can't be a limit."""
    with project.at_once():
        limits = _agreed(project.keeping.drift_limits(), offset_s, other_label, pairs)
        project.keeping.agree_on_drift(limits)
    return limits


def _agreed(
    limits: DriftLimits, offset_s: float | None, other_label: float | None, pairs: int | None
) -> DriftLimits:
    if offset_s is not None:
        if not 0 <= offset_s <= MOST_S:
            raise WozError(f"An offset of {offset_s:g} s can't be agreed; give seconds from 0 to {MOST_S:g}.")
        limits = replace(limits, offset_ns=nanoseconds(offset_s))
    if other_label is not None:
        if not 0 <= other_label <= 1:
            raise WozError(f"{100 * other_label:g} of 100 can't have another label; give a number from 0 to 100.")
        limits = replace(limits, other_label=other_label)
    if pairs is not None:
        if not 1 <= pairs <= MOST_PAIRS:
            raise WozError(f"Drift can't be told from {pairs} pairs; give a number from 1 to {MOST_PAIRS}.")
        limits = replace(limits, pairs=pairs)
    return limits


def limits_words(limits: DriftLimits) -> str:
    return (
        f"Drift is told where starts or ends lie more than {seconds(limits.offset_ns):g} s apart in the median, or"
        f" more than {100 * limits.other_label:g} of 100 pairs have another label; of"
        f" {counted(limits.pairs, 'pair')} at least."
    )


def limits_facts(limits: DriftLimits) -> dict[str, Any]:
    return {
        "offset_s": seconds(limits.offset_ns),
        "other_label": limits.other_label,
        "pairs": limits.pairs,
    }
