"""The films of a release's sessions, as they are asked for again and again, a session after the other."""

from __future__ import annotations

from collections.abc import Callable

from woz.dataset.release.clips import Film
from woz.model.ids import SessionId


class ReadFilms:
    """Each is read once, but of those with times of their frames, which are many, the last alone is held."""

    def __init__(self, read: Callable[[SessionId], Film | None]) -> None:
        """`read` gives a session's film, None where it has none."""
        self._read = read
        self._found: dict[SessionId, Film | None] = {}
        self._timed: SessionId | None = None

    def of(self, session_id: SessionId) -> Film | None:
        """Raises what `read` does."""
        if session_id not in self._found:
            film = self._read(session_id)
            if film and film.exact:
                if self._timed:
                    del self._found[self._timed]
                self._timed = session_id
            self._found[session_id] = film
        return self._found[session_id]
