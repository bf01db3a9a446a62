"""What the commands of `woz blur` have in common: which films they mean, and how they tell of them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import chosen_sessions, say
from woz.base.counts import counted

if TYPE_CHECKING:
    from storage import Project
    from woz.deidentifying.faces import Faces
    from woz.lab.blurring import SessionFilm


def film_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument(
        "--session", action="append", default=[], help="its id; the newest where left out; may be given again"
    )
    parser.add_argument("--all", action="store_true", help="all sessions")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def chosen_films(
    project: Project, arguments: argparse.Namespace, faults: list[str] | None = None
) -> Iterator[tuple[str, SessionFilm]]:
    """With its session; of all sessions `faults` gets what can't be looked into.

    Raises WozError where there is no session, or one without a film was named; without `faults` also for these.
    """
    from woz.base.errors import WozError
    from woz.lab.blurring import NoFilmError, films_of

    for session_id in chosen_sessions(project, arguments.session, arguments.all):
        try:
            films = films_of(project, session_id)
        except NoFilmError:
            if not arguments.all:
                raise
            continue
        except WozError as error:
            if faults is None or not arguments.all:
                raise
            faults.append(f"{session_id}: {error}")
            continue
        for film in films:
            yield session_id, film


def sound_films(
    project: Project, arguments: argparse.Namespace, faults: list[str]
) -> Iterator[tuple[str, SessionFilm]]:
    """As `chosen_films`; those alone that can be read, with what is wrong with others in `faults`.

    Raises WozError as `chosen_films` does, and where sessions were named and the trainee's own view of one can't be
    read.
    """
    from woz.base.errors import WozError
    from woz.deidentifying.keeping import load_faces

    for session, film in chosen_films(project, arguments, faults):
        try:
            film.index()
            load_faces(film.path)
        except WozError as error:
            if not (arguments.all or film.is_further):
                raise
            faults.append(f"{session}: {error}")
            continue
        yield session, film


def tell_films(films: list[dict[str, object]], faults: list[str], silent: bool) -> int:
    """The end of a command over films, and its status; `silent` but for that answer, which is JSON then."""
    if silent:
        print(json.dumps({"films": films, "faults": faults}))
    else:
        for words in faults:
            say(f"left out, {words}")
    return 1 if faults else 0


def faces_facts(session: str, film: SessionFilm, faces: Faces) -> dict[str, object]:
    """As the commands answer them in JSON."""
    return {
        "session": session,
        "film": film.path.name,
        "frames": faces.frames,
        "detector": faces.detector.name,
        "version": faces.detector.version,
        "weights_sha256": faces.detector.weights_sha256,
        "least_score": faces.least,
        "tracks": len(faces.tracks),
        "open": faces.open,
        "unsigned": faces.unsigned,
        "approved": faces.approved,
    }


def faces_words(session: str, film: SessionFilm, faces: Faces) -> str:
    if not faces.tracks:
        return (
            f"{session}: no face was found in {film.path.name}: there is none, or all are blurred already. Have a"
            " second person look at samples, woz blur prove, before it is released."
        )
    tracks = counted(len(faces.tracks), "track")
    state = "signed off" if faces.approved else f"{faces.open} open" if faces.open else _unsigned(faces)
    return f"{session}: {tracks} of faces in {film.path.name}, {state}"


def _unsigned(faces: Faces) -> str:
    if faces.unsigned == len(faces.tracks):
        return "not signed off yet"
    who = ", ".join(sorted({track.by for track in faces.tracks if not track.checked}))
    return f"{faces.unsigned} of them, by {who}, for somebody else to sign off"
