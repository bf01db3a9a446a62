"""What the core asks of whoever keeps its data; `storage` answers."""

from __future__ import annotations

from typing import Protocol

from woz.annotation.edits import Edit
from woz.model.ids import SessionId


class EditLog(Protocol):
    """Keeps edits of a session's annotations, each at once and whole."""

    def record(self, session_id: SessionId, edit: Edit, by: str) -> None:
        """Apply the edit to what is stored, and log it. Raises WozError where it can't be stored."""
        ...
