"""Which edits of a log no longer hold."""

from __future__ import annotations

from collections.abc import Sequence

from woz.annotation.logged import LoggedEdit


def taken_back(edits: Sequence[LoggedEdit]) -> set[int]:
    """The ids of those that were taken back, by an edit that still holds. `edits` are ordered, the oldest first."""
    gone: set[int] = set()
    for edit in reversed(edits):
        if edit.undoes is not None and edit.id not in gone:
            gone.add(edit.undoes)
    return gone
