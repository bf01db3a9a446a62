"""Opens the adjudication window on a session of a project."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QSettings, QThreadPool, QTimer

from storage import Project
from ui.adjudication.window import AdjudicationWindow, Desk
from ui.application.background import waited
from ui.application.projects import project_application
from ui.editor.sharing import Sharing
from ui.editor.subject import Subject
from ui.widgets.who import annotator_of
from woz.annotation.adjudication.clusters import Matter
from woz.annotation.document import Document
from woz.annotation.writing import Executor
from woz.base.clock import SystemClock
from woz.lab.adjudicating import Table, table
from woz.lab.commenting import Place, comment
from woz.lab.tiers import move_tier
from woz.model.annotator import Annotator
from woz.model.ids import SessionId
from woz.model.tier import TierState

SHOT_AFTER_MS = 1500


def adjudication_window(
    project: Project,
    found: Table,
    person: Annotator,
    executor: Executor | None = None,
    sharing: Sharing | None = None,
) -> AdjudicationWindow:
    """Decisions are stored by the executor, or by the sharing's. Raises WozError where the video can't be read."""
    session = waited(lambda: project.sessions.get(found.session_id))
    opened = waited(lambda: project.annotations.open(found.session_id, person.id))
    own = executor or (sharing.executor if sharing else None)
    document = Document(
        found.session_id, opened, project.annotations, person.id, own, sharing.tell if sharing else None
    )
    subject = Subject(session, project.session_dir(found.session_id) / "ego.mkv")

    def discuss(matter: Matter, text: str) -> None:
        for mark in matter.cluster.there:
            place = Place(found.session_id, item_id=str(mark.id))
            waited(lambda place=place: comment(project, place, person, text))  # type: ignore[misc]

    def submit() -> None:
        waited(lambda: move_tier(project, found.session_id, found.gold, TierState.SUBMITTED, person, ""))
        document.follow()

    return AdjudicationWindow(subject, document, found, Desk(discuss, submit))


@contextlib.contextmanager
def shared_adjudication(project: Project, found: Table, person: Annotator) -> Iterator[AdjudicationWindow]:
    """Stores beside its window, and shows what others do; at the end all is stored."""
    sharing = Sharing()
    try:
        window = adjudication_window(project, found, person, sharing=sharing)
        sharing.told.connect(window.tell_refusal)
        end_following = sharing.follow(project, window.document)
        try:
            yield window
        finally:
            end_following()
    finally:
        sharing.executor.close()


def run_adjudication(
    path: Path,
    session_id: SessionId,
    tier_type: str,
    annotator: str,
    tolerance_ns: int,
    theme: str,
    shot: Path | None,
    at_ns: int = 0,
) -> int:
    """`annotator` is a pseudonym, asked for where it is empty. With `shot`, save a picture of the window and close
    it.
    """
    with project_application(theme) as app, waited(lambda: Project.open(path, SystemClock())) as project:
        person = annotator_of(project, annotator, QSettings("woz", "woz"))
        if person is None:
            return 0
        found = waited(lambda: table(project, session_id, tier_type, person, SystemClock(), tolerance_ns))
        with shared_adjudication(project, found, person) as window:
            window.show()
            if at_ns:
                window.show_from(at_ns)
            if shot:
                QTimer.singleShot(SHOT_AFTER_MS, window, lambda: _shoot(window, shot))
            return int(app.exec())


def _shoot(window: AdjudicationWindow, target: Path) -> None:
    QThreadPool.globalInstance().waitForDone()
    window.grab().save(str(target))
    window.close()
