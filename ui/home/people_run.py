"""Opens the window of people by itself."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, QTimer

from storage import Project
from ui.application.background import waited
from ui.application.projects import project_application
from ui.home.people_window import PeopleWindow
from ui.home.work import WorkDialog
from woz.base.clock import SystemClock

SHOT_AFTER_MS = 1500


def run_people(path: Path, tab: int, theme: str, shot: Path | None) -> int:
    """With `shot`, save a picture of it and close it."""
    clock = SystemClock()
    with project_application(theme) as app, waited(lambda: Project.open(path, clock)) as project:
        window = PeopleWindow(project, clock, QSettings("woz", "woz"))

        def work(title: str, arguments: list[str]) -> None:
            done = WorkDialog(title, arguments, window)
            done.ended.connect(window.look)
            done.begin()

        window.wanted.connect(work)
        window.show_tab(tab)
        window.show()
        if shot:
            QTimer.singleShot(SHOT_AFTER_MS, window, lambda: (window.grab().save(str(shot)), window.close()))
        return int(app.exec())
