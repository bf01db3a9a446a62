"""Opens the agreement window on a project."""

from __future__ import annotations

import subprocess
from pathlib import Path

from PySide6.QtCore import QTimer

from storage import Project
from storage.backends import guard
from ui.agreement.window import AgreementWindow, Asking
from ui.application.answers import as_seen_by
from ui.application.application import application
from ui.application.background import waited
from ui.application.programs import program
from ui.editor.subject import Subject
from woz.base.clock import SystemClock
from woz.lab.agreeing import agreement
from woz.model.ids import SessionId

SHOT_AFTER_MS = 4000


def agreement_window(
    project: Project,
    tier_type: str,
    session_id: SessionId | None = None,
    annotators: tuple[str, ...] = (),
    tolerance_ns: int = 500_000_000,
) -> AgreementWindow:
    """Counts beside itself; the project stays open as long as the window."""

    def subject(of: SessionId) -> Subject:
        return Subject(waited(lambda: project.sessions.get(of)), project.session_dir(of) / "ego.mkv")

    def edit(of: SessionId) -> None:
        subprocess.Popen(program("annotate", str(project.path), "--session", of))

    asking = Asking(lambda: agreement(project, tier_type, session_id, annotators), subject, edit)
    return AgreementWindow(asking, tier_type, tolerance_ns)


def run_agreement(
    path: Path,
    tier_type: str,
    session_id: SessionId | None,
    annotators: tuple[str, ...],
    viewer: str,
    tolerance_ns: int,
    theme: str,
    shot: Path | None,
) -> int:
    """With `shot`, save a picture of the window with its first list and close it."""
    app = application(theme)
    with guard.armed(), waited(lambda: Project.open(path, SystemClock())) as opened:
        project = waited(lambda: as_seen_by(opened, viewer))
        window = agreement_window(project, tier_type, session_id, annotators, tolerance_ns)
        window.show()
        if shot:
            QTimer.singleShot(SHOT_AFTER_MS, window, lambda: _shoot(window, shot))
        return int(app.exec())


def _shoot(window: AgreementWindow, target: Path) -> None:
    if window.page:
        name, cards = next((each for each in window.page.lists.values() if each[1]()), ("", list))
        window.open_list(name, cards())
    window.grab().save(str(target))
    window.close()
