"""What all kinds share that make something of each session's film, to lie among what is derived of the session."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import av

from woz.base.counts import counted
from woz.batch.kind import SESSIONS, PassedOver, Planned, Result
from woz.batch.kinds.session_files import each, film_files, lacks_film
from woz.batch.kinds.taking import derived
from woz.batch.stored import StoredFiles
from woz.lab.ports import Project
from woz.model.ids import SessionId
from woz.recording.folder.session_folder import SessionFolder


@dataclass(frozen=True, slots=True)
class Nothing:
    """It has no parameters."""


class BesideFilms:
    """An item is a session with a film, here or in the store; `made` are words for what it has afterwards."""

    name: ClassVar[str]
    version: ClassVar[str] = "1"
    made: ClassVar[str]
    parameters: ClassVar[type[Any]] = Nothing

    def tools(self, parameters: Any) -> dict[str, str]:
        return {self.name: self.version, "av": av.__version__}

    def roots(self, project: Project, parameters: Any) -> dict[str, Path]:
        return {SESSIONS: project.sessions_dir}

    def plan(
        self, project: Project, sessions: Sequence[SessionId], parameters: Any
    ) -> Iterator[Planned | PassedOver]:
        stored = StoredFiles(project)

        def planned(folder: SessionFolder) -> Iterator[Planned | PassedOver]:
            why = lacks_film(folder, stored) or self.needless(folder)
            yield PassedOver(folder.path.name, why) if why else Planned(folder.path.name, self.files(folder))

        return each(project, sessions, planned)

    def needless(self, folder: SessionFolder) -> str:
        """Why there is nothing to do for a session, as the end of a sentence; empty where there is."""
        return ""

    def files(self, folder: SessionFolder) -> Sequence[tuple[str, Path]]:
        """The film first."""
        return film_files(folder.ego, folder)

    def collect(self, project: Project, results: Iterator[Result], taken: Callable[[Result], None]) -> str:
        count = sum(1 for _ in derived(project, results, taken))
        return f"{counted(count, 'session has', 'sessions have')} {self.made}." if count else ""
