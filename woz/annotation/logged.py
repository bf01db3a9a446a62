"""Edits as the log has them: who made what of which items, when and why."""

from __future__ import annotations

from dataclasses import dataclass

from woz.annotation.edits import Edit
from woz.model.ids import SessionId
from woz.model.item import ItemRef
from woz.model.kinds import Item
from woz.model.transcript import Turn


@dataclass(frozen=True, slots=True)
class ItemChange:
    """What became of one item; None where it wasn't before, or isn't any more."""

    item: ItemRef
    before: Item | None
    after: Item | None

    @property
    def checks(self) -> bool:
        """Whether a turn was marked as checked."""
        before, after = self.before, self.after
        return isinstance(after, Turn) and after.checked and not (isinstance(before, Turn) and before.checked)


@dataclass(frozen=True, slots=True)
class Step:
    """As much of a logged edit as undo goes by."""

    id: int
    name: str
    undoes: int | None


@dataclass(frozen=True, slots=True)
class LoggedEdit:
    """An edit as it was made, with each item as it was stored before and after it.

    `by` is an annotator's id or a program's name, `undoes` the edit that it takes back.
    """

    id: int
    session_id: SessionId
    by: str
    made_utc_ns: int
    name: str
    why: str
    undoes: int | None
    changes: tuple[ItemChange, ...]

    @property
    def edit(self) -> Edit:
        before = tuple(change.before for change in self.changes if change.before is not None)
        after = tuple(change.after for change in self.changes if change.after is not None)
        return Edit(self.name, before, after, self.why)

    @property
    def step(self) -> Step:
        return Step(self.id, self.name, self.undoes)


@dataclass(frozen=True, slots=True)
class Version:
    """One state in the history of an item: the edit that made it, and what it made of what."""

    edit_id: int
    by: str
    made_utc_ns: int
    name: str
    why: str
    undoes: int | None
    before: Item | None
    after: Item | None
