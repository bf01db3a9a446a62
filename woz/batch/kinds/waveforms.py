"""Waveform pyramids of the voices, so that the editor decodes no sound to draw them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import av

from woz.base.errors import WozError
from woz.batch.items import Item
from woz.batch.kind import SESSIONS, PassedOver, Place, Planned, Result
from woz.batch.kinds.check import Nothing
from woz.batch.kinds.session_files import filmed
from woz.batch.kinds.taking import derived
from woz.lab.ports import Project
from woz.model.ids import SessionId
from woz.recording.folder.waves import VERSION, fold_waves, save_waves


class Waveforms:
    name: ClassVar[str] = "waveforms"
    says: ClassVar[str] = "waveforms of the voices, for the editor"
    parameters: ClassVar[type[Any]] = Nothing
    uses_gpu: ClassVar[bool] = False

    def tools(self, parameters: Any) -> dict[str, str]:
        return {"waveforms": str(VERSION), "av": av.__version__}

    def roots(self, project: Project, parameters: Any) -> dict[str, Path]:
        return {SESSIONS: project.sessions_dir}

    def plan(
        self, project: Project, sessions: Sequence[SessionId], parameters: Any
    ) -> Iterator[Planned | PassedOver]:
        for found in filmed(project, sessions):
            yield found if isinstance(found, PassedOver) else Planned(found.path.name, [(SESSIONS, found.ego)])

    def work(self, item: Item, place: Place) -> Sequence[str]:
        film = place.input(item, 0)
        tracks = fold_waves(film)
        if not tracks:
            raise WozError(f"{item.id} has no sound of which waveforms could be made.")
        save_waves(film, tracks, place.out)
        return ()

    def collect(self, project: Project, results: Iterator[Result], taken: Callable[[Result], None]) -> str:
        count = sum(1 for _ in derived(project, results, taken))
        return f"{count} sessions have their waveforms." if count else ""
