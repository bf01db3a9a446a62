"""`woz import voice`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("file", type=Path, help="expert.mka with expert.json beside it, or the folder of both")
    parser.add_argument("--session", help="its id; as the recording says where it is left out")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.base.errors import WozError
    from woz.lab.importing import import_voice

    folder = arguments.project
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        raise WozError(
            f"{folder} is no project yet, and the expert's own recording belongs to a session of a station;"
            " name the project that holds it."
        )
    with Project.open(arguments.project, SystemClock()) as project:
        made = import_voice(project, arguments.file, arguments.session)
    print(
        json.dumps(made) if arguments.json else f"{made['session_id']}: the expert's own recording is in its place."
    )
    return 0
