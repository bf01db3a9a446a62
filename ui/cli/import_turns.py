"""`woz import turns`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from ui.application.answers import chosen_session
from woz.base.clock import SystemClock
from woz.base.counts import counted


def options(parser: argparse.ArgumentParser) -> None:
    from woz.formats.turns import turn_formats

    parser.add_argument("project", type=Path, help="the project's folder; made where it is new")
    parser.add_argument("file", type=Path, help="a file with turns; its voices are trainee and expert, or named")
    parser.add_argument(
        "--format",
        metavar="NAME",
        help=f"by the file's ending and beginning where it is left out: {', '.join(turn_formats())}",
    )
    parser.add_argument("--key", default="", help="one of several sessions in the file, by the file's name for it")
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
    from woz.formats.guessing import format_of
    from woz.lab.importing import TurnFile, demand_turns, import_turns, import_turns_alone

    file = TurnFile(arguments.file, arguments.format or format_of(arguments.file), arguments.key)
    demand_turns(file)
    with filled_or_unmade(arguments.project, clock := SystemClock()) as project:
        if arguments.session or project.sessions.all():
            session = chosen_session(project, arguments.session)
            done = import_turns(project, session, file, arguments.origin)
        else:
            done = import_turns_alone(project, file, arguments.origin, clock)
    were = "was" if done.cut == 1 else "were"
    cut = f" {done.cut} ended after the session and {were} cut at its end." if done.cut else ""
    print(json.dumps(asdict(done)) if arguments.json else f"{counted(done.turns, 'turn')} imported.{cut}")
    return 0
