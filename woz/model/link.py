"""A typed link between two items of a session."""

from __future__ import annotations

from dataclasses import dataclass

from woz.model.ids import LinkId, SessionId
from woz.model.item import ItemRef, item_kind
from woz.model.made import Made


@item_kind("link", owner="session", follows=frozenset({"made"}))
@dataclass(frozen=True, slots=True)
class Link:
    """`type` is the key of a link type in a scheme. `doubt` is a person's note on why it is doubtful, which may be
    empty; None where nobody said so.
    """

    id: LinkId
    session_id: SessionId
    type: str
    source: ItemRef
    target: ItemRef
    made: Made
    note: str = ""
    doubt: str | None = None
