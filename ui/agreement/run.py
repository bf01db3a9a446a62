"""Opens the agreement window on a project."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer

from storage import Project
from ui.agreement.window import AgreementWindow, Asking
from ui.application.answers import as_seen_by
from ui.application.background import waited
from ui.application.children import Children
from ui.application.projects import project_application
from ui.editor.subject import Subject
from ui.widgets.own_project import set_project
from woz.base.clock import SystemClock
from woz.base.interval import seconds
from woz.lab.agreeing import agreement
from woz.lab.session_names import told_apart
from woz.model.ids import SessionId

SHOT_AFTER_MS = 4000


def agreement_window(
    project: Project,
    tier_type: str,
    session_id: SessionId | None = None,
    annotators: tuple[str, ...] = (),
    tolerance_ns: int = 500_000_000,
    viewer: str = "",
    span_utc_ns: tuple[int, int] | None = None,
) -> AgreementWindow:
    """Counts beside itself; the project stays open as long as the window. The windows that it opens are the
    `viewer`'s, by pseudonym; they ask who sits there where it is empty. `span_utc_ns` as
    `woz.lab.agreeing.agreement`.
    """
    children, who = Children(), ["--annotator", viewer] if viewer else []
    decided = ["--tier-type", tier_type, "--tolerance", f"{seconds(tolerance_ns):g}"]

    def subject(of: SessionId) -> Subject:
        return Subject(waited(lambda: project.sessions.get(of)), project.session_dir(of) / "ego.mkv")

    def show(verb: str, of: SessionId, at_ns: int, *more: str) -> None:
        children.start(verb, str(project.path), "--session", of, "--at", f"{seconds(at_ns):.3f}", *more, *who)

    asking = Asking(
        lambda: agreement(project, tier_type, session_id, annotators, span_utc_ns),
        lambda: told_apart(project.sessions.titles()),
        subject,
        lambda of, at_ns: show("annotate", of, at_ns),
        lambda of, at_ns: show("adjudicate", of, at_ns, *decided),
        children.last_words,
    )
    window = AgreementWindow(asking, tier_type, tolerance_ns)
    set_project(window, project.path)
    return window


def run_agreement(
    path: Path,
    tier_type: str,
    session_id: SessionId | None,
    annotators: tuple[str, ...],
    viewer: str,
    tolerance_ns: int,
    theme: str,
    shot: Path | None,
    span_utc_ns: tuple[int, int] | None = None,
) -> int:
    """With `shot`, save a picture of the window with its first list and close it."""
    with project_application(theme) as app, waited(lambda: Project.open(path, SystemClock())) as opened:
        project = waited(lambda: as_seen_by(opened, viewer))
        window = agreement_window(project, tier_type, session_id, annotators, tolerance_ns, viewer, span_utc_ns)
        window.show()
        if shot:
            QTimer.singleShot(SHOT_AFTER_MS, window, lambda: _shoot(window, shot))
        return int(app.exec())


def _shoot(window: AgreementWindow, target: Path) -> None:
    if window.page:
        first = next((each for each in window.page.lists.values() if each.cards()), None)
        if first:
            window.open_list(first)
    QTimer.singleShot(SHOT_AFTER_MS, window, lambda: (window.grab().save(str(target)), window.close()))
