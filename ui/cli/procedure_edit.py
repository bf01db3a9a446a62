"""`woz procedure edit`."""

from __future__ import annotations

import argparse
from pathlib import Path


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder; made where it is new")
    parser.add_argument(
        "name", nargs="?", default="", help="the procedure's name or id; the first where it is left out"
    )


def run(arguments: argparse.Namespace) -> int:
    from ui.application.opening import opening

    with opening("Opening the procedures", arguments.theme):
        from ui.procedures.run import run_procedures

        return run_procedures(arguments.project, arguments.name, arguments.theme)
