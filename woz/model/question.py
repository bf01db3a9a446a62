"""Questions with their answers and the clip that they are about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from woz.base.interval import Interval
from woz.model.ids import QuestionId, SessionId
from woz.model.item import item_kind
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.people import Role

_DERIVED = Made(Origin.DERIVED)


class ReviewStatus(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@item_kind("question", owner="session", together=(("answer", "choices"),), follows=frozenset({"made"}))
@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answer and the clip of the session that it is about."""

    id: QuestionId
    session_id: SessionId
    clip: Interval
    asked_by: Role
    text: str
    answer: str
    asked: Interval
    answered: Interval
    step: str | None = None
    choices: tuple[str, ...] = ()
    status: ReviewStatus = ReviewStatus.PROPOSED
    made: Made = _DERIVED
