"""The blurred copy of each view whose faces were signed off, as by `woz blur burn`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import av
import cv2

from woz.base.counts import counted
from woz.base.outside import read_file
from woz.batch.items import Item
from woz.batch.kind import SESSIONS, PassedOver, Place, Planned, Result
from woz.batch.kinds.beside_films import Nothing
from woz.batch.kinds.session_files import each
from woz.batch.kinds.taking import put_all
from woz.batch.kinds.views import View, film_of, views
from woz.batch.stored import StoredFiles
from woz.deidentifying.approval import unapproved
from woz.deidentifying.burning import Copy, burn, copy_path
from woz.deidentifying.keeping import DamagedFacesError, faces_path, load_faces, wanted_faces
from woz.lab.ports import Project
from woz.model.ids import SessionId
from woz.recording.folder.frame_index import frame_index
from woz.recording.folder.session_folder import SessionFolder


class Blur:
    name: ClassVar[str] = "blur"
    says: ClassVar[str] = "blurred copies of the views whose faces a second person signed off"
    parameters: ClassVar[type[Any]] = Nothing

    def tools(self, parameters: Any) -> dict[str, str]:
        return {"blur": "2", "av": av.__version__, "cv2": cv2.__version__}

    def roots(self, project: Project, parameters: Any) -> dict[str, Path]:
        return {SESSIONS: project.sessions_dir}

    def plan(
        self, project: Project, sessions: Sequence[SessionId], parameters: Any
    ) -> Iterator[Planned | PassedOver]:
        stored = StoredFiles(project)

        def planned(folder: SessionFolder) -> Iterator[Planned | PassedOver]:
            for view in views(project, folder, stored):
                yield view if isinstance(view, PassedOver) else _planned(folder, view)

        return each(project, sessions, planned)

    def work(self, item: Item, place: Place) -> Sequence[str]:
        film = place.input(item, 0)
        table = place.roots[SESSIONS] / item.parameters["session"] / item.parameters["table"]
        burn(film, frame_index(film, table), wanted_faces(film), folder=place.out)
        return ()

    def collect(self, project: Project, results: Iterator[Result], taken: Callable[[Result], None]) -> str:
        """A copy of faces that people changed meanwhile is not taken in."""
        count, kept = 0, list[str]()
        for result in results:
            film = film_of(project, result.item)
            facts = copy_path(film).with_suffix(".json").name
            if why := _changed(film, read_file(result.folder / facts, Copy).faces):
                kept.append(f"{result.item.id} was not taken in: {why}")
                continue
            put_all(result, copy_path(film).parent, last=facts)
            taken(result)
            count += 1
        told = [f"{counted(count, 'view has its', 'views have their')} blurred copy."] if count else []
        return "\n".join([*told, *kept])


def _changed(film: Path, digest: str) -> str:
    """Why a copy is not of a film's faces as they are now; empty where it is."""
    try:
        faces = load_faces(film)
    except DamagedFacesError as error:
        return str(error)
    same = faces is not None and faces.digest == digest
    return "" if same else "its faces were changed since; plan it again."


def _planned(folder: SessionFolder, view: View) -> Planned | PassedOver:
    film, session = view.film, folder.path.name
    name = film.relative_to(folder.path).as_posix()
    faces = load_faces(film)
    why = f"faces were not looked for in {name}" if faces is None else ""
    if faces is not None and not faces.approved:
        why = f"no second person signed off the faces of {name}"
    if not (why or unapproved(film)):
        why = f"{name} has its blurred copy"
    if why:
        return PassedOver(session, why)
    media, *table = view.files
    said = {"session": session, "film": name, "table": view.table.relative_to(folder.path).as_posix()}
    return Planned(view.item, [media, (SESSIONS, faces_path(film)), *table], said)
