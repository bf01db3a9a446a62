"""`woz names apply`."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

from woz.base.counts import counted


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    what = "whether names are replaced in releases and in exports with --release; without it, what is set is told"
    parser.add_argument("applied", nargs="?", choices=("on", "off"), help=what)
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.base.clock import SystemClock

    with Project.open(arguments.project, SystemClock()) as project:
        if arguments.applied:
            on = arguments.applied == "on"
            names = project.names.change(lambda names: replace(names, applied=on))
        else:
            names = project.names.all()
    words = (
        f"{counted(len(names.names), 'name is', 'names are')} replaced in what leaves the lab, and silent in its"
        " sound."
        if names.applied
        else "Names leave the lab as they were said and written."
    )
    told = {"applied": names.applied, "names": len(names.names)}
    print(json.dumps(told) if arguments.json else words)
    return 0
