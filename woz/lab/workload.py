"""The work that was given out: who has what, how far it is, and who is in it now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from woz.annotation.windows import window_words
from woz.base.interval import seconds
from woz.lab.item_names import pseudonyms
from woz.lab.ports import Project
from woz.lab.session_names import told_apart
from woz.model.assignment import Assignment
from woz.model.ids import AnnotatorId, SessionId, TierId
from woz.model.item import ItemRef
from woz.model.lease import Lease
from woz.model.package import PackageState
from woz.model.tier import Tier, TierState

GONE = "taken back"
"""The state of work whose tier was taken away again."""


@dataclass(frozen=True, slots=True)
class WorkLine:
    """An assignment as it is listed. `session` tells it from others, `state` is its tier's; `inside` says who is in
    the tier now.
    """

    assignment: Assignment
    session: str
    whose: str
    tier: str
    state: str
    inside: str = ""
    package: str = ""
    """The package that it is in at an annotator elsewhere, with its last day; empty where it is in none."""

    @property
    def where(self) -> str:
        """Who is in it, and in which package it is."""
        return "; ".join(text for text in (self.inside, self.package) if text)

    @property
    def done(self) -> bool:
        return self.state not in (TierState.ASSIGNED, TierState.IN_WORK, TierState.RETURNED, GONE)


def workload(project: Project, session_id: SessionId | None = None, pseudonym: str = "") -> list[WorkLine]:
    """By session, tier type and part. Raises WozError for an annotator that the project hasn't."""
    whose = project.annotators.named(pseudonym).id if pseudonym else None
    names = pseudonyms(project)
    titles = told_apart({each.id: each.title for each in project.sessions.all()})
    found = project.assignments.all(session_id, whose)
    tiers = _tiers(project, found)
    leases = {lease.tier_id: lease for lease in project.leases.all()}
    packages = _packages(project)
    lines = [
        replace(
            _line(each, tiers.get(each.tier_id), titles, names, leases.get(each.tier_id)),
            package=packages.get((each.annotator_id, each.session_id), ""),
        )
        for each in found
    ]
    return sorted(lines, key=lambda line: (line.assignment.session_id, line.assignment.tier_type, line.whose))


def _packages(project: Project) -> dict[tuple[AnnotatorId, SessionId], str]:
    """By annotator and session, in words; the newest that isn't deleted."""
    return {
        (each.annotator_id, session_id): f"in package {each.id} ({each.state}, until {each.until})"
        for each in project.packages.all()
        if each.state != PackageState.DELETED
        for session_id in each.sessions
    }


def _tiers(project: Project, found: Sequence[Assignment]) -> dict[TierId, Tier]:
    refs = [ItemRef("tier", each.tier_id) for each in found]
    return {
        TierId(ref.id): tier
        for ref, (tier, _) in project.annotations.stored(refs).items()
        if isinstance(tier, Tier)
    }


def _line(
    each: Assignment,
    tier: Tier | None,
    titles: Mapping[SessionId, str],
    names: Mapping[str, str],
    lease: Lease | None,
) -> WorkLine:
    return WorkLine(
        each,
        titles.get(each.session_id, str(each.session_id)),
        names.get(each.annotator_id, "?"),
        tier.name if tier else "",
        str(tier.state) if tier else GONE,
        lease_words(lease, names) if lease else "",
    )


def lease_words(lease: Lease, names: Mapping[str, str]) -> str:
    """As "A02 is in it (desk 3)"."""
    who = names.get(lease.annotator_id, "?")
    return f"{who} was in it ({lease.seat}), and left no word" if lease.stale else f"{who} is in it ({lease.seat})"


def work_words(line: WorkLine) -> str:
    """One line."""
    work = line.assignment
    drawn = f" ({work.drawn})" if work.drawn else ""
    inside = f"; {line.where}" if line.where else ""
    where = f"{work.session_id}  {work.tier_type}  {line.whose}  {work.part}"
    return f"{work.id}  {where}  {line.state}  {window_words(work.windows)}{drawn}{inside}"


def work_facts(line: WorkLine) -> dict[str, Any]:
    work = line.assignment
    return {
        "id": work.id,
        "session": work.session_id,
        "tier_type": work.tier_type,
        "tier": work.tier_id,
        "annotator": line.whose,
        "part": work.part,
        "state": line.state,
        "windows": [[seconds(each.start_ns), seconds(each.end_ns)] for each in work.windows],
        "drawn": work.drawn,
        "inside": line.inside,
        "package": line.package,
    }
