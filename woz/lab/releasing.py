"""Builds releases from a project, and checks them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from woz.base.collecting import without_collecting
from woz.base.interval import Interval
from woz.dataset.release.building import Built, ReleaseBuilder
from woz.dataset.release.clips import Film
from woz.dataset.release.hiding import Hiding
from woz.dataset.release.read_films import ReadFilms
from woz.dataset.release.recipe import Recipe
from woz.dataset.synthesis.keeping import generated
from woz.deidentifying.burning import copy_path
from woz.formats.bundle import SessionBundle
from woz.lab.begun_releases import begun_release
from woz.lab.coding_agreement import coding_agreement
from woz.lab.exporting import export_bundle
from woz.lab.library import Released
from woz.lab.naming import demand_judged, demand_no_leak, leaving, name_lines, silent_at
from woz.lab.people import over_in
from woz.lab.ports import Project
from woz.lab.released_faces import faces_of_films
from woz.lab.seeing_all import demand_seeing_all
from woz.lab.storing import fetch_film
from woz.lab.voice_masking import masked_sound, voices_of_films
from woz.lab.withholding import withheld_in, without_withheld
from woz.model.ids import SessionId
from woz.recording.folder.frame_index import frame_index
from woz.recording.folder.session_folder import SessionFolder


def build_release(
    project: Project, recipe: Recipe, out: Path, tell: Callable[[int, int], None], utc_ns: int
) -> Built:
    """Raises WozError, with nothing at `out`, as `woz.dataset.release.building.ReleaseBuilder.build` does, and with
    the release there where it holds a name that was to be replaced. The project keeps that it was built, at
    `utc_ns`.
    """
    demand_seeing_all(project, [each.id for each in project.sessions.all()], "a release")
    kept_out = dict[SessionId, tuple[Interval, ...]]()

    def film_of(session_id: SessionId) -> Film | None:
        film = _released_film(project, session_id, recipe.name)
        return film and replace(film, withheld=kept_out.get(session_id, ()))

    def bundle_of(session_id: SessionId) -> SessionBundle:
        with without_collecting():
            bundle = export_bundle(project, session_id)
        kept_out[session_id] = withheld_in((*bundle.tiers, *bundle.annotations))
        return leaving(project, without_withheld(bundle, questions=False))

    if recipe.tasks:
        written = replace(recipe.task_settings, generated=generated(project.path))
        recipe = replace(recipe, task_settings=written)
    judging = project.reviews.judging()
    faces, voices = faces_of_films(project), voices_of_films(project, recipe.name)
    hiding = Hiding(faces, voices, name_lines(project), over_in(project, utc_ns), kept_out)
    demand_judged(project)
    films = ReadFilms(film_of)
    coding_of = partial(coding_agreement, project)
    builder = ReleaseBuilder(recipe, project.sessions.all(), bundle_of, films.of, tell, hiding, judging, coding_of)
    with begun_release(project.path, out):
        built = builder.build(out)
    demand_no_leak(project, out)
    made = (recipe.name, recipe.version, str(out.absolute()), utc_ns, built.sessions)
    project.releases.add(Released(*made, recipe.split_by, built.groups))
    return built


def _released_film(project: Project, session_id: SessionId, release: str) -> Film | None:
    """With its voices masked for this release and names silent, where the project asks for that."""
    film = film_of_session(project, session_id)
    if film is None:
        return None
    sound = masked_sound(project, session_id, release) if project.voice_masking.required else None
    return replace(film, sound=sound, muted=silent_at(project, session_id))


def film_of_session(project: Project, session_id: SessionId) -> Film | None:
    """None where the session has no film; its blurred copy where the project asks for that. What only the store has
    is fetched.

    Frames have the times of their table where that is of this film.
    """
    folder = SessionFolder(project.session_dir(session_id))
    if not folder.ego.is_file() and not fetch_film(project, session_id):
        return None
    exact = timed_film(folder.ego, folder.frames).exact
    return Film(shown_path(project, folder), exact)


def shown_path(project: Project, folder: SessionFolder) -> Path:
    """The session's film, or its blurred copy where the project asks for that."""
    return copy_path(folder.ego) if project.blurring.required else folder.ego


def timed_film(path: Path, table: Path) -> Film:
    """With its frames' session times where the table is of this film. Raises WozError where it can't be read."""
    shown, exact = frame_index(path, table).times, _exact(table)
    return Film(path, dict(zip(shown, exact, strict=True)) if len(exact) == len(shown) else {})


def _exact(table: Path) -> list[int]:
    try:
        lines = table.read_text(encoding="ascii").splitlines()[1:]
        return [int(t) for t in np.loadtxt(lines, np.int64, delimiter=",", usecols=(1,), ndmin=1)] if lines else []
    except (OSError, ValueError):
        return []
