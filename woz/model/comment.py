"""What people say to each other about a place in a session, or about an item."""

from __future__ import annotations

from dataclasses import dataclass

from woz.model.ids import AnnotatorId, CommentId, SessionId, TierId
from woz.model.item import ItemRef


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, or an answer: `answers` is the comment that began the talk, None for that one itself.

    It stands at a time (`at_ns`), on an item, on a tier, or on the session as a whole. `to` is whom it concerns,
    None for all. A talk is closed by its first comment: `closed_by` and `closed_utc_ns` are of that one alone.
    """

    id: CommentId
    session_id: SessionId
    by: AnnotatorId
    text: str
    made_utc_ns: int
    to: AnnotatorId | None = None
    tier_id: TierId | None = None
    item: ItemRef | None = None
    at_ns: int | None = None
    answers: CommentId | None = None
    closed_by: AnnotatorId | None = None
    closed_utc_ns: int | None = None

    @property
    def open(self) -> bool:
        return self.closed_utc_ns is None
