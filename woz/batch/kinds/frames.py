"""Pictures of each session at a stated rate."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import av
import cv2
import msgspec

from woz.base.counts import counted
from woz.base.interval import seconds
from woz.batch.items import Item
from woz.batch.kind import SESSIONS, PassedOver, Place, Planned, Result
from woz.batch.kinds.session_files import each, hidden, lacks_film, shown_files
from woz.batch.kinds.taking import derived
from woz.batch.stored import StoredFiles
from woz.dataset.release.session_pictures import pictures_at
from woz.formats.frames import FrameRate
from woz.lab.ports import Project
from woz.lab.releasing import timed_film
from woz.model.ids import SessionId
from woz.recording.folder.session_folder import SessionFolder

FOLDER = "frames"


@dataclass(frozen=True, slots=True)
class Parameters:
    """`rate` is of pictures a second; picture n is of the frame that is shown at (n + 0.5) / rate seconds."""

    rate: float = 1.0


class Frames:
    name: ClassVar[str] = "frames"
    says: ClassVar[str] = "pictures of the views at a stated rate"
    parameters: ClassVar[type[Any]] = Parameters

    def tools(self, parameters: Any) -> dict[str, str]:
        """Raises WozError for a rate that no video has."""
        FrameRate.of(parameters.rate)
        return {"frames": "1", "av": av.__version__, "cv2": cv2.__version__}

    def roots(self, project: Project, parameters: Any) -> dict[str, Path]:
        return {SESSIONS: project.sessions_dir}

    def plan(
        self, project: Project, sessions: Sequence[SessionId], parameters: Any
    ) -> Iterator[Planned | PassedOver]:
        """Of the approved blurred copy, where the project asks for that."""
        stored = StoredFiles(project)

        def planned(folder: SessionFolder) -> Iterator[Planned | PassedOver]:
            session = SessionId(folder.path.name)
            if why := lacks_film(folder, stored) or hidden(project, folder):
                yield PassedOver(session, why)
                return
            length = project.sessions.get(session).duration_ns or 0
            yield Planned(session, shown_files(project, folder), {"duration_ns": length})

        return each(project, sessions, planned)

    def work(self, item: Item, place: Place) -> Sequence[str]:
        film, table = place.input(item, 0), SessionFolder(place.roots[SESSIONS] / item.id).frames
        (place.out / FOLDER).mkdir()
        length, rate = item.parameters["duration_ns"], item.parameters["rate"]
        times = pictures_at(timed_film(film, table), length, rate, lambda n: place.out / FOLDER / f"{n:06d}.jpg")
        facts = {"rate": rate, "times_s": [seconds(t_ns) for t_ns in times]}
        (place.out / FOLDER / "times.json").write_bytes(msgspec.json.encode(facts))
        return ()

    def collect(self, project: Project, results: Iterator[Result], taken: Callable[[Result], None]) -> str:
        sessions = pictures = 0
        for result in derived(project, results, taken):
            sessions, pictures = sessions + 1, pictures + len(result.done.outputs) - 1
        return f"{counted(pictures, 'picture')} of {counted(sessions, 'session')}." if sessions else ""
