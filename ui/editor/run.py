"""Opens the editor on a session of a project."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QWidget

from storage import Project
from ui.application.answers import chosen_session
from ui.application.background import waited
from ui.application.projects import project_application
from ui.editor.drift_notice import OwnDrift
from ui.editor.history_dialog import HistoryLine
from ui.editor.list_bar import ListBar, ListSteps
from ui.editor.new_tier import SchemeSource
from ui.editor.sharing import Sharing
from ui.editor.subject import Subject
from ui.editor.submitting import Submission
from ui.editor.unstored_deeds import kept_deeds, resume
from ui.editor.window import EditorWindow
from ui.editor.work_timer import WorkLog
from ui.reports.desk_drafts import UNSTORED, Draft, draft_of, place_of
from ui.widgets.own_project import set_project
from ui.widgets.who import annotator_of, logged_in
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.annotation.patience import Ask, once
from woz.annotation.ports import Opened
from woz.annotation.proposals.running import GoOn
from woz.annotation.unstored import Unstored
from woz.annotation.writing import Executor
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.interval import nanoseconds
from woz.lab.consenting import consent_lamp
from woz.lab.door import Door, own_seat
from woz.lab.drift_watch import DriftWatch, own_drift
from woz.lab.drift_words import DriftTold
from woz.lab.feedback import FeedbackDesk
from woz.lab.findings import session_findings
from woz.lab.histories import changes_of, session_history, start_of
from woz.lab.item_names import names_in, pseudonyms
from woz.lab.proposing import Drafted, Drafting, draft
from woz.lab.session_windows import session_windows
from woz.lab.taking_in import transcript_of
from woz.lab.withdrawn_since import SinceOpened
from woz.lab.worklists import WorkLists
from woz.model.annotator import Annotator
from woz.model.ids import AnnotatorId, SessionId, TierId, TranscriptId
from woz.model.item import ItemRef
from woz.model.made import PROGRAM
from woz.model.origin import Origin
from woz.model.own_schemes import with_steps
from woz.model.scheme import Scheme
from woz.model.tier import Tier
from woz.model.transcript import Transcript, Turn
from woz.recording.folder.lock import is_held
from woz.recording.folder.session_folder import SessionFolder
from woz.remote.facts import demand_in_time

SHOT_AFTER_MS = 1500


def editor_window(
    project: Project,
    session_id: SessionId,
    by: str,
    executor: Executor | None = None,
    tell: Callable[[WozError], None] | None = None,
    settings: QSettings | None = None,
    running: Path | None = None,
    ask: Ask = once,
    unstored: Unstored | None = None,
    watch: DriftWatch | None = None,
    demand: Callable[[Edit], object] = lambda _: None,
) -> EditorWindow:
    """`by` is an annotator's id. The executor stores edits, `tell` gets why one was refused. With `settings`, what
    a person likes is remembered; with `running`, what is being marked outlives a killed program in that file;
    `unstored` keeps what can't be stored; `watch`, what was read of their drift in editors before this one.
    `demand` raises WozError for an edit that isn't to be stored any more.

    Raises WozError for a session that isn't there.
    """
    subject, opened = waited(lambda: _read(project, session_id, by, running, watch))
    document = Document(
        session_id, opened, project.annotations, by, executor, tell, ask=ask, unstored=unstored, demand=demand
    )
    window = EditorWindow(subject, document, settings)
    set_project(window, project.path)
    return window


def _work_log(project: Project, session_id: SessionId, by: str) -> WorkLog:
    done: dict[TierId, int] = {}
    for piece in project.work.all(session_id, by):
        done[piece.tier_id] = done.get(piece.tier_id, 0) + piece.active_ns
    return WorkLog(done, project.work.add if project.work.measured else None)


def own_draft(project: Project, session_id: SessionId, by: str) -> Draft:
    """On this computer, one for each session of each project and each annotator; another one once somebody withdrew
    from the session, and what was kept before goes.
    """
    withdrawn = waited(lambda: project.withdrawals.so_far()).sessions.get(session_id, "")
    return draft_of(project.path, session_id, by, withdrawn)


def _own_drift(project: Project, person: Annotator, running: Path | None, watch: DriftWatch | None) -> OwnDrift:
    """Nothing is read while a session is recorded at this computer."""

    def look(rest: Callable[[], None]) -> list[DriftTold]:
        locks = (SessionFolder(project.session_dir(each.id)).lock for each in project.sessions.unfinished())
        return [] if any(map(is_held, locks)) else own_drift(project, person, SystemClock().utc_ns(), rest, watch)

    name = f"{place_of(project.path)}-{person.id}-drift.json"
    return OwnDrift(look, running.with_name(name) if running else None)


def _read(
    project: Project, session_id: SessionId, by: str, running: Path | None, watch: DriftWatch | None
) -> tuple[Subject, Opened]:
    """What the editor is opened on, off the window's thread."""
    session, transcripts = project.sessions.get(session_id), project.transcripts.of_session(session_id)
    media = project.session_dir(session_id) / "ego.mkv"

    def originals(transcript: TranscriptId) -> list[Turn]:
        return waited(lambda: project.transcripts.originals(transcript))

    history = partial(history_lines, project.seen_by(AnnotatorId(by)), session_id)
    mover = next((person for person in project.annotators.all() if person.id == by), None)
    procedure = project.procedures.get(session.procedure_id) if session.procedure_id else None

    def keep(scheme: Scheme) -> Scheme:
        kept = project.schemes.keep(scheme)
        return with_steps(kept, procedure) if procedure else kept

    schemes = SchemeSource(keep, mover.id if mover else None)
    opened = project.annotations.open(session_id, by)

    def propose(drafting: Drafting, go_on: GoOn) -> tuple[Drafted, Scheme]:
        done = draft(project, session_id, drafting, SystemClock(), go_on)
        tier = project.annotations.stored([ItemRef("tier", done.tier)])[ItemRef("tier", done.tier)][0]
        assert isinstance(tier, Tier)
        kept = (tier.scheme_id, tier.scheme_version)
        return done, next(each for each in project.schemes.all() if (each.id, each.version) == kept)

    def new_transcript() -> Transcript:
        made = transcript_of(session_id, Origin.MANUAL, by, SystemClock(), "")
        waited(lambda: project.transcripts.add(made, ()))
        return made

    log = _work_log(project, session_id, by)
    subject = Subject(session, media, transcripts, originals, history, schemes, propose, log)
    submission = Submission(mover, partial(session_findings, project, session_id)) if mover else None
    names = pseudonyms(project)
    door = Door(project.leases, mover.id, own_seat(), names) if mover else None
    feedback = FeedbackDesk(project, session_id, mover) if mover else None
    lamp = consent_lamp(project, session, bool(transcripts))
    subject = replace(subject, new_transcript=new_transcript, submission=submission, door=door, names=names)
    tiers = (each for each in opened.items if isinstance(each, Tier))
    windows = session_windows(project, session_id, tiers)
    subject = replace(subject, feedback=feedback, lamp=lamp, project=project.path, windows=windows, running=running)
    subject = replace(subject, wrong_answers=project.reviews.rule().wrong_answers)
    return replace(subject, drift=_own_drift(project, mover, running, watch) if mover else None), opened


def history_lines(project: Project, session_id: SessionId, item_id: str) -> list[HistoryLine]:
    """What became of an item, as it is listed. Raises WozError where nobody ever changed it."""
    entries = session_history(project, session_id, item_id)
    names = names_in(project, [entry.edit for entry in entries])
    return [
        HistoryLine(
            entry.edit.id,
            entry.edit.made_utc_ns,
            entry.who,
            entry.edit.name,
            tuple(str(change) for change in changes_of(entry.edit, item_id, names)),
            entry.edit.why,
            entry.undone,
            start_of(entry.edit, item_id),
        )
        for entry in entries
    ]


def run_editor(
    path: Path,
    session_id: str | None,
    annotator: str,
    theme: str,
    shot: Path | None,
    at_s: float = 0.0,
    worklist: str = "",
) -> int:
    """Edit a session, the newest by default; `annotator` is a pseudonym, asked for where it is empty.
    In a package it is whom the package is for; raises WozError after the package's last day.

    With the name of a `worklist`, its places one after the other, in whatever session each is. With `shot`, nobody
    is asked: save a picture of the window, on a server as whoever logs in sees it, and close it.
    """
    package = demand_in_time(path, SystemClock().utc_ns())
    if package and annotator in ("", package.pseudonym):
        annotator = package.pseudonym
    elif package:
        raise WozError(f"This package is for {package.pseudonym}; leave --annotator out.")
    with project_application(theme) as app, waited(lambda: Project.open(path, SystemClock())) as project:
        steps = _steps(project, worklist) if worklist else None
        session = waited(lambda: chosen_session(project, steps.place.session if steps else session_id))
        by: str = PROGRAM
        if annotator or not shot:
            person = annotator_of(project, annotator, QSettings("woz", "woz"))
            if person is None:
                return 0
            by = person.id
        elif login := waited(lambda: logged_in(project)):
            by = login.id
        watch = DriftWatch()
        while True:
            with shared_editor(project, session, by, watch) as window:
                others = _stepping(window, steps) if steps else []
                window.show()
                if at_s or steps:
                    window.seek(steps.place.at_ns if steps else nanoseconds(at_s))
                if shot:
                    QTimer.singleShot(SHOT_AFTER_MS, window, lambda shown=window: _shoot(shown, shot))
                status = int(app.exec())
            if not others or steps is None:
                return status
            session = SessionId(steps.place.session)


def _steps(project: Project, name: str) -> ListSteps:
    """Raises WozError where there is no such list."""
    lists = WorkLists(project.path)
    return ListSteps(lists, lists.get(name))


def _stepping(window: EditorWindow, steps: ListSteps) -> list[str]:
    """A bar in the window; what is returned gets an entry when a place of another session is wanted."""
    others: list[str] = []
    bar = ListBar(steps, window.seek, window)

    def leave() -> None:
        others.append(steps.place.session)
        if not window.close():
            others.clear()

    bar.wanted.connect(leave)
    window.addToolBar(bar)
    return others


@contextlib.contextmanager
def shared_editor(
    project: Project, session_id: SessionId, by: str, watch: DriftWatch | None = None
) -> Iterator[EditorWindow]:
    """An editor that stores beside its window and shows what others do; at the end all is stored. `watch` as of
    `editor_window`.
    """
    since = waited(lambda: SinceOpened(project.withdrawals, session_id))
    kept = own_draft(project, session_id, by)
    running, sharing = kept.path, Sharing()
    with kept_deeds(running.with_suffix(UNSTORED)) as unstored:
        try:
            store, settings = (sharing.executor, sharing.tell), QSettings("woz", "woz")
            ask = sharing.patience.ask
            window = editor_window(
                project, session_id, by, *store, settings, running, ask, unstored, watch, since.demand
            )
            sharing.told.connect(lambda told: window.tell(told.text))
            sharing.away.connect(unstored.waits)
            sharing.settled.connect(window.show_saved)
            resume(window, unstored, kept.told)
            end_following = sharing.follow(project, window.document, window.feedback.read_later)
            try:
                yield window
            finally:
                end_following()
        finally:
            sharing.close()


def _shoot(window: QWidget, target: Path) -> None:
    window.grab().save(str(target))
    window.close()
