"""`woz import voice`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder; made where it is new")
    parser.add_argument("file", type=Path, help="expert.mka with expert.json beside it, or the folder of both")
    parser.add_argument("--session", help="its id; as the recording says where it is left out")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage.project import filled_or_unmade
    from woz.lab.alone import import_voice_alone
    from woz.lab.importing import import_voice

    with filled_or_unmade(arguments.project, clock := SystemClock()) as project:
        if project.sessions.all():
            made = import_voice(project, arguments.file, arguments.session)
        else:
            made = import_voice_alone(project, arguments.file, arguments.session, clock)
    print(
        json.dumps(made) if arguments.json else f"{made['session_id']}: the expert's own recording is in its place."
    )
    return 0
