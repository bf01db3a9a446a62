"""What giving work to people asks of a project's store; `storage` answers. All raise WozError where it can't be
reached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from woz.annotation.edits import Edit
from woz.base.interval import Interval
from woz.model.annotator import BlindScope
from woz.model.assignment import Assignment
from woz.model.ids import AnnotatorId, AssignmentId, SessionId, TierId


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
        """The windows in which tiers are given to somebody, in order and disjoint; where that was taken back, in
        which they ever were. Without tiers that are, or were, given whole.
        """
        ...
