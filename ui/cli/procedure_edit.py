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
        from storage.project import open_or_make
        from ui.procedures.run import run_procedures
        from woz.base.clock import SystemClock

        open_or_make(arguments.project, SystemClock()).close()
        return run_procedures(arguments.project, arguments.name, arguments.theme)
