"""How a command answers, and which session it means."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from woz.base.errors import WozError
from woz.model.ids import SessionId

if TYPE_CHECKING:
    from storage import Project


def say(text: str, *_: object) -> None:
    """A line for a person, at once."""
    print(text, flush=True)


def progress(silent: bool) -> Callable[[int, str], None]:
    """Tells how far a command is, in percent, and what comes now; on standard error, beside its answer."""

    def tell(percent: int, what: str) -> None:
        if not silent:
            print(f"{percent:3d}%  {what}", file=sys.stderr, flush=True)

    return tell


def quiet(text: str) -> None:
    """A line for the log, where the answer is for a machine."""
    logging.getLogger(__name__).info("%s", text)


def newest_session(project: Project) -> SessionId:
    """Raises WozError where there is none."""
    sessions = project.sessions.all()
    if not sessions:
        raise WozError("This project has no session yet; record one (woz station), or import one (woz import).")
    return sessions[0].id


def chosen_session(project: Project, wanted: str | None) -> SessionId:
    """The session of this id, or the newest. Raises WozError where there is none."""
    return project.sessions.get(SessionId(wanted)).id if wanted else newest_session(project)


def chosen_sessions(project: Project, wanted: Sequence[str], everything: bool) -> list[SessionId]:
    """All sessions, or those of these ids, or the newest. Raises WozError where there is none."""
    if everything:
        newest_session(project)
        return [session.id for session in project.sessions.all()]
    return [project.sessions.get(SessionId(one)).id for one in wanted] or [newest_session(project)]


def as_seen_by(project: Project, pseudonym: str) -> Project:
    """The project as this annotator sees it; for nobody as it was opened, by a login as whoever logs in sees it.

    Raises WozError for one it doesn't know, and for a login that may not look as them.
    """
    from woz.lab.annotators import annotator_named

    return project.seen_by(annotator_named(project, pseudonym).id) if pseudonym else project


def pair_of(text: str) -> tuple[str, str]:
    """Both sides of `NAME=NAME`. Raises WozError for anything else."""
    left, sign, right = text.partition("=")
    if not sign or not left.strip() or not right.strip():
        raise WozError(f"“{text}” should be two names with = between them.")
    return left.strip(), right.strip()
