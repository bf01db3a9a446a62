"""Small copies of films with long groups of pictures, so that the editor shows any frame while one drags."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import av

from woz.batch.items import Item
from woz.batch.kind import SESSIONS, PassedOver, Place, Planned, Result
from woz.batch.kinds.check import Nothing
from woz.batch.kinds.session_files import film_files, filmed
from woz.batch.kinds.taking import derived
from woz.lab.ports import Project
from woz.model.ids import SessionId
from woz.playback.proxy import make_proxy, needs_proxy
from woz.recording.folder.frame_index import frame_index
from woz.recording.folder.session_folder import SessionFolder


class Proxies:
    name: ClassVar[str] = "proxies"
    says: ClassVar[str] = "small copies of films, for dragging in the editor"
    parameters: ClassVar[type[Any]] = Nothing
    uses_gpu: ClassVar[bool] = False

    def tools(self, parameters: Any) -> dict[str, str]:
        return {"proxies": "1", "av": av.__version__}

    def roots(self, project: Project, parameters: Any) -> dict[str, Path]:
        return {SESSIONS: project.sessions_dir}

    def plan(
        self, project: Project, sessions: Sequence[SessionId], parameters: Any
    ) -> Iterator[Planned | PassedOver]:
        for found in filmed(project, sessions):
            if isinstance(found, PassedOver):
                yield found
            elif not found.ego.is_file():
                yield PassedOver(found.path.name, "its film is in the store alone; run woz media fetch")
            elif not needs_proxy(frame_index(found.ego, found.frames)):
                yield PassedOver(found.path.name, "its film is quick without one")
            else:
                yield Planned(found.path.name, film_files(found.ego, found))

    def work(self, item: Item, place: Place) -> Sequence[str]:
        film = place.input(item, 0)
        make_proxy(film, frame_index(film, SessionFolder(film.parent).frames), folder=place.out)
        return ()

    def collect(self, project: Project, results: Iterator[Result], taken: Callable[[Result], None]) -> str:
        count = sum(1 for _ in derived(project, results, taken))
        return f"{count} sessions have a proxy." if count else ""
