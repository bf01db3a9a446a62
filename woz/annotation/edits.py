"""Edits of a session's items: undo is the inverse of an edit."""

from __future__ import annotations

from dataclasses import dataclass

from woz.model.kinds import Item


@dataclass(frozen=True, slots=True)
class Edit:
    """Items replaced by others: those in `before` go, those in `after` come. `name` is shown in the menu."""

    name: str
    before: tuple[Item, ...] = ()
    after: tuple[Item, ...] = ()
    why: str = ""

    def inverse(self) -> Edit:
        return Edit(self.name, self.after, self.before, self.why)

    def __bool__(self) -> bool:
        return self.before != self.after

    @property
    def kinds(self) -> frozenset[type]:
        """The kinds of item that it touches."""
        return frozenset(type(item) for item in (*self.before, *self.after))
