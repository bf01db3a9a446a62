"""New ids for what a file names by ids of its own: a project may hold the same ids already."""

from __future__ import annotations

from collections.abc import Callable


class Identities:
    """Only what something refers to is remembered, so that memory grows with the references alone."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        self._promised: dict[str, str] = {}
        self._read: set[str] = set()
        self.twice = 0
        """So many that are referred to stand in the file again; references lead to the first."""

    def refer(self, old: str) -> None:
        """Something in the file refers to it."""
        if old and old not in self._promised:
            self._promised[old] = self._new_id()

    def promised(self, old: str) -> str:
        """The id that it has, or will have if it is in the file. Raises KeyError for what nothing referred to."""
        return self._promised[old]

    def new(self, old: str) -> str:
        """The id of what is read now."""
        if old not in self._promised:
            return self._new_id()
        if old in self._read:
            self.twice += 1
            return self._new_id()
        self._read.add(old)
        return self._promised[old]

    def known(self, old: str) -> str | None:
        """The new id of what was read already."""
        return self._promised[old] if old in self._read else None
