"""What the core asks of whoever keeps its data; `storage` answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from woz.annotation.edits import Edit
from woz.annotation.logged import LoggedEdit
from woz.model.ids import SchemeId, SessionId
from woz.model.item import ItemRef
from woz.model.kinds import Item
from woz.model.scheme import Scheme

Schemes = Mapping[tuple[SchemeId, int], Scheme]
"""By id and version."""


@dataclass(frozen=True, slots=True)
class Opened:
    """All items of a session at one moment, and what is needed to go on from there.

    `edit_ids` holds the edit that made an item as it is, of those that an edit made; `last` is the last edit that
    is in it. The names are those of what can be undone and redone, None where nothing can. `checked_by` has who
    marked a turn as checked last, by the turn's id; where it is known.
    """

    items: tuple[Item, ...]
    edit_ids: Mapping[ItemRef, int] = field(default_factory=dict)
    schemes: Schemes = field(default_factory=dict)
    last: int = 0
    undo_name: str | None = None
    redo_name: str | None = None
    checked_by: Mapping[str, str] = field(default_factory=dict)


class History(Protocol):
    """Keeps the edits of sessions, each at once and whole. `by` is an annotator's id or a program's name.

    All raise WozError where the store can't be read or written.
    """

    def load(self, session_id: SessionId) -> tuple[Item, ...]:
        """All items of a session, of all tiers and transcripts, and the glossary of its procedure."""
        ...

    def record(self, session_id: SessionId, edit: Edit, by: str, undoes: int | None = None) -> LoggedEdit:
        """Apply an edit to what is stored, and log it; the answer says what it changed.

        What others changed meanwhile in other fields stays. Raises ConflictError where they changed the same, and
        OverlapError where an annotation would cover another; nothing of the edit is kept then. With `undoes`, the
        edit takes back the one of this id, as `undo` and `redo` do; it may change nothing.
        """
        ...

    def undo(self, session_id: SessionId, by: str, of: ItemRef | None = None) -> LoggedEdit | None:
        """Take back one's own last edit: of all, or of a tier, what is in it and its links, or of any other item.

        The answer is the edit that did it, None where there is nothing to take back. Raises as `record` does, of
        conflicts TakingBackError.
        """
        ...

    def redo(self, session_id: SessionId, by: str, of: ItemRef | None = None) -> LoggedEdit | None:
        """Take back one's own last undo, where nothing new was done since."""
        ...

    def undo_names(self, session_id: SessionId, by: str) -> tuple[str | None, str | None]:
        """The names of the edits that undo would take back and that redo would bring back."""
        ...

    def take_back(
        self, session_id: SessionId, by: str, edit_id: int, item_id: str = "", why: str = ""
    ) -> LoggedEdit:
        """Take back any edit of a session, anybody's, or what it did to one item.

        Raises WozError where there is none that holds, and as `record` does where a later one stands in the way.
        """
        ...

    def since(self, session_id: SessionId, edit_id: int, by: str = "") -> tuple[LoggedEdit, ...]:
        """What was done in a session after an edit, by anybody, the oldest first; as annotator `by` sees it."""
        ...

    def stored(self, items: Iterable[ItemRef]) -> dict[ItemRef, tuple[Item, int | None]]:
        """Items as they are now, those that there are, and the edit that made each so."""
        ...
