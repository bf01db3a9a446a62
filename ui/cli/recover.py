"""`woz recover`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--session", default="", help="this one, also if the project doesn't know of it")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from ui.application.answers import progress
    from woz.base.clock import SystemClock
    from woz.lab.recovering import recover_project, recover_session
    from woz.model.ids import SessionId

    with Project.open(arguments.project, SystemClock()) as project:
        if arguments.session:
            states = [recover_session(project, SessionId(arguments.session))]
        else:
            states = recover_project(project, progress(arguments.json))
    print(json.dumps(states) if arguments.json else "\n".join(states) or "Nothing to recover.")
    return 0
