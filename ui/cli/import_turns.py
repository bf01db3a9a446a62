"""`woz import turns`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from ui.application.answers import chosen_session
from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder; made where it is new")
    parser.add_argument("file", type=Path, help="the WebVTT file; its voices are trainee and expert")
    parser.add_argument("--session", help="its id; the newest, or a new one, where it is left out")
    parser.add_argument(
        "--origin",
        choices=("script", "manual", "imported"),
        default="imported",
        help="where they come from (imported)",
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage.project import filled_or_unmade
    from woz.lab.importing import demand_turns, import_turns, import_turns_alone

    demand_turns(arguments.file)
    with filled_or_unmade(arguments.project, clock := SystemClock()) as project:
        if arguments.session or project.sessions.all():
            session = chosen_session(project, arguments.session)
            done = import_turns(project, session, arguments.file, arguments.origin)
        else:
            done = import_turns_alone(project, arguments.file, arguments.origin, clock)
    cut = f" {done.cut} ended after the session and were cut at its end." if done.cut else ""
    print(json.dumps(asdict(done)) if arguments.json else f"{done.turns} turns imported.{cut}")
    return 0
