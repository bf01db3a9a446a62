"""Recorded edits of a session's annotations: undo is the inverse of an edit."""

from __future__ import annotations

from dataclasses import dataclass

from woz.model.annotation import Segment, Tier
from woz.model.question import Question
from woz.model.transcript import Term, Turn

Item = Segment | Turn | Tier | Question | Term


@dataclass(frozen=True, slots=True)
class Edit:
    """Items replaced by others: those in `before` go, those in `after` come. `name` is shown in the menu."""

    name: str
    before: tuple[Item, ...] = ()
    after: tuple[Item, ...] = ()

    def inverse(self) -> Edit:
        return Edit(self.name, self.after, self.before)

    def __bool__(self) -> bool:
        return self.before != self.after

    @property
    def kinds(self) -> frozenset[type]:
        """The kinds of item that it touches."""
        return frozenset(type(item) for item in (*self.before, *self.after))
