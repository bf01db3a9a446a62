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
    from woz.lab.package_returning import comments_left, return_package

    clock = SystemClock()
    with Project.open(arguments.folder, clock) as project:
        returned, left = return_package(project, arguments.out, clock), comments_left(project)
    if arguments.json:
        answer = {"package": returned.package, "edits": len(returned.edits), "comments_left": left}
        print(json.dumps({**answer, "file": str(arguments.out)}))
        return 0
    print(f"{arguments.out}: {_counted(len(returned.edits))}, which only the lab can read. Send it there.")
    if left:
        count, stay = ("1 comment", "stays") if left == 1 else (f"{left} comments", "stay")
        print(f"{count} of yours {stay} here: tell the lab yourself (woz comments {arguments.folder} lists them).")
    print("You may go on, and return again: the lab takes each edit once. Delete the package when the lab says so.")
    return 0


def _counted(edits: int) -> str:
    return "1 edit" if edits == 1 else f"{edits} edits"
