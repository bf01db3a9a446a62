"""Finds, blurs and counts the faces in the films of a project's sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from woz.base.errors import WozError, permitted
from woz.deidentifying.approval import blur_objection, unapproved
from woz.deidentifying.burning import Copy, burn
from woz.deidentifying.deciding import decided, signed_off
from woz.deidentifying.detecting import Looking, find_faces
from woz.deidentifying.detectors.port import Detector, DetectorFacts
from woz.deidentifying.faces import Decision, Faces
from woz.deidentifying.films import Progress
from woz.deidentifying.keeping import DamagedFacesError, load_faces, save_faces, wanted_faces
from woz.lab.ports import Project
from woz.lab.storing import fetch_film
from woz.model.ids import SessionId
from woz.model.stream import StreamKind
from woz.recording.folder.film_check import film_doubt
from woz.recording.folder.frame_index import FrameIndex, frame_index
from woz.recording.folder.session_folder import SessionFolder

SEALED = (".vrs",)
"""Recordings of glasses, which can't be written anew; no release takes them."""


class NoFilmError(WozError):
    """A session has no film on this computer."""


@dataclass(frozen=True, slots=True)
class SessionFilm:
    """A view of a session that is on this computer, and the table of its frames."""

    path: Path
    table: Path

    @property
    def is_further(self) -> bool:
        """Whether another camera's, beside the trainee's own view."""
        return self.path.name != SessionFolder(self.path.parent).ego.name

    def index(self) -> FrameIndex:
        """Raises WozError for a film that can't be read."""
        return frame_index(self.path, self.table)

    def doubt(self) -> str:
        """Whether it isn't whole, in a sentence; empty where nothing tells, as of further views."""
        folder = SessionFolder(self.path.parent)
        return film_doubt(folder, self.index()) if self.path == folder.ego else ""


def films_of(project: Project, session_id: SessionId) -> list[SessionFilm]:
    """The trainee's view first, then further ones. Raises NoFilmError where there is none, WozError where their
    folder may not be entered.
    """
    found = view_paths(project, session_id).items()
    with permitted():
        films = [SessionFilm(film, table) for film, table in found if film.suffix not in SEALED and film.is_file()]
    if not films:
        raise NoFilmError(f"{session_id} has no film on this computer; bring its recording here first.")
    return films


def view_paths(project: Project, session_id: SessionId) -> dict[Path, Path]:
    """By the film of each view, the trainee's first, the table of its frames; neither need be there."""
    folder = SessionFolder(project.session_dir(session_id))
    found = {folder.ego: folder.frames}
    for stream in project.streams.of_session(session_id):
        if stream.kind in (StreamKind.VIEW, StreamKind.OTHER_VIEW):
            found.setdefault(folder.path / stream.path, folder.path / stream.frames)
    return found


def detect(
    film: SessionFilm,
    load: Callable[[], Detector],
    looking: Looking,
    again: bool = False,
    progress: Progress = lambda _: True,
) -> Faces:
    """Raises WozError where people decided on its faces already and it isn't to be done `again`."""
    before = load_faces(film.path)
    if before is not None and not again and before.decided:
        raise WozError(
            f"People decided on the faces of {film.path.name} already; --again looks for them anew, and their"
            " decisions are lost."
        )
    detector = load()
    if before is not None and not again:
        _demand_same_weights(film, before.detector, detector.facts)
    faces = find_faces(film.path, film.index(), detector, looking, progress)
    save_faces(film.path, faces, before)
    return faces


def _demand_same_weights(film: SessionFilm, before: DetectorFacts, now: DetectorFacts) -> None:
    """Raises WozError where a model is called as it was, and is another file."""
    same = (before.name, before.version) == (now.name, now.version)
    if same and before.weights_sha256 != now.weights_sha256:
        raise WozError(
            f"{film.path.name} was looked at with another file of {now.name} {now.version}: its weights were"
            f" {before.weights_sha256[:12]} and are {now.weights_sha256[:12]} now. Bring back that file, or"
            " look anew with this one by --again."
        )


def decide(film: SessionFilm, ids: list[str], decision: Decision, by: str) -> Faces:
    """On these tracks, or on all open ones where none is named. Raises WozError as `decided` does."""
    faces = wanted_faces(film.path)
    ids = ids or [track.id for track in faces.tracks if track.decision == Decision.OPEN]
    changed = decided(faces, ids, decision, by)
    save_faces(film.path, changed, faces)
    return changed


def sign_off(film: SessionFilm, by: str, utc_ns: int) -> Faces:
    """Raises WozError as `signed_off` does."""
    faces = wanted_faces(film.path)
    changed = signed_off(faces, by, utc_ns)
    save_faces(film.path, changed, faces)
    return changed


def burn_film(film: SessionFilm, progress: Progress = lambda _: True) -> Copy:
    """Raises WozError as `woz.deidentifying.burning.burn` does."""
    return burn(film.path, film.index(), wanted_faces(film.path), progress)


def session_objection(project: Project, session_id: SessionId) -> str:
    """Why a session's view may not be released, where the project asks that faces be blurred; else empty.

    What only the store has of it is fetched for that. Raises WozError where the store refuses or is away.
    """
    if not project.blurring.required:
        return ""
    ego = SessionFolder(project.session_dir(session_id)).ego
    try:
        return blur_objection(ego) if ego.is_file() or fetch_film(project, session_id) else ""
    except DamagedFacesError as error:
        return str(error)


def quick_objection(project: Project, folder: SessionFolder) -> str:
    """The same without reading the film: for many sessions at once."""
    try:
        return unapproved(folder.ego) if project.blurring.required else ""
    except DamagedFacesError as error:
        return str(error)
