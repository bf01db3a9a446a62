"""`woz blur review`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.application.answers import say
from ui.cli.blur_films import chosen_films, faces_facts, faces_words, film_options, sound_films, tell_films
from ui.cli.pseudonyms import add_pseudonym
from woz.base.clock import SystemClock
from woz.base.errors import WozError

if TYPE_CHECKING:
    from storage import Project
    from woz.deidentifying.faces import Faces
    from woz.lab.blurring import SessionFilm

DECISIONS = {"blur": "blur", "no-face": "not a face", "consented": "has consented", "open": "open"}


def options(parser: argparse.ArgumentParser) -> None:
    film_options(parser)
    add_pseudonym(parser, "--as", "by", "who decides, an annotator")
    parser.add_argument("--decide", choices=tuple(DECISIONS), help="on the tracks named, or on all that are open")
    parser.add_argument("--track", action="append", default=[], help="its name; may be given again")
    parser.add_argument("--sign-off", action="store_true", help="as the second person, who decided on none of them")
    what = "write a picture of each track into a new folder, the uncertain ones first"
    parser.add_argument("--pictures", type=Path, metavar="DIR", help=what)
    parser.add_argument("--list", action="store_true", help="the tracks, the uncertain ones first")
    parser.add_argument("--text", action="store_true", help="tell how far the films are, and open no window")
    parser.add_argument("--shot", type=Path, help="save a picture of the window and close it")


def run(arguments: argparse.Namespace) -> int:
    told = (
        arguments.text,
        arguments.json,
        arguments.list,
        arguments.pictures,
        arguments.decide,
        arguments.sign_off,
    )
    return _run_text(arguments) if any(told) else _run_window(arguments)


def _run_window(arguments: argparse.Namespace) -> int:
    from ui.application.opening import opening

    with opening("Opening the faces", arguments.theme, hidden=arguments.shot is not None):
        from storage import Project
        from ui.faces.run import run_faces

        with Project.open(arguments.project, SystemClock()) as project:
            films = [(f"{session}  {film.path.name}", film) for session, film in chosen_films(project, arguments)]
            return run_faces(project, films, arguments.by, arguments.theme, arguments.shot)


def _run_text(arguments: argparse.Namespace) -> int:
    from storage import Project

    answers, faults = list[dict[str, object]](), list[str]()
    with Project.open(arguments.project, SystemClock()) as project:
        by = _who(project, arguments)
        for session, film in sound_films(project, arguments, faults):
            faces = _changed(film, arguments, by)
            if arguments.pictures:
                _pictures(film, faces, arguments.pictures / session / film.path.stem)
            tracks = _tracks(film, faces) if arguments.list else []
            answers.append({**faces_facts(session, film, faces), **({"list": tracks} if arguments.list else {})})
            if not arguments.json:
                say(faces_words(session, film, faces))
                for each in tracks:
                    say(_line(each))
    return tell_films(answers, faults, arguments.json)


def _who(project: Project, arguments: argparse.Namespace) -> str:
    if not (arguments.decide or arguments.sign_off):
        return ""
    if not arguments.by:
        raise WozError("Say who decides, with --as PSEUDONYM; woz annotators lists those there are.")
    return project.annotators.named(arguments.by).pseudonym


def _changed(film: SessionFilm, arguments: argparse.Namespace, by: str) -> Faces:
    from woz.deidentifying.faces import Decision
    from woz.deidentifying.keeping import wanted_faces
    from woz.lab.blurring import decide, sign_off

    faces = wanted_faces(film.path)
    if arguments.decide:
        faces = decide(film, arguments.track, Decision(DECISIONS[arguments.decide]), by)
    if arguments.sign_off:
        faces = sign_off(film, by, SystemClock().utc_ns())
    return faces


def _pictures(film: SessionFilm, faces: Faces, folder: Path) -> None:
    from woz.deidentifying.faces import uncertain_first
    from woz.deidentifying.thumbnails import write_thumbnails

    write_thumbnails(film.path, film.index(), uncertain_first(faces.tracks), folder)


def _tracks(film: SessionFilm, faces: Faces) -> list[dict[str, Any]]:
    from woz.deidentifying.faces import uncertain_first

    times = film.index().times
    return [
        {
            "id": each.id,
            "start_s": times[each.first] / 1e9,
            "end_s": times[min(each.last, len(times) - 1)] / 1e9,
            "score": each.score,
            "decision": str(each.decision),
            "by": each.by,
        }
        for each in uncertain_first(faces.tracks)
    ]


def _line(track: dict[str, Any]) -> str:
    span = f"{track['start_s']:9.2f} s to {track['end_s']:9.2f} s"
    return f"  {track['id']:6} {span}  score {track['score']:.2f}  {track['decision']}"
