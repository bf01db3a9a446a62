"""The invitation of `woz join`: from the command line, a file, standard input, or the environment."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from woz.base.errors import WozError

VARIABLE = "WOZ_INVITATION"
"""By this a program hands an invitation to the console that it starts: others can't read it there."""
FOLLOWED = "WOZ_JOIN_FOLLOWED"
"""By this a window of ours says that it shows how the console that it starts fares, and has boxes for devices."""
JOINED = "The session is joined."
"""What a console tells on standard output once it has joined; the program that started it waits for that."""
MOST_LETTERS = 2_000


def add_invitation(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "link",
        nargs="?",
        default="",
        help="the invitation, woz://…, or - for one line on standard input. Others on this machine can read a "
        f"command line; where that matters, use -, --link-file, or {VARIABLE} in the environment",
    )
    parser.add_argument("--link-file", type=Path, metavar="FILE", help="a file with the invitation")


def handed_over() -> bool:
    """Whether a window of ours tells its user how we fare; no child inherits that."""
    return bool(os.environ.pop(FOLLOWED, ""))


def invitation_of(arguments: argparse.Namespace) -> str:
    """The first that is there. What the environment holds is taken out of it, so that no child inherits it.

    Raises WozError where none is given, or the file can't be read.
    """
    held = os.environ.pop(VARIABLE, "")
    if arguments.link == "-":
        return sys.stdin.readline(MOST_LETTERS).strip()
    if arguments.link:
        return str(arguments.link)
    if arguments.link_file:
        return _read(arguments.link_file)
    if not held:
        raise WozError("Give the invitation, woz://…: woz join LINK; or with --link-file FILE, or - to type it.")
    return held


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(MOST_LETTERS).strip()
    except (OSError, UnicodeError) as error:
        raise WozError(f"The invitation in {path} can't be read ({error}).") from error
