"""`woz blur burn`."""

from __future__ import annotations

import argparse

from ui.application.answers import progress, say
from ui.cli.blur_films import film_options, sound_films, tell_films
from woz.base.clock import SystemClock
from woz.base.counts import counted


def options(parser: argparse.ArgumentParser) -> None:
    film_options(parser)


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.deidentifying.approval import blur_objection
    from woz.deidentifying.burning import copy_path
    from woz.lab.blurring import burn_film

    tell, made, faults = progress(arguments.json), list[dict[str, object]](), list[str]()
    with Project.open(arguments.project, SystemClock()) as project:
        for session, film in sound_films(project, arguments, faults):

            def go_on(part: float, name: str = f"{session} {film.path.name}") -> bool:
                tell(round(100 * part), name)
                return True

            copy, objection = burn_film(film, go_on), blur_objection(film.path)
            path = copy_path(film.path)
            facts = {"session": session, "film": film.path.name, "copy": str(path), "sha256": copy.copy_sha256}
            counts = {"frames": copy.frames, "blurred_frames": copy.blurred_frames}
            made.append({**facts, **counts, "approved": not objection, "objection": objection})
            if not arguments.json:
                frames = counted(copy.frames, "frame")
                say(f"{session}: {path} has faces blurred in {copy.blurred_frames} of {frames}.")
                said = f"It may not be released yet: {objection}" if objection else "It may be released."
                say(f"{said} The film itself is as it was.")
    return tell_films(made, faults, arguments.json)
