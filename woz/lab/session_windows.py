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
    """As they are given, or were before, also where `work` doesn't hold it any more."""
    return _coded(project, tiers, work, project.assignments.given(session_id))


def session_windows(project: Project, session_id: SessionId, tiers: Iterable[Tier]) -> Windows:
    """Where tiers are to be filled: as they are given now, else as they were before."""
    work = project.assignments.all(session_id)
    asked = {each.tier_id: each.windows for each in work if each.windows or each.part != Part.ADJUDICATOR}
    found = _coded(project, tiers, work, {**project.assignments.given(session_id), **asked})
    return {tier_id: windows for tier_id, windows in found.items() if windows}


def golds_of(work: Iterable[Assignment]) -> set[TierId]:
    return {each.tier_id for each in work if each.part == Part.ADJUDICATOR}


def _coded(project: Project, tiers: Iterable[Tier], work: Iterable[Assignment], given: Windows) -> Windows:
    """`work` says which are golds; those who are measured by one are no side of it."""
    tiers, golds = list(tiers), golds_of(work)
    measured = after_gold(project, tiers, golds) if golds else frozenset()
    return coded_windows(given, golds, tiers, measured)
