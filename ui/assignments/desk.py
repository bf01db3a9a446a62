"""What the window of assignments asks of the project; each call is made beside the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage import Project
from woz.annotation.beginning import beginnings
from woz.base.clock import Clock, iso_utc
from woz.lab.assigning import Answered, Order, assign_all, take_back
from woz.lab.assigning_questions import (
    QuestionOrder,
    counts_words,
    give_questions,
    given_counts,
    shared_words,
    take_back_questions,
    taken_words,
)
from woz.lab.histories import session_history
from woz.lab.own_figures import counted_of
from woz.lab.returning import Remark, return_tier
from woz.lab.schemes import newest_schemes
from woz.lab.tiers import move_tier
from woz.lab.workload import WorkLine, workload
from woz.model.annotator import Annotator
from woz.model.ids import SessionId
from woz.model.review import ReviewTask
from woz.model.tier import TierState


@dataclass(frozen=True, slots=True)
class Sight:
    """What there is: the work, and of what it can be given. `tier_types` are named as SCHEME/KEY."""

    lines: tuple[WorkLine, ...]
    sessions: tuple[tuple[SessionId, str], ...]
    people: tuple[Annotator, ...]
    tier_types: tuple[str, ...]


class WorkDesk:
    """For one person, who gives and judges as far as their roles let them; the store refuses what they may not."""

    def __init__(self, project: Project, person: Annotator, clock: Clock) -> None:
        self._project, self.person, self._clock = project, person, clock

    def look(self) -> Sight:
        project = self._project
        types = [f"{scheme.id}/{each.key}" for scheme in newest_schemes(project) for each in scheme.tier_types]
        return Sight(
            tuple(workload(counted_of(project.seen_by(self.person.id)))),
            tuple((each.id, each.title) for each in project.sessions.all()),
            tuple(each for each in project.annotators.all() if not each.retired),
            tuple(sorted(types)),
        )

    def give(self, sessions: Sequence[SessionId], order: Order, dry_run: bool) -> list[Answered]:
        return assign_all(self._project, sessions, order, self._clock, dry_run)

    def share_out(self, order: QuestionOrder, dry_run: bool) -> list[str]:
        """What comes of it, and how far all is then of these sessions, a line each."""
        found = give_questions(self._project, order, dry_run)
        told = shared_words(found, order.task, [each.pseudonym for each in order.to], dry_run)
        return [*told, *self._judging(order.session_ids)]

    def take_questions_back(
        self, whose: Sequence[Annotator], sessions: Sequence[SessionId], task: ReviewTask
    ) -> list[str]:
        """The same, of question sets that are taken back."""
        taken, done = take_back_questions(self._project, whose, self.person, sessions, task)
        return [taken_words(taken, done), *self._judging(sessions)]

    def _judging(self, sessions: Sequence[SessionId]) -> list[str]:
        seen = counted_of(self._project.seen_by(self.person.id))
        return list(map(counts_words, given_counts(seen, sessions)))

    def take_back(self, line: WorkLine) -> None:
        take_back(self._project, line.assignment.id, self.person)

    def move(self, line: WorkLine, to: TierState) -> None:
        move_tier(self._project, line.assignment.session_id, line.assignment.tier_id, to, self.person, "")

    def send_back(self, line: WorkLine, why: str, remarks: Sequence[Remark]) -> None:
        work = line.assignment
        return_tier(self._project, work.session_id, work.tier_id, self.person, why, remarks)

    def history(self, line: WorkLine) -> list[str]:
        """Each move of the work, as a line; to curators and managers also where they are blind."""
        work = line.assignment
        seen = counted_of(self._project.seen_by(self.person.id))
        moves = session_history(seen, work.session_id, work.tier_id)
        return [
            f"{iso_utc(each.edit.made_utc_ns)}   {each.who}   {each.edit.name}"
            + (" (in work)" if work.tier_id in beginnings(each.edit.edit) else "")
            + (f": {each.edit.why}" if each.edit.why else "")
            for each in moves
        ]
