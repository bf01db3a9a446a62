"""Which files of a session a kind reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from woz.base.errors import UnreachableError, WozError, permitted
from woz.batch.kind import SESSIONS, PassedOver, Planned, RunFault
from woz.batch.stored import StoredFiles
from woz.deidentifying.approval import unapproved
from woz.lab.annotation_import import has_annotations_alone
from woz.lab.ports import Project
from woz.lab.releasing import shown_path
from woz.model.ids import SessionId
from woz.recording.folder.session_folder import SessionFolder
from woz.store.place import has_store

MADE_ANEW = ("derived", "expert.parts")


def each(
    project: Project,
    sessions: Sequence[SessionId],
    plan: Callable[[SessionFolder], Iterable[Planned | PassedOver]],
) -> Iterator[Planned | PassedOver]:
    """What is planned of each session, or why it has no folder; of one whose files are damaged, that.

    Raises RunFault where the folder of all sessions isn't there, UnreachableError where the store is away.
    """
    for session in sessions:
        try:
            with permitted():
                found = list(_planned(project, session, plan))
            yield from found
        except (RunFault, UnreachableError):
            raise
        except WozError as error:
            yield PassedOver(session, str(error), damaged=True)


def _planned(
    project: Project, session: SessionId, plan: Callable[[SessionFolder], Iterable[Planned | PassedOver]]
) -> Iterable[Planned | PassedOver]:
    folder = SessionFolder(project.session_dir(session))
    if folder.path.is_dir():
        return plan(folder)
    if has_annotations_alone(project, session):
        return [PassedOver(session, "it was imported as annotations alone")]
    if has_store(project.path):
        return [PassedOver(session, "nothing of it is on this computer; run woz media fetch --without-films")]
    raise WozError(lost(project, session))


def lost(project: Project, session: SessionId) -> str:
    """What is told of a session whose recording is gone; empty where it is here or in a store, or never was.

    Raises RunFault where the folder of all sessions isn't there.
    """
    folder = project.session_dir(session)
    if folder.is_dir() or has_annotations_alone(project, session) or has_store(project.path):
        return ""
    if not project.sessions_dir.is_dir():
        raise RunFault(f"The recordings are not at {project.sessions_dir}; say where with woz project media-root.")
    return f"Its recording is not at {folder}; bring it back."


def lacks_film(folder: SessionFolder, stored: StoredFiles) -> str:
    """Why a session has no film, here or in the store; empty where it has one."""
    return "" if folder.ego.is_file() or stored.file(folder.ego) else f"it has no {folder.ego.name}"


def hidden(project: Project, folder: SessionFolder) -> str:
    """Why a session's film may not be shown, where the project asks for blurred copies; else empty."""
    return unapproved(folder.ego) if project.blurring.required else ""


def shown_files(project: Project, folder: SessionFolder) -> list[tuple[str, Path]]:
    """The film, or its blurred copy where the project asks for that, and the table of its frames."""
    return film_files(shown_path(project, folder), folder)


def film_files(film: Path, folder: SessionFolder) -> list[tuple[str, Path]]:
    """A film of a session and, where there is one, the table of its frames."""
    return [(SESSIONS, film), *((SESSIONS, path) for path in (folder.frames,) if path.is_file())]


def all_files(folder: Path, stored: StoredFiles) -> list[tuple[str, Path]]:
    """What was recorded, here or in the store, without what can be made anew and what is hidden."""
    here = {path for path in folder.rglob("*") if path.is_file()}
    found = sorted(here | {folder / name for name in stored.of(folder.name)})
    parts = ((path, path.relative_to(folder).parts) for path in found)
    return [(SESSIONS, path) for path, names in parts if names[0] not in MADE_ANEW and names[-1][0] != "."]
