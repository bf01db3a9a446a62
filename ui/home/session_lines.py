"""The sessions of a project as the library lists them."""

from __future__ import annotations

from collections.abc import Mapping

from storage import Project
from ui.home.columns import SessionLine
from woz.lab.library import SessionFacts
from woz.lab.on_disk import OnDisk
from woz.lab.storing import Whereabouts
from woz.model.ids import SessionId
from woz.model.session import SessionState
from woz.recording.folder.lock import is_held
from woz.recording.folder.session_folder import SessionFolder


def session_lines(project: Project, disk: Mapping[SessionId, OnDisk] | None = None) -> list[SessionLine]:
    """The sessions of a project as they are listed, the newest first."""
    known, where = disk or {}, Whereabouts(project)
    return [_line(project, facts, known.get(facts.session.id), where) for facts in project.library.sessions()]


def _line(project: Project, facts: SessionFacts, disk: OnDisk | None, where: Whereabouts) -> SessionLine:
    session, people = facts.session, ", ".join(facts.people)
    running = session.state == SessionState.RECORDING and is_held(
        SessionFolder(project.session_dir(session.id)).lock
    )
    return SessionLine(
        session.id,
        session.title,
        session.state,
        session.start_utc_ns,
        session.duration_ns,
        people,
        running,
        facts,
        where.words(session.id),
        disk,
    )
