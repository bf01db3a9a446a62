"""Who is to be told by themselves whose coding drifts; counted anew of the sessions alone that were changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from woz.base.counts import counted
from woz.lab.agreeing import compared
from woz.lab.comparable import comparable
from woz.lab.drift_words import DriftTold
from woz.lab.drifting import Coded, coded, drift_in, drift_lines
from woz.lab.ports import Project
from woz.lab.readers import Reader
from woz.model.assignment import Assignment
from woz.model.ids import AnnotatorId, SessionId

RECENT = timedelta(weeks=8)
"""What ended longer ago is told where it is asked for, and no more by itself."""
Stamp = tuple[int, tuple[str, ...], tuple[Assignment, ...]]
"""The last edit of a session, whose tiers are compared there, and what was given there, which may be no edit."""


class DriftWatch:
    """Of one project; used by one thread at a time."""

    def __init__(self) -> None:
        self._reader: AnnotatorId | None = None
        self._kept: dict[tuple[str, str], tuple[Stamp, tuple[Coded, ...]]] = {}

    def look(self, reader: Reader, rest: Callable[[], None]) -> list[DriftTold]:
        """`rest` is called before each session that is read: it may wait, and end the look by raising.

        Raises WozError of the store.
        """
        if reader.id != self._reader:
            self._reader, self._kept = reader.id, {}
        if not reader.project.work.measured:
            return []
        self._count(reader.project, rest)
        return drift_in(reader.project, (each for _, some in self._kept.values() for each in some), reader.only)

    def _count(self, project: Project, rest: Callable[[], None]) -> None:
        facts = project.library.sessions()
        edits, given = {each.session.id: each.last_edit for each in facts}, _given(project)
        names = {each.id: each.pseudonym for each in project.annotators.all()}
        there = {(each.session_id, each.tier_type): each for each in comparable(facts) if len(each.coders) > 1}
        self._kept = {place: known for place, known in self._kept.items() if place in there}
        for place, each in there.items():
            people = tuple(names.get(AnnotatorId(coder), "") for coder in each.coders)
            stamp = edits[each.session_id], people, tuple(given[each.session_id])
            if self._kept.get(place, (None,))[0] != stamp:
                rest()
                found = compared(project, each.tier_type, each.session_id)
                self._kept[place] = stamp, tuple(coded(each.tier_type, found))


def _given(project: Project) -> dict[SessionId, list[Assignment]]:
    found: dict[SessionId, list[Assignment]] = defaultdict(list)
    for each in project.assignments.all():
        found[each.session_id].append(each)
    return found


def drift_notice(found: Sequence[DriftTold], now_utc_ns: int) -> str:
    """A sentence or two on what lasts, the newest first; empty where there is nothing."""
    since = (datetime.fromtimestamp(now_utc_ns / 1e9, UTC) - RECENT).date().isoformat()
    lasting = sorted((each for each in found if each.until >= since), key=lambda each: each.since, reverse=True)
    lines = drift_lines(lasting)
    if len(lines) < 2:
        return "".join(lines)
    more = counted(len(lines) - 1, "more is", "more are")
    return f"{lines[0]} {more} beyond what is agreed; Ctrl+G (Project, Progress) tells them."
