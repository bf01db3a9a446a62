"""Faces of each session's views, found and followed as by `woz blur detect`; people decide on them afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import av
import cv2
import msgspec

from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.outside import read_file
from woz.batch.items import Item
from woz.batch.kind import MODELS, SESSIONS, PassedOver, Place, Planned, Result
from woz.batch.kinds.session_files import each
from woz.batch.kinds.views import film_of, views
from woz.batch.stored import StoredFiles
from woz.deidentifying.detecting import LEAST, Looking, find_faces
from woz.deidentifying.detectors.centerface import FILE, LARGEST, NAME
from woz.deidentifying.detectors.known import detectors
from woz.deidentifying.detectors.port import Detector
from woz.deidentifying.faces import Faces as Found
from woz.deidentifying.keeping import DamagedFacesError, load_faces, save_faces
from woz.lab.ports import Project
from woz.model.ids import SessionId
from woz.recording.folder.frame_index import frame_index
from woz.recording.folder.session_folder import SessionFolder
from woz.transcription.models import models_folder

RESULT = "faces.json"


@dataclass(frozen=True, slots=True)
class Parameters:
    """As the options of `woz blur detect`; `detector` is a name, or a file (.jit) in the folder of models; several,
    of faces and plates, apart by commas.
    """

    detector: str = NAME
    least: float = LEAST
    every: int = 1
    size: int = LARGEST


class Faces:
    name: ClassVar[str] = "faces"
    says: ClassVar[str] = "faces in the views, found and followed, on a GPU where the detector uses one"
    parameters: ClassVar[type[Any]] = Parameters

    def uses_gpu(self, parameters: Any) -> bool:
        """OpenCV, by which the usual detector is run, uses none."""
        return any(name != NAME for name in _names(parameters.detector))

    def tools(self, parameters: Any) -> dict[str, str]:
        return {"faces": "1", "av": av.__version__, "cv2": cv2.__version__}

    def roots(self, project: Project, parameters: Any) -> dict[str, Path]:
        return {SESSIONS: project.sessions_dir, MODELS: models_folder()}

    def plan(
        self, project: Project, sessions: Sequence[SessionId], parameters: Any
    ) -> Iterator[Planned | PassedOver]:
        """Raises WozError where the detector's file isn't there."""
        models = [(MODELS, _model_file(models_folder(), name)) for name in _names(parameters.detector)]
        detectors(_places(models_folder(), parameters.detector), models_folder(), parameters.size)
        stored = StoredFiles(project)

        def planned(folder: SessionFolder) -> Iterator[Planned | PassedOver]:
            for view in views(project, folder, stored):
                if isinstance(view, PassedOver):
                    yield view
                elif _decided(view.film):
                    yield PassedOver(folder.path.name, f"people decided on the faces of {view.film.name} already")
                else:
                    yield Planned(view.item, [*view.files, *models], dict(view.said))

        return each(project, sessions, planned)

    def work(self, item: Item, place: Place) -> Sequence[str]:
        parameters = msgspec.convert(item.parameters, Parameters)
        film, said = place.input(item, 0), item.parameters
        table = place.roots[SESSIONS] / said["session"] / said["table"] if "table" in said else ""
        index = frame_index(film, Path(table or SessionFolder(film.parent).frames))
        looking = Looking(parameters.least, parameters.every)
        found = find_faces(film, index, _loaded(place.roots[MODELS], parameters.detector, parameters.size), looking)
        (place.out / RESULT).write_bytes(msgspec.json.encode(found))
        return ()

    def collect(self, project: Project, results: Iterator[Result], taken: Callable[[Result], None]) -> str:
        """What people decided on meanwhile stays as it is, as what can't be read does."""
        count, tracks, kept = 0, 0, list[str]()
        for result in results:
            film, found = film_of(project, result.item), read_file(result.folder / RESULT, Found)
            if why := _kept_out(film, found):
                kept.append(f"{result.item.id} was not taken in: {why}")
                continue
            taken(result)
            count, tracks = count + 1, tracks + len(found.tracks)
        looked = f"{counted(count, 'view was', 'views were')} looked at: {counted(tracks, 'track')} of faces"
        told = [f"{looked}; woz blur review."] if count else []
        return "\n".join([*told, *kept])


@lru_cache(maxsize=1)
def _loaded(models: Path, name: str, size: int) -> Detector:
    """One a worker."""
    return detectors(_places(models, name), models, size)


def _names(detector: str) -> list[str]:
    """Raises WozError where one is missing."""
    names = [name.strip() for name in detector.split(",")]
    if not all(names):
        raise WozError(f"“{detector}” lacks a detector; name one, or several with a comma between, as {NAME}.")
    return names


def _places(models: Path, detector: str) -> list[str]:
    return [name if name == NAME else str(models / name) for name in _names(detector)]


def _model_file(models: Path, name: str) -> Path:
    """Raises WozError where it isn't in the folder of models, which all nodes see."""
    path = models / NAME / FILE if name == NAME else models / name
    if not path.resolve().is_relative_to(models.resolve()):
        raise WozError(f"{path} is not in the folder of models, {models}; put it there.")
    if not path.is_file():
        raise WozError(f"There is no detector {path}; run: woz models fetch {NAME}, or put the file there.")
    return path


def _kept_out(film: Path, found: Found) -> str:
    """Why what was found is not the film's now; empty where it is."""
    try:
        if _decided(film):
            return "people decided on its faces already."
        save_faces(film, found, load_faces(film))
    except DamagedFacesError as error:
        return str(error)
    return ""


def _decided(film: Path) -> bool:
    faces = load_faces(film)
    return faces is not None and faces.decided
