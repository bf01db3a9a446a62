"""Which files of a session a kind reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from woz.base.errors import WozError
from woz.batch.kind import SESSIONS, PassedOver
from woz.batch.stored import StoredFiles
from woz.lab.annotation_import import has_annotations_alone
from woz.lab.blurring import quick_objection
from woz.lab.ports import Project
from woz.lab.releasing import shown_path
from woz.model.ids import SessionId
from woz.recording.folder.session_folder import SessionFolder
from woz.store.place import has_store

MADE_ANEW = ("derived", "expert.parts")


@dataclass(frozen=True, slots=True)
class Shown:
    """The film of a session that may be shown, and the table of its frames."""

    session: SessionId
    files: Sequence[tuple[str, Path]]


def recorded(project: Project, sessions: Sequence[SessionId]) -> Iterator[tuple[SessionId, Path] | PassedOver]:
    """Each session with its folder, or why it has none."""
    for session in sessions:
        folder = project.session_dir(session)
        if folder.is_dir():
            yield session, folder
        elif has_annotations_alone(project, session):
            yield PassedOver(session, "it was imported as annotations alone")
        elif has_store(project.path):
            yield PassedOver(session, "nothing of it is on this computer; run woz media fetch --without-films")
        else:
            raise WozError(f"The recording of {session} is not at {folder}; say where with woz project media-root.")


def filmed(project: Project, sessions: Sequence[SessionId]) -> Iterator[SessionFolder | PassedOver]:
    """Each session that has a film, here or in the store, or why it has none."""
    stored = StoredFiles(project)
    for found in recorded(project, sessions):
        if isinstance(found, PassedOver):
            yield found
            continue
        folder = SessionFolder(found[1])
        there = folder.ego.is_file() or stored.file(folder.ego)
        yield folder if there else PassedOver(found[0], f"it has no {folder.ego.name}")


def shown(project: Project, sessions: Sequence[SessionId]) -> Iterator[Shown | PassedOver]:
    """The approved blurred copy of each film, where the project asks for that; or why there is none."""
    for found in filmed(project, sessions):
        if isinstance(found, PassedOver):
            yield found
        elif why := quick_objection(project, found):
            yield PassedOver(found.path.name, why)
        else:
            yield Shown(SessionId(found.path.name), film_files(shown_path(project, found), found))


def film_files(film: Path, folder: SessionFolder) -> list[tuple[str, Path]]:
    """A film of a session and, where there is one, the table of its frames."""
    return [(SESSIONS, film), *((SESSIONS, path) for path in (folder.frames,) if path.is_file())]


def all_files(folder: Path, stored: StoredFiles) -> list[tuple[str, Path]]:
    """What was recorded, here or in the store, without what can be made anew and what is hidden."""
    here = {path for path in folder.rglob("*") if path.is_file()}
    found = sorted(here | {folder / name for name in stored.of(folder.name)})
    parts = ((path, path.relative_to(folder).parts) for path in found)
    return [(SESSIONS, path) for path, names in parts if names[0] not in MADE_ANEW and names[-1][0] != "."]
