"""`woz project work`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    what = "whether the editor measures how long annotators work on each tier; without it, what is set is told"
    parser.add_argument("measure", nargs="?", choices=("on", "off"), help=what)
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.base.clock import SystemClock

    with Project.open(arguments.project, SystemClock()) as project:
        if arguments.measure:
            project.work.measure(arguments.measure == "on")
        measured = project.work.measured
    words = (
        "The editor measures seconds of work in this project." if measured else "Seconds of work aren't measured."
    )
    print(json.dumps({"measured": measured}) if arguments.json else words)
    return 0
