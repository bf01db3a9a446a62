"""What an editor may still store once somebody withdrew from its session."""

from __future__ import annotations

from woz.annotation.edits import Edit
from woz.annotation.withdrawn import WithdrawnError, brings_words
from woz.lab.withdrawal_ports import Withdrawals
from woz.model.ids import SessionId

WITHDREW = (
    "Somebody withdrew from this session since it was opened here, and what you typed may hold their words; it"
    " isn't kept: open the session anew, then do it again."
)


class SinceOpened:
    """Knows the withdrawals that reach a session as it is opened."""

    def __init__(self, withdrawals: Withdrawals, session_id: SessionId) -> None:
        """Raises WozError where the project doesn't answer."""
        self._withdrawals, self._session_id = withdrawals, session_id
        self._mark = self._now()

    def demand(self, edit: Edit) -> None:
        """Raises WithdrawnError for an edit with words, where there was one since."""
        if brings_words(edit) and self._now() != self._mark:
            raise WithdrawnError(WITHDREW)

    def _now(self) -> str:
        return self._withdrawals.so_far().sessions.get(self._session_id, "")
