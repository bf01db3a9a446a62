"""What a project's store has of files that are not here: a plan takes their sizes and hashes from it."""

from __future__ import annotations

from pathlib import Path

from woz.batch.items import Input
from woz.lab.ports import Project
from woz.store.listing import Listing, Stored, listing_of
from woz.store.place import has_store, place_of
from woz.store.remote import Remote


class StoredFiles:
    """Nothing where the project has no store. Raises WozError in all methods where the store refuses or is away."""

    def __init__(self, project: Project) -> None:
        self._sessions = project.sessions_dir
        self._remote = Remote(place_of(project.path)) if has_store(project.path) else None
        self._last: tuple[str, Listing | None] = ("", None)

    def file(self, path: Path) -> Stored | None:
        """Of a path below the project's folder of sessions that isn't here."""
        if self._remote is None or path.exists() or not path.is_relative_to(self._sessions):
            return None
        session, *rest = path.relative_to(self._sessions).parts
        return self.of(session).get("/".join(rest))

    def of(self, session: str) -> dict[str, Stored]:
        """All files of a session, by their paths in its folder."""
        if self._remote is None:
            return {}
        if self._last[0] != session:
            self._last = (session, listing_of(self._remote, session))
        return dict(self._last[1].files) if self._last[1] else {}

    def input_of(self, root: str, path: Path) -> Input | None:
        """None for what is here, or is not in the store either."""
        found = self.file(path)
        relative = path.relative_to(self._sessions).as_posix() if found else ""
        return Input(root, relative, found.size, 0, found.sha256) if found else None
