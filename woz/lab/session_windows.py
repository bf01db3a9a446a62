"""In which windows of a session its tiers are given."""

from __future__ import annotations

from collections.abc import Iterable

from woz.annotation.windows import given_windows
from woz.base.interval import Interval
from woz.lab.after_gold import after_gold
from woz.lab.ports import Project
from woz.model.assignment import Part
from woz.model.ids import SessionId, TierId
from woz.model.tier import Tier


def session_windows(
    project: Project, session_id: SessionId, tiers: Iterable[Tier]
) -> dict[TierId, tuple[Interval, ...]]:
    """As `given_windows` has them; those who are measured by a gold are no side of it."""
    work, tiers = project.assignments.all(session_id), list(tiers)
    golds = {each.tier_id for each in work if each.part == Part.ADJUDICATOR}
    measured = after_gold(project, tiers, golds) if golds else frozenset()
    return given_windows(work, tiers, measured)
