"""`woz open`: what a desktop hands over when somebody clicks it, an invitation or a project."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import NoReturn

from ui.application.invitation import VARIABLE
from ui.cli.home import show_home
from woz.base.errors import WozError

LINK = "woz:"


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", nargs="?", default="", help="an invitation, woz://…, or a project's folder or file")


def run(arguments: argparse.Namespace) -> int:
    if arguments.what.startswith(LINK):
        _again_without(arguments.what, arguments.theme)
    if VARIABLE in os.environ:
        return _ask_to_join(os.environ.pop(VARIABLE), arguments.theme)
    return show_home(lambda: project_of(arguments.what), arguments.theme)


def project_of(what: str) -> Path:
    """The folder of a project, given by itself or by one of its files. Raises WozError for anything else."""
    from storage import Project

    path = Path(what)
    folder = path if path.is_dir() else path.parent
    if not what or not Project.is_project(folder):
        raise WozError(f"{what or 'Nothing'} is no invitation and no woz project; give one of both: woz open WHAT.")
    return folder.absolute()


def _again_without(link: str, theme: str) -> NoReturn:
    """Others on this machine can read a command line, so the invitation leaves it at once."""
    from ui.application.programs import own

    os.environ[VARIABLE] = link
    command = own("--theme", theme, "open")
    os.execv(command[0], command)


def _ask_to_join(link: str, theme: str) -> int:
    """A page may hold such a link: nobody's microphone is opened before they say so."""
    from ui.application.opening import opening

    with opening("Opening woz", theme):
        from ui.application.projects import project_application
        from ui.home.join_dialog import JoinDialog

        with project_application(theme):
            asked = JoinDialog()
            asked.link.setPlainText(link)
            asked.exec()
    return 0
