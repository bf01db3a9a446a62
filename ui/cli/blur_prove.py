"""`woz blur prove`."""

from __future__ import annotations

import argparse
import json
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
    parser.add_argument("--draw", type=Path, metavar="DIR", help="a new folder for samples of the blurred copy")
    parser.add_argument("--samples", type=int, default=300, help="seconds, and tracks, that are drawn (300)")
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
    with Project.open(arguments.project, SystemClock()) as project:
        session, film = next(chosen_films(project, arguments))
        told = _draw(film, arguments) if arguments.draw else _prove(project, film, arguments)
    if arguments.json:
        print(json.dumps({"session": session, "film": film.path.name, **told}))
    elif arguments.draw:
        samples, are = counted(told["samples"], "sample"), "is" if told["samples"] == 1 else "are"
        say(f"{samples} {are} in {arguments.draw}; have a second person fill in {told['table']}.")
    else:
        for name, value in told.items():
            say(f"{name.replace('_', ' '):30} {'–' if value is None else value}")
    return 0


def _draw(film: SessionFilm, arguments: argparse.Namespace) -> dict[str, Any]:
    from woz.lab.face_proof import draw_samples

    if arguments.samples < 1:
        raise WozError("At least one sample has to be drawn.")
    table, count = draw_samples(film, arguments.samples, arguments.seed, arguments.draw)
    return {"table": str(table), "samples": count}


def _prove(project: Project, film: SessionFilm, arguments: argparse.Namespace) -> dict[str, Any]:
    from woz.lab.face_proof import counted_by, measured_on

    if arguments.known:
        return measured_on(film, arguments.known).figures()
    if not arguments.by:
        raise WozError("Say who counted, with --as PSEUDONYM; woz annotators lists those there are.")
    return counted_by(film, arguments.counted, project.annotators.named(arguments.by).pseudonym).figures()
