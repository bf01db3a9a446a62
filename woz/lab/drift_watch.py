"""Who is to be told by themselves whose coding drifts; counted anew of the sessions alone that were changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from woz.base.counts import counted
from woz.base.interval import Interval
from woz.lab.agreeing import compared
from woz.lab.comparable import Comparable, comparable
from woz.lab.drift_words import DriftTold
from woz.lab.drifting import Coded, coded, drift_in, drift_lines
from woz.lab.library import SessionFacts, TierFact
from woz.lab.ports import Project
from woz.lab.readers import Reader
from woz.model.annotator import Annotator
from woz.model.ids import AnnotatorId, TierId

RECENT = timedelta(weeks=8)
"""What ended longer ago is told where it is asked for, and no more by itself."""
Known = tuple[int, tuple[tuple[TierFact, tuple[Interval, ...]], ...]]
"""The last edit of a session, and its tiers with the windows in which they were given, which may be no edit."""
Stamp = tuple[Known, tuple[str, ...]]
"""What is known of a session, and whose tiers are compared there."""


class DriftWatch:
    """Of one project; of several threads one looks at a time."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._reader: AnnotatorId | None = None
        self._own = ""
        self._kept: dict[tuple[str, str], tuple[Stamp, tuple[Coded, ...]]] = {}

    def look(self, reader: Reader, rest: Callable[[], None]) -> list[DriftTold]:
        """`rest` is called before each session that is read, and while another thread looks: it may wait, and end
        the look by raising.

        Raises WozError of the store.
        """
        while not self._turn.acquire(blocking=False):
            rest()
        try:
            return self._look(reader, rest)
        finally:
            self._turn.release()

    def _look(self, reader: Reader, rest: Callable[[], None]) -> list[DriftTold]:
        if reader.id != self._reader:
            self._reader, self._kept = reader.id, {}
        if not reader.project.work.measured:
            return []
        self._own = reader.id if reader.only else ""
        self._count(reader.project, rest)
        return drift_in(reader.project, (each for _, some in self._kept.values() for each in some), reader.only)

    def _wanted(self, one: Comparable) -> bool:
        """Of who is told of their own alone, what they coded."""
        return len(one.coders) > 1 and self._own in ("", *one.coders)

    def _count(self, project: Project, rest: Callable[[], None]) -> None:
        facts, given = project.library.sessions(), project.assignments.given()
        known = {each.session.id: _known(each, given) for each in facts}
        names = {each.id: each.pseudonym for each in project.annotators.all()}
        there = {(each.session_id, each.tier_type): each for each in comparable(facts) if self._wanted(each)}
        self._kept = {place: kept for place, kept in self._kept.items() if place in there}
        for place, each in there.items():
            people = tuple(names.get(AnnotatorId(coder), "") for coder in each.coders)
            stamp = known[each.session_id], people
            if self._kept.get(place, (None,))[0] != stamp:
                rest()
                found = compared(project, each.tier_type, each.session_id)
                self._kept[place] = stamp, tuple(coded(each.tier_type, found))


def _known(facts: SessionFacts, given: Mapping[TierId, tuple[Interval, ...]]) -> Known:
    return facts.last_edit, tuple((tier, given.get(TierId(tier.tier_id), ())) for tier in facts.tiers)


def own_drift(
    project: Project,
    person: Annotator,
    now_utc_ns: int,
    rest: Callable[[], None] = lambda: None,
    watch: DriftWatch | None = None,
) -> list[DriftTold]:
    """What lasts of somebody's own, as they see the project, and not whose the others' are. `rest` is called as by
    `DriftWatch.look`, which raises what this does; of what `watch` has read what was changed alone is read again.
    """
    reader = Reader(person.id, project.seen_by(person.id), person.pseudonym)
    return lasting((watch or DriftWatch()).look(reader, rest), now_utc_ns)


def lasting(found: Sequence[DriftTold], now_utc_ns: int) -> list[DriftTold]:
    """What is to be told by itself, the newest first."""
    since = (datetime.fromtimestamp(now_utc_ns / 1e9, UTC) - RECENT).date().isoformat()
    return sorted((each for each in found if each.until >= since), key=lambda each: each.since, reverse=True)


def drift_notice(found: Sequence[DriftTold], where: str) -> str:
    """A sentence or two on what lasts; `where` all of it is told. Empty where there is nothing."""
    lines = drift_lines(found)
    if len(lines) < 2:
        return "".join(lines)
    more = counted(len(lines) - 1, "more is", "more are")
    return f"{lines[0]} {more} beyond what is agreed; {where} tells them."
