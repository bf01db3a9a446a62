"""What the annotations of a session lack by their schemes."""

from __future__ import annotations

from collections import Counter
from typing import Any

from woz.base.counts import counted
from woz.lab.ports import Project
from woz.lab.session_windows import session_windows
from woz.model.ids import SessionId
from woz.model.own_schemes import with_steps
from woz.model.tier import Tier
from woz.schemes.demands.findings import findings
from woz.schemes.finding import Finding

MOST_TOLD = 50


def session_findings(project: Project, session_id: SessionId, only: Tier | None = None) -> list[Finding]:
    """By tier and time; `only` those about one tier. Of work that was given in windows, what lies in them."""
    session = project.sessions.get(session_id)
    procedure = project.procedures.get(session.procedure_id) if session.procedure_id else None
    schemes = (with_steps(each, procedure) if procedure else each for each in project.schemes.all())
    items = project.annotations.load(session_id)
    return findings(
        items,
        {(each.id, each.version): each for each in schemes},
        duration_ns=session.duration_ns,
        steps={str(step.id) for step in procedure.steps} if procedure else None,
        only=only,
        windows=session_windows(project, session_id, (each for each in items if isinstance(each, Tier))),
    )


def finding_facts(found: Finding) -> dict[str, Any]:
    item = {"kind": found.item.kind, "id": found.item.id} if found.item else None
    return {"level": str(found.level), "place": found.place, "sentence": found.sentence, "item": item}


def findings_words(found: list[Finding]) -> list[str]:
    """How many there are of which level, and the first of them, a line each."""
    if not found:
        return []
    counts = Counter(each.level for each in found)
    told = ", ".join(counted(count, level) for level, count in sorted(counts.items()))
    lines = [f"  annotations {told}"]
    lines += [f"  {each.level:11} {each.words}" for each in found[:MOST_TOLD]]
    if len(found) > MOST_TOLD:
        lines.append(f"              and {len(found) - MOST_TOLD} more, which --json lists")
    return lines
