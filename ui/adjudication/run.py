"""Opens the adjudication window on a session of a project."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QSettings, QTimer

from storage import Project
from ui.adjudication.handing_in import KeptSubmission, kept_submission
from ui.adjudication.matter_panel import left_to_do
from ui.adjudication.window import AdjudicationWindow, Desk
from ui.application.background import waited
from ui.application.projects import project_application
from ui.editor.run import own_draft
from ui.editor.sharing import News, Sharing, Told
from ui.editor.subject import Subject
from ui.editor.unstored_deeds import kept_deeds, resume
from ui.reports.desk_drafts import UNSTORED
from ui.widgets.own_project import set_project
from ui.widgets.who import annotator_of
from woz.annotation.adjudication.clusters import Matter
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.annotation.patience import once
from woz.annotation.tier_states import OPEN
from woz.annotation.unstored import Unstored
from woz.annotation.writing import Executor
from woz.base.clock import SystemClock
from woz.base.errors import InDoubtError, UnreachableError, WozError
from woz.lab.adjudicating import Table, table
from woz.lab.commenting import Place, comment_on_all
from woz.lab.tiers import move_tier
from woz.lab.withdrawn_since import SinceOpened
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
    unstored: Unstored | None = None,
    kept: KeptSubmission | None = None,
    demand: Callable[[Edit], object] = lambda _: None,
) -> AdjudicationWindow:
    """Decisions are stored by the executor, or by the sharing's; `demand` raises WozError for one that isn't to be
    stored any more. Raises WozError where the video can't be read.
    """
    session = waited(lambda: project.sessions.get(found.session_id))
    opened = waited(lambda: project.annotations.open(found.session_id, person.id))
    own = executor or (sharing.executor if sharing else None)
    tell, ask = (sharing.tell, sharing.patience.ask) if sharing else (None, once)
    store = (project.annotations, person.id, own, tell)
    document = Document(found.session_id, opened, *store, ask=ask, unstored=unstored, demand=demand)
    subject = Subject(session, project.session_dir(found.session_id) / "ego.mkv")

    def discuss(matter: Matter, text: str) -> None:
        places = [Place(found.session_id, item_id=str(mark.id)) for mark in matter.cluster.there]
        waited(lambda: comment_on_all(project, places, person, text))

    def submit() -> WozError | None:
        try:
            ask(lambda: _submit(project, found, person))
        except WozError as error:
            return error
        return None

    desk = Desk(discuss, submit, kept or KeptSubmission())
    window = AdjudicationWindow(subject, document, found, desk)
    set_project(window, project.path)
    return window


def _submit(project: Project, found: Table, person: Annotator) -> None:
    """Once all that the person sees is decided. Asked again, as after a lost answer, it is submitted once;
    what came of it since stays. Raises WozError where it can't be; what is in doubt is to be asked again, too.
    """
    state = found.state(project.seen_by(person.id).annotations.load(found.session_id))
    if state.gold.state not in OPEN:
        return
    if left := left_to_do(state):
        raise WozError(left)
    try:
        move_tier(project, found.session_id, found.gold, TierState.SUBMITTED, person, "")
    except InDoubtError as error:
        raise UnreachableError(str(error)) from error


@contextlib.contextmanager
def shared_adjudication(project: Project, found: Table, person: Annotator) -> Iterator[AdjudicationWindow]:
    """Stores beside its window, and shows what others do. What is decided while the database is away waits, and is
    stored in its order when it answers again, or where the window closes before, at the next opening; so is the
    gold submitted.
    """
    since = waited(lambda: SinceOpened(project.withdrawals, found.session_id))
    draft = own_draft(project, found.session_id, person.id)
    running, sharing = draft.path, Sharing()
    submission = running.with_suffix(f".{found.gold}.submission")
    with kept_deeds(running.with_suffix(UNSTORED)) as unstored, kept_submission(submission) as kept:
        try:
            window = adjudication_window(project, found, person, None, sharing, unstored, kept, since.demand)
            sharing.told.connect(lambda told: _tell(window, told))
            sharing.away.connect(unstored.waits)
            resume(window, unstored, draft.told)
            window.hand_in_again()
            end_following = sharing.follow(project, window.document)
            try:
                yield window
            finally:
                end_following()
        finally:
            sharing.close()


def _tell(window: AdjudicationWindow, told: Told) -> None:
    """That the database is away stands until it answers again, whatever is decided meanwhile."""
    if told.news == News.FAULT:
        window.tell_refusal(told.text)
    else:
        window.tell_away(told.text, told.news == News.AWAY)


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
    window.grab().save(str(target))
    window.close()
