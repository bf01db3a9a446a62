"""What is given to `woz import session` where a session's folder belongs."""

from __future__ import annotations

from pathlib import Path

from woz.base.clock import SystemClock
from woz.base.commands import quoted
from woz.base.errors import WozError

FOLDER = "sessions"
MOST_TOLD = 5


def project_of(folder: Path) -> Path:
    """The project that a session's folder lies in. Raises WozError where it lies in none."""
    if not _in_project(folder):
        raise WozError(
            f"{folder} lies in no project; give a session's folder of another project, OTHER/{FOLDER}/ID,"
            " or say with --from OTHER which project knows the session."
        )
    return folder.parent.parent


def refuse_what_is_no_session(target: Path, given: Path) -> None:
    """Raises WozError where both stand in each other's place, and for a project, with the sessions it has."""
    project = _project_itself(given.absolute())
    if _in_project(target.absolute()):
        raise WozError(
            f"{target} is a session's folder, and the project that it comes into stands first:"
            f" woz import session {quoted(given) if project else 'FOLDER'} {quoted(target)}"
        )
    if project is not None:
        raise WozError(_sessions_words(given, project))


def _in_project(folder: Path) -> bool:
    from storage import Project

    return folder.parent.name == FOLDER and Project.is_project(folder.parent.parent)


def _project_itself(folder: Path) -> Path | None:
    """Of a project's folder, or of that of all its sessions."""
    from storage import Project

    if Project.is_project(folder):
        return folder
    return folder.parent if folder.name == FOLDER and Project.is_project(folder.parent) else None


def _sessions_words(given: Path, project: Path) -> str:
    from storage.copies.lending import lent

    with lent(project, SystemClock()) as source:
        known = [str(project / FOLDER / session.id) for session in source.sessions.all()]
    if not known:
        return f"{given} holds no session; give a session's folder of another project, OTHER/{FOLDER}/ID."
    more = f" and {len(known) - MOST_TOLD} more" if len(known) > MOST_TOLD else ""
    return f"{given} is not the folder of one session; give one of these: {', '.join(known[:MOST_TOLD])}{more}."
