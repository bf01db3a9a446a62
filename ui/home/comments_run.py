"""The window of comments that concern somebody, on a project: beside the home window, or by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QWidget

from storage import Project
from ui.application.background import waited
from ui.application.children import Children
from ui.application.projects import project_application
from ui.home.comments_window import CommentsWindow
from ui.widgets.own_project import set_project
from ui.widgets.who import annotator_of
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.interval import seconds
from woz.lab.own_talks import OwnTalks
from woz.model.annotator import Annotator
from woz.remote.facts import package_in

SHOT_AFTER_MS = 1500


def listed_for(project: Project, pseudonym: str, settings: QSettings) -> Annotator | None:
    """As `annotator_of`; in a package whom it is for, since nobody else's words go back to the lab."""
    package = package_in(project.path)
    if package and pseudonym not in ("", package.pseudonym):
        raise WozError(f"This package is for {package.pseudonym}; leave --annotator out.")
    return annotator_of(project, package.pseudonym if package else pseudonym, settings)


def comments_window(
    project: Project,
    person: Annotator,
    start: Callable[..., None],
    parent: QWidget | None = None,
    drafts: dict[str, str] | None = None,
) -> CommentsWindow:
    """They open in the editor as whoever's list it is, in its project: `start` gets woz's arguments. `drafts` is as
    the window has it.
    """
    path, who = str(project.path), person.pseudonym

    def annotate(session_id: str, at_ns: int | None) -> None:
        at = () if at_ns is None else ("--at", f"{seconds(at_ns):.3f}")
        start("annotate", path, "--session", session_id, "--annotator", who, *at)

    made = CommentsWindow(OwnTalks(project, person), parent, drafts)
    made.opened.connect(annotate)
    set_project(made, project.path)
    return made


def run_comments(path: Path, annotator: str, theme: str, shot: Path | None) -> int:
    """`annotator` is a pseudonym, asked for where it is empty. With `shot`, save a picture of it and close it."""
    with project_application(theme) as app, waited(lambda: Project.open(path, SystemClock())) as project:
        person = listed_for(project, annotator, QSettings("woz", "woz"))
        if person is None:
            return 0
        children = Children()
        window = comments_window(project, person, children.start)
        window.show()
        if shot:
            QTimer.singleShot(SHOT_AFTER_MS, window, lambda: (window.grab().save(str(shot)), window.close()))
        return int(app.exec())
