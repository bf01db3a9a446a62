"""`woz procedure show`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("name", help="the procedure's name or id")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.procedures import procedure_facts, procedure_named
    from woz.procedures.words import procedure_lines

    with Project.open(arguments.project, SystemClock()) as project:
        found = procedure_named(project, arguments.name)
    print(json.dumps(procedure_facts(found)) if arguments.json else "\n".join(procedure_lines(found)))
    return 0
