"""`woz blur detect`."""

from __future__ import annotations

import argparse
import functools
import time
from typing import TYPE_CHECKING

from ui.application.answers import progress, quiet, say
from ui.cli.blur_films import faces_facts, faces_words, film_options, sound_films, tell_films
from woz.base.clock import SystemClock

if TYPE_CHECKING:
    from woz.lab.blurring import SessionFilm


def options(parser: argparse.ArgumentParser) -> None:
    from woz.deidentifying.detecting import LEAST
    from woz.deidentifying.detectors.centerface import LARGEST, NAME

    film_options(parser)
    what = f"who looks: {NAME}, a package's, or an EgoBlur model's path (.jit); again for plates as well ({NAME})"
    parser.add_argument("--detector", action="append", default=[], metavar="NAME", help=what)
    parser.add_argument("--fetch", action="store_true", help="fetch the model where it isn't here")
    parser.add_argument("--least", type=float, default=LEAST, metavar="SCORE", help=f"from this on ({LEAST})")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="look at each Nth frame only (1)")
    what = (
        f"the longer side of the picture that is looked at ({LARGEST}); more finds smaller faces, and takes longer"
    )
    parser.add_argument("--size", type=int, default=LARGEST, metavar="PIXELS", help=what)
    parser.add_argument("--again", action="store_true", help="even where people decided already; that is lost")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.deidentifying.detecting import Looking
    from woz.deidentifying.detectors.centerface import NAME
    from woz.deidentifying.detectors.known import detectors
    from woz.lab.blurring import detect
    from woz.transcription.models import models_folder

    looking = Looking(arguments.least, arguments.every)
    models, names = models_folder(), arguments.detector or [NAME]
    load = functools.cache(lambda: detectors(names, models, arguments.size))
    if arguments.fetch and NAME in names:
        _fetch()
    tell, found, faults = progress(arguments.json), list[dict[str, object]](), list[str]()
    aside = quiet if arguments.json else say
    with Project.open(arguments.project, SystemClock()) as project:
        for session, film in sound_films(project, arguments, faults):
            if arguments.all and not arguments.again and _decided(film):
                aside(f"{session}: people decided on the faces of {film.path.name} already; they stay as they are.")
                continue
            began, name = time.monotonic(), f"{session} {film.path.name}"

            def go_on(part: float, name: str = name) -> bool:
                tell(round(100 * part), name)
                return True

            faces = detect(film, load, looking, arguments.again, go_on)
            speed = faces.frames / max(1e-9, time.monotonic() - began)
            doubt = film.doubt()
            found.append({**faces_facts(session, film, faces), "frames_per_s": round(speed, 1), "doubt": doubt})
            if not arguments.json:
                say(f"{faces_words(session, film, faces)} ({speed:.1f} frames a second) {doubt}".rstrip())
    return tell_films(found, faults, arguments.json)


def _decided(film: SessionFilm) -> bool:
    from woz.deidentifying.keeping import load_faces

    faces = load_faces(film.path)
    return faces is not None and faces.decided


def _fetch() -> None:
    from woz.transcription.catalogue import FACES, entry
    from woz.transcription.fetching import fetch
    from woz.transcription.models import is_whole, models_folder

    if not is_whole(entry(FACES).kind, models_folder() / FACES):
        fetch(entry(FACES), models_folder())
