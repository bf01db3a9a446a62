"""Opens the scheme window on a project."""

from __future__ import annotations

from pathlib import Path

from storage import Project
from ui.application.background import waited
from ui.application.projects import project_application
from ui.schemes.window import SchemeWindow
from woz.base.clock import SystemClock
from woz.lab.schemes import (
    Moved,
    Planned,
    begin_tiers,
    move_on,
    newest_schemes,
    planned,
    scheme_named,
    take_in_scheme,
)
from woz.model.ids import SessionId
from woz.model.scheme import Scheme


class ProjectStore:
    """The project's database is asked beside the window's thread."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def all(self) -> list[Scheme]:
        return waited(lambda: newest_schemes(self._project))

    def planned(self, scheme: Scheme) -> Planned:
        return waited(lambda: planned(self._project, scheme))

    def keep(self, scheme: Scheme, moving: bool) -> tuple[Scheme, list[Moved]]:
        def work() -> tuple[Scheme, list[Moved]]:
            kept = take_in_scheme(self._project, scheme)
            return kept, move_on(self._project, kept) if moving else []

        return waited(work)

    def sessions(self) -> list[tuple[str, str]]:
        return [(each.id, each.title) for each in waited(self._project.sessions.all)]

    def begin(self, scheme: Scheme, session_id: str) -> int:
        return len(waited(lambda: begin_tiers(self._project, SessionId(session_id), scheme)))


def run_schemes(path: Path, name: str, theme: str, shot: Path | None) -> int:
    """Make and change a project's schemes; `name` is the one that is shown first. With `shot`, only a picture."""
    with project_application(theme) as app, waited(lambda: Project.open(path, SystemClock())) as project:
        first = waited(lambda: scheme_named(project, name)) if name else None
        window = SchemeWindow(ProjectStore(project), waited(lambda: project.name))
        if first:
            window.open_scheme(first)
        window.show()
        if shot:
            app.processEvents()
            window.grab().save(str(shot))
            window.close_unasked()
            return 0
        return app.exec()
