"""The sessions of a project as the library lists them."""

from __future__ import annotations

from collections.abc import Mapping

from storage import Project
from ui.home.columns import SessionLine
from woz.base.clock import SystemClock
from woz.lab.library import SessionFacts
from woz.lab.on_disk import OnDisk
from woz.lab.own_figures import counted_of
from woz.lab.storing import Whereabouts
from woz.model.ids import SessionId
from woz.model.session import SessionState
from woz.recording.folder.lock import is_held
from woz.recording.folder.session_folder import SessionFolder


def session_lines(project: Project, disk: Mapping[SessionId, OnDisk] | None = None) -> list[SessionLine]:
    """The sessions of a project as they are listed, the newest first. How far each is, is told to curators and
    managers whole, also where they are blind to what others made.
    """
    known, where = disk or {}, Whereabouts(project)
    every, now = counted_of(project).library.sessions(), SystemClock().utc_ns()
    return [_line(project, facts, known.get(facts.session.id), where, now) for facts in every]


def _line(
    project: Project, facts: SessionFacts, disk: OnDisk | None, where: Whereabouts, utc_ns: int
) -> SessionLine:
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
        ended=facts.ended(utc_ns),
    )
