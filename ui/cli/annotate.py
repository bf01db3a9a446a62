"""`woz annotate`."""

from __future__ import annotations

import argparse
from pathlib import Path

from ui.cli.home import run as run_home_window
from ui.cli.pseudonyms import add_pseudonym


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, nargs="?", help="the project's folder; the home window without it")
    parser.add_argument("--session", help="its id; the newest where it is left out")
    add_pseudonym(parser, "--annotator", "annotator", "who annotates (it is asked for)")
    parser.add_argument(
        "--at", type=float, default=0.0, metavar="SECONDS", help="begin at this time of the session"
    )
    parser.add_argument("--list", default="", metavar="NAME", help="go through the places of this work list")
    parser.add_argument("--shot", type=Path, help="save a picture of the window and close it")


def run(arguments: argparse.Namespace) -> int:
    if arguments.project is None:
        return run_home_window(arguments)
    from ui.application.opening import opening

    with opening("Opening the editor", arguments.theme, hidden=arguments.shot is not None):
        from ui.editor.run import run_editor

        return run_editor(
            arguments.project,
            arguments.session,
            arguments.annotator,
            arguments.theme,
            arguments.shot,
            arguments.at,
            arguments.list,
        )
