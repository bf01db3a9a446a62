"""What somebody can undo and redo: it follows from the log alone.

An edit, the undo of it, the redo that takes back the undo, and so on, are a chain: each takes back the one before.
The edit stands where its chain's length is odd. A redo is there until its maker does something new.
"""

from __future__ import annotations

from collections.abc import Iterator

from woz.annotation.logged import Step


class UndoLog:
    """Fed with one maker's edits of a session in their order. Adding and asking take no time that grows."""

    def __init__(self) -> None:
        self._root: dict[int, int] = {}
        self._names: dict[int, str] = {}
        self._standing: dict[int, int] = {}
        self._undone: dict[int, int] = {}
        self.last = 0
        """The id of the last one that was added."""

    def add(self, step: Step) -> None:
        """Nothing where it was added already."""
        if step.id <= self.last:
            return
        self.last = step.id
        root = self._root.get(step.undoes, step.id) if step.undoes is not None else step.id
        self._root[step.id] = root
        if root == step.id:
            self._names[root] = step.name
            self._undone.clear()
            self._standing[root] = step.id
        elif root in self._standing:
            del self._standing[root]
            self._undone[root] = step.id
        else:
            self._undone.pop(root, None)
            self._restore(root, step.id)

    def _restore(self, root: int, tip: int) -> None:
        """It stands again, in its old place among the others."""
        later = [(r, t) for r, t in self._take_later(root)]
        self._standing[root] = tip
        self._standing.update(later)

    def _take_later(self, root: int) -> Iterator[tuple[int, int]]:
        taken = []
        while self._standing and (last := next(reversed(self._standing))) > root:
            taken.append((last, self._standing.pop(last)))
        return reversed(taken)

    def undoable(self) -> Iterator[tuple[int, int]]:
        """Edits that stand, the last first; each with that of its chain which is to be taken back."""
        return ((root, self._standing[root]) for root in reversed(self._standing))

    def redoable(self) -> Iterator[tuple[int, int]]:
        """Edits that were undone, the last undone first; each with the undo that is to be taken back."""
        return ((root, self._undone[root]) for root in reversed(self._undone))

    def name_of(self, root: int) -> str:
        """Of the edit that a chain began with."""
        return self._names[root]

    @property
    def undo_name(self) -> str | None:
        return next((self._names[root] for root, _ in self.undoable()), None)

    @property
    def redo_name(self) -> str | None:
        return next((self._names[root] for root, _ in self.redoable()), None)
