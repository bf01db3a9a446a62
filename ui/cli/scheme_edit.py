"""`woz scheme edit`."""

from __future__ import annotations

import argparse
from pathlib import Path


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument(
        "name", nargs="?", default="", help="the scheme's name or id; a new one where it is left out"
    )
    parser.add_argument("--shot", type=Path, help="save a picture of the window and close it")


def run(arguments: argparse.Namespace) -> int:
    from ui.application.opening import opening

    with opening("Opening the schemes", arguments.theme, hidden=arguments.shot is not None):
        from ui.schemes.run import run_schemes

        return run_schemes(arguments.project, arguments.name, arguments.theme, arguments.shot)
