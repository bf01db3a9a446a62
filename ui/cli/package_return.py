"""`woz package return`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="the opened package")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the file to send to the lab")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.package_returning import return_package

    clock = SystemClock()
    with Project.open(arguments.folder, clock) as project:
        returned = return_package(project, arguments.out, clock)
    if arguments.json:
        print(json.dumps({"package": returned.package, "edits": len(returned.edits), "file": str(arguments.out)}))
        return 0
    print(f"{arguments.out}: {_counted(len(returned.edits))}, which only the lab can read. Send it there.")
    print("You may go on, and return again: the lab takes each edit once. Delete the package when the lab says so.")
    return 0


def _counted(edits: int) -> str:
    return "1 edit" if edits == 1 else f"{edits} edits"
