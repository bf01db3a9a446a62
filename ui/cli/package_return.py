"""`woz package return`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from woz.base.clock import SystemClock
from woz.base.counts import counted
from woz.base.interval import NS_PER_S


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
    edits, comments = len(returned.edits), len(returned.comments)
    worked_s = sum(each.active_ns for each in returned.work) / NS_PER_S
    if arguments.json:
        answer = {"package": returned.package, "edits": edits, "comments": comments, "work_s": worked_s}
        print(json.dumps({**answer, "file": str(arguments.out)}))
        return 0
    held = [counted(edits, "edit")]
    held += [counted(comments, "comment")] if comments else []
    held += [f"{counted(round(worked_s / 60), 'minute')} of work"] if worked_s else []
    print(f"{arguments.out}: {', '.join(held)}, which only the lab can read. Send it there.")
    print("You may go on, and return again: the lab takes each edit once. Delete the package when the lab says so.")
    return 0
