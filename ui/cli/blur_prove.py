"""`woz blur prove`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.application.answers import say
from ui.cli.blur_films import chosen_films, film_options
from ui.cli.pseudonyms import add_pseudonym
from woz.base.clock import SystemClock
from woz.base.counts import counted
from woz.base.errors import WozError

if TYPE_CHECKING:
    from storage import Project
    from woz.lab.blurring import SessionFilm


def options(parser: argparse.ArgumentParser) -> None:
    film_options(parser)
    parser.add_argument("--draw", type=Path, metavar="DIR", help="a new folder for samples of the blurred copies")
    parser.add_argument(
        "--samples", type=int, default=300, help="seconds, and tracks, that are drawn of all films together (300)"
    )
    parser.add_argument("--seed", type=int, default=0, help="what draws them (0)")
    parser.add_argument("--counted", type=Path, metavar="CSV", help="the samples' table, filled in")
    add_pseudonym(parser, "--as", "by", "who counted, an annotator")
    what = "boxes that are known, of made footage: [{first, boxes: [[left, top, width, height], ...]}, ...]"
    parser.add_argument("--known", type=Path, metavar="JSON", help=what)


def run(arguments: argparse.Namespace) -> int:
    from storage import Project

    if sum(map(bool, (arguments.draw, arguments.counted, arguments.known))) != 1:
        raise WozError(
            "Draw samples with --draw DIR, give their count with --counted CSV, or known boxes with --known."
        )
    faults, unblurred = list[str](), list[str]()
    with Project.open(arguments.project, SystemClock()) as project:
        films = (
            dict([_first(project, arguments)])
            if arguments.known
            else _burned(project, arguments, faults, unblurred)
        )
        told = _draw(films, arguments) if arguments.draw else _prove(project, films, arguments)
    if arguments.json:
        print(json.dumps({"films": list(films), "faults": faults, "left_out": unblurred, **told}))
        return 1 if faults else 0
    for words in (*faults, *unblurred):
        say(f"left out, {words}")
    if arguments.draw:
        samples, are = counted(told["samples"], "sample"), "is" if told["samples"] == 1 else "are"
        of = f" of {counted(len(films), 'film')}" if len(films) > 1 else ""
        say(f"{samples}{of} {are} in {arguments.draw}; have a second person fill in {told['table']}.")
    else:
        for name, value in told.items():
            say(f"{name.replace('_', ' '):30} {'–' if value is None else value}")
    return 1 if faults else 0


def _first(project: Project, arguments: argparse.Namespace) -> tuple[str, SessionFilm]:
    """The one film that known boxes are of. Raises WozError where all sessions, or several, were named."""
    if arguments.all or len(arguments.session) > 1:
        raise WozError("Known boxes are of one film; name its session with --session ID.")
    session, film = next(chosen_films(project, arguments))
    return _name(session, film), film


def _burned(
    project: Project, arguments: argparse.Namespace, faults: list[str], unblurred: list[str]
) -> dict[str, SessionFilm]:
    """Those with a blurred copy, by what they are called in the table; `faults` gets those that can't be read,
    `unblurred` why others have none.

    Raises WozError where there is none at all, or none of the own view of a session that was named.
    """
    from woz.deidentifying.keeping import NoFacesError
    from woz.lab.face_proof import NoCopyError, burned_faces

    films: dict[str, SessionFilm] = {}
    for session, film in chosen_films(project, arguments, faults):
        try:
            film.index()
            burned_faces(film)
        except WozError as error:
            if not (arguments.all or film.is_further):
                raise
            lacking = isinstance(error, NoFacesError | NoCopyError)
            (unblurred if lacking else faults).append(f"{session}: {error}")
            continue
        films[_name(session, film)] = film
    if not films:
        none = "No session has a film on this computer; bring recordings here first."
        raise WozError(next(iter((*faults, *unblurred)), none))
    return films


def _name(session: str, film: SessionFilm) -> str:
    return f"{session} {film.path.name}"


def _draw(films: Mapping[str, SessionFilm], arguments: argparse.Namespace) -> dict[str, Any]:
    from woz.lab.face_proof import draw_samples

    if arguments.samples < 1:
        raise WozError("At least one sample has to be drawn.")
    table, count = draw_samples(films, arguments.samples, arguments.seed, arguments.draw)
    return {"table": str(table), "samples": count}


def _prove(project: Project, films: Mapping[str, SessionFilm], arguments: argparse.Namespace) -> dict[str, Any]:
    from woz.lab.face_proof import counted_by, measured_on

    if arguments.known:
        [film] = films.values()
        return measured_on(film, arguments.known).figures()
    if not arguments.by:
        raise WozError("Say who counted, with --as PSEUDONYM; woz annotators lists those there are.")
    return counted_by(films, arguments.counted, project.annotators.named(arguments.by).pseudonym).figures()
