"""`woz derive`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from ui.application.answers import chosen_session
from woz.base.clock import SystemClock
from woz.base.counts import counted


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--session", help="its id; the newest where it is left out")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.deriving import derive

    with Project.open(arguments.project, SystemClock()) as project:
        session_id = chosen_session(project, arguments.session)
        found = derive(project, session_id)
    if arguments.json:
        print(json.dumps({"session": session_id, **asdict(found)}))
    elif found.made or found.gone:
        print(
            f"{session_id}: {counted(found.made, 'state or question was', 'states and questions were')} made anew,"
            f" {found.gone} went."
        )
    else:
        print(f"{session_id}: states and questions are as the transcript has them; nothing was changed.")
    return 0
