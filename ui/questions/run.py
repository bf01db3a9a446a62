"""Opens the window of questions on a project, for somebody who judges."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from storage import Project
from ui.application.background import waited
from ui.application.own_file import own_file
from ui.application.projects import project_application
from ui.questions.curating import CuratorDesk
from ui.questions.curator_window import CuratorWindow
from ui.questions.desk import Desk
from ui.questions.suggestions import Suggesting
from ui.questions.window import QuestionsWindow
from ui.reports.desk_drafts import desk_folder, place_of
from ui.widgets.own_project import set_project
from ui.widgets.who import annotator_of
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.dataset.distractors.sentence_vectors import sentence_vectors
from woz.dataset.models.endpoint import Endpoint
from woz.dataset.review.unstored import UnstoredDeeds, Whose
from woz.lab.suggesting import Suggester
from woz.model.annotator import Annotator, AnnotatorRole
from woz.model.ids import SessionId
from woz.model.review import ReviewTask

SHOT_AFTER_MS = 2_000
CURATE, JUDGE = "curate", "judge"


@dataclass(frozen=True, slots=True)
class Choices:
    """What is judged, and by whom; a pseudonym is asked for where it is empty. `endpoint` is asked for wrong
    answers, with `send` also where it is another computer.
    """

    annotator: str = ""
    task: str = "text"
    session: str = ""
    endpoint: Endpoint | None = None
    send: bool = False


def run_review(path: Path, choices: Choices, theme: str, shot: Path | None) -> int:
    """Judge until the window is closed.

    Raises WozError where project, annotator or session isn't there.
    """
    with project_application(theme), waited(lambda: Project.open(path, SystemClock())) as project:
        person = annotator_of(project, choices.annotator, QSettings("woz", "woz"))
        if person is None:
            return 0
        if choices.session:
            waited(lambda: project.sessions.get(SessionId(choices.session)))
        return _curate(project, person, shot) if choices.task == CURATE else _judge(project, person, choices, shot)


def _judge(project: Project, person: Annotator, choices: Choices, shot: Path | None) -> int:
    sessions = [(each.id, each.title) for each in waited(project.sessions.all)]
    wrong_answers = waited(project.reviews.rule).wrong_answers
    with kept_decisions(project, person, JUDGE) as unstored:
        desk = Desk(project, person, QSettings("woz", "woz"), unstored=unstored)
        suggesting = Suggesting(Suggester(project, sentence_vectors, choices.endpoint, choices.send))
        try:
            window = QuestionsWindow(desk, sessions, suggesting, wrong_answers)
            set_project(window, project.path)
            window.choose_session(choices.session)
            desk.resume()
            window.begin(ReviewTask(choices.task))
            window.show()
            _shoot_later(window, shot)
            return int(QApplication.exec())
        finally:
            suggesting.close()
            desk.close()


def _curate(project: Project, person: Annotator, shot: Path | None) -> int:
    if AnnotatorRole.CURATOR not in person.roles:
        raise WozError(
            f"{person.pseudonym} is no curator of this project; a manager makes one with"
            " woz annotators role PROJECT."
        )
    with kept_decisions(project, person, CURATE) as unstored:
        desk = CuratorDesk(project, person, unstored=unstored)
        try:
            window = CuratorWindow(desk)
            set_project(window, project.path)
            desk.resume()
            desk.begin()
            window.show()
            _shoot_later(window, shot)
            return int(QApplication.exec())
        finally:
            desk.close()


@contextlib.contextmanager
def kept_decisions(project: Project, person: Annotator, what: str) -> Iterator[UnstoredDeeds]:
    """What somebody decided here and isn't stored yet, in a file that one window alone keeps; a second one of the
    same person keeps none. Raises WozError where the project doesn't answer.
    """
    made, so_far = waited(lambda: (project.made_utc_ns, project.withdrawals.so_far()))
    whose = Whose(made, person.id, so_far.mark)
    with own_file(desk_folder() / f"{place_of(project.path)}-{what}-{person.id}.jsonl") as own:
        yield UnstoredDeeds(own, whose)


def _shoot_later(window: QWidget, shot: Path | None) -> None:
    if shot:
        QTimer.singleShot(SHOT_AFTER_MS, window, lambda: (window.grab().save(str(shot)), window.close()))
