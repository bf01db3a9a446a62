"""How a release was asked for, as its manifest says it."""

from __future__ import annotations

from dataclasses import dataclass, field

from woz.base.outside import Count, Whole
from woz.dataset.splits.assigning import SHARES
from woz.dataset.splits.groups import GroupBy
from woz.model.question import ReviewStatus
from woz.model.review import WRONG_ANSWERS
from woz.model.tier import SETTLED, TierState


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """As `woz.dataset.tasks.task.Settings` has it, but for what models wrote."""

    rate: float = 15.0
    alpha: float | None = None
    folds: Count = 5
    seed: Whole = 0
    tiers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Query:
    """As `woz.dataset.release.recipe.Recipe` writes it; what an older manifest hasn't is as it was then."""

    statuses: tuple[ReviewStatus, ...] = (ReviewStatus.ACCEPTED,)
    fewest_wrong: Count = 1
    wrong_answers: Count = WRONG_ANSWERS
    judges: Count = 0
    english: bool = False
    tier_states: tuple[TierState, ...] = SETTLED
    split_by: GroupBy = GroupBy.PARTICIPANT
    shares: dict[str, float] = field(default_factory=lambda: dict(SHARES))
    seed: Whole = 0
    new_splits: bool = False
    clips: bool = True
    clip_s: float | None = None
    frames: Count = 8
    licence: str = "other"
    title: str = ""
    authors: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    task_settings: TaskQuery = field(default_factory=TaskQuery)
    task_pictures: float | None = None
