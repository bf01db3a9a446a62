"""`woz recover`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from ui.application.answers import progress
    from woz.base.clock import SystemClock
    from woz.lab.recovering import recover_project

    with Project.open(arguments.project, SystemClock()) as project:
        states = recover_project(project, progress(arguments.json))
    print(json.dumps(states) if arguments.json else "\n".join(states) or "Nothing to recover.")
    return 0
