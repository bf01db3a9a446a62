"""`woz recover`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from ui.cli.answers import progress
    from ui.recovering import recover_project

    states = recover_project(arguments.project, progress(arguments.json))
    print(json.dumps(states) if arguments.json else "\n".join(states) or "Nothing to recover.")
    return 0
