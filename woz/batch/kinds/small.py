"""Small copies of films with their sound, for those who annotate where only a store has the films."""

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
from woz.playback.stand_in import make_small


class Small:
    name: ClassVar[str] = "small"
    says: ClassVar[str] = "small copies of films with their sound, to annotate where only a store has the films"
    parameters: ClassVar[type[Any]] = Nothing
    uses_gpu: ClassVar[bool] = False

    def tools(self, parameters: Any) -> dict[str, str]:
        return {"small": "1", "av": av.__version__}

    def roots(self, project: Project, parameters: Any) -> dict[str, Path]:
        return {SESSIONS: project.sessions_dir}

    def plan(
        self, project: Project, sessions: Sequence[SessionId], parameters: Any
    ) -> Iterator[Planned | PassedOver]:
        for found in filmed(project, sessions):
            yield found if isinstance(found, PassedOver) else Planned(found.path.name, film_files(found.ego, found))

    def work(self, item: Item, place: Place) -> Sequence[str]:
        make_small(place.input(item, 0), place.out)
        return ()

    def collect(self, project: Project, results: Iterator[Result], taken: Callable[[Result], None]) -> str:
        count = sum(1 for _ in derived(project, results, taken))
        return f"{count} sessions have a small copy." if count else ""
