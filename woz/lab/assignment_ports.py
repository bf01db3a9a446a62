"""What giving work to people asks of a project's store; `storage` answers. All raise WozError where it can't be
reached.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from woz.annotation.edits import Edit
from woz.base.interval import Interval
from woz.dataset.review.sharing import Place
from woz.model.annotator import BlindScope
from woz.model.assignment import Assignment
from woz.model.ids import AnnotatorId, AssignmentId, SessionId, TierId
from woz.model.review import GivenProgress, GivenQuestion, ReviewTask


class Assignments(Protocol):
    def add(self, assignment: Assignment, edit: Edit, scopes: Sequence[BlindScope]) -> Assignment:
        """With the edit that makes its tier, and what they and others don't see from now on: all or nothing."""
        ...

    def remove(self, assignment_id: AssignmentId) -> None: ...

    def adjudications(self, session_id: SessionId) -> list[Assignment]:
        """Work of adjudicators, also what was taken back: they saw what others did."""
        ...

    def all(self, session_id: SessionId | None = None, annotator_id: AnnotatorId | None = None) -> list[Assignment]:
        """The oldest first."""
        ...

    def given(self, session_id: SessionId | None = None) -> Mapping[TierId, tuple[Interval, ...]]:
        """The windows in which tiers are given to somebody, or were before, in order and disjoint. Without tiers
        that are given whole, or were where they are given no more.
        """
        ...


class QuestionWork(Protocol):
    """Which question sets who shall judge; where somebody is the viewer who is neither curator nor manager, of
    others' it tells nothing.
    """

    def add(self, given: Iterable[GivenQuestion]) -> None:
        """What somebody has already stays as it is."""
        ...

    def remove(self, given: Iterable[GivenQuestion]) -> None: ...

    def places(self, task: ReviewTask, session_ids: Collection[SessionId]) -> list[Place]:
        """All question sets of these sessions, by session and time, each with whom it lacks."""
        ...

    def all(self) -> list[GivenProgress]:
        """How far each one that was given is, by session and time; those that are gone aren't told."""
        ...
