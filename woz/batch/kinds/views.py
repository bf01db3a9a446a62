"""The views of a session: the trainee's, and those of further cameras."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from woz.batch.items import Item
from woz.batch.kind import SESSIONS, PassedOver
from woz.batch.kinds.session_files import lacks_film
from woz.batch.stored import StoredFiles
from woz.capture.unplayed import kept_parts_objection
from woz.lab.blurring import SEALED, view_paths
from woz.lab.ports import Project
from woz.model.ids import SessionId
from woz.recording.folder.session_folder import SessionFolder

UNNAMEABLE = re.compile(r"[^A-Za-z0-9._-]")
"""What no item's id has."""


@dataclass(frozen=True, slots=True)
class View:
    """A view of a session, here or in the store, and the table of its frames; `item` is its item's id."""

    film: Path
    table: Path
    item: str
    said: Mapping[str, str]
    """By its item's parameters; of the trainee's own view nothing: its item's id is the session's."""

    @property
    def files(self) -> list[tuple[str, Path]]:
        return [(SESSIONS, path) for path in (self.film, self.table) if path == self.film or path.is_file()]


def views(project: Project, folder: SessionFolder, stored: StoredFiles) -> Iterator[View | PassedOver]:
    """All views of a session, of further cameras too, the trainee's first; or what is told of one that can't be
    looked at.
    """
    session = folder.path.name
    if not folder.ego.is_file() and (why := lacks_film(folder, stored)):
        yield PassedOver(session, why)
    for film, table in view_paths(project, SessionId(session)).items():
        name = film.relative_to(folder.path).as_posix()
        if not (film.is_file() or stored.file(film)):
            if film != folder.ego:
                yield PassedOver(session, f"its view {name} is not on this computer")
        elif film.suffix in SEALED:
            yield PassedOver(session, f"{name} can't be blurred, and no release takes it")
        elif film == folder.ego:
            yield View(film, table, session, {})
        elif why := _parts(film):
            yield PassedOver(session, why)
        else:
            said = {"session": session, "film": name, "table": table.relative_to(folder.path).as_posix()}
            yield View(film, table, f"{session}-{re.sub(UNNAMEABLE, '-', name)}", said)


def film_of(project: Project, item: Item) -> Path:
    """The view that an item is of, in the project."""
    folder = SessionFolder(project.session_dir(SessionId(item.parameters.get("session", item.id))))
    return folder.path / str(item.parameters.get("film", folder.ego.name))


def _parts(film: Path) -> str:
    """What keeps a further view from being looked at; what only the store has is seen where it is worked on."""
    try:
        return kept_parts_objection(film)
    except OSError:
        return ""
