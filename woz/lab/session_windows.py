"""In which windows of a session its tiers are coded, and are to be filled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from woz.annotation.windows import coded_windows
from woz.base.interval import Interval
from woz.lab.after_gold import after_gold
from woz.lab.ports import Project
from woz.model.assignment import Assignment, Part
from woz.model.ids import SessionId, TierId
from woz.model.tier import Tier

Windows = Mapping[TierId, tuple[Interval, ...]]
"""By tier; without those that are for the whole session."""


def windows_coded(
    project: Project, session_id: SessionId, tiers: Iterable[Tier], work: Iterable[Assignment]
) -> Windows:
    """As they are given, or, where that was taken back, as they ever were. `work` says which are golds; those who
    are measured by one are no side of it.
    """
    tiers, golds = list(tiers), golds_of(work)
    measured = after_gold(project, tiers, golds) if golds else frozenset()
    return coded_windows(project.assignments.given(session_id), golds, tiers, measured)


def session_windows(project: Project, session_id: SessionId, tiers: Iterable[Tier]) -> Windows:
    """The same of all that is given now."""
    return windows_coded(project, session_id, tiers, project.assignments.all(session_id))


def golds_of(work: Iterable[Assignment]) -> set[TierId]:
    return {each.tier_id for each in work if each.part == Part.ADJUDICATOR}
