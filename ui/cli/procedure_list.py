"""`woz procedure list`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.procedures.words import counted

    with Project.open(arguments.project, SystemClock()) as project:
        found = project.procedures.all()
    if arguments.json:
        print(json.dumps({"procedures": [{"id": p.id, "name": p.name, "steps": len(p.steps)} for p in found]}))
    else:
        lines = [f"{p.name} ({p.id}), {counted(len(p.steps), 'step')}" for p in found]
        print("\n".join(lines or ["This project has no procedure yet; take one in with woz procedure import."]))
    return 0
