"""`woz procedure check`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", type=Path, metavar="WHAT", help="a project's folder, or a procedure's file")
    parser.add_argument("name", nargs="?", default="", help="the procedure's name or id (all of the project)")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    """1 where something is wrong."""
    from storage import Project
    from woz.lab.procedures import procedure_named
    from woz.procedures.formats import read_procedures
    from woz.procedures.problems import problems

    if arguments.what.is_file():
        checked = read_procedures(arguments.what, name=arguments.name)
    else:
        with Project.open(arguments.what, SystemClock()) as project:
            found = project.procedures.all()
            checked = [procedure_named(project, arguments.name)] if arguments.name else found
    wrong = {each.name: problems(each) for each in checked}
    if arguments.json:
        print(json.dumps({"problems": wrong}))
    else:
        lines = [
            f"{name}: {'it can be followed.' if not found else ' '.join(found)}" for name, found in wrong.items()
        ]
        print("\n".join(lines or ["This project has no procedure yet."]))
    return int(any(wrong.values()))
